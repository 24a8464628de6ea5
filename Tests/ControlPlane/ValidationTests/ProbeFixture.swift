import Canonical
import Contract
import Identity
import Testing
import Validation
import Wire

/// Answers as providers give them, in each dialect.
enum ProbeFixture {
    static func model(_ quirks: JSONObject = JSONObject()) throws -> ModelRecord {
        ModelRecord(
            provider: try #require(Slug("acme")),
            id: try #require(Slug("large")),
            upstreamModel: "acme-large",
            quirks: quirks
        )
    }

    static func request(
        _ asked: CapabilityCase,
        _ dialect: Dialect = .openAIChat,
        ask: Int = 0
    ) throws -> ProbeRequest {
        let picture = ProbePicture(
            .inline(mediaType: "image/png", base64: "iVBORw0KGgo="),
            tokens: ["RIVER", "STONE", "LAMP", "2345678"]
        )
        return try ProbeRequest(
            asked,
            in: dialect,
            of: try ProbeFixture.model(),
            code: "KX482913",
            picture: asked.needsProof ? picture : nil,
            ask: ask
        )
    }

    /// A whole answer that says `text`, with or without calls of tools (name and arguments).
    static func answer(
        _ dialect: Dialect,
        _ text: String = "",
        calls: [(name: String, arguments: String)] = [],
        isCut: Bool = false,
        output: Int? = 5
    ) -> [UInt8] {
        let value: JSONValue =
            switch dialect {
            case .openAIChat: self.chat(text, calls, isCut, output)
            case .openAIResponses: self.responses(text, calls, isCut, output)
            case .anthropicMessages: self.messages(text, calls, isCut, output)
            }
        return JSONWriter.write(value)
    }

    private static func chat(_ text: String, _ calls: [(String, String)], _ isCut: Bool, _ output: Int?) -> JSONValue {
        var message = JSONObject([("role", "assistant"), ("content", .string(text))])
        if !calls.isEmpty {
            message["tool_calls"] = .array(
                calls.enumerated().map { index, call in
                    [
                        "id": .string("call_\(index)"), "type": "function",
                        "function": ["name": .string(call.0), "arguments": .string(call.1)],
                    ]
                }
            )
        }
        let reason = isCut ? "length" : calls.isEmpty ? "stop" : "tool_calls"
        return [
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "acme-large",
            "choices": [["index": 0, "message": .object(message), "finish_reason": .string(reason)]],
            "usage": output.map { ["prompt_tokens": 9, "completion_tokens": .int($0)] } ?? .null,
        ]
    }

    private static func responses(
        _ text: String,
        _ calls: [(String, String)],
        _ isCut: Bool,
        _ output: Int?
    ) -> JSONValue {
        var items: [JSONValue] = [
            [
                "type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
                "content": [["type": "output_text", "text": .string(text), "annotations": []]],
            ]
        ]
        for (index, call) in calls.enumerated() {
            items.append([
                "type": "function_call", "id": .string("fc_\(index)"), "call_id": .string("call_\(index)"),
                "name": .string(call.0), "arguments": .string(call.1), "status": "completed",
            ])
        }
        return [
            "id": "resp_1", "object": "response", "status": isCut ? "incomplete" : "completed",
            "incomplete_details": isCut ? ["reason": "max_output_tokens"] : nil, "output": .array(items),
            "usage": output.map { ["input_tokens": 9, "output_tokens": .int($0)] } ?? .null,
        ]
    }

    private static func messages(
        _ text: String,
        _ calls: [(String, String)],
        _ isCut: Bool,
        _ output: Int?
    ) -> JSONValue {
        var blocks: [JSONValue] = text.isEmpty ? [] : [["type": "text", "text": .string(text)]]
        for (index, call) in calls.enumerated() {
            blocks.append([
                "type": "tool_use", "id": .string("call_\(index)"), "name": .string(call.0),
                "input": (try? JSONReader.read(Array(call.1.utf8))) ?? [:],
            ])
        }
        return [
            "id": "msg_1", "type": "message", "role": "assistant", "content": .array(blocks),
            "stop_reason": .string(isCut ? "max_tokens" : calls.isEmpty ? "end_turn" : "tool_use"),
            "usage": output.map { ["input_tokens": 9, "output_tokens": .int($0)] } ?? .null,
        ]
    }

    /// A Chat stream that says `text` and tells its end and its usage.
    static func chatStream(_ text: String, ends: Bool = true) -> [UInt8] {
        func chunk(_ delta: JSONValue, _ reason: JSONValue) -> [UInt8] {
            ServerSentEvent.encode(data: [
                "id": "chatcmpl-1", "choices": [["index": 0, "delta": delta, "finish_reason": reason]],
            ])
        }
        let opening = chunk(["role": "assistant", "content": ""], nil) + chunk(["content": .string(text)], nil)
        guard ends else { return opening }
        let usage: JSONValue = ["id": "x", "choices": [], "usage": ["prompt_tokens": 9, "completion_tokens": 5]]
        return opening + chunk([:], "stop") + ServerSentEvent.encode(data: usage) + Array("data: [DONE]\n\n".utf8)
    }
}
