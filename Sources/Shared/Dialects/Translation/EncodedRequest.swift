import Canonical
package import Wire

/// A request in a target's dialect, and what is needed to read the answer to it.
package struct EncodedRequest: Hashable, Sendable {
    package var body: JSONValue
    /// The names that tools have on the wire.
    package var aliases: ToolAliases
    /// A schema was asked for by this forced tool (its wire name): its arguments are the answer's text.
    package var outputTool: String?
    /// Texts that the target's dialect cannot be told and at which the gateway has to end the answer.
    package var emulatedStops: [String]

    package init(
        body: JSONValue,
        aliases: ToolAliases,
        outputTool: String? = nil,
        emulatedStops: [String] = []
    ) {
        self.body = body
        self.aliases = aliases
        self.outputTool = outputTool
        self.emulatedStops = emulatedStops
    }

    /// What reading the answer needs: the body is not kept while an answer lasts.
    package var withoutBody: EncodedRequest {
        var rest = self
        rest.body = .null
        return rest
    }
}
