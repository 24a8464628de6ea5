import Dialects
import JSONScan
import Testing

@Suite struct ContentOutlineTests {
    private static func content(_ text: String) throws -> ContentOutline {
        var scanner = try JSONScanner()
        let bytes = Array(text.utf8)
        return try scanner.scan(bytes.span).content
    }

    /// Path, kind and value of each image.
    private static func images(_ text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        return try ContentOutlineTests.content(text).images.map { image in
            let value = String(decoding: bytes[image.range], as: UTF8.self)
            let type = image.mediaType.map { String(decoding: bytes[$0], as: UTF8.self) + " " } ?? ""
            return "\(ContentOutline.text(image.path, in: bytes.span)) \(image.kind) \(type)\(value)"
        }
    }

    @Test(arguments: [
        (
            #"{"messages":[{"role":"user","content":"x"},{"role":"user","content":["#
                + #"{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"https://a/b"}}]}]}"#,
            "messages[1].content[1].image_url.url url https://a/b"
        ),
        (
            #"{"messages":[{"content":[{"image_url":{"url":"DATA:image/png;base64,AA=="} ,"type":"image_url"}]}]}"#,
            "messages[0].content[0].image_url.url dataURL DATA:image/png;base64,AA=="
        ),
        (
            #"{"input":[{"type":"message","content":[{"type":"input_image","image_url":"https://a/b"}]}]}"#,
            "input[0].content[0].image_url url https://a/b"
        ),
        (
            #"{"input":[{"type":"function_call_output","output":[{"type":"input_image","image_url":"data:,"}]}]}"#,
            "input[0].output[0].image_url dataURL data:,"
        ),
        (
            #"{"input":[{"type":"computer_call_output","output":{"type":"computer_screenshot","image_url":"x:y"}}]}"#,
            "input[0].output.image_url url x:y"
        ),
        (#"{"input":[{"content":[{"type":"input_image","file_id":"f"}]}]}"#, "input[0].content[0].file_id kept f"),
        (
            #"{"messages":[{"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA"}}]}]}"#,
            "messages[0].content[0].source.data inline image/png AA"
        ),
        (
            #"{"messages":[{"content":[{"type":"im\u0061ge","source":{"url":"http://a"}}]}]}"#,
            "messages[0].content[0].source.url url http://a"
        ),
        (
            #"{"messages":[{"content":[{"type":"tool_result","content":[{"type":"document","source":{"type":"content","#
                + #""content":[{"type":"image","source":{"type":"base64","data":"B"}}]}}]}]}]}"#,
            "messages[0].content[0].content[0].source.content[0].source.data inline B"
        ),
        (#"{"messages":[{"content":[{"type":"image"}]}]}"#, "messages[0].content[0] kept "),
        // Nothing says that a provider goes by the type.
        (
            #"{"messages":[{"content":[{"type":"text","image_url":"http://a"}]}]}"#,
            "messages[0].content[0].image_url url http://a"
        ),
    ])
    func `an image is found where it stands`(_ text: String, _ image: String) throws {
        #expect(try ContentOutlineTests.images(text) == [image])
        #expect(try ContentOutlineTests.content(text).imageCount == 1)
    }

    @Test func `of two sources both are there to be looked at`() throws {
        let text = #"{"messages":[{"content":[{"type":"image","source":{"url":"http://a","data":"AA"}}]}]}"#
        #expect(
            try ContentOutlineTests.images(text) == [
                "messages[0].content[0].source.url url http://a", "messages[0].content[0].source.data inline AA",
            ]
        )
    }

    @Test(arguments: [
        #"{"messages":[{"role":"tool","content":[{"type":"image_url","image_url":{"url":"u"}}]}]}"#,
        #"{"messages":[{"content":[{"type":"image_url","image_url":{"url":"u"}}],"role":"tool"}]}"#,
        #"{"input":[{"type":"function_call_output","output":[{"type":"input_image","image_url":"u"}]}]}"#,
        #"{"messages":[{"content":[{"content":[{"type":"image","source":{"url":"u"}}],"type":"tool_result"}]}]}"#,
    ])
    func `an image in a tool's result is told apart`(_ text: String) throws {
        let content = try ContentOutlineTests.content(text)
        #expect(content.resultImageCount == 1)
        #expect(content.toolResults)
    }

    @Test func `images beyond a thousand are counted`() throws {
        let image = #"{"type":"input_image","image_url":"https://a/b"}"#
        let images = Array(repeating: image, count: 1_500).joined(separator: ",")
        let content = try ContentOutlineTests.content("{\"input\":[{\"content\":[\(images)]}]}")
        #expect(content.imageCount == 1_500)
        #expect(content.images.count == 1_000)
    }

    @Test(arguments: [
        #"{"tool_choice":"required"}"#, #"{"tool_choice":{"type":"any"}}"#,
        #"{"tool_choice":{"type":"function","function":{"name":"f"}}}"#, #"{"function_call":{"name":"f"}}"#,
        #"{"tool_choice":{"type":"allowed_tools","mode":"required","tools":[]}}"#,
        #"{"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required"}}}"#,
        #"{"tool_choice":{"type":"tool","name":"f"}}"#,
    ])
    func `a call is demanded`(_ text: String) throws {
        #expect(try ContentOutlineTests.content(text).forcesTool)
    }

    @Test(arguments: [
        #"{"tool_choice":"auto"}"#, #"{"tool_choice":"none"}"#, #"{"tool_choice":{"type":"auto"}}"#,
        #"{"tool_choice":{"type":"allowed_tools","mode":"auto"}}"#, #"{"tool_choice":null}"#,
        #"{"metadata":{"tool_choice":"required"}}"#,
    ])
    func `a call is not demanded`(_ text: String) throws {
        #expect(try !ContentOutlineTests.content(text).forcesTool)
    }

    @Test(arguments: [
        (#"{"a":"rs1.x"}"#, true), (#"{"a":[{"b":"x"},"rs1."]}"#, true), (#"{"rs1.":1}"#, false),
        (#"{"a":"rs1"}"#, false),
        (#"{"a":"rs2.x"}"#, false), (#"{"a":"x rs1.x"}"#, false), (#"{"a":""}"#, false),
    ])
    func `sealed reasoning is noted wherever it stands`(_ text: String, isSealed: Bool) throws {
        #expect(try ContentOutlineTests.content(text).sealedReasoning == isSealed)
    }

    @Test func `wishes are found in each dialect`() throws {
        let chat = try ContentOutlineTests.content(
            #"{"tools":[{"type":"function","function":{"name":"f","parameters":{"tools":[{},{}]}}},{}],"#
                + #""parallel_tool_calls":true,"response_format":{"type":"json_schema"},"reasoning_effort":"low","#
                + #""max_completion_tokens":7,"messages":[{"content":[{"type":"input_audio","input_audio":{"data":"A"}},"#
                + #"{"type":"file","file":{"file_data":"AAAA"}}]}]}"#
        )
        #expect(chat.tools == 2)
        #expect(chat.parallelTools && chat.structuredOutput && chat.reasoning && chat.audio)
        #expect(chat.outputCap == 7)
        #expect(chat.files == 1 && chat.fileBytes == 4)
        let responses = try ContentOutlineTests.content(
            #"{"text":{"format":{"type":"json_schema"}},"reasoning":{"effort":"high"},"max_output_tokens":9,"input":"x"}"#
        )
        #expect(responses.structuredOutput && responses.reasoning && !responses.toolResults)
        #expect(responses.outputCap == 9)
        let messages = try ContentOutlineTests.content(
            #"{"thinking":{"type":"adaptive"},"output_config":{"format":{"type":"json_schema"}},"max_tokens":5}"#
        )
        #expect(messages.structuredOutput && messages.reasoning && messages.adaptiveReasoning)
        #expect(messages.outputCap == 5)
        let budget = try ContentOutlineTests.content(#"{"thinking":{"type":"enabled","budget_tokens":1024}}"#)
        #expect(budget.reasoning && !budget.adaptiveReasoning)
    }

    @Test(arguments: [
        #"{"text":"json","reasoning":{"effort":"none"},"thinking":{"type":"disabled"},"tools":{},"max_tokens":1.5}"#,
        #"{"messages":{"content":[{"type":"image"}]},"input":[[{"type":"image"}]],"tools":null,"max_tokens":"9"}"#,
        #"{"messages":[null,1,"x",[],{"content":[1,null,"image",[{"type":"image"}],{}],"output":5}]}"#,
        #"{"messages":[{"content":{"type":"image","image_url":"x"}}],"max_tokens":99999999999,"reasoning":[]}"#,
    ])
    func `unknown shapes are passed over`(_ text: String) throws {
        var content = try ContentOutlineTests.content(text)
        content.textBytes = 0
        #expect(content == ContentOutline())
    }

    @Test func `the words are counted, and neither pictures nor escapes`() throws {
        let picture = String(repeating: "A", count: 100_000)
        let message = #"{"type":"image","source":{"type":"base64","data":"\#(picture)"}},{"type":"text","text":"word"}"#
        let content = try ContentOutlineTests.content("{\"messages\":[{\"content\":[\(message)]}]}")
        #expect((50..<150).contains(content.textBytes))
        let plain = try ContentOutlineTests.content("{\"a\":\"\(String(repeating: "я", count: 1_000))\"}")
        let escaped = try ContentOutlineTests.content("{\"a\":\"\(String(repeating: "\\u044f", count: 1_000))\"}")
        #expect(plain.textBytes == 2_005)
        #expect(escaped.textBytes == 2_005)
    }
}
