import Canonical
import Dialects
import Testing
import Wire

/// Chat requests that no other dialect can serve, or that are none.
@Suite struct OpenAIChatRefusalCodecTests {
    private func refusal(_ body: String) throws -> TranslationRefusal? {
        let value = try CodecStory.json(body)
        var losses = LossReport()
        do throws(TranslationRefusal) {
            _ = try OpenAIChat.decodeRequest(value, losses: &losses)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            (#""n":2"#, "n"), (#""logit_bias":{"1":2}"#, "logit_bias"), (#""logprobs":true"#, "logprobs"),
            (#""top_logprobs":3"#, "top_logprobs"), (#""audio":{"voice":"x"}"#, "audio"),
            (#""modalities":["text","audio"]"#, "modalities[1]"),
            (#""response_format":{"type":"xml"}"#, "response_format.type"),
            (
                #""tools":[{"type":"custom","custom":{"name":"a","format":{"type":"x"}}}]"#,
                "tools[0].custom.format.type"
            ),
        ]
    )
    func `options without a counterpart are refused`(_ member: String, _ field: String) throws {
        let refusal = try self.refusal(#"{"model":"m","messages":[{"role":"user","content":"x"}],\#(member)}"#)
        #expect(refusal?.field == field)
        #expect(refusal?.code == .unsupportedParameter)
    }

    @Test(
        arguments: [
            (#""n":0"#, "n"), (#""stop":["1","2","3","4","5"]"#, "stop"), (#""stop":["1",2]"#, "stop[1]"),
            (#""stop":7"#, "stop"), (#""max_tokens":0"#, "max_tokens"), (#""stream":"yes""#, "stream"),
            (#""temperature":"hot""#, "temperature"), (#""reasoning_effort":"much""#, "reasoning_effort"),
            (#""tool_choice":"maybe""#, "tool_choice"), (#""tool_choice":"required""#, "tool_choice"),
            (#""tool_choice":{"type":"function","function":{"name":"a"}}"#, "tool_choice"),
            (#""function_call":{"name":"a"}"#, "function_call"), (#""tools":{}"#, "tools"),
            (#""tools":[{"type":"function"}]"#, "tools[0].function"),
            (#""tools":[{"type":"function","function":{"name":""}}]"#, "tools[0].function.name"),
            (#""tools":[{"type":"function","function":{"name":"a","parameters":[]}}]"#, "tools[0].function.parameters"),
            (
                #""tools":[{"type":"function","function":{"name":"a","parameters":{"type":"string"}}}]"#,
                "tools[0].function.parameters.type"
            ),
            (#""stream_options":true"#, "stream_options"), (#""metadata":"x""#, "metadata"),
            (#""response_format":{"type":"json_schema"}"#, "response_format.json_schema"),
        ]
    )
    func `options of a wrong type or value are refused`(_ member: String, _ field: String) throws {
        let refusal = try self.refusal(#"{"model":"m","messages":[{"role":"user","content":"x"}],\#(member)}"#)
        #expect(refusal?.field == field)
        #expect(refusal?.code == .invalidRequest)
    }

    @Test(
        arguments: [
            (#"{"role":"critic","content":"x"}"#, "role", true), (#"{"content":"x"}"#, "role", false),
            (#"7"#, "", false), (#"{"role":"user"}"#, "content", false),
            (#"{"role":"user","content":[]}"#, "content", false),
            (#"{"role":"user","content":7}"#, "content", false),
            (#"{"role":"user","content":["x"]}"#, "content[0]", false),
            (#"{"role":"user","content":[{"type":"hologram"}]}"#, "content[0].type", true),
            (#"{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}"#, "content[0].type", true),
            (#"{"role":"user","content":[{"type":"text"}]}"#, "content[0].text", false),
            (
                #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://a"}}]}"#,
                "content[0].image_url.url", false
            ),
            (
                #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/tiff;base64,AA=="}}]}"#,
                "content[0].image_url.url", false
            ),
            (
                #"{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}"#,
                "content[0].file.file_id", true
            ),
            (
                #"{"role":"system","content":[{"type":"image_url","image_url":{"url":"https://a"}}]}"#,
                "content[0].type", false
            ),
            (#"{"role":"tool","content":"x"}"#, "tool_call_id", false),
            (#"{"role":"function","name":"f","content":"x"}"#, "name", false),
            (#"{"role":"assistant","audio":{"id":"a"}}"#, "audio", true),
            (#"{"role":"assistant","tool_calls":[{"function":{"name":"a"}}]}"#, "tool_calls[0].id", false),
            (#"{"role":"assistant","tool_calls":[{"id":"a","type":"magic"}]}"#, "tool_calls[0].type", true),
            (
                #"{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"a","arguments":[1]}}]}"#,
                "tool_calls[0].function.arguments", false
            ),
        ]
    )
    func `messages that are none are refused by their place`(
        _ message: String,
        _ field: String,
        _ isUnsupported: Bool
    ) throws {
        let refusal = try self.refusal(#"{"model":"m","messages":[{"role":"user","content":"x"},\#(message)]}"#)
        #expect(refusal?.field == (field.isEmpty ? "messages[1]" : "messages[1].\(field)"))
        #expect(refusal?.code == (isUnsupported ? .unsupportedParameter : .invalidRequest))
    }

    @Test(arguments: [
        ("[]", "body"), ("{}", "model"), (#"{"model":"m"}"#, "messages"), (#"{"model":"m","messages":[]}"#, "messages"),
        (#"{"model":7,"messages":[]}"#, "model"),
    ])
    func `a body that is no request is refused`(_ body: String, _ field: String) throws {
        #expect(try self.refusal(body)?.field == field)
    }

    @Test func `names of unknown members fit a header, however many there are`() throws {
        let members = (0..<50).map { "\"é,\\n\($0)\":1" }.joined(separator: ",")
        var losses = LossReport()
        let body = try CodecStory.json(
            #"{"model":"m","messages":[{"role":"user","content":"x"}],\#(members)}"#
        )
        _ = try OpenAIChat.decodeRequest(body, losses: &losses)
        #expect(losses.losses.count == 33)
        #expect(losses.losses.first?.field == "___0")
        #expect(losses.losses.last?.field == "others")
    }

    @Test func `an assistant's message without anything is left out`() throws {
        let request = try OpenAIChatCodecStory.decode(
            #"{"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","content":null}]}"#
        )
        #expect(request.turns.count == 1)
    }
}
