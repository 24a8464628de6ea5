extension CompatibilityTopic {
    private static let tool = #"{"name":"look","input_schema":{"type":"object","properties":{}}}"#
    private static let look = #"{"tools":[\#(tool)]}"#
    /// A schema that every provider can hold a model to.
    private static let closed =
        #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"#
    private static let closedLook = #"{"tools":[{"name":"look","input_schema":\#(closed)}]}"#
    private static let strictLook = #"{"tools":[{"name":"look","input_schema":\#(closed),"strict":true}]}"#

    private static func withTool(_ tool: String) -> String { #"{"tools":[\#(CompatibilityTopic.tool),\#(tool)]}"# }

    private static func block(_ block: String) -> String {
        #"{"messages":[{"role":"user","content":[{"type":"text","text":"See"},\#(block)]}]}"#
    }

    private static func answered(_ block: String) -> String {
        #"""
        {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[\#(block),{"type":"text","text":"b"}]},
        {"role":"user","content":"c"}]}
        """#
    }

    private static func result(_ members: String, behind more: String = "") -> String {
        #"""
        {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1",
        "name":"look","input":{}}\#(more)]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1",\#(members)}]}]}
        """#
    }

    static let messages = [
        CompatibilityTopic(
            "Conversation",
            [
                CompatibilityField("system", #"{"system":"Be brief."}"#),
                CompatibilityField(
                    "system.cache_control",
                    #"{"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}]}"#,
                    over: #"{"system":[{"type":"text","text":"s"}]}"#
                ),
                CompatibilityField(
                    "messages.role: system",
                    #"{"messages":[{"role":"user","content":"a"},{"role":"system","content":"s"},{"role":"user","content":"b"}]}"#
                ),
                CompatibilityField(
                    "messages: assistant last",
                    #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#
                ),
                CompatibilityField("tool_use, tool_result", result(#""content":"sunny""#)),
                CompatibilityField(
                    "messages.content: text behind a tool_use",
                    result(#""content":"sunny""#, behind: #",{"type":"text","text":"One moment."}"#),
                    over: result(#""content":"sunny""#)
                ),
                CompatibilityField(
                    "tool_result.is_error",
                    result(#""content":"sunny","is_error":true"#),
                    over: result(#""content":"sunny""#)
                ),
                CompatibilityField(
                    "thinking of this target",
                    answered(#"{"type":"thinking","thinking":"hm","signature":"rs1.a.b"}"#)
                ),
                CompatibilityField(
                    "thinking of another",
                    answered(#"{"type":"thinking","thinking":"hm","signature":"blob"}"#)
                ),
                CompatibilityField(
                    "redacted_thinking of another",
                    answered(#"{"type":"redacted_thinking","data":"blob"}"#)
                ),
                CompatibilityField(
                    "server_tool_use, web_search_tool_result and their like",
                    answered(
                        #"""
                        {"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"x"}},
                        {"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]}
                        """#
                    )
                ),
                CompatibilityField(
                    "messages.content.compaction",
                    answered(#"{"type":"compaction","content":"So far."}"#)
                ),
            ]
        ),
        CompatibilityTopic(
            "Content blocks",
            [
                CompatibilityField(
                    "image: base64",
                    block(
                        #"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}"#
                    )
                ),
                CompatibilityField(
                    "image: url",
                    block(#"{"type":"image","source":{"type":"url","url":"https://a.test/a.png"}}"#)
                ),
                CompatibilityField(
                    "image: file",
                    block(#"{"type":"image","source":{"type":"file","file_id":"file_1"}}"#)
                ),
                CompatibilityField(
                    "document: base64",
                    block(
                        #"{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="}}"#
                    )
                ),
                CompatibilityField(
                    "document: text",
                    block(#"{"type":"document","source":{"type":"text","media_type":"text/plain","data":"words"}}"#)
                ),
                CompatibilityField(
                    "document: url",
                    block(#"{"type":"document","source":{"type":"url","url":"https://a.test/a.pdf"}}"#)
                ),
                CompatibilityField(
                    "document: content",
                    block(
                        #"{"type":"document","source":{"type":"content","content":[{"type":"text","text":"words"}]}}"#
                    )
                ),
                CompatibilityField(
                    "document: file",
                    block(#"{"type":"document","source":{"type":"file","file_id":"file_1"}}"#)
                ),
                CompatibilityField(
                    "messages.content.citations",
                    block(
                        #"""
                        {"type":"document","source":{"type":"text","media_type":"text/plain","data":"words"},
                        "citations":{"enabled":true}}
                        """#
                    ),
                    over: block(
                        #"{"type":"document","source":{"type":"text","media_type":"text/plain","data":"words"}}"#
                    )
                ),
                CompatibilityField(
                    "messages.content.search_result",
                    block(
                        #"{"type":"search_result","source":"s","title":"t","content":[{"type":"text","text":"words"}]}"#
                    )
                ),
                CompatibilityField(
                    "image in a tool_result",
                    result(#""content":[{"type":"image","source":{"type":"url","url":"https://a.test/a.png"}}]"#)
                ),
                CompatibilityField(
                    "messages.content.content.tool_reference",
                    result(#""content":[{"type":"tool_reference","tool_name":"look"}]"#)
                ),
                CompatibilityField("container_upload", block(#"{"type":"container_upload","file_id":"file_1"}"#)),
                CompatibilityField(
                    "messages.content.cache_control",
                    block(#"{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}"#)
                ),
                CompatibilityField("a block of an unknown type", block(#"{"type":"hologram"}"#)),
            ]
        ),
        CompatibilityTopic(
            "Tools",
            [
                CompatibilityField("tools", look),
                CompatibilityField("tools.strict: closed, all members required", strictLook, over: closedLook),
                CompatibilityField(
                    "tools.strict: another schema",
                    #"{"tools":[{"name":"look","input_schema":{"type":"object","properties":{}},"strict":true}]}"#,
                    over: look
                ),
                CompatibilityField(
                    "tools.cache_control",
                    #"""
                    {"tools":[{"name":"look","input_schema":{"type":"object","properties":{}},
                    "cache_control":{"type":"ephemeral"}}]}
                    """#,
                    over: look
                ),
                CompatibilityField(
                    "tools.defer_loading",
                    #"{"tools":[{"name":"look","input_schema":{"type":"object","properties":{}},"defer_loading":true}]}"#,
                    over: look
                ),
                CompatibilityField(
                    "tools.input_examples",
                    #"{"tools":[{"name":"look","input_schema":{"type":"object","properties":{}},"input_examples":[{}]}]}"#,
                    over: look
                ),
                CompatibilityField(
                    "tools: web_search_… and its like beside others",
                    withTool(#"{"type":"web_search_20250305","name":"web_search"}"#),
                    over: look
                ),
                CompatibilityField(
                    "tools: web_search_… alone",
                    #"{"tools":[{"type":"web_search_20250305","name":"web_search"}]}"#
                ),
                CompatibilityField(
                    "tools: bash_…, text_editor_…, memory_…, computer_…",
                    withTool(#"{"type":"bash_20250124","name":"bash"}"#),
                    over: look
                ),
                CompatibilityField(
                    "tools: mcp_toolset",
                    withTool(#"{"type":"mcp_toolset","mcp_server_name":"a"}"#),
                    over: look
                ),
                CompatibilityField("tool_choice: auto", #"{"tool_choice":{"type":"auto"}}"#, over: look),
                CompatibilityField("tool_choice: any", #"{"tool_choice":{"type":"any"}}"#, over: look),
                CompatibilityField("tool_choice: none", #"{"tool_choice":{"type":"none"}}"#, over: look),
                CompatibilityField("tool_choice: tool", #"{"tool_choice":{"type":"tool","name":"look"}}"#, over: look),
                CompatibilityField(
                    "tool_choice: tool, one that Anthropic runs",
                    #"{"tool_choice":{"type":"tool","name":"web_search"}}"#,
                    over: withTool(#"{"type":"web_search_20250305","name":"web_search"}"#)
                ),
                CompatibilityField(
                    "tool_choice.disable_parallel_tool_use",
                    #"{"tool_choice":{"type":"auto","disable_parallel_tool_use":true}}"#,
                    over: #"{"tools":[\#(tool)],"tool_choice":{"type":"auto"}}"#
                ),
                CompatibilityField(
                    "mcp_servers",
                    #"{"mcp_servers":[{"type":"url","name":"a","url":"https://a.test"}]}"#
                ),
            ]
        ),
        CompatibilityTopic(
            "Answer",
            [
                CompatibilityField("max_tokens", #"{"max_tokens":100}"#),
                CompatibilityField("max_tokens: more than the model can", #"{"max_tokens":100000}"#),
                CompatibilityField("stop_sequences", #"{"stop_sequences":["END"]}"#),
                CompatibilityField(
                    "output_config.format: closed, all members required",
                    #"{"output_config":{"format":{"type":"json_schema","schema":\#(closed)}}}"#
                ),
                CompatibilityField(
                    "output_config.format: another schema",
                    #"{"output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}"#
                ),
                CompatibilityField(
                    "output_format: closed, all members required",
                    #"{"output_format":{"type":"json_schema","schema":\#(closed)}}"#
                ),
                CompatibilityField(
                    "output_format: another schema",
                    #"{"output_format":{"type":"json_schema","schema":{"type":"object"}}}"#
                ),
                CompatibilityField("stream", #"{"stream":true}"#),
            ]
        ),
        CompatibilityTopic(
            "Sampling and reasoning",
            [
                CompatibilityField("temperature", #"{"temperature":0.5}"#),
                CompatibilityField("top_p", #"{"top_p":0.9}"#),
                CompatibilityField("top_k", #"{"top_k":40}"#),
                CompatibilityField("thinking: enabled", #"{"thinking":{"type":"enabled","budget_tokens":2048}}"#),
                CompatibilityField("thinking: adaptive", #"{"thinking":{"type":"adaptive"}}"#),
                CompatibilityField("thinking: disabled", #"{"thinking":{"type":"disabled"}}"#),
                CompatibilityField("thinking: between_tools", #"{"thinking":{"type":"between_tools"}}"#),
                CompatibilityField(
                    "thinking.display: summarized",
                    #"{"thinking":{"type":"adaptive","display":"summarized"}}"#,
                    over: #"{"thinking":{"type":"adaptive"}}"#
                ),
                CompatibilityField(
                    "thinking.display: updates",
                    #"{"thinking":{"type":"adaptive","display":"updates"}}"#,
                    over: #"{"thinking":{"type":"adaptive"}}"#
                ),
                CompatibilityField(
                    "output_config.effort: low, medium, high",
                    #"{"output_config":{"effort":"medium"}}"#
                ),
                CompatibilityField("output_config.effort: xhigh, max", #"{"output_config":{"effort":"max"}}"#),
            ]
        ),
        CompatibilityTopic(
            "Bookkeeping",
            [
                CompatibilityField("metadata.user_id", #"{"metadata":{"user_id":"u-1"}}"#),
                CompatibilityField(
                    "metadata.user_id: Claude Code's, with device and account",
                    #"{"metadata":{"user_id":"user_1_account__session_aaaa"}}"#
                ),
                CompatibilityField("service_tier: standard_only", #"{"service_tier":"standard_only"}"#),
                CompatibilityField("speed: fast", #"{"speed":"fast"}"#),
                CompatibilityField("cache_control", #"{"cache_control":{"type":"ephemeral"}}"#),
                CompatibilityField(
                    "context_management: thinking cleared",
                    #"{"context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]}}"#
                ),
                CompatibilityField(
                    "context_management: other edits",
                    #"{"context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]}}"#
                ),
                CompatibilityField("container", #"{"container":"c_1"}"#),
                CompatibilityField("thread", #"{"thread":"t_1"}"#),
                CompatibilityField("safeguards", #"{"safeguards":[{"type":"a"}]}"#),
                CompatibilityField("diagnostics", #"{"diagnostics":{"previous_message_id":"msg_1"}}"#),
                CompatibilityField("fallbacks", #"{"fallbacks":[{"model":"m"}]}"#),
                CompatibilityField("inference_geo", #"{"inference_geo":"eu"}"#),
            ]
        ),
    ]
}
