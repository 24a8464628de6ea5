import Addresses
import Contract
import Dialects
import Exchange
import Identity
import Routing
import Testing
import Wire

@testable import Ingress

/// Documents, sounds and films that no provider is to be sent for: refused as images are.
@Suite(.timeLimit(.minutes(5))) struct LinkTests {
    /// A part with a URL, and the way to that inside the part.
    struct Shape: Sendable, CustomStringConvertible {
        let dialect: Dialect
        let start: String
        let place: String

        init(_ dialect: Dialect, _ start: String, _ place: String) {
            self.dialect = dialect
            self.start = start
            self.place = place
        }

        var description: String { "\(self.dialect.rawValue) \(self.place)" }

        /// A request with this URL in a message, or in the result of a tool; and the path of the URL.
        func request(_ url: String, inResult: Bool = false) -> (body: String, path: String) {
            let part = self.start.replacing("URL", with: JSONWriter.text(.string(url)))
            switch self.dialect {
            case .openAIChat:
                let call = inResult ? #""role":"tool","tool_call_id":"c""# : #""role":"user""#
                return (
                    #"{"model":"main","messages":[{\#(call),"content":[\#(part)]}]}"#,
                    "messages[0].content[0].\(self.place)"
                )
            case .openAIResponses:
                guard inResult else {
                    return (
                        #"{"model":"main","input":[{"role":"user","content":[\#(part)]}]}"#,
                        "input[0].content[0].\(self.place)"
                    )
                }
                let item = #"{"type":"function_call_output","call_id":"c","output":[\#(part)]}"#
                return (#"{"model":"main","input":[\#(item)]}"#, "input[0].output[0].\(self.place)")
            case .anthropicMessages:
                let result = #"{"type":"tool_result","tool_use_id":"c","content":[\#(part)]}"#
                let content = inResult ? result : part
                return (
                    #"{"model":"main","max_tokens":9,"messages":[{"role":"user","content":[\#(content)]}]}"#,
                    "messages[0].content[0].\(inResult ? "content[0]." : "")\(self.place)"
                )
            }
        }
    }

    static let shapes = [
        Shape(.openAIChat, #"{"type":"file","file":{"file_data":URL}}"#, "file.file_data"),
        Shape(.openAIChat, #"{"type":"file","file":{"file_url":URL}}"#, "file.file_url"),
        Shape(.openAIChat, #"{"type":"input_audio","input_audio":{"data":URL,"format":"wav"}}"#, "input_audio.data"),
        Shape(.openAIChat, #"{"type":"audio_url","audio_url":{"url":URL}}"#, "audio_url.url"),
        Shape(.openAIChat, #"{"type":"video_url","video_url":{"url":URL}}"#, "video_url.url"),
        Shape(.openAIResponses, #"{"type":"input_file","file_url":URL}"#, "file_url"),
        Shape(.anthropicMessages, #"{"type":"document","source":{"type":"url","url":URL}}"#, "source.url"),
    ]

    /// Of those of images, all that have a scheme and are no data.
    static let forbidden = ImageTests.forbidden.filter { $0.contains(":") && !$0.hasPrefix("data:") }

    @Test(arguments: shapes, [false, true])
    func `a forbidden link is refused by its place`(_ shape: Shape, inResult: Bool) async throws {
        let upstream = ScriptedUpstream.serving { _ in Framed.json("{}") }
        try await Gateway.run(ImageTests.options, upstream: upstream) { gateway in
            for url in Self.forbidden {
                let (body, place) = shape.request(url, inResult: inResult)
                let path = Sample(shape.dialect).path
                let answer = try await gateway.answer(to: gateway.request("POST", path, body))
                #expect(answer.status == 400 && answer.errorCode == "invalid-request", "\(url) \(answer.text)")
                #expect(answer.text.contains("`\(place)`"), "\(url) \(answer.text)")
                if shape.dialect != .anthropicMessages {
                    #expect(answer.json?["error"]?["param"] == .string(place))
                }
            }
            #expect(gateway.upstream.requests.isEmpty)
        }
    }

    @Test(arguments: shapes)
    func `a link that may pass is a matter of what the target can do`(_ shape: Shape) async throws {
        let upstream = ScriptedUpstream.serving { _ in Framed.json("{}") }
        try await Gateway.run(ImageTests.options, upstream: upstream) { gateway in
            for url in ["https://good.test/a.pdf", "http://1.1.1.1/a.mp4", "https://other.test:8443/a?b=c#d"] {
                let (body, _) = shape.request(url)
                for body in [body, body.replacing("/", with: "\\/")] {
                    let path = Sample(shape.dialect).path
                    let answer = try await gateway.answer(to: gateway.request("POST", path, body))
                    #expect(answer.errorCode != "invalid-request", "\(url) \(answer.text)")
                }
            }
        }
    }

    /// A request that makes a provider ask a server, the path of its URL, and the request's path.
    private static let servers = [
        (
            #"{"model":"main","input":"x","tools":[{"type":"mcp","server_label":"a","server_url":URL}]}"#,
            "tools[0].server_url", Dialect.openAIResponses
        ),
        (
            #"{"model":"main","input":"x","tools":[{"type":"image_generation","input_image_mask":{"image_url":URL}}]}"#,
            "tools[0].input_image_mask.image_url", .openAIResponses
        ),
        (
            #"{"model":"main","max_tokens":9,"messages":[],"mcp_servers":[{"type":"url","name":"a","url":URL}]}"#,
            "mcp_servers[0].url", .anthropicMessages
        ),
    ]

    @Test(arguments: servers)
    func `a server that a provider would ask is judged as one that it would fetch from`(
        _ body: String,
        _ place: String,
        _ dialect: Dialect
    ) async throws {
        let upstream = ScriptedUpstream.serving { _ in Framed.json("{}") }
        try await Gateway.run(ImageTests.options, upstream: upstream) { gateway in
            for url in Self.forbidden {
                let body = body.replacing("URL", with: JSONWriter.text(.string(url)))
                let answer = try await gateway.answer(to: gateway.request("POST", Sample(dialect).path, body))
                #expect(answer.status == 400 && answer.errorCode == "invalid-request", "\(url) \(answer.text)")
                #expect(answer.text.contains("`\(place)`"), "\(url) \(answer.text)")
            }
            #expect(gateway.upstream.requests.isEmpty)
            let allowed = body.replacing("URL", with: #""https://good.test/mcp""#)
            let answer = try await gateway.answer(to: gateway.request("POST", Sample(dialect).path, allowed))
            #expect(answer.errorCode != "invalid-request", "\(answer.text)")
        }
    }

    @Test func `no count is asked for with a document whose host has not been looked up`() async throws {
        let upstream = ScriptedUpstream.serving { _ in Framed.json(#"{"input_tokens":7}"#) }
        try await Gateway.run(ImageTests.options, upstream: upstream) { gateway in
            guard let shape = Self.shapes.last else { return }
            let path = "/v1/messages/count_tokens"
            let (forbidden, place) = shape.request("http://169.254.169.254/latest/meta-data")
            let refused = try await gateway.answer(to: gateway.request("POST", path, forbidden))
            #expect(refused.status == 400 && refused.text.contains("`\(place)`"), "\(refused.text)")
            let unknown = try await gateway.answer(
                to: gateway.request("POST", path, shape.request("https://inside.test/a").body)
            )
            #expect(unknown.value("x-router-estimated") == "true", "\(unknown.text)")
            #expect(gateway.upstream.requests.isEmpty)
        }
    }

    @Test func `too many links are refused`() async throws {
        let upstream = ScriptedUpstream.serving { _ in Framed.json("{}") }
        try await Gateway.run(ImageTests.options, upstream: upstream) { gateway in
            let part = #"{"type":"input_file","file_url":"https://good.test/a"}"#
            let parts = Array(repeating: part, count: 501).joined(separator: ",")
            let body = #"{"model":"main","input":[{"role":"user","content":[\#(parts)]}]}"#
            let answer = try await gateway.answer(to: gateway.request("POST", "/v1/responses", body))
            #expect(answer.status == 400 && answer.text.contains("input[0].content[500]"), "\(answer.text)")
        }
    }

    @Test func `where providers are in the same private network links lead there`() async throws {
        let options = GatewayOptions { options in options.limits.allowsPrivateImageURLs = true }
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in Framed.json("{}") }) { gateway in
            for shape in Self.shapes {
                for (url, isRefused) in [
                    ("http://10.0.0.1/a", false), ("http://inside.test/a", false), ("file:///a", true),
                ] {
                    let path = Sample(shape.dialect).path
                    let answer = try await gateway.answer(
                        to: gateway.request("POST", path, shape.request(url).body)
                    )
                    #expect((answer.errorCode == "invalid-request") == isRefused, "\(url) \(answer.text)")
                }
            }
        }
    }
}
