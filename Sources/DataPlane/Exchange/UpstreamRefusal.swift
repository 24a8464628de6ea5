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

    /// Words of a limit of speed: Google says "quota exceeded" of one.
    private static let rateMarkers = [
        "per minute", "per_minute", "perminute", "per second", "per_second", "persecond", "rate limit",
    ]

    /// The failure that a status and a body stand for.
    ///
    /// Only what a caller did wrong itself (400, 413, 422) keeps the provider's words, as clients act on them (a context
    /// that is too long, for one).
    package static func classify(
        status: Int,
        retryAfter: Int?,
        body: [UInt8],
        as retelling: Retelling
    ) -> AttemptFailure {
        let words = UpstreamWords(try? JSONReader.read(body))
        return UpstreamRefusal.classify(status: status, retryAfter: retryAfter, words, as: retelling)
    }

    static func classify(
        status: Int,
        retryAfter: Int?,
        _ words: UpstreamWords,
        as retelling: Retelling
    ) -> AttemptFailure {
        switch status {
        case 413 where words.outgrowsLimit, 429 where words.outgrowsLimit: return .status(413, retryAfter: nil)
        case 400, 413, 422:
            if let account = UpstreamRefusal.accountStatus(words) { return .status(account, retryAfter: nil) }
            return UpstreamRefusal.badRequest(status, words, retelling)
        case 404 where !words.isAboutModel && (retelling.namesKept || words.isAboutWhatIsKept):
            return UpstreamRefusal.badRequest(400, words, retelling)
        case 403 where words.isAboutContent: return UpstreamRefusal.badRequest(400, words, retelling)
        case 403, 429:
            let said = "\(words.text ?? "") \(words.code ?? "")".lowercased()
            let limitsRate =
                words.limitsRate
                || status == 429 && UpstreamRefusal.rateMarkers.contains(where: { said.contains($0) })
                    && !said.contains("insufficient_quota")
            if !limitsRate, UpstreamRefusal.quotaMarkers.contains(where: { said.contains($0) }) {
                return .status(402, retryAfter: retryAfter)
            }
            return .status(status, retryAfter: retryAfter)
        default: return .status(status, retryAfter: retryAfter)
        }
    }

    /// A caller of another dialect than the target's is told of a long context in its own dialect's words, and of no
    /// member by the name that it has in the translation.
    private static func badRequest(_ status: Int, _ words: UpstreamWords, _ retelling: Retelling) -> AttemptFailure {
        if let caller = retelling.translatedFor, let overflow = ContextOverflow(words) {
            let message = overflow.message(for: caller)
            return .badRequest(status: 400, message: message, code: ContextOverflow.code, parameter: nil)
        }
        let parameter = retelling.translatedFor == nil ? words.parameter : nil
        return .badRequest(
            status: status,
            message: words.text.map { UpstreamRefusal.redact($0, retelling.secrets, retelling.names) },
            code: words.code.flatMap { UpstreamRefusal.bounded($0, retelling) },
            parameter: parameter.flatMap { UpstreamRefusal.bounded($0, retelling) }
        )
    }

    /// The status that a 400 should have had which is about the router's account, not about the request: Anthropic
    /// says so of an empty balance, Google of a wrong key.
    ///
    /// Only codes, members and whole beginnings count, as a 400 may quote what the caller wrote. The model is the
    /// router's to name, never the caller's.
    private static func accountStatus(_ words: UpstreamWords) -> Int? {
        let said = words.text?.lowercased() ?? ""
        if words.code == "insufficient_quota" || said.hasPrefix("your credit balance is too low") { return 402 }
        if words.code == "invalid_api_key" || said.hasPrefix("api key not valid") { return 401 }
        if words.code == "model_not_found" { return 404 }
        return nil
    }

    /// The text without the given secrets and names and anything that looks like a key or a URL, at most 2000
    /// characters.
    ///
    /// A name counts where it is no part of another word.
    package static func redact(_ text: String, _ secrets: [Secret], _ names: [String] = []) -> String {
        var bytes = Array(text.utf8.prefix(UpstreamRefusal.maximumBodyBytes))
        for secret in secrets where !secret.isEmpty {
            // Byte for byte: as characters, a secret with an accent put behind it would be another text.
            secret.withExposedText { bytes = UpstreamRefusal.replacing(Array($0.utf8), in: bytes) }
        }
        for name in names where name.utf8.count >= 3 { bytes = UpstreamRefusal.replacing(name: name, in: bytes) }
        var result: [UInt8] = []
        var isCredential = false
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, !UpstreamRefusal.isSpace(bytes[end]) { end += 1 }
            if end > start {
                let word = bytes[start..<end]
                result.append(contentsOf: isCredential || UpstreamRefusal.looksSecret(word) ? cut[...] : word)
                // What stands behind the scheme's or the header's name is the credential itself.
                isCredential =
                    UpstreamRefusal.contains(word, "bearer", atWordStart: true)
                    || word.last == UInt8(ascii: ":") && UpstreamRefusal.contains(word, "api-key", atWordStart: true)
            }
            if end < bytes.count { result.append(bytes[end]) }
            start = end + 1
        }
        return String(String(decoding: result, as: UTF8.self).prefix(2000))
    }

    private static let cut = Array("[redacted]".utf8)

    private static func replacing(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var offset = 0
        while offset < bytes.count {
            if bytes[offset] == secret.first, bytes[offset...].starts(with: secret) {
                result.append(contentsOf: UpstreamRefusal.cut)
                offset += secret.count
            } else {
                result.append(bytes[offset])
                offset += 1
            }
        }
        return result
    }

    /// Every place where the name stands between signs or spaces, in any case.
    private static func replacing(name: String, in bytes: [UInt8]) -> [UInt8] {
        let name = Array(name.lowercased().utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var offset = 0
        while offset < bytes.count {
            let end = offset + name.count
            if end <= bytes.count, offset == 0 || !UpstreamRefusal.isInName(bytes[offset - 1]),
                end == bytes.count || !UpstreamRefusal.isInName(bytes[end])
                    || bytes[end] == UInt8(ascii: ".") && (end + 1 == bytes.count || !Base62.allows(bytes[end + 1])),
                bytes[offset..<end].elementsEqual(name, by: { $0 == $1 || $0 | 0x20 == $1 && Base62.allows($0) })
            {
                result.append(contentsOf: UpstreamRefusal.cut)
                offset = end
            } else {
                result.append(bytes[offset])
                offset += 1
            }
        }
        return result
    }

    private static func isInName(_ byte: UInt8) -> Bool {
        Base62.allows(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    private static func looksSecret(_ word: ArraySlice<UInt8>) -> Bool {
        ["sk-", "sk_", "rtr_", "rta_", "gsk_", "xai-", "aiza", "akia", "bearer"].contains {
            UpstreamRefusal.contains(word, $0, atWordStart: true)
        } || UpstreamRefusal.contains(word, "://", atWordStart: false)
            || UpstreamRefusal.contains(word, "arn:", atWordStart: true) || word.contains(UInt8(ascii: "@"))
            || UpstreamRefusal.holdsAddress(word)
    }

    /// Whether the word holds four numbers joined by dots: an address of the provider's network.
    private static func holdsAddress(_ word: ArraySlice<UInt8>) -> Bool {
        let runs = word.split { !(0x30...0x39).contains($0) && $0 != UInt8(ascii: ".") }
        return runs.contains { run in
            let parts = run.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            return parts.count >= 4 && parts.prefix(4).allSatisfy { (1...3).contains($0.count) }
        }
    }

    /// Whether the word holds `text`, which is in lower case, in any case.
    ///
    /// `atWordStart`: only at its start or behind a sign, so that a `task-list` is none of `sk-`.
    private static func contains(_ word: ArraySlice<UInt8>, _ text: StaticString, atWordStart: Bool) -> Bool {
        let text = Array(text.description.utf8)
        var offset = word.startIndex
        while offset + text.count <= word.endIndex {
            defer { offset += 1 }
            guard word[offset] | 0x20 == text[0] | 0x20 else { continue }
            let isFound = word[offset...].prefix(text.count).elementsEqual(text) { $0 == $1 || $0 | 0x20 == $1 }
            if isFound, !atWordStart || offset == word.startIndex || !Base62.allows(word[offset - 1]) { return true }
        }
        return false
    }

    /// A short visible text that holds nothing secret, or nil.
    private static func bounded(_ text: String, _ retelling: Retelling) -> String? {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") }
        guard (1...128).contains(text.utf8.count), isPlain else { return nil }
        return UpstreamRefusal.redact(text, retelling.secrets, retelling.names) == text ? text : nil
    }
}
