import Canonical
import Dialects
import Identity
import Testing

/// Values that ask for what happens anyway are no losses, so that a strict request may have them.
@Suite struct UsualValuesTests {
    private static let chat = [
        #"{"frequency_penalty":0,"presence_penalty":0.0}"#, #"{"frequency_penalty":null,"presence_penalty":null}"#,
        #"{"n":1}"#, #"{"n":null}"#, #"{"logprobs":false}"#, #"{"logprobs":null,"top_logprobs":null}"#,
        #"{"top_logprobs":0}"#, #"{"logit_bias":{}}"#, #"{"logit_bias":null}"#, #"{"store":false}"#, #"{"store":null}"#,
        #"{"metadata":{}}"#, #"{"metadata":null}"#, #"{"tools":[]}"#, #"{"tools":[],"tool_choice":"auto"}"#,
        #"{"tools":[],"tool_choice":"none"}"#, #"{"tools":null,"tool_choice":null}"#, #"{"functions":[]}"#,
        #"{"parallel_tool_calls":true}"#, #"{"stop":[]}"#, #"{"stop":null}"#, #"{"stop":""}"#,
        #"{"temperature":null,"top_p":null,"seed":null}"#, #"{"temperature":1,"top_p":1.0}"#, #"{"top_k":0}"#,
        #"{"top_k":-1}"#, #"{"min_p":0}"#, #"{"min_p":0.0,"repetition_penalty":1.0}"#, #"{"verbosity":"medium"}"#,
        #"{"verbosity":null}"#, #"{"modalities":["text"]}"#, #"{"audio":null}"#, #"{"prediction":null}"#,
        #"{"response_format":{"type":"text"}}"#, #"{"response_format":null}"#, #"{"reasoning_effort":null}"#,
        #"{"service_tier":"auto"}"#, #"{"service_tier":"default"}"#, #"{"user":""}"#, #"{"user":null}"#,
        #"{"safety_identifier":null}"#, #"{"prompt_cache_key":null}"#, #"{"prompt_cache_key":""}"#,
        #"{"prompt_cache_options":{}}"#, #"{"prompt_cache_options":{"mode":null}}"#,
        #"{"prompt_cache_retention":"in_memory"}"#, #"{"moderation":{}}"#, #"{"chat_template_kwargs":{}}"#,
        #"{"stream_options":null}"#, #"{"web_search_options":null}"#, #"{"extra":[]}"#, #"{"extra":{"a":{"b":null}}}"#,
        #"{"messages":[{"role":"user","content":"Hello","name":null}]}"#,
    ]
    private static let responses = [
        #"{"temperature":null,"top_p":null}"#, #"{"temperature":1,"top_p":1}"#, #"{"frequency_penalty":0}"#,
        #"{"presence_penalty":0}"#, #"{"top_k":0}"#, #"{"top_logprobs":0}"#, #"{"top_logprobs":null}"#,
        #"{"truncation":"disabled"}"#, #"{"truncation":null}"#, #"{"background":false}"#, #"{"background":null}"#,
        #"{"include":[]}"#, #"{"include":null}"#, #"{"include":["web_search_call.action.sources"]}"#,
        #"{"text":{}}"#, #"{"text":{"verbosity":"medium"}}"#, #"{"text":{"format":{"type":"text"}}}"#,
        #"{"text":null}"#, #"{"reasoning":{}}"#, #"{"reasoning":null}"#, #"{"reasoning":{"effort":null}}"#,
        #"{"reasoning":{"context":"auto","summary":null}}"#, #"{"store":false}"#, #"{"store":null}"#,
        #"{"metadata":{}}"#, #"{"tools":[]}"#, #"{"tools":[],"tool_choice":"auto"}"#, #"{"parallel_tool_calls":true}"#,
        #"{"max_tool_calls":null}"#, #"{"max_tool_calls":4}"#, #"{"context_management":[]}"#,
        #"{"client_metadata":{}}"#, #"{"moderation":{}}"#, #"{"user":""}"#, #"{"safety_identifier":null}"#,
        #"{"prompt_cache_key":""}"#, #"{"prompt_cache_retention":"in-memory"}"#, #"{"service_tier":"auto"}"#,
        #"{"previous_response_id":null,"conversation":null,"prompt":null}"#, #"{"instructions":""}"#,
        #"{"stream_options":{}}"#, #"{"extra":""}"#,
    ]
    private static let messages = [
        #"{"temperature":null,"top_p":null,"top_k":null}"#, #"{"temperature":1}"#, #"{"top_p":1}"#, #"{"top_k":0}"#,
        #"{"fallbacks":[]}"#, #"{"diagnostics":{}}"#, #"{"diagnostics":{"previous_message_id":null}}"#,
        #"{"context_management":{}}"#, #"{"context_management":{"edits":[]}}"#, #"{"context_management":null}"#,
        #"{"metadata":{}}"#, #"{"metadata":{"user_id":null}}"#, #"{"metadata":{"user_id":""}}"#, #"{"tools":[]}"#,
        #"{"tools":[],"tool_choice":{"type":"auto"}}"#, #"{"stop_sequences":[]}"#, #"{"stop_sequences":null}"#,
        #"{"system":[]}"#, #"{"system":""}"#, #"{"service_tier":"auto"}"#, #"{"speed":"standard"}"#,
        #"{"output_config":{}}"#, #"{"output_config":{"effort":null,"format":null}}"#, #"{"output_format":null}"#,
        #"{"mcp_servers":[]}"#, #"{"container":null}"#, #"{"thread":null}"#, #"{"safeguards":[]}"#,
        #"{"inference_geo":null}"#, #"{"cache_control":null}"#, #"{"thinking":null}"#,
        #"{"messages":[{"role":"user","content":[{"type":"text","text":"x","citations":[],"cache_control":null}]}]}"#,
        #"{"tools":[{"name":"look","input_schema":{"type":"object"},"input_examples":[],"strict":false,"allowed_callers":[]}]}"#,
    ]

