/// One turn of a reactor's loop: its time, and the transfers that have something to tell at its end.
///
/// Confined to where the reactor runs; shared by the loop and its slots.
final class ReactorTurn {
    /// Read once after each wait: the callbacks of one turn happen at the same time.
    var now: MonotonicTime

    /// Slots with events, or with a deadline that may have come nearer; each is in it once.
    var changed: [TransferSlot] = []

    init(now: MonotonicTime) {
        self.now = now
    }
}
