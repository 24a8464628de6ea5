import Exchange
import Identity
import Testing
import Wire

@Suite struct ExplainedDialectTests {
    @Test(arguments: [
        (#"{"model":"m","input":"x"}"#, Dialect.openAIResponses),
        (#"{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":8}"#, .openAIChat),
        (#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"u"}}]}]}"#, .openAIChat),
        (#"{"tools":[{"type":"function","function":{"name":"f"}}],"messages":[]}"#, .openAIChat),
        (#"{"system":"s","messages":[]}"#, .anthropicMessages),
        (#"{"messages":[],"tools":[{"name":"f","input_schema":{}}]}"#, .anthropicMessages),
        (#"{"messages":[{"content":"x"},{"content":[{"type":"text"},{"type":"image"}]}]}"#, .anthropicMessages),
        (#"{"messages":[{"role":"user","content":[{"type":"tool_result","content":[]}]}]}"#, .anthropicMessages),
        (#"[]"#, .openAIChat), (#"{"messages":7,"tools":{}}"#, .openAIChat),
    ])
    func `a body tells which dialect it speaks`(body: String, dialect: Dialect) throws {
        #expect(ExplainedDialect.dialect(of: try JSONReader.read(Array(body.utf8))) == dialect)
    }
}
