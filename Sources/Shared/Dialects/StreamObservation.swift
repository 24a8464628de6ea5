package import Canonical

/// What is to become of one event of an upstream stream.
package struct StreamObservation: Hashable, Sendable {
    package enum Disposition: Hashable, Sendable {
        /// To the caller, byte for byte.
        case forward
        /// Not to the caller: usage that only we asked for.
        case hide
        /// To the caller in this form.
        case replace([UInt8])
        /// The answer ends here without being whole; the caller gets its dialect's own error instead of the event.
        case fail(StreamFailure)
    }

    package var disposition: Disposition
    /// Whether nothing of the answer follows.
    package var isTerminal: Bool
    /// Whether it is part of an answer, not a comment or a ping.
    package var isMeaningful: Bool
    /// Whether it only says that an answer is to come, and nothing of it.
    package var isAnnouncement: Bool

    package init(
        _ disposition: Disposition = .forward,
        isTerminal: Bool = false,
        isMeaningful: Bool = true,
        isAnnouncement: Bool = false
    ) {
        self.disposition = disposition
        self.isTerminal = isTerminal
        self.isMeaningful = isMeaningful
        self.isAnnouncement = isAnnouncement
    }
}
