import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// What changes in a body that is forwarded in its own dialect, and that nothing else does.
@Suite struct SameDialectForwardTests {
    @Test(arguments: 0..<150)
    func `only the documented members of any body differ`(_ seed: Int) throws {
        var document = RandomBody(seed: UInt64(seed))
        let body = document.body()
        let before = try #require(try JSONReader.read(body).objectValue)
        let outline = try #require(SameDialectForwardTests.outline(of: body))
        for dialect in Dialect.allCases {
            for quirks in [JSONObject(), JSONObject([("no_stream_options", true)])] {
                let splices = SameDialectForward.splices(
                    outline,
                    streamOptions: before["stream_options"],
                    dialect: dialect,
                    upstreamModel: "acme/\"large\" \\ é",
                    quirks: quirks
                )
                let after = try #require(
                    try JSONReader.read(SameDialectForwardTests.apply(splices, to: body)).objectValue
                )
                var expected = before
                expected["model"] = "acme/\"large\" \\ é"
                if dialect == .openAIChat, outline.stream, quirks.isEmpty {
                    var options = before["stream_options"]?.objectValue ?? JSONObject()
                    options["include_usage"] = true
                    expected["stream_options"] = .object(options)
                }
                #expect(Set(after.memberNames) == Set(expected.memberNames))
                for name in expected.memberNames { #expect(after[name] == expected[name], "\(name)") }
                // What the caller wrote stays in its order.
                #expect(after.memberNames.filter { before[$0] != nil } == before.memberNames)
            }
        }
    }

    @Test func `splices are in order and do not overlap`() throws {
        for text in [
            #"{"model":"m","stream":true,"stream_options":null}"#, #"{"stream_options":{},"stream":true,"model":"m"}"#,
            #"{"stream":true,"model":"m"}"#, #"{ "model" : "m" , "stream" : true }"#,
        ] {
            let body = Array(text.utf8)
            let splices = SameDialectForward.splices(
                try #require(SameDialectForwardTests.outline(of: body)),
                streamOptions: try JSONReader.read(body)["stream_options"],
                dialect: .openAIChat,
                upstreamModel: "u",
                quirks: JSONObject()
            )
            #expect(splices.count == 2)
            for (left, right) in zip(splices, splices.dropFirst()) {
                #expect(left.range.upperBound <= right.range.lowerBound)
            }
            let after = try JSONReader.read(SameDialectForwardTests.apply(splices, to: body))
            #expect(after["stream_options"] == ["include_usage": true])
        }
    }

    @Test func `a caller who asked for usage keeps its options byte for byte`() throws {
        let body = Array(#"{"model":"m","stream":true,"stream_options":{ "include_usage" : true, "x":1.50}}"#.utf8)
        let splices = SameDialectForward.splices(
            try #require(SameDialectForwardTests.outline(of: body)),
            streamOptions: nil,
            dialect: .openAIChat,
            upstreamModel: "u",
            quirks: JSONObject()
        )
        #expect(
            String(decoding: SameDialectForwardTests.apply(splices, to: body), as: UTF8.self)
                == #"{"model":"u","stream":true,"stream_options":{ "include_usage" : true, "x":1.50}}"#
        )
    }

    @Test func `a caller's other stream options go along`() throws {
        let body = Array(
            #"{"stream_options":{"include_usage":false,"include_obfuscation":false},"model":"m","stream":true}"#.utf8
        )
        let splices = SameDialectForward.splices(
            try #require(SameDialectForwardTests.outline(of: body)),
            streamOptions: try JSONReader.read(body)["stream_options"],
            dialect: .openAIChat,
            upstreamModel: "u",
            quirks: JSONObject([("no_stream_options", false)])
        )
        #expect(
            String(decoding: SameDialectForwardTests.apply(splices, to: body), as: UTF8.self)
                == #"{"stream_options":{"include_usage":true,"include_obfuscation":false},"model":"u","stream":true}"#
        )
    }

    @Test(arguments: [
        #"{"model":"m","previous_response_id":"resp_r1_x","input":"hi"}"#,
        #"{ "previous_response_id" : "resp_r1_x" , "model":"m","input":"hi"}"#,
    ])
    func `a response that is continued gets the provider's own name`(_ text: String) throws {
        let body = Array(text.utf8)
        var outline = try #require(SameDialectForwardTests.outline(of: body))
        outline.previousResponseID = "resp_r1_x"
        outline.previousResponseIDRange = JSONMemberWalk.value(of: "previous_response_id", in: body.span)
        let splices = SameDialectForward.splices(
            outline,
            streamOptions: nil,
            dialect: .openAIResponses,
            upstreamModel: "u",
            quirks: JSONObject(),
            previousResponseID: "resp_\"1"
        )
        let expected = text.replacing(#""m""#, with: #""u""#).replacing(#""resp_r1_x""#, with: #""resp_\"1""#)
        #expect(SameDialectForwardTests.apply(splices, to: body) == Array(expected.utf8))
        #expect(Splice.applied(splices, to: body.span) == Array(expected.utf8))
    }

    private static func apply(_ splices: [Splice], to body: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var offset = 0
        for splice in splices {
            result.append(contentsOf: body[offset..<splice.range.lowerBound])
            result.append(contentsOf: splice.replacement)
            offset = splice.range.upperBound
        }
        return result + body[offset...]
    }

    /// What a scan of the body finds, found by a walk.
    private static func outline(of body: [UInt8]) -> RequestOutline? {
        let bytes = body.span
        guard let model = JSONMemberWalk.value(of: "model", in: bytes), let brace = body.firstIndex(of: 0x7b) else {
            return nil
        }
        let stream = JSONMemberWalk.value(of: "stream", in: bytes).map { JSONMemberWalk.matches(bytes, $0, "true") }
        let options = JSONMemberWalk.value(of: "stream_options", in: bytes)
        let asks = options.flatMap { JSONMemberWalk.read(bytes, $0)?["include_usage"]?.boolValue }
        return RequestOutline(
            objectStart: brace + 1,
            model: "m",
            modelRange: model,
            stream: stream ?? false,
            streamOptionsRange: options,
            includesUsage: asks ?? false
        )
    }
}
