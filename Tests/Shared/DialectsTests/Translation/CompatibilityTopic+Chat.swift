extension CompatibilityTopic {
    private static let tools =
        #"{"tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}]}"#
    private static let custom = #"{"tools":[{"type":"custom","custom":{"name":"patch"}}]}"#
    private static let stream = #"{"stream":true}"#
    private static let functions = #"{"functions":[{"name":"look"}]}"#

    /// A user message with one more part.
    private static func part(_ part: String) -> String {
        #"{"messages":[{"role":"user","content":[{"type":"text","text":"See"},\#(part)]}]}"#
    }

    /// A conversation that goes on behind an assistant message.
    private static func assistant(_ members: String) -> String {
        #"{"messages":[{"role":"user","content":"a"},{"role":"assistant",\#(members)},{"role":"user","content":"b"}]}"#
    }

    /// A call and what came of it.
    private static func result(_ content: String) -> String {
        #"""
        {"messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function",
        "function":{"name":"look","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":\#(content)}]}
        """#
    }

    static let chat = [
        CompatibilityTopic(
            "Conversation",
            [
                CompatibilityField(
                    "messages.role: system, developer",
                    #"{"messages":[{"role":"system","content":"s"},{"role":"developer","content":"d"},{"role":"user","content":"a"}]}"#
                ),
                CompatibilityField(
                    "messages.role: system, later",
                    #"{"messages":[{"role":"user","content":"a"},{"role":"system","content":"s"},{"role":"user","content":"b"}]}"#
                ),
                CompatibilityField("messages.name", #"{"messages":[{"role":"user","name":"ann","content":"Hello"}]}"#),
                CompatibilityField(
                    "messages: assistant last",
                    #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#
                ),
                CompatibilityField("messages.refusal", assistant(#""refusal":"No.""#)),
                CompatibilityField("messages.tool_calls, role tool", result(#""sunny""#)),
                CompatibilityField(
                    "messages.function_call, role function",
                    #"""
                    {"messages":[{"role":"user","content":"a"},{"role":"assistant","function_call":{"name":"look",
                    "arguments":"{}"}},{"role":"function","name":"look","content":"sunny"}]}
                    """#
                ),
                CompatibilityField("messages.reasoning_content", assistant(#""content":"x","reasoning_content":"hm""#)),
                CompatibilityField(
                    "messages.reasoning_details: of this target",
                    assistant(#""content":"x","reasoning_details":[{"type":"reasoning.encrypted","data":"rs1.a.b"}]"#)
                ),
                CompatibilityField(
                    "messages.reasoning_details: of another",
                    assistant(#""content":"x","reasoning_details":[{"type":"reasoning.encrypted","data":"blob"}]"#)
                ),
                CompatibilityField("messages.audio", assistant(#""audio":{"id":"a"}"#)),
            ]
        ),
        CompatibilityTopic(
            "Content parts",
            [
                CompatibilityField(
                    "image_url: https",
                    part(#"{"type":"image_url","image_url":{"url":"https://a.test/a.png"}}"#)
                ),
                CompatibilityField(
                    "image_url: data",
                    part(#"{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}"#)
                ),
                CompatibilityField(
                    "image_url.detail",
                    part(#"{"type":"image_url","image_url":{"url":"https://a.test/a.png","detail":"low"}}"#),
                    over: part(#"{"type":"image_url","image_url":{"url":"https://a.test/a.png"}}"#)
                ),
                CompatibilityField(
                    "file.file_data: PDF",
                    part(
                        #"{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="}}"#
                    )
                ),
                CompatibilityField("file.file_id", part(#"{"type":"file","file":{"file_id":"file-1"}}"#)),
                CompatibilityField(
                    "input_audio",
                    part(#"{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}"#)
                ),
                CompatibilityField(
                    "image_url in a tool message",
                    result(#"[{"type":"image_url","image_url":{"url":"https://a.test/a.png"}}]"#)
                ),
                CompatibilityField(
                    "messages.content.cache_control",
                    part(#"{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}"#)
                ),
                CompatibilityField("a part of an unknown type", part(#"{"type":"hologram"}"#)),
            ]
        ),
        CompatibilityTopic(
            "Tools",
            [
                CompatibilityField("tools: function", tools),
                CompatibilityField(
                    "tools.function.strict",
                    #"{"tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"},"strict":true}}]}"#,
                    over: tools
                ),
                CompatibilityField("tools: custom", custom),
                CompatibilityField(
                    "tools: custom with a grammar",
                    #"""
                    {"tools":[{"type":"custom","custom":{"name":"patch","format":{"type":"grammar","grammar":{"syntax":"lark",
                    "definition":"start: \"a\""}}}}]}
                    """#
                ),
                CompatibilityField(
                    "tools: web_search beside others",
                    #"{"tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}},{"type":"web_search"}]}"#,
                    over: tools
                ),
                CompatibilityField("tools: web_search alone", #"{"tools":[{"type":"web_search"}]}"#),
                CompatibilityField(
                    "tools.cache_control",
                    #"""
                    {"tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}},
                    "cache_control":{"type":"ephemeral"}}]}
                    """#,
                    over: tools
                ),
                CompatibilityField("tool_choice: auto", #"{"tool_choice":"auto"}"#, over: tools),
                CompatibilityField("tool_choice: none", #"{"tool_choice":"none"}"#, over: tools),
                CompatibilityField("tool_choice: required", #"{"tool_choice":"required"}"#, over: tools),
                CompatibilityField(
                    "tool_choice: function",
                    #"{"tool_choice":{"type":"function","function":{"name":"look"}}}"#,
                    over: tools
                ),
                CompatibilityField(
                    "tool_choice: custom",
                    #"{"tool_choice":{"type":"custom","custom":{"name":"patch"}}}"#,
                    over: custom
                ),
                CompatibilityField(
                    "tool_choice: allowed_tools",
                    #"""
                    {"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required",
                    "tools":[{"type":"function","function":{"name":"look"}}]}}}
                    """#,
                    over: tools
                ),
                CompatibilityField("tool_choice: web_search", #"{"tool_choice":{"type":"web_search"}}"#, over: tools),
                CompatibilityField("parallel_tool_calls: false", #"{"parallel_tool_calls":false}"#, over: tools),
                CompatibilityField("functions", functions),
                CompatibilityField("function_call", #"{"function_call":{"name":"look"}}"#, over: functions),
                CompatibilityField("web_search_options", #"{"web_search_options":{}}"#),
            ]
        ),
        CompatibilityTopic(
            "Answer",
            [
                CompatibilityField("max_completion_tokens", #"{"max_completion_tokens":100}"#),
                CompatibilityField("max_tokens", #"{"max_tokens":100}"#),
                CompatibilityField("max_tokens: more than the model can", #"{"max_tokens":100000}"#),
                CompatibilityField("stop", #"{"stop":["END"]}"#),
                CompatibilityField(
                    "response_format: json_schema",
                    #"{"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}}"#
                ),
                CompatibilityField("response_format: json_object", #"{"response_format":{"type":"json_object"}}"#),
                CompatibilityField("n: more than 1", #"{"n":2}"#),
                CompatibilityField("logprobs", #"{"logprobs":true}"#),
                CompatibilityField("top_logprobs", #"{"logprobs":true,"top_logprobs":2}"#),
                CompatibilityField("logit_bias", #"{"logit_bias":{"50256":-100}}"#),
                CompatibilityField("modalities: audio", #"{"modalities":["text","audio"]}"#),
                CompatibilityField("audio", #"{"audio":{"voice":"alloy","format":"wav"}}"#),
                CompatibilityField("verbosity", #"{"verbosity":"low"}"#),
                CompatibilityField("prediction", #"{"prediction":{"type":"content","content":"x"}}"#),
                CompatibilityField("stream", stream),
                CompatibilityField(
                    "stream_options.include_usage",
                    #"{"stream_options":{"include_usage":true}}"#,
                    over: stream
                ),
            ]
        ),
        CompatibilityTopic(
            "Sampling and reasoning",
            [
                CompatibilityField("temperature", #"{"temperature":0.5}"#),
                CompatibilityField("temperature: above 1", #"{"temperature":1.5}"#),
                CompatibilityField(
                    "temperature: with effort",
                    #"{"temperature":0.5}"#,
                    over: #"{"reasoning_effort":"low"}"#
                ),
                CompatibilityField("top_p", #"{"top_p":0.9}"#),
                CompatibilityField("top_p: with temperature", #"{"top_p":0.9}"#, over: #"{"temperature":0.5}"#),
                CompatibilityField("top_k", #"{"top_k":40}"#),
                CompatibilityField("min_p", #"{"min_p":0.1}"#),
                CompatibilityField("frequency_penalty", #"{"frequency_penalty":0.5}"#),
                CompatibilityField("presence_penalty", #"{"presence_penalty":0.5}"#),
                CompatibilityField("seed", #"{"seed":7}"#),
                CompatibilityField("reasoning_effort: none", #"{"reasoning_effort":"none"}"#),
                CompatibilityField("reasoning_effort: minimal", #"{"reasoning_effort":"minimal"}"#),
                CompatibilityField("reasoning_effort: low, medium, high", #"{"reasoning_effort":"medium"}"#),
                CompatibilityField("reasoning_effort: xhigh, max", #"{"reasoning_effort":"max"}"#),
                CompatibilityField("reasoning.max_tokens", #"{"reasoning":{"max_tokens":8000}}"#),
                CompatibilityField("thinking", #"{"thinking":{"type":"enabled","budget_tokens":2048}}"#),
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
                CompatibilityField("service_tier: flex, priority", #"{"service_tier":"flex"}"#),
                CompatibilityField("prompt_cache_key", #"{"prompt_cache_key":"k"}"#),
                CompatibilityField("prompt_cache_retention", #"{"prompt_cache_retention":"24h"}"#),
                CompatibilityField("prompt_cache_options", #"{"prompt_cache_options":{"mode":"auto"}}"#),
                CompatibilityField("moderation", #"{"moderation":{"mode":"auto"}}"#),
                CompatibilityField("chat_template_kwargs", #"{"chat_template_kwargs":{"a":true}}"#),
            ]
        ),
    ]
}
