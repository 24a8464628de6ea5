import Canonical
import Dialects
import Identity
import Wire

/// One field of a caller's dialect, with the least request that uses it.
struct CompatibilityField: Sendable {
    /// As it is told in the table: a path, and a value where that makes the difference.
    let name: String
    /// Members that use the field, in JSON.
    let members: String
    /// Members that a request needs before the field means anything; they take no part in the outcome.
    let base: String

    init(_ name: String, _ members: String, over base: String = "{}") {
        self.name = name
        self.members = members
        self.base = base
    }

    /// The name as a table shows it: what is a path in the body is set as code.
    var heading: String {
        guard let end = self.name.firstIndex(where: { ":, ".contains($0) }) else { return "`\(self.name)`" }
        return self.name[end] == " " ? self.name : "`\(self.name[..<end])`\(self.name[end...])"
    }

    /// The least request of a dialect.
    static func least(_ caller: Dialect) -> String {
        switch caller {
        case .openAIChat: #"{"model":"m","messages":[{"role":"user","content":"Hello"}]}"#
        case .openAIResponses: #"{"model":"m","input":"Hello"}"#
        case .anthropicMessages: #"{"model":"m","max_tokens":4096,"messages":[{"role":"user","content":"Hello"}]}"#
        }
    }

    /// The request that uses the field.
    func body(_ caller: Dialect) throws -> JSONValue {
        try CompatibilityField.joined([CompatibilityField.least(caller), self.base, self.members])
    }

    func outcome(_ caller: Dialect, to target: Dialect) throws -> CompatibilityOutcome {
        let before = try CompatibilityField.joined([CompatibilityField.least(caller), self.base])
        let with = try self.body(caller)
        let plain = try CompatibilityField.written(before, caller, to: target)
        let written: RequestTranslation.Written
        do throws(TranslationRefusal) {
            written = try CompatibilityField.written(with, caller, to: target)
        } catch {
            return .refused(error)
        }
        let losses = written.losses.losses.filter { !plain.losses.losses.contains($0) }
        guard losses.isEmpty else { return .lost(losses) }
        return written.encoded.body == plain.encoded.body ? .notSent : .mapped
    }

    private static func joined(_ texts: [String]) throws -> JSONValue {
        var joined = JSONObject()
        for text in texts {
            for (name, value) in try JSONReader.read(Array(text.utf8)).objectValue?.members ?? [] {
                joined[name] = value
            }
        }
        return .object(joined)
    }

    /// All that can be declared of a model, declared.
    private static var traits: TargetTraits {
        var traits = TargetTraits(model: "acme-large", maximumOutputTokens: 64_000)
        traits.takesSystemTurns = true
        return traits
    }

    private static func written(
        _ body: JSONValue,
        _ caller: Dialect,
        to target: Dialect
    ) throws(TranslationRefusal) -> RequestTranslation.Written {
        try RequestTranslation(caller, body: body).written(
            for: target,
            CompatibilityField.traits,
            pseudonym: { _ in "pseudonym" }
        ) { blob in
            guard blob.hasPrefix("rs1.") else { return .foreign }
            switch target {
            // Answers of this dialect hold no blobs, so that none is of such a target.
            case .openAIChat: return .foreign
            case .openAIResponses: return .native(.encryptedContent, blob)
            case .anthropicMessages: return .native(.signature, blob)
            }
        }
    }
}