    private static func values(of caller: Dialect) -> [String] {
        switch caller {
        case .openAIChat: UsualValuesTests.chat
        case .openAIResponses: UsualValuesTests.responses
        case .anthropicMessages: UsualValuesTests.messages
        }
    }

    @Test(arguments: Dialect.allCases)
    func `what equals a missing member is no loss to any target`(_ caller: Dialect) throws {
        for members in UsualValuesTests.values(of: caller) {
            let body = try CompatibilityField(members, members).body(caller)
            for target in Dialect.allCases where target != caller {
                for traits in [TargetTraits(model: "acme"), TargetTraits.poor(maximumOutputTokens: 4_096)] {
                    let written = try RequestTranslation(caller, body: body).written(
                        for: target,
                        traits,
                        open: { _ in .foreign }
                    )
                    #expect(
                        written.losses.isEmpty,
                        "\(members) to \(target.rawValue): \(written.losses.headerValue)"
                    )
                }
            }
        }
    }

    @Test(arguments: [
        (#"{"frequency_penalty":0.1}"#, "frequency_penalty"), (#"{"top_k":1}"#, "top_k"), (#"{"min_p":0.1}"#, "min_p"),
        (#"{"verbosity":"low"}"#, "verbosity"), (#"{"repetition_penalty":1.1}"#, "repetition_penalty"),
        (#"{"web_search_options":{}}"#, "web_search_options"), (#"{"extra":false}"#, "extra"),
        (#"{"extra":[{}]}"#, "extra"), (#"{"seed":0}"#, "seed"),
    ])
    func `what differs from a missing member is a loss`(_ members: String, _ field: String) throws {
        let body = try CompatibilityField(members, members).body(.openAIChat)
        let written = try RequestTranslation(.openAIChat, body: body).written(
            for: .openAIResponses,
            TargetTraits(model: "acme"),
            open: { _ in .foreign }
        )
        #expect(written.losses.losses.map(\.field) == [field])
    }
}
