package import Canonical
import Wire

/// Estimates what a request costs in input tokens, for where a number is due before a provider tells it.
///
/// Never a base for what anybody pays where a provider tells the number.
package enum TokenEstimate {
    /// A picture whose size is not known, and the largest: providers scale larger ones down.
    private static let largestPicture = 1_600
    /// Every so many pixels of a picture are a token (Anthropic's rule; OpenAI's tiles are near it).
    private static let pixelsPerToken = 750
    /// A page of a PDF is about 1 600 tokens and seldom less than 32 KB of base64.
    private static let charactersPerPage = 32 * 1_024
    private static let tokensPerPage = 1_600
    /// What dialects put around each message, call and tool.
    private static let perTurn = 4
    private static let perCall = 10
    private static let perTool = 8
    /// What a blob of reasoning stands for cannot be read; in base64 it is about as long as its text.
    private static let blobCharactersPerToken = 4

    package static func inputTokens(_ request: ModelRequest) -> Int {
        var tokens = 3
        for turn in request.turns {
            tokens += TokenEstimate.perTurn
            for block in turn.blocks { tokens += TokenEstimate.tokens(block) }
        }
        for tool in request.tools { tokens += TokenEstimate.tokens(tool) }
        if case .jsonSchema(let name, let schema, _, let description) = request.outputFormat {
            tokens += TokenEstimate.tokens(schema) + TextTokens.estimate("\(name ?? "") \(description ?? "")")
        }
        return tokens
    }

    /// What an answer costs in output tokens.
    package static func outputTokens(_ blocks: [Block]) -> Int {
        blocks.reduce(0) { $0 + TokenEstimate.tokens($1) }
    }

    /// What a text costs on its own.
    package static func tokens(_ text: String) -> Int { TextTokens.estimate(text) }

    private static func tokens(_ value: JSONValue) -> Int { TextTokens.estimate(JSONWriter.text(value)) }

    private static func tokens(_ block: Block) -> Int {
        switch block {
        case .text(let text): TextTokens.estimate(text.text)
        case .image(let image): TokenEstimate.tokens(image.source)
        case .file(let file): TokenEstimate.tokens(file.source)
        case .reasoning(let reasoning): TokenEstimate.tokens(reasoning)
        case .toolCall(let call):
            TokenEstimate.perCall + TextTokens.estimate(ToolAliases.wireName(call.name))
                + TextTokens.estimate(call.arguments)
        case .toolResult(let result):
            TokenEstimate.perCall + result.blocks.reduce(0) { $0 + TokenEstimate.tokens($1) }
        case .refusal(let text): TextTokens.estimate(text)
        case .hosted(_, _, let value): TokenEstimate.tokens(value)
        }
    }

    private static func tokens(_ source: ImageBlock.Source) -> Int {
        switch source {
        case .url: return TokenEstimate.largestPicture
        case .inline(_, let base64):
            guard let size = PictureSize(base64: base64) else { return TokenEstimate.largestPicture }
            let (pixels, isTooLarge) = size.width.multipliedReportingOverflow(by: size.height)
            guard !isTooLarge else { return TokenEstimate.largestPicture }
            return min(TokenEstimate.largestPicture, pixels / TokenEstimate.pixelsPerToken + 1)
        }
    }

    private static func tokens(_ source: FileBlock.Source) -> Int {
        switch source {
        case .inline(_, let base64):
            (base64.utf8.count / TokenEstimate.charactersPerPage + 1) * TokenEstimate.tokensPerPage
        case .text(let text): TextTokens.estimate(text)
        case .url: TokenEstimate.tokensPerPage
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

    private static func tokens(_ tool: ToolDefinition) -> Int {
        let words = TextTokens.estimate("\(ToolAliases.wireName(tool.name)) \(tool.description ?? "")")
        let schema =
            switch tool.kind {
            case .function(let parameters, _): TokenEstimate.tokens(parameters)
            case .custom(let format): format.map { TokenEstimate.tokens($0) } ?? 0
            case .toolSearch(let parameters): parameters.map { TokenEstimate.tokens($0) } ?? 0
            case .hosted(_, _, let definition): TokenEstimate.tokens(definition)
            }
        return TokenEstimate.perTool + words + schema
    }
}
