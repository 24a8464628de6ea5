import Dialects
import JSONScan
import Testing

/// What a provider would fetch besides images.
@Suite struct ContentLinkTests {
    private static func content(_ text: String) throws -> ContentOutline {
        var scanner = try JSONScanner()
        let bytes = Array(text.utf8)
        return try scanner.scan(bytes.span).content
    }

    /// Path and value of each link.
    private static func links(_ text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        return try ContentLinkTests.content(text).links.map { link in
            "\(ContentOutline.text(link.path, in: bytes.span)) \(String(decoding: bytes[link.range], as: UTF8.self))"
        }
    }

    private static func message(_ part: String) -> String { "{\"messages\":[{\"content\":[\(part)]}]}" }

    @Test(arguments: [
        (#"{"type":"file","file":{"file_data":"https://a/b"}}"#, "file.file_data"),
        (#"{"type":"file","file":{"filename":"a","url":"https://a/b"}}"#, "file.url"),
        (#"{"type":"file","file":{"file_url":"https://a/b"}}"#, "file.file_url"),
        (#"{"type":"input_audio","input_audio":{"data":"https://a/b","format":"wav"}}"#, "input_audio.data"),
        (#"{"type":"input_audio","input_audio":"https://a/b"}"#, "input_audio"),
        (#"{"type":"audio_url","audio_url":{"url":"https://a/b"}}"#, "audio_url.url"),
        (#"{"video_url":{"url":"https://a/b"},"type":"video_url"}"#, "video_url.url"),
        (#"{"type":"video_url","video_url":"https://a/b"}"#, "video_url"),
        (#"{"type":"video","video":["AAAA","https://a/b"]}"#, "video[1]"),
        (#"{"type":"video_url","video_url":[{"url":"https://a/b"}]}"#, "video_url[0].url"),
        (#"{"type":"document_url","document_url":"https://a/b"}"#, "document_url"),
        (#"{"type":"document","source":{"type":"url","url":"https://a/b"}}"#, "source.url"),
        (#"{"source":{"url":"https://a/b","type":"url"},"title":"t","type":"document"}"#, "source.url"),
        // Nothing says that a provider goes by the type.
        (#"{"type":"text","file_url":"https://a/b"}"#, "file_url"),
        (#"{"type":"invented","source":{"url":"https://a/b"}}"#, "source.url"),
        (#"{"type":"document","source":{"type":"text","data":"x","url":"https://a/b"}}"#, "source.url"),
    ])
    func `a link is found where it stands`(_ part: String, _ place: String) throws {
        #expect(try ContentLinkTests.links(Self.message(part)) == ["messages[0].content[0].\(place) https://a/b"])
        let content = try ContentLinkTests.content(Self.message(part))
        #expect(content.linkCount == 1)
        #expect(content.images.isEmpty && content.imageCount == 0)
    }

    @Test(arguments: [
        (
            #"{"input":[{"role":"user","content":[{"type":"input_file","file_url":"u"}]}]}"#,
            "input[0].content[0].file_url u"
        ),
        (
            #"{"input":[{"type":"function_call_output","output":[{"type":"input_file","file_url":"u"}]}]}"#,
            "input[0].output[0].file_url u"
        ),
        (
            #"{"prompt":{"id":"p","variables":{"x":"y","z":{"type":"input_file","file_url":"u"}}}}"#,
            "prompt.variables.z.file_url u"
        ),
        (
            #"{"messages":[{"role":"tool","content":[{"type":"file","file":{"file_data":"u:"}}]}]}"#,
            "messages[0].content[0].file.file_data u:"
        ),
        (
            #"{"messages":[{"content":[{"type":"tool_result","content":[{"type":"document","source":{"url":"u"}}]}]}]}"#,
            "messages[0].content[0].content[0].source.url u"
        ),
    ])
    func `a link is found in each dialect and in the results of tools`(_ text: String, _ link: String) throws {
        #expect(try ContentLinkTests.links(text) == [link])
    }

    @Test(arguments: [
        (#"{"tools":[{"name":"a"},{"type":"mcp","server_url":"u"}]}"#, "tools[1].server_url u"),
        (#"{"input":[{"type":"additional_tools","tools":[{"server_url":"u"}]}]}"#, "input[0].tools[0].server_url u"),
        (#"{"mcp_servers":[{"type":"url","name":"a","url":"u"}]}"#, "mcp_servers[0].url u"),
        (
            #"{"tools":[{"type":"image_generation","input_image_mask":{"image_url":"u"}}]}"#,
            "tools[0].input_image_mask.image_url u"
        ),
        (#"{"tools":[{"input_image_mask":{"image_url":{"url":"u"}}}]}"#, "tools[0].input_image_mask.image_url.url u"),
    ])
    func `a server of tools and the mask of an image are links`(_ text: String, _ link: String) throws {
        #expect(try ContentLinkTests.links(text) == [link])
        #expect(try ContentLinkTests.content(text).imageCount == 0)
    }

    @Test(arguments: [
        #"{"tools":[{"name":"a","input_schema":{"properties":{"server_url":"u:","url":"u:","mcp_servers":[{"url":"u:"}]}}}]}"#,
        #"{"tools":[{"function":{"server_url":"u:","parameters":{"url":{"url":"u:"}}},"url":"u:","server_url":["u:"]}]}"#,
        #"{"tools":[{"server_url":{"url":"u:"}}],"mcp_servers":[["u:"],"u:",{"name":"u:","config":{"url":"u:"}}]}"#,
        #"{"tools":[["u:"],"u:",{"input_image_mask":{"image_url":"data:image/png;base64,AA==","file_id":"f","x":{"url":"u:"}}}]}"#,
        #"{"tools":[{"input_image_mask":"u:"}],"metadata":{"mcp_servers":[{"url":"u:"}],"server_url":"u:"}}"#,
    ])
    func `an address elsewhere among the tools is nobody's`(_ text: String) throws {
        let content = try ContentLinkTests.content(text)
        #expect(content.linkCount == 0 && content.imageCount == 0)
    }

    @Test(arguments: ["    ", #"\n\t"#, #" \r\n \f"#])
    func `white space hides no address`(_ space: String) throws {
        let url = String(repeating: space, count: 40) + "http://a"
        let part = "{\"type\":\"file\",\"file\":{\"file_data\":\"\(url)\"}}"
        #expect(try ContentLinkTests.links(Self.message(part)) == ["messages[0].content[0].file.file_data \(url)"])
    }

    @Test(arguments: [
        #"{"type":"file","file":{"file_data":"JVBERi0xLjQK","file_id":"x","filename":"https://a"}}"#,
        #"{"type":"file","file":{"file_data":"data:application/pdf;base64,JVBERi0xLjQK"}}"#,
        #"{"type":"file","file":{"file_data":"a\/b+c\/d=="}}"#,
        #"{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}"#,
        #"{"type":"video_url","video_url":{"url":"DATA:video/mp4;base64,AAAA"}}"#,
        #"{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0xLjQK"}}"#,
        #"{"type":"document","source":{"type":"text","media_type":"text/plain","data":"see https://a/b"}}"#,
        #"{"type":"search_result","source":"https://a/b","title":"t","content":[{"type":"text","text":"x"}]}"#,
        #"{"type":"text","text":"https://a/b","url":"https://a/b"}"#,
        #"{"type":"tool_use","input":{"file_url":"https://a/b"}}"#,
        #"{"type":"input_file","file_url":"","file_id":"f"}"#,
    ])
    func `what nobody fetches is no link`(_ part: String) throws {
        #expect(try ContentLinkTests.content(Self.message(part)).linkCount == 0)
    }

    @Test(arguments: [#"\u0068ttp:\/\/a"#, #"http\u003a//a"#, #"file:\/\/\/etc"#])
    func `an address with escapes is one, too`(_ url: String) throws {
        let part = "{\"type\":\"file\",\"file\":{\"file_data\":\"\(url)\"}}"
        #expect(try ContentLinkTests.links(Self.message(part)) == ["messages[0].content[0].file.file_data \(url)"])
    }

    @Test func `a document with data and an address is no image`() throws {
        let part = #"{"type":"document","source":{"data":"JVBERi0xLjQK","url":"u:"}}"#
        let image = #"{"type":"image","source":{"url":"v:"}}"#
        let content = try ContentLinkTests.content(Self.message("\(part),\(image)"))
        #expect(content.imageCount == 1 && content.images.count == 1)
        #expect(content.files == 1 && content.linkCount == 1)
    }

    @Test func `links beyond a thousand are counted`() throws {
        let part = #"{"type":"input_file","file_url":"https://a/b"}"#
        let parts = Array(repeating: part, count: 1_500).joined(separator: ",")
        let content = try ContentLinkTests.content("{\"input\":[{\"content\":[\(parts)]}]}")
        #expect(content.linkCount == 1_500)
        #expect(content.links.count == 1_000)
    }
}
