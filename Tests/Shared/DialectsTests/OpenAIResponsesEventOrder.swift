import Dialects
import Testing
import Wire

/// Checks that the events of a Responses stream come in the one order that clients build items from.
///
/// A client that believes only the deltas, one that believes only the done events and one that reads the last event
/// must all see the same.
struct OpenAIResponsesEventOrder {
    private struct Part {
        let type: JSONValue
        var text = ""
        var annotations = 0
        var isTextDone = false
        var isDone = false
    }

    private var number = 0
    private var done: [JSONValue] = []
    private var open: JSONValue?
    private var parts: [Part] = []
    private var summary: [Part] = []
    private var arguments = ""
    private var isArgumentsDone = false
    private(set) var end: JSONValue?
    private(set) var types: [String] = []

    /// The last response object of a whole stream.
    static func check(_ bytes: [UInt8]) throws -> (types: [String], response: JSONValue) {
        var order = OpenAIResponsesEventOrder()
        let events = EventCuts.events(in: [bytes[...]])
        var boundary = ServerSentEventBoundary()
        _ = EventCuts.ends(in: bytes[...], advancing: &boundary)
        #expect(boundary.isBetweenEvents)
        for event in events { try order.take(event) }
        return (order.types, try #require(order.end))
    }

    mutating func take(_ event: ServerSentEvent) throws {
        let data = try JSONReader.read(try #require(event.data))
        let type = try #require(data["type"]?.stringValue)
        #expect(event.name == type)
        #expect(data["sequence_number"]?.intValue == self.number)
        #expect(self.end == nil, "\(type) behind the end")
        self.types.append(type)
        self.number += 1
        switch type {
        case "response.created": try self.checkOpening(data, at: 1)
        case "response.in_progress": try self.checkOpening(data, at: 2)
        case "response.output_item.added": self.begin(data)
        case "response.output_item.done": self.finishItem(data)
        case "response.completed", "response.incomplete", "response.failed":
            let response = try #require(data["response"])
            try OpenAIResponsesShape.check(response: response)
            #expect("response.\(response["status"]?.stringValue ?? "")" == type)
            #expect(response["output"] == .array(self.done))
            #expect((response["error"] == .null) == (type != "response.failed"))
            if type != "response.failed" {
                #expect(self.open == nil)
                #expect(response["usage"]?["total_tokens"]?.intValue != nil)
            }
            self.end = response
        default: self.takePiece(data, type)
        }
    }

    private func checkOpening(_ data: JSONValue, at count: Int) throws {
        #expect(self.number == count)
        let response = try #require(data["response"])
        try OpenAIResponsesShape.check(response: response)
        #expect(response["status"] == "in_progress" && response["output"] == [] && response["usage"] == .null)
    }

    private mutating func begin(_ data: JSONValue) {
        #expect(self.number > 2)
        #expect(self.open == nil)
        #expect(data["output_index"]?.intValue == self.done.count)
        let item = data["item"] ?? .null
        if item["type"] != "reasoning" { #expect(item["status"] == "in_progress") }
        switch item["type"]?.stringValue {
        case "message": #expect(item["content"] == [])
        case "reasoning": #expect(item["summary"] == [] && item["encrypted_content"] == nil)
        case "function_call": #expect(item["arguments"] == "")
        case "custom_tool_call": #expect(item["input"] == "")
        case "tool_search_call": self.isArgumentsDone = true
        default: Issue.record("\(item)")
        }
        self.open = item
    }

    private mutating func finishItem(_ data: JSONValue) {
        let item = data["item"] ?? .null
        #expect(data["output_index"]?.intValue == self.done.count)
        for name in ["id", "type", "call_id", "name", "namespace"] { #expect(item[name] == self.open?[name]) }
        OpenAIResponsesShape.check(item: item)
        #expect(self.parts.allSatisfy(\.isDone) && self.summary.allSatisfy(\.isDone))
        switch item["type"]?.stringValue {
        case "message":
            let texts = (item["content"]?.arrayValue ?? []).compactMap { ($0["text"] ?? $0["refusal"])?.stringValue }
            #expect(texts == self.parts.map(\.text))
        case "reasoning":
            #expect(
                (item["summary"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue } == self.summary.map(\.text)
            )
            #expect(
                (item["content"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue } == self.parts.map(\.text)
            )
        case "function_call":
            #expect(self.isArgumentsDone && item["arguments"]?.stringValue == self.arguments)
        case "custom_tool_call": #expect(self.isArgumentsDone && item["input"]?.stringValue == self.arguments)
        default: break
        }
        self.done.append(item)
        self.open = nil
        self.parts = []
        self.summary = []
        self.arguments = ""
        self.isArgumentsDone = false
    }

    private mutating func takePiece(_ data: JSONValue, _ type: String) {
        #expect(data["item_id"] != nil && data["item_id"] == self.open?["id"])
        #expect(data["output_index"]?.intValue == self.done.count)
        let delta = data["delta"]?.stringValue
        switch type {
        case "response.content_part.added":
            #expect(data["content_index"]?.intValue == self.parts.count && self.parts.allSatisfy(\.isDone))
            self.parts.append(Part(type: data["part"]?["type"] ?? .null))
        case "response.output_text.delta", "response.refusal.delta", "response.reasoning_text.delta":
            self.checkPart(data, type)
            self.parts[self.parts.count - 1].text += delta ?? ""
            #expect(delta?.isEmpty == false)
            if type == "response.output_text.delta" { #expect(data["logprobs"] == []) }
        case "response.output_text.annotation.added":
            self.checkPart(data, "response.output_text")
            #expect(data["annotation_index"]?.intValue == self.parts.last?.annotations)
            self.parts[self.parts.count - 1].annotations += 1
        case "response.output_text.done", "response.refusal.done", "response.reasoning_text.done":
            self.checkPart(data, type)
            #expect((data["text"] ?? data["refusal"])?.stringValue == self.parts.last?.text)
            self.parts[self.parts.count - 1].isTextDone = true
        case "response.content_part.done":
            #expect(self.parts.last?.isTextDone == true && self.parts.last?.isDone == false)
            #expect(data["content_index"]?.intValue == self.parts.count - 1)
            let part = data["part"]
            #expect((part?["text"] ?? part?["refusal"])?.stringValue == self.parts.last?.text)
            #expect((part?["annotations"]?.arrayValue?.count ?? 0) == self.parts.last?.annotations)
            self.parts[self.parts.count - 1].isDone = true
        case "response.reasoning_summary_part.added":
            #expect(data["summary_index"]?.intValue == self.summary.count && self.summary.allSatisfy(\.isDone))
            self.summary.append(Part(type: "summary_text"))
        case "response.reasoning_summary_text.delta":
            #expect(data["summary_index"]?.intValue == self.summary.count - 1)
            guard !self.summary.isEmpty else {
                Issue.record("no part of a summary is open")
                return
            }
            self.summary[self.summary.count - 1].text += delta ?? ""
        case "response.reasoning_summary_text.done":
            #expect(data["text"]?.stringValue == self.summary.last?.text && self.summary.last?.isTextDone == false)
            guard !self.summary.isEmpty else { return }
            self.summary[self.summary.count - 1].isTextDone = true
        case "response.reasoning_summary_part.done":
            #expect(
                data["part"]?["text"]?.stringValue == self.summary.last?.text && self.summary.last?.isTextDone == true
            )
            guard !self.summary.isEmpty else { return }
            self.summary[self.summary.count - 1].isDone = true
        case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta":
            #expect(!self.isArgumentsDone)
            self.arguments += delta ?? ""
        case "response.function_call_arguments.done":
            #expect(data["arguments"]?.stringValue == self.arguments && data["name"] == self.open?["name"])
            self.isArgumentsDone = true
        case "response.custom_tool_call_input.done":
            #expect(data["input"]?.stringValue == self.arguments)
            self.isArgumentsDone = true
        default: Issue.record("\(type)")
        }
    }

    /// A piece of a text must belong to the open part, and be of its kind.
    private mutating func checkPart(_ data: JSONValue, _ type: String) {
        if self.parts.isEmpty {
            Issue.record("\(type) without a part")
            self.parts.append(Part(type: .null))
        }
        #expect(data["content_index"]?.intValue == self.parts.count - 1)
        #expect(self.parts.last?.isTextDone == false)
        #expect(self.parts.last?.type.stringValue.map { type.hasPrefix("response.\($0)") } == true)
    }
}
