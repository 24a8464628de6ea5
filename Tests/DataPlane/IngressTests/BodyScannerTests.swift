import Testing
import Wire

@testable import Ingress

@Suite struct BodyScannerTests {
    private static func body(_ text: String) -> [UInt8] {
        Array(#"{"model":"m","messages":[{"role":"user","content":"\#(text)"}]}"#.utf8)
    }

    private static let long = BodyScannerTests.body(String(repeating: "long text ", count: 100))

    @Test func `marks are given for the last scan only`() throws {
        var scanner = try BodyScanner()
        #expect(scanner.marks(ofScan: 0).positions == [])
        guard case .success = scanner.outline(BodyScannerTests.long) else { throw Impatience("refused") }
        let scan = scanner.scans
        let marks = scanner.marks(ofScan: scan).positions
        #expect(marks.first == 0 && marks.last.map { Int($0) } == BodyScannerTests.long.count - 1)
        guard case .success = scanner.outline(BodyScannerTests.body("another")) else { throw Impatience("refused") }
        #expect(scanner.marks(ofScan: scan).positions == [])
        // A scan that refuses leaves none either.
        guard case .failure = scanner.outline(Array("{".utf8)) else { throw Impatience("accepted") }
        #expect(scanner.marks(ofScan: scanner.scans).positions == [])
    }

    @Test func `marks of a dense body are not worth their memory`() throws {
        var scanner = try BodyScanner()
        let zeros = Array(repeating: "0", count: 10_000).joined(separator: ",")
        let dense = Array(#"{"model":"m","x":[\#(zeros)]}"#.utf8)
        guard case .success = scanner.outline(dense) else { throw Impatience("refused") }
        #expect(scanner.marks(ofScan: scanner.scans).positions == [])
    }
}
