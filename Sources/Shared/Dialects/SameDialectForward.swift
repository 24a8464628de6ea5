import Canonical
package import Identity
package import Wire

/// The necessary changes to a body that is forwarded in the caller's own dialect, and nothing else.
package enum SameDialectForward {
    /// The splices in the order of their ranges.
    ///
    /// `model` becomes the provider's own name. A Chat stream always asks for usage, as records need it, unless
    /// the model's `no_stream_options` quirk says that the provider refuses the member. `previousResponseID` is the
    /// provider's own name of the response that the caller continues, nil to leave the caller's.
    package static func splices(
        _ outline: RequestOutline,
        streamOptions: JSONValue?,
        dialect: Dialect,
        upstreamModel: String,
        quirks: JSONObject,
        previousResponseID: String? = nil
    ) -> [Splice] {
        let model = Splice(range: outline.modelRange, replacement: SameDialectForward.quoted(upstreamModel))
        if let previousResponseID, let range = outline.previousResponseIDRange {
            let previous = Splice(range: range, replacement: SameDialectForward.quoted(previousResponseID))
            return range.lowerBound < model.range.lowerBound ? [previous, model] : [model, previous]
        }
        guard dialect == .openAIChat, outline.stream, !outline.includesUsage,
            quirks[TargetQuirk.noStreamOptions.rawValue] != .bool(true)
        else {
            return [model]
        }
        let usage: Splice
        if let range = outline.streamOptionsRange {
            var options = streamOptions?.objectValue ?? JSONObject()
            options["include_usage"] = true
            usage = Splice(range: range, replacement: JSONWriter.write(.object(options)))
        } else {
            // The object has at least the member `model`, so a comma always follows.
            usage = Splice(
                range: outline.objectStart..<outline.objectStart,
                replacement: Array(#""stream_options":{"include_usage":true},"#.utf8)
            )
        }
        return usage.range.lowerBound < model.range.lowerBound ? [usage, model] : [model, usage]
    }

    private static func quoted(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONWriter.append(string: text, to: &bytes)
        return bytes
    }
}
