import Testing
import Wire

/// What strict clients check of a response object and of the stream that tells it.
enum OpenAIResponsesShape {
    static func check(response: JSONValue) throws {
        let object = try #require(response.objectValue)
        for name in [
            "id", "object", "created_at", "status", "model", "output", "parallel_tool_calls", "tool_choice", "tools",
            "error", "incomplete_details", "instructions", "metadata", "temperature", "top_p", "usage", "store",
            "text", "truncation", "reasoning", "previous_response_id", "max_output_tokens", "service_tier",
            "completed_at",
        ] {
            #expect(object[name] != nil, "\(name)")
        }
        // As null it is no part of the schema.
        #expect(object["user"] != .null)
        #expect(object["object"] == "response")
        for tool in object["tools"]?.arrayValue ?? [] where tool["type"] == "function" {
            #expect(tool["strict"] != nil && tool["parameters"] != nil)
        }
        for item in object["output"]?.arrayValue ?? [] { OpenAIResponsesShape.check(item: item) }
        guard object["usage"] != .null, let usage = object["usage"] else { return }
        let counts = [
            usage["input_tokens"], usage["input_tokens_details"]?["cached_tokens"],
            usage["input_tokens_details"]?["cache_write_tokens"], usage["output_tokens"],
            usage["output_tokens_details"]?["reasoning_tokens"], usage["total_tokens"],
        ]
        #expect(counts.allSatisfy { $0?.intValue != nil })
        #expect(counts[5]?.intValue == (counts[0]?.intValue ?? 0) + (counts[3]?.intValue ?? 0))
    }

    static func check(item: JSONValue) {
        #expect(item["id"]?.stringValue?.isEmpty == false)
        switch item["type"]?.stringValue {
        case "message":
            #expect(item["role"] == "assistant" && item["status"] != nil)
            for part in item["content"]?.arrayValue ?? [] {
                if part["type"] == "output_text" {
                    #expect(part["text"]?.stringValue != nil && part["annotations"]?.arrayValue != nil)
                } else {
                    #expect(part["refusal"]?.stringValue != nil)
                }
            }
        case "reasoning": #expect(item["summary"]?.arrayValue != nil)
        case "function_call":
            #expect([item["call_id"], item["name"], item["arguments"]].allSatisfy { $0?.stringValue != nil })
        case "custom_tool_call":
            #expect([item["call_id"], item["name"], item["input"]].allSatisfy { $0?.stringValue != nil })
        case "tool_search_call": #expect(item["arguments"]?.objectValue != nil && item["execution"] == "client")
        default: Issue.record("\(item)")
        }
    }
}
