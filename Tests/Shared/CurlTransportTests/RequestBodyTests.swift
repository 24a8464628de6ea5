import NIOCore
import Testing

@testable import CurlTransport

@Suite struct RequestBodyTests {
    /// Reads to the end in steps of `step` bytes.
    private func readAll(_ body: inout RequestBody, step: Int) -> [UInt8] {
        var read: [UInt8] = []
        var target = [UInt8](repeating: 0, count: step)
        while true {
            let count = unsafe target.withUnsafeMutableBytes { unsafe body.read(into: $0) }
            guard count > 0 else { return read }
            read += target[..<count]
        }
    }

    private static let whole = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }

    private static func slices(_ lengths: [Int]) -> [ByteBuffer] {
        var rest = ByteBuffer(bytes: Self.whole)
        return (lengths + [Self.whole.count]).compactMap { rest.readSlice(length: min($0, rest.readableBytes)) }
    }

    @Test(arguments: [[], [0, 0], [1], [100_000], [0, 1, 0, 70_000, 3, 0]], [1000, 65_536, 1_000_000])
    func `slices are read in order in steps of any size`(_ lengths: [Int], _ step: Int) {
        var body = RequestBody(Self.slices(lengths))
        #expect(body.count == Self.whole.count)
        #expect(self.readAll(&body, step: step) == Self.whole)
    }

    @Test(arguments: [[0], [200_000], [1, 199_999], [70_000, 3, 50_000]], [1000, 65_536, 1_000_000])
    func `bytes follow on the slices`(_ lengths: [Int], _ step: Int) {
        let slices = Array(Self.slices(lengths).dropLast())
        let length = slices.reduce(0) { $0 + $1.readableBytes }
        let middle = length + (Self.whole.count - length) / 3
        var body = RequestBody(slices, [Self.whole[length..<middle], [], Self.whole[middle...]])
        #expect(body.count == Self.whole.count)
        #expect(self.readAll(&body, step: step) == Self.whole)
        #expect(body.seek(to: 150_000) == true)
        #expect(self.readAll(&body, step: step) == Array(Self.whole[150_000...]))
    }

    @Test(arguments: [0, 1, 69_999, 70_000, 70_001, 199_999, 200_000])
    func `reading starts anew anywhere`(_ position: Int) {
        var body = RequestBody(Self.slices([70_000, 10, 0, 50_000]))
        _ = self.readAll(&body, step: 4096)
        #expect(body.seek(to: position) == true)
        #expect(self.readAll(&body, step: 4096) == Array(Self.whole[position...]))
    }

    @Test func `there is nothing before the beginning or after the end`() {
        var body = RequestBody(Self.slices([]))
        #expect(body.seek(to: -1) == false)
        #expect(body.seek(to: 200_001) == false)
    }

    @Test func `short slices are joined and long ones are not`() {
        let short = RequestBody([ByteBuffer(string: "ab"), ByteBuffer(), ByteBuffer(string: "c")])
        #expect(short.count == 3)
        #expect(unsafe short.contiguous != nil)
        #expect(unsafe RequestBody(Self.slices([100_000])).contiguous == nil)
        #expect(unsafe RequestBody(Self.slices([])).contiguous != nil)
        #expect(unsafe RequestBody([]).contiguous == nil)
        #expect(unsafe RequestBody([ByteBuffer(string: "ab")], [[0x63], []]).contiguous != nil)
        #expect(unsafe RequestBody([], [[0x63]]).contiguous != nil)
        #expect(unsafe RequestBody([], [Self.whole[...]]).contiguous == nil)
    }

    @Test func `a released body gives nothing`() {
        var body = RequestBody(Self.slices([100_000]))
        body.release()
        #expect(self.readAll(&body, step: 100).isEmpty)
        #expect(body.count == Self.whole.count)
    }
}
