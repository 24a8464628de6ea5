import Dialects
import Identity
import Testing
import Wire

/// What the last event of a broken stream must look like for the clients of a dialect to see a failure.
enum FailureEventShape {
    @discardableResult
    static func check(_ bytes: [UInt8], _ dialect: Dialect) throws -> JSONValue {
        var boundary = ServerSentEventBoundary()
        #expect(boundary.next(in: bytes.span, from: 0) == bytes.count, "it is exactly one event")
        let event = ServerSentEvent(lines: bytes.span)
        let data = try JSONReader.read(try #require(event.data))
        switch dialect {
        case .openAIChat:
            #expect(event.name == nil)
            let error = try #require(data["error"]?.objectValue)
            #expect(Set(error.memberNames).isSuperset(of: ["message", "type", "param", "code"]))
        case .openAIResponses:
            #expect(event.name == "response.failed")
            #expect(data["type"] == "response.failed")
            #expect(data["sequence_number"]?.intValue != nil)
            let response = try #require(data["response"]?.objectValue)
            #expect(response["status"] == "failed")
            #expect(response["id"]?.stringValue?.isEmpty == false)
            #expect(response["error"]?["code"]?.stringValue != nil)
            // What the schema of a response requires besides.
            for name in [
                "object", "created_at", "model", "output", "parallel_tool_calls", "tool_choice", "tools",
                "incomplete_details", "instructions", "metadata", "temperature", "top_p",
            ] {
                #expect(response[name] != nil, "\(name)")
            }
        case .anthropicMessages:
            #expect(event.name == "error")
            #expect(data["type"] == "error")
            #expect(data["error"]?["type"]?.stringValue != nil)
            #expect(data["error"]?["message"]?.stringValue != nil)
        }
        return data
    }
}
