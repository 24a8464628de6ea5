import JSONScan

/// What a scan says of some bytes.
enum Verdict: Equatable {
    case accepted([String])
    case refused(JSONScanError)

    var problem: JSONScanError.Problem? {
        if case .refused(let error) = self { error.problem } else { nil }
    }

    var isAccepted: Bool { self.problem == nil }

    static func of(_ text: String) -> Verdict { Verdict.of(Array(text.utf8)) }

    static func of(_ bytes: [UInt8]) -> Verdict { Verdict.of(bytes.span) }

    static func of(_ bytes: Span<UInt8>) -> Verdict {
        do throws(JSONScanError) {
            var scanner = try JSONScanner()
            let outline = try scanner.scan(bytes)
            return .accepted(outline.members.map(outline.name))
        } catch {
            return .refused(error)
        }
    }
}
