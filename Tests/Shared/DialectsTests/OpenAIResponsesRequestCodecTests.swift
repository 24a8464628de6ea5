import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Responses requests as real clients write them, read and written for targets.
@Suite struct OpenAIResponsesRequestCodecTests {
    private static let folder = CodecStory.folder
    static let names = OpenAIResponsesRequestCodecTests.folder.names(
        in: "requests/openai-responses",
        endingWith: ".json"
    )

    /// A model that takes little.
    static let plain = TargetTraits.poor(maximumOutputTokens: 8)

    static func encode(
        _ request: ModelRequest,
        for target: TargetTraits = TargetTraits(model: "acme")
    ) throws -> (request: EncodedRequest, losses: LossReport) {
        var losses = LossReport()
        let encoded = try OpenAIResponses.encodeRequest(request, for: target, losses: &losses)
        return (encoded, losses)
    }

    @Test func `there are requests of every client`() {
        #expect(OpenAIResponsesRequestCodecTests.names.count >= 16)
    }

    @Test(arguments: OpenAIResponsesRequestCodecTests.names)
    func `a request is read and written`(_ name: String) throws {
        let body = try CodecStory.json(file: "requests/openai-responses/\(name).json")
        let (request, losses) = try OpenAIResponsesCodecStory.decode(body)
        var story = JSONObject()
        story["read"] = OpenAIResponsesCodecStory.story(request)
        story["lost"] = CodecStory.story(losses)
        var ignored = LossReport()
        let paths = RequestPaths(.openAIResponses, body: body)
        let ordered = try ConversationOrder.ordered(request, at: paths, losses: &ignored)
        for (word, target) in [
            ("for a model of today", TargetTraits(model: "acme")),
            ("for a plain model", OpenAIResponsesRequestCodecTests.plain),
        ] {
            let encoded = try OpenAIResponsesRequestCodecTests.encode(ordered, for: target)
            story[word] = encoded.request.body
            story["\(word), lost"] = CodecStory.story(encoded.losses)
        }
        try GoldenFile("requests/openai-responses/goldens/\(name).json", in: OpenAIResponsesRequestCodecTests.folder)
            .check(.object(story))
    }

    @Test(arguments: OpenAIResponsesRequestCodecTests.names)
    func `every tool, image, result and instruction of a client reaches a chat target`(_ name: String) throws {
        let body = try CodecStory.json(file: "requests/openai-responses/\(name).json")
        let (request, _) = try OpenAIResponsesCodecStory.decode(body)
        var losses = LossReport()
        let paths = RequestPaths(.openAIResponses, body: body)
        var ordered = try ConversationOrder.ordered(request, at: paths, losses: &losses)
        for index in ordered.turns.indices {
            // A document by its URL is what Chat cannot be told.
            ordered.turns[index].blocks.removeAll {
                if case .file(let file) = $0, case .url = file.source { true } else { false }
            }
        }
        let encoded = try OpenAIChat.encodeRequest(ordered, for: TargetTraits(model: "acme"), losses: &losses)
        let text = JSONWriter.text(encoded.body)
        for tool in request.tools where request.toolChoice == .auto || request.toolChoice == nil {
            if case .hosted = tool.kind { continue }
            #expect(text.contains("\"\(ToolAliases.wireName(tool.name))\""))
        }
        for block in request.turns.flatMap(\.blocks) {
            switch block {
            case .text(let block):
                #expect(
                    block.text.isEmpty || text.contains(JSONWriter.text(.string(block.text)).dropFirst().dropLast())
                )
            case .toolCall(let call): #expect(text.contains("\"\(call.id)\""))
            case .image: #expect(text.contains("image_url"))
            case .toolResult(let result):
                #expect(text.contains("\"\(result.callID)\""))
                for case .image(let image) in result.blocks {
                    if case .inline(_, let base64) = image.source { #expect(text.contains(base64.string)) }
                }
            case .file, .reasoning, .refusal, .hosted: break
            }
        }
    }

    @Test(arguments: OpenAIResponsesRequestCodecTests.names.filter { $0 != "everything" })
    func `what a client wrote comes out as it went in`(_ name: String) throws {
        let body = try CodecStory.json(file: "requests/openai-responses/\(name).json")
        let (original, losses) = try OpenAIResponsesCodecStory.decode(body)
        #expect(losses.losses.allSatisfy { !$0.field.hasPrefix("input") })
        var request = original
        // Blobs as the target made them, searches as functions, and no namespaces: so a target sees it.
        request.tools.removeAll {
            if case .hosted = $0.kind { true } else { false }
        }
        request.turns = request.turns.map { turn in
            Turn(turn.role, turn.blocks.map(OpenAIResponsesRequestCodecTests.seen), phase: turn.phase)
        }
        request.tools = request.tools.map { tool in
            var tool = tool
            tool.name = ToolName(ToolAliases.wireName(tool.name))
            if case .toolSearch(let parameters) = tool.kind {
                tool.kind = .function(parameters: parameters ?? [:], strict: false)
            }
            return tool
        }
        let encoded = try OpenAIResponsesRequestCodecTests.encode(request).request
        var again = try OpenAIResponsesCodecStory.decode(encoded.body).request
        again.turns = again.turns.map { turn in
            Turn(turn.role, turn.blocks.map(OpenAIResponsesRequestCodecTests.seen), phase: turn.phase)
        }
        again.model = request.model
        again.echo = request.echo
        again.reasoning = request.reasoning
        if name == "openai-python-stream-tools-reasoning" { #expect(encoded.body["reasoning"]?["effort"] == "low") }
        #expect(again.tools == request.tools)
        #expect(again.turns == request.turns)
        #expect(again == request)
    }

    /// A block as a target of this dialect tells it back.
    private static func seen(_ block: Block) -> Block {
        switch block {
        case .toolCall(var call):
            call.name = ToolName(ToolAliases.wireName(call.name))
            if call.kind == .toolSearch { call.kind = .function }
            return .toolCall(call)
        case .toolResult(var result):
            if result.kind == .toolSearch { result.kind = .function }
            result.blocks = result.blocks.map(OpenAIResponsesRequestCodecTests.seen)
            let texts = result.blocks.compactMap { block in
                if case .text(let text) = block { text.text } else { nil }
            }
            // Texts alone become one.
            if texts.count == result.blocks.count {
                result.blocks = [.text(TextBlock(texts.joined(separator: "\n")))]
            }
            return .toolResult(result)
        case .reasoning(var reasoning):
            if case .sealed(let blob) = reasoning.opaque { reasoning.opaque = .native(.encryptedContent, blob) }
            reasoning.text = nil
            return .reasoning(reasoning)
        case .image(var image):
            image.detail = image.detail ?? "auto"
            return .image(image)
        case .text, .file, .refusal, .hosted: return block
        }
    }
}
