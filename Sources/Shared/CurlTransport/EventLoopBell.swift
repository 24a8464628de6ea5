import NIOCore

/// Has an event loop take a turn with the reactor that it hosts, behind what it does now.
final class EventLoopBell: ReactorBell {
    private let eventLoop: any EventLoop
    private let host: NIOLoopBoundBox<EventLoopHost?>

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.host = NIOLoopBoundBox.makeEmptyBox(eventLoop: eventLoop)
    }

    /// Sets whom it calls, on the loop; nil once there is nothing to call for any more.
    func call(_ host: EventLoopHost?) {
        self.host.value = host
    }

    func ring() {
        // A turn that runs now looks for mail before it ends.
        if self.eventLoop.inEventLoop, self.host.value?.isInTurn == true { return }
        let host = self.host
        self.eventLoop.execute { host.value?.turn() }
    }
}
