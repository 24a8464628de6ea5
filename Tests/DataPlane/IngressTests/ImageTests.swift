import Addresses
import Contract
import Dialects
import Exchange
import Identity
import NIOConcurrencyHelpers
import Routing
import Testing
import Wire

@testable import Ingress

/// Images that no provider is to be sent: refused by their place in the body, before anybody is asked.
@Suite(.timeLimit(.minutes(5))) struct ImageTests {
    /// 1 x 1 pixel.
    private static let png =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

    /// A request with one image at `url`, and the path of that.
    private static func request(_ url: String, _ dialect: Dialect) -> (body: String, path: String) {
        let text = JSONWriter.text(.string(url))
        switch dialect {
        case .openAIChat:
            let part = #"{"type":"image_url","image_url":{"url":\#(text)}}"#
            return (
                #"{"model":"main","messages":[{"role":"user","content":[{"type":"text","text":"a"},\#(part)]}]}"#,
                "messages[0].content[1].image_url.url"
            )
        case .openAIResponses:
            let part = #"{"type":"input_image","image_url":\#(text)}"#
            return (
                #"{"model":"main","input":[{"role":"user","content":[\#(part)]}]}"#, "input[0].content[0].image_url"
            )
        case .anthropicMessages:
            let part = #"{"type":"image","source":{"type":"url","url":\#(text)}}"#
            return (
                #"{"model":"main","max_tokens":9,"messages":[{"role":"user","content":[\#(part)]}]}"#,
                "messages[0].content[0].source.url"
            )
        }
    }

    private static func path(of dialect: Dialect) -> String { Sample(dialect).path }

    static let forbidden = [
        "http://127.0.0.1/a.png", "http://localhost/a.png", "https://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://0x7f.1/",
        "http://2130706433/",
        "http://017700000001/", "http://127.1/", "https://user@example.com/", "https://example.com\\@127.0.0.1/",
        "file:///etc/passwd", "ftp://example.com/a.png", "gopher://x/", "javascript:alert(1)", "https://", "https:///x",
        "https://example.com:99999/", "https://ex%61mple.com/", "https://ｅxample.com/", "//example.com/a.png", "a.png",
        "https://inside.test/a.png", "https://nowhere.test/a.png", "https://mixed.test./a.png",
        "data:image/png,abc", "data:text/html;base64,AAAA", "data:image/png;base64,%%%%", "data:image/png;base64,",
        "data:image/jpeg;base64,\(png)", "data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=", "data:image/png;base64,aGVsbG8=",
    ]

    /// Names that lead to public addresses, to private ones and nowhere.
    static let options = GatewayOptions { options in
        options.lookup = { name in
            switch name {
            case "good.test", "other.test": [NetworkAddress(bytes: [1, 1, 1, 1])]
            case "inside.test": [NetworkAddress(bytes: [10, 0, 0, 1])]
            case "mixed.test": [NetworkAddress(bytes: [1, 1, 1, 1]), NetworkAddress(bytes: [192, 168, 0, 1])]
            default: []
            }
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a forbidden image is refused by its place`(_ dialect: Dialect) async throws {
        try await Gateway.run(Self.options, upstream: ScriptedUpstream.serving { _ in Framed.json("{}") }) { gateway in
            for url in Self.forbidden {
                let (body, place) = Self.request(url, dialect)
                let answer = try await gateway.answer(to: gateway.request("POST", Self.path(of: dialect), body))
                #expect(answer.status == 400 && answer.errorCode == "invalid-request", "\(url) \(answer.text)")
                #expect(answer.text.contains("`\(place)`"), "\(url) \(answer.text)")
                if dialect != .anthropicMessages { #expect(answer.json?["error"]?["param"] == .string(place)) }
            }
            #expect(gateway.upstream.requests.isEmpty)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `an image that may pass is a matter of evidence`(_ dialect: Dialect) async throws {
        try await Gateway.run(Self.options, upstream: ScriptedUpstream.serving { _ in Framed.json("{}") }) { gateway in
            for url in [
                "https://good.test/a.png", "http://1.1.1.1/a.png", "https://other.test:8443/a?b=c#d",
                "data:image/png;base64,\(Self.png)",
            ] {
                let (body, _) = Self.request(url, dialect)
                let answer = try await gateway.answer(to: gateway.request("POST", Self.path(of: dialect), body))
                #expect(answer.status == 502 && answer.errorCode == "no-eligible-target", "\(url) \(answer.text)")
                #expect(answer.text.contains("unvalidated"))
                let escaped = body.replacing("/", with: "\\/")
                let same = try await gateway.answer(to: gateway.request("POST", Self.path(of: dialect), escaped))
                #expect(same.status == 502, "\(url) \(same.text)")
            }
            let record = try #require(try await gateway.journal.settled().last)
            #expect(record.needs?.images == 1 && record.needs?.inputTokens ?? 0 > 0)
        }
    }

    @Test func `too many images and too large ones are refused`() async throws {
        try await Gateway.run(Self.options, upstream: ScriptedUpstream.serving { _ in Framed.json("{}") }) { gateway in
            let part = #"{"type":"image_url","image_url":{"url":"data:image/png;base64,\#(Self.png)"}}"#
            let parts = Array(repeating: part, count: 101).joined(separator: ",")
            let many = #"{"model":"main","messages":[{"role":"user","content":[\#(parts)]}]}"#
            let answer = try await gateway.answer(to: gateway.request("POST", "/v1/chat/completions", many))
            #expect(answer.status == 400 && answer.text.contains("messages[0].content[100]"), "\(answer.text)")
            #expect(answer.text.contains("100 images"))
            let large = Self.request(
                "data:image/png;base64,\(Self.png.dropLast(4))" + String(repeating: "AAAA", count: 7 << 20),
                .openAIChat
            ).body
            let refused = try await gateway.answer(to: gateway.request("POST", "/v1/chat/completions", large))
            #expect(refused.status == 400 && refused.text.contains("20 MiB"), "\(refused.text)")
        }
    }

    @Test func `a host that cannot be looked up in time is refused, and who leaves is let go`() async throws {
        let gate = ConditionLock(value: false)
        let options = GatewayOptions { options in
            options.lookup = { _ in
                gate.lock(whenValue: true)
                gate.unlock()
                return []
            }
            options.limits.imageHostMilliseconds = 100
        }
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in Framed.json("{}") }) { gateway in
            let (body, _) = Self.request("https://slow.test/a.png", .openAIChat)
            let answer = try await gateway.answer(to: gateway.request("POST", "/v1/chat/completions", body))
            #expect(answer.status == 400 && answer.text.contains("in time"), "\(answer.text)")
            let caller = try await gateway.connect()
            try await caller.send(gateway.request("POST", "/v1/chat/completions", body))
            await caller.close()
            gate.lock()
            gate.unlock(withValue: true)
        }
    }

    @Test func `a caller whose hosts have no turn because others hold the threads may come again`() async throws {
        let gate = ConditionLock(value: 0)
        let begun = Bulletin(0)
        let options = GatewayOptions { options in
            options.limits.imageHostMilliseconds = 500
            options.lookup = { _ in
                begun.update { $0 += 1 }
                gate.lock(whenValue: 1)
                gate.unlock()
                return [NetworkAddress(bytes: [1, 1, 1, 1])]
            }
        }
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in Framed.json("{}") }) { gateway in
            func request(_ hosts: [String]) -> String {
                let parts = hosts.map { #"{"type":"input_image","image_url":"https://\#($0).test/x"}"# }
                let body =
                    #"{"model":"main","input":[{"role":"user","content":[\#(parts.joined(separator: ","))]}]}"#
                return gateway.request("POST", "/v1/responses", body)
            }
            let slow = try await gateway.connect()
            try await slow.send(request(["a", "b"]))
            try await begun.wait(for: "two lookups") { $0 == 2 ? () : nil }
            let answer = try await gateway.answer(to: request(["c"]))
            #expect(answer.status == 503 && answer.errorCode == "not-ready" && answer.value("retry-after") == "2")
            #expect(begun.value == 2)
            gate.lock()
            gate.unlock(withValue: 1)
        }
    }

    @Test func `a host too many is refused by its place, whatever the number of URLs`() async throws {
        let lookups = NIOLockedValueBox(0)
        let options = GatewayOptions { options in
            options.limits.hosts = 3
            options.lookup = { _ in
                lookups.withLockedValue { $0 += 1 }
                return [NetworkAddress(bytes: [1, 1, 1, 1])]
            }
        }
        try await Gateway.run(options, upstream: ScriptedUpstream.serving { _ in Framed.json("{}") }) { gateway in
            let hosts = ["a", "b", "a", "c", "b", "d"]
            let parts = hosts.map { #"{"type":"input_image","image_url":"https://\#($0).test/x"}"# }
            let body = #"{"model":"main","input":[{"role":"user","content":[\#(parts.joined(separator: ","))]}]}"#
            let answer = try await gateway.answer(to: gateway.request("POST", "/v1/responses", body))
            #expect(answer.status == 400 && answer.errorCode == "invalid-request")
            #expect(answer.json?["error"]?["param"]?.stringValue == "input[0].content[5].image_url")
            #expect(lookups.withLockedValue { $0 } == 0)
        }
    }
}
