import CLibcurl
@testable import CurlTransport
import Glibc
import Testing

/// What the kernel tells of a descriptor's readiness: real descriptors, real kernel.
@Suite struct ReadinessSignalTests {
    private let event: OwnedDescriptor
    private let watched: OwnedDescriptor

    init() throws {
        self.event = try OwnedDescriptor(eventfd(0, CInt(EFD_NONBLOCK)))
        self.watched = try OwnedDescriptor(eventfd(0, CInt(EFD_NONBLOCK)))
    }

    /// How often was told until now; waits for the first time when `waits`.
    private func told(waits: Bool) -> UInt64 {
        var poll = pollfd(fd: self.event.number, events: Int16(POLLIN), revents: 0)
        if waits { _ = unsafe Glibc.poll(&poll, 1, 10_000) }
        var count: eventfd_t = 0
        return unsafe eventfd_read(self.event.number, &count) == 0 ? count : 0
    }

    @Test func `it tells once, when something can be read`() throws {
        let signal = try ReadinessSignal()
        let isArmed = signal.arm(self.watched.number, telling: self.event.number)
        #expect(isArmed)
        #expect(self.told(waits: false) == 0)
        _ = eventfd_write(self.watched.number, 1)
        #expect(self.told(waits: true) == 1)
        _ = eventfd_write(self.watched.number, 1)
        #expect(self.told(waits: false) == 0)
    }

    @Test func `it tells at once of what was there before, as often as it is asked`() throws {
        let signal = try ReadinessSignal()
        _ = eventfd_write(self.watched.number, 1)
        // More often than the kernel keeps room for what nobody took up.
        for _ in 0..<10_000 {
            let isArmed = signal.arm(self.watched.number, telling: self.event.number)
            try #require(isArmed)
            try #require(self.told(waits: true) == 1)
        }
    }

    @Test func `a descriptor that cannot be watched is refused`() throws {
        let signal = try ReadinessSignal()
        let isArmed = signal.arm(-1, telling: self.event.number)
        #expect(!isArmed)
    }
}
