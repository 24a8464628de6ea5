import Canonical
import Wire

/// Options that both OpenAI dialects have, written alike.
enum OpenAIOptions {
    /// Writes those of `drawn` that the target takes; what it does not take is reported unless it is usual.
    static func writeSampling(
        _ drawn: [(part: RequestPart, name: String, value: JSONNumber?)],
        for target: TargetTraits,
        into body: inout JSONObject,
        losses: inout LossReport
    ) {
        for case (let part, let name, let value?) in drawn {
            if target.takesSampling {
                body[name] = .number(value)
            } else if !SamplingOptions.isUsual(value, of: part) {
                losses.drop(part)
            }
        }
    }

    /// The key of the prompt cache and the end user, which is cut to fit before.
    static func writeKeys(
        of request: ModelRequest,
        for target: TargetTraits,
        into body: inout JSONObject,
        losses: inout LossReport
    ) {
        if let key = request.cacheKey {
            if target.takesCacheKey { body["prompt_cache_key"] = .string(key) } else { losses.drop(.cacheKey) }
        }
        body["user"] = request.endUser.untellingUser.map { .string($0) }
        body["safety_identifier"] = request.endUser.safetyIdentifier.map { .string($0) }
    }

    /// What describes the answer's schema beside its type.
    static func describe(
        name: String?,
        schema: JSONValue,
        strict: Bool?,
        description: String?,
        in object: inout JSONObject
    ) {
        // Dialects without names for schemas leave it to us.
        object["name"] = .string(name.map { ToolAliases.wireName(ToolName($0)) } ?? "output")
        object["description"] = description.map { .string($0) }
        object["schema"] = schema
        object["strict"] = strict.map { .bool($0) }
    }
}
