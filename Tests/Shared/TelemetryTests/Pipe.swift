import Glibc

/// A pipe of this test's own.
final class Pipe: Sendable {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw PipeError.unavailable }
        self.readEnd = ends[0]
        self.writeEnd = ends[1]
    }

    enum PipeError: Error {
        case unavailable
    }

    deinit {
        close(self.readEnd)
        close(self.writeEnd)
    }

    /// What can be read without waiting.
    func available() -> [UInt8] {
        _ = fcntl(self.readEnd, F_SETFL, O_NONBLOCK)
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(self.readEnd, &buffer, buffer.count)
            guard count > 0 else { return all }
            all += buffer[0..<count]
        }
    }

    /// Waits until there are `count` bytes, or until nothing came for ten seconds.
    func read(count: Int) -> [UInt8] {
        var all: [UInt8] = []
        while all.count < count {
            var entry = pollfd(fd: self.readEnd, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&entry, 1, 10_000) > 0 else { return all }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let received = unsafe Glibc.read(self.readEnd, &buffer, buffer.count)
            guard received > 0 else { return all }
            all += buffer[0..<received]
        }
        return all
    }

    /// Makes writing non-blocking and fills the pipe; returns how many bytes it took.
    func fill() -> Int {
        _ = fcntl(self.writeEnd, F_SETFL, O_NONBLOCK)
        let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: 4096)
        var total = 0
        while true {
            let count = unsafe write(self.writeEnd, bytes, bytes.count)
            guard count > 0 else { return total }
            total += count
        }
    }
}
