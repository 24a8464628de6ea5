extension CompatibilityTopic {
    private static let function = #"{"type":"function","name":"look","parameters":{"type":"object"},"strict":false}"#
    private static let patch = #"{"type":"custom","name":"patch"}"#
    private static let look = #"{"tools":[\#(function)]}"#

    private static func input(_ items: String) -> String { #"{"input":[{"role":"user","content":"a"},\#(items)]}"# }

    private static func content(_ part: String) -> String {
        #"{"input":[{"role":"user","content":[{"type":"input_text","text":"See"},\#(part)]}]}"#
    }

    private static func withTool(_ tool: String) -> String { #"{"tools":[\#(function),\#(tool)]}"# }

    private static func output(_ output: String) -> String {
        input(
            #"""
            {"type":"function_call","call_id":"call_1","name":"look","arguments":"{}"},
            {"type":"function_call_output","call_id":"call_1","output":\#(output)}
            """#
        )
    }

    static let responses = [
        CompatibilityTopic(
            "Conversation",
            [
                CompatibilityField("instructions", #"{"instructions":"Be brief."}"#),
                CompatibilityField(
                    "input.role: system, developer",
                    #"{"input":[{"role":"system","content":"s"},{"role":"developer","content":"d"},{"role":"user","content":"a"}]}"#
                ),
                CompatibilityField(
                    "input.role: developer, later",
                    input(#"{"role":"developer","content":"d"},{"role":"user","content":"b"}"#)
                ),
                CompatibilityField("input: assistant last", input(#"{"role":"assistant","content":"b"}"#)),
                CompatibilityField(
                    "input.phase",
                    input(#"{"role":"assistant","content":"b","phase":"commentary"},{"role":"user","content":"c"}"#),
                    over: input(#"{"role":"assistant","content":"b"},{"role":"user","content":"c"}"#)
                ),
                CompatibilityField(
                    "input.content: refusal",
                    input(
                        #"{"role":"assistant","content":[{"type":"refusal","refusal":"No."}]},{"role":"user","content":"c"}"#
                    )
                ),
                CompatibilityField("input: function_call, function_call_output", output(#""sunny""#)),
                CompatibilityField(
                    "input: custom_tool_call, custom_tool_call_output",
                    input(
                        #"""
                        {"type":"custom_tool_call","call_id":"call_1","name":"patch","input":"x"},
                        {"type":"custom_tool_call_output","call_id":"call_1","output":"done"}
                        """#
                    )
                ),
                CompatibilityField(
                    "input: tool_search_call, tool_search_output",
                    input(
                        #"""
                        {"type":"tool_search_call","call_id":"call_1","execution":"client","arguments":{"query":"x"}},
                        {"type":"tool_search_output","call_id":"call_1","execution":"client","tools":[\#(function)]}
                        """#
                    )
                ),
                CompatibilityField(
                    "input: additional_tools",
                    input(#"{"type":"additional_tools","role":"developer","tools":[\#(function)]}"#)
                ),
                CompatibilityField(
                    "input: reasoning of this target",
                    input(
                        #"""
                        {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"rs1.a.b"},
                        {"role":"assistant","content":"b"},{"role":"user","content":"c"}
                        """#
                    )
                ),
                CompatibilityField(
                    "input: reasoning of another",
                    input(
                        #"""
                        {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"blob"},
                        {"role":"assistant","content":"b"},{"role":"user","content":"c"}
                        """#
                    )
                ),
                CompatibilityField(
                    "input: agent_message",
                    input(#"{"type":"agent_message","author":"a","content":[{"type":"input_text","text":"x"}]}"#)
                ),
                CompatibilityField(
                    "input: web_search_call and its like",
                    input(
                        #"""
                        {"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"x"}},
                        {"role":"assistant","content":"b"},{"role":"user","content":"c"}
                        """#
                    )
                ),
                CompatibilityField("input: item_reference", input(#"{"type":"item_reference","id":"msg_1"}"#)),
                CompatibilityField("input: compaction", input(#"{"type":"compaction","encrypted_content":"blob"}"#)),
                CompatibilityField("input: an unknown type", input(#"{"type":"hologram"}"#)),
                CompatibilityField("previous_response_id", #"{"previous_response_id":"resp_1"}"#),
                CompatibilityField("conversation", #"{"conversation":"conv_1"}"#),
                CompatibilityField("prompt", #"{"prompt":{"id":"pmpt_1"}}"#),
            ]
        ),
        CompatibilityTopic(
            "Content parts",
            [
                CompatibilityField(
                    "input_image: https",
                    content(#"{"type":"input_image","image_url":"https://a.test/a.png"}"#)
                ),
                CompatibilityField(
                    "input_image: data",
                    content(#"{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo="}"#)
                ),
                CompatibilityField(
                    "input_image.detail",
                    content(#"{"type":"input_image","image_url":"https://a.test/a.png","detail":"low"}"#),
                    over: content(#"{"type":"input_image","image_url":"https://a.test/a.png"}"#)
                ),
                CompatibilityField("input_image.file_id", content(#"{"type":"input_image","file_id":"file-1"}"#)),
                CompatibilityField(
                    "input_file.file_data: PDF",
                    content(
                        #"{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="}"#
                    )
                ),
                CompatibilityField(
                    "input_file.file_url",
                    content(#"{"type":"input_file","file_url":"https://a.test/a.pdf"}"#)
                ),
                CompatibilityField("input_file.file_id", content(#"{"type":"input_file","file_id":"file-1"}"#)),
                CompatibilityField(
                    "input_image in a function's output",
                    output(#"[{"type":"input_image","image_url":"https://a.test/a.png"}]"#)
                ),
                CompatibilityField("input_audio", content(#"{"type":"input_audio","input_audio":{"data":"AA=="}}"#)),
            ]
        ),
        CompatibilityTopic(
            "Tools",
            [
                CompatibilityField("tools: function", look),
                CompatibilityField(
                    "tools.strict: true",
                    #"""
                    {"tools":[{"type":"function","name":"look","strict":true,
                    "parameters":{"type":"object","properties":{},"required":[],"additionalProperties":false}}]}
                    """#
                ),
                CompatibilityField(
                    "tools.strict: left out, loose schema",
                    #"{"tools":[{"type":"function","name":"look","parameters":{"type":"object"}}]}"#
                ),
                CompatibilityField("tools: custom", #"{"tools":[\#(patch)]}"#),
                CompatibilityField(
                    "tools: custom with a grammar",
                    #"""
                    {"tools":[{"type":"custom","name":"patch","format":{"type":"grammar","syntax":"lark",
                    "definition":"start: \"a\""}}]}
                    """#
                ),
                CompatibilityField(
                    "tools: namespace",
                    #"{"tools":[{"type":"namespace","name":"mcp__docs","description":"d","tools":[\#(function)]}]}"#
                ),
                CompatibilityField(
                    "tools: tool_search run by the client",
                    withTool(#"{"type":"tool_search","execution":"client","parameters":{"type":"object"}}"#),
                    over: look
                ),
                CompatibilityField(
                    "tools.defer_loading",
                    #"""
                    {"tools":[{"type":"function","name":"look","parameters":{"type":"object"},"strict":false,
                    "defer_loading":true}]}
                    """#,
                    over: look
                ),
                CompatibilityField("tools: web_search beside others", withTool(#"{"type":"web_search"}"#), over: look),
                CompatibilityField("tools: web_search alone", #"{"tools":[{"type":"web_search"}]}"#),
                CompatibilityField(
                    "tools: file_search, code_interpreter, … beside others",
                    withTool(#"{"type":"file_search","vector_store_ids":["vs_1"]}"#),
                    over: look
                ),
                CompatibilityField(
                    "tools: mcp",
                    withTool(#"{"type":"mcp","server_label":"a","server_url":"https://a.test"}"#),
                    over: look
                ),
                CompatibilityField("tool_choice: auto", #"{"tool_choice":"auto"}"#, over: look),
                CompatibilityField("tool_choice: none", #"{"tool_choice":"none"}"#, over: look),
                CompatibilityField("tool_choice: required", #"{"tool_choice":"required"}"#, over: look),
                CompatibilityField(
                    "tool_choice: function",
                    #"{"tool_choice":{"type":"function","name":"look"}}"#,
                    over: look
                ),
                CompatibilityField(
                    "tool_choice: custom",
                    #"{"tool_choice":{"type":"custom","name":"patch"}}"#,
                    over: #"{"tools":[\#(patch)]}"#
                ),
                CompatibilityField(
                    "tool_choice: allowed_tools",
                    #"{"tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"look"}]}}"#,
                    over: look
                ),
                CompatibilityField("tool_choice: web_search", #"{"tool_choice":{"type":"web_search"}}"#, over: look),
                CompatibilityField("parallel_tool_calls: false", #"{"parallel_tool_calls":false}"#, over: look),
                CompatibilityField("max_tool_calls", #"{"max_tool_calls":3}"#, over: look),
            ]
        ),
        CompatibilityTopic(
            "Answer",
            [
                CompatibilityField("max_output_tokens", #"{"max_output_tokens":100}"#),
                CompatibilityField("max_output_tokens: more than the model can", #"{"max_output_tokens":100000}"#),
                CompatibilityField(
                    "text.format: json_schema",
                    #"{"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}}}"#
                ),
                CompatibilityField("text.format: json_object", #"{"text":{"format":{"type":"json_object"}}}"#),
                CompatibilityField("text.verbosity: low, high", #"{"text":{"verbosity":"low"}}"#),
                CompatibilityField(
                    "include: reasoning.encrypted_content",
                    #"{"include":["reasoning.encrypted_content"]}"#
                ),
                CompatibilityField(
                    "include: message.output_text.logprobs",
                    #"{"include":["message.output_text.logprobs"]}"#
                ),
                CompatibilityField("include: others", #"{"include":["web_search_call.action.sources"]}"#),
                CompatibilityField("top_logprobs", #"{"top_logprobs":2}"#),
                CompatibilityField("stream", #"{"stream":true}"#),
                CompatibilityField(
                    "stream_options",
                    #"{"stream_options":{"include_obfuscation":false}}"#,
                    over: #"{"stream":true}"#
                ),
                CompatibilityField("truncation: auto", #"{"truncation":"auto"}"#),
                CompatibilityField("background: true", #"{"background":true}"#),
            ]
        ),
        CompatibilityTopic(
            "Sampling and reasoning",
            [
                CompatibilityField("temperature", #"{"temperature":0.5}"#),
                CompatibilityField("temperature: above 1", #"{"temperature":1.5}"#),
                CompatibilityField("top_p", #"{"top_p":0.9}"#),
                CompatibilityField("top_k", #"{"top_k":40}"#),
                CompatibilityField("frequency_penalty", #"{"frequency_penalty":0.5}"#),
                CompatibilityField("presence_penalty", #"{"presence_penalty":0.5}"#),
                CompatibilityField("reasoning.effort: none", #"{"reasoning":{"effort":"none"}}"#),
                CompatibilityField("reasoning.effort: minimal", #"{"reasoning":{"effort":"minimal"}}"#),
                CompatibilityField("reasoning.effort: low, medium, high", #"{"reasoning":{"effort":"medium"}}"#),
                CompatibilityField("reasoning.effort: xhigh, max", #"{"reasoning":{"effort":"max"}}"#),
                CompatibilityField("reasoning.summary: auto", #"{"reasoning":{"summary":"auto"}}"#),
                CompatibilityField("reasoning.summary: concise, detailed", #"{"reasoning":{"summary":"detailed"}}"#),
                CompatibilityField("reasoning.context", #"{"reasoning":{"context":"all_turns"}}"#),
            ]
        ),
        CompatibilityTopic(
            "Bookkeeping",
            [
                CompatibilityField("metadata", #"{"metadata":{"a":"b"}}"#),
                CompatibilityField("user", #"{"user":"ann"}"#),
                CompatibilityField("user: a mail address", #"{"user":"ann@example.com"}"#),
                CompatibilityField("safety_identifier", #"{"safety_identifier":"ann"}"#),
                CompatibilityField("store: true", #"{"store":true}"#),
                CompatibilityField("store: false", #"{"store":false}"#),
                CompatibilityField("service_tier: flex, priority", #"{"service_tier":"flex"}"#),
                CompatibilityField("prompt_cache_key", #"{"prompt_cache_key":"k"}"#),
                CompatibilityField("prompt_cache_retention", #"{"prompt_cache_retention":"24h"}"#),
                CompatibilityField(
                    "context_management",
                    #"{"context_management":[{"type":"compaction","compact_threshold":1000}]}"#
                ),
                CompatibilityField("client_metadata", #"{"client_metadata":{"a":"b"}}"#),
                CompatibilityField("moderation", #"{"moderation":{"mode":"auto"}}"#),
            ]
        ),
    ]
}
