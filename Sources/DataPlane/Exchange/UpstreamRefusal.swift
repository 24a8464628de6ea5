package import Identity
import Wire

/// Reads what a provider says when it answers with an error status, and makes it fit for a caller.
package enum UpstreamRefusal {
    /// The most of an error body that is looked at.
    package static let maximumBodyBytes = 64 * 1024

    /// Words that say that money, not speed, is the problem, wherever a provider puts them.
    private static let quotaMarkers = [
        "insufficient_quota", "insufficient quota", "quota exceeded", "quota_exceeded", "billing", "credit balance",
        "insufficient credit", "insufficient balance", "payment required", "spend limit", "usage limit",
    ]

    /// The failure that a status and a body stand for.
    ///
    /// `secrets` are cut out of texts that go on, wherever they occur. Only what a caller did wrong itself (400,
    /// 413, 422) keeps the provider's words, as clients act on them (a context that is too long, for one).
    package static func classify(status: Int, retryAfter: Int?, body: [UInt8], secrets: [Secret]) -> AttemptFailure {
        let error = (try? JSONReader.read(body))?["error"]
        let text = error?["message"]?.stringValue ?? error?.stringValue
        let code = error?["code"]?.stringValue ?? error?["type"]?.stringValue
        let said = "\(text ?? "") \(code ?? "")".lowercased()
        switch status {
        case 400, 413, 422:
            return .badRequest(
                status: status,
                message: text.map { UpstreamRefusal.redact($0, secrets) },
                code: code.flatMap(UpstreamRefusal.bounded),
                parameter: error?["param"]?.stringValue.flatMap(UpstreamRefusal.bounded)
            )
        case 402: return .status(402, retryAfter: nil)
        case 403, 429:
            if UpstreamRefusal.quotaMarkers.contains(where: { said.contains($0) }) {
                return .status(402, retryAfter: nil)
            }
            return .status(status, retryAfter: retryAfter)
        default: return .status(status, retryAfter: retryAfter)
        }
    }

    /// The text without the given secrets and anything that looks like a key, at most 2000 characters.
    package static func redact(_ text: String, _ secrets: [Secret]) -> String {
        var result = text
        for secret in secrets where !secret.isEmpty {
            secret.withExposedText { exposed in
                result = result.split(separator: exposed, omittingEmptySubsequences: false).joined(
                    separator: "[redacted]"
                )
            }
        }
        let words = result.split(separator: " ", omittingEmptySubsequences: false).map { word in
            let looksSecret = ["sk-", "rtr_", "rta_", "Bearer", "http://", "https://"].contains { word.contains($0) }
            return looksSecret ? "[redacted]" : word
        }
        return String(words.joined(separator: " ").prefix(2000))
    }

    private static func bounded(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") }
        return (1...128).contains(text.utf8.count) && isPlain ? text : nil
    }
}
