import Canonical
import Dialects
import Identity
import Wire

/// What must hold for every body that a caller sends: it is refused, or it can be written for all targets.
enum RequestFuzzing {
    static func check(_ caller: Dialect, _ bytes: [UInt8]) {
        guard let body = try? JSONReader.read(bytes, texts: .asWritten) else { return }
        RequestFuzzing.checkCodec(caller, body)
        guard let translation = try? RequestTranslation(caller, body: body) else { return }
        FuzzInput.require(translation.estimatedInputTokens >= 0, "an estimate below zero")
        for target in FuzzCodec.others(than: caller) {
            for traits in RequestFuzzing.traits {
                let written = try? translation.written(for: target, traits, open: RequestFuzzing.open)
                if let written { JSONFuzzing.requireReadable(written.encoded.body, "a request for \(target)") }
            }
        }
    }

    /// Encoders are promised an ordered conversation, and must not trap without it.
    private static func checkCodec(_ caller: Dialect, _ body: JSONValue) {
        var losses = LossReport()
        guard let request = try? FuzzCodec.codec(caller).decodeRequest(body, losses: &losses) else { return }
        for target in Dialect.allCases {
            guard
                let encoded = try? FuzzCodec.codec(target)
                    .encodeRequest(request, for: TargetTraits(model: "model"), losses: &losses)
            else { continue }
            JSONFuzzing.requireReadable(encoded.body, "an unordered request for \(target)")
        }
    }

    /// Blobs of even length are the target's own, so that both ways are taken.
    private static func open(_ text: String) -> ReasoningEnvelope.Opened {
        text.utf8.count.isMultiple(of: 2) ? .native(.signature, text) : .foreign
    }

    /// A model that takes all, and one that takes as little as a target can.
    private static let traits: [TargetTraits] = {
        var least = TargetTraits(model: "least", maximumOutputTokens: 1)
        least.usesMaximumCompletionTokens = false
        least.takesStreamOptions = false
        least.reasons = false
        least.usesThinkingBudget = true
        least.takesSampling = false
        least.takesOutputSchema = false
        least.takesStrictTools = false
        least.efforts = []
        least.takesCacheKey = false
        least.takesEndUser = false
        least.takesOnlyLeadingSystem = true
        var most = TargetTraits(model: "most", maximumOutputTokens: 100_000)
        most.usesThinkingBudget = true
        most.takesSystemTurns = true
        most.takesReasoningContent = true
        return [least, most, TargetTraits(model: "model")]
    }()
}
