package import Canonical
import Media
import Wire

/// Estimates what a request costs in input tokens, for where a number is due before a provider tells it.
///
/// Never a base for what anybody pays where a provider tells the number.
package enum TokenEstimate {
    /// A page of a PDF is about 1 600 tokens and seldom less than 32 KB of base64.
    static let charactersPerPage = 32 * 1_024
    static let tokensPerPage = 1_600
    /// What dialects put around each message, call and tool.
    private static let perTurn = 4
    private static let perCall = 10
    private static let perTool = 8
    /// What a blob of reasoning stands for cannot be read; in base64 it is about as long as its text.
    private static let blobCharactersPerToken = 4

    package static func inputTokens(_ request: ModelRequest) -> Int {
        var parts = Parts()
        parts.tokens = 3
        for turn in request.turns {
            parts.tokens += TokenEstimate.perTurn
            for block in turn.blocks { TokenEstimate.add(block, to: &parts) }
        }
        for tool in request.tools { TokenEstimate.add(tool, to: &parts) }
        if case .jsonSchema(let name, let schema, _, let description) = request.outputFormat {
            parts.add(schema)
            parts.tokens += TextTokens.estimate("\(name ?? "") \(description ?? "")")
        }
        return parts.total
    }

    /// What an answer costs in output tokens.
    package static func outputTokens(_ blocks: [Block]) -> Int {
        var parts = Parts()
        for block in blocks { TokenEstimate.add(block, to: &parts) }
        return parts.total
    }

    /// What a text costs on its own.
    package static func tokens(_ text: String) -> Int { TextTokens.estimate(text) }

    /// What costs tokens: a number that is known, and texts that are to be looked at.
    private struct Parts {
        var tokens = 0
        var texts: [JSONText] = []

        var total: Int { self.tokens + TextSample.tokens(self.texts) }

        mutating func add(_ value: JSONValue) { self.texts.append(JSONText(JSONWriter.text(value))) }
    }

    private static func add(_ block: Block, to parts: inout Parts) {
        switch block {
        case .text(let text): parts.texts.append(text.text)
        case .image(let image): parts.tokens += TokenEstimate.tokens(image.source)
        case .file(let file): TokenEstimate.add(file.source, to: &parts)
        case .reasoning(let reasoning): parts.tokens += TokenEstimate.tokens(reasoning)
        case .toolCall(let call):
            parts.tokens += TokenEstimate.perCall + TextTokens.estimate(ToolAliases.wireName(call.name))
            parts.texts.append(call.arguments)
        case .toolResult(let result):
            parts.tokens += TokenEstimate.perCall
            for block in result.blocks { TokenEstimate.add(block, to: &parts) }
        case .refusal(let text): parts.texts.append(JSONText(text))
        case .hosted(_, _, let value): parts.add(value)
        }
    }

    private static func tokens(_ source: ImageBlock.Source) -> Int {
        switch source {
        case .url: PictureSize.mostTokens
        case .inline(_, let base64): PictureSize(base64: base64)?.tokens ?? PictureSize.mostTokens
        }
    }

    private static func add(_ source: FileBlock.Source, to parts: inout Parts) {
        switch source {
        case .inline(_, let base64):
            parts.tokens += (base64.count / TokenEstimate.charactersPerPage + 1) * TokenEstimate.tokensPerPage
        case .text(let text): parts.texts.append(text)
        case .url: parts.tokens += TokenEstimate.tokensPerPage
        }
    }

    private static func tokens(_ reasoning: ReasoningBlock) -> Int {
        // The blob holds what the summary only hints at: the larger counts.
        let text = TextTokens.estimate((reasoning.summary + [reasoning.text ?? ""]).joined(separator: "\n"))
        switch reasoning.opaque {
        case .native(_, let blob), .sealed(let blob):
            return max(text, blob.utf8.count / TokenEstimate.blobCharactersPerToken)
        case nil: return text
        }
    }

    private static func add(_ tool: ToolDefinition, to parts: inout Parts) {
        parts.tokens += TokenEstimate.perTool + TextTokens.estimate(ToolAliases.wireName(tool.name))
        if let description = tool.description { parts.texts.append(description) }
        switch tool.kind {
        case .function(let parameters, _): parts.add(parameters)
        case .custom(let format): if let format { parts.add(format) }
        case .toolSearch(let parameters): if let parameters { parts.add(parameters) }
        case .hosted(_, _, let definition): parts.add(definition)
        }
    }
}
