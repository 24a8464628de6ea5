import Identity
import Wire

/// What a caller asks for, in no dialect: just enough for the brain to answer it.
struct Prompt: Sendable {
    var dialect: Dialect
    var model: String
    var streams = false
    /// Whether a Chat stream ends with a usage chunk.
    var reportsStreamUsage = false
    var messageCount = 0
    var lastUserText = "" {
        didSet { if self.lastUserText.contains("the picture shows") { self.asksForReading = true } }
    }
    /// Whether some turn of the user asks what a picture says.
    private(set) var asksForReading = false
    /// What the model has read in the pictures, or says that it has; nil when it does not say.
    var reading: String?
    /// The texts of the tool results that the last turn consists of; empty when it is no such turn.
    var toolResults: [String] = []
    /// How many tool results have come since the last user text.
    var resultCount = 0
    var images = ImageTally()
    var tools: [Tool] = []
    var toolChoice = ToolChoice.automatic
    var allowsParallelCalls = true
    /// The schema that the answer must fit; an empty object for any JSON object.
    var outputSchema: JSONValue?
    var wantsReasoning = false
    /// Whether the text of the reasoning is shown, besides its opaque form.
    var showsReasoning = true
    /// Whether a reasoning item carries its encrypted form; of the Responses dialect only.
    var wantsEncryptedReasoning = false
    /// The first reasoning in the conversation that only its maker can read.
    var opaqueReasoning: OpaqueReasoning?
    /// The response that the request continues; of the Responses dialect only.
    var previousResponseID: String?
    /// The most tokens to produce; nil for no limit.
    var outputLimit: Int?
    var stopSequences: [String] = []
    /// How many answers are wanted; of the Chat dialect only.
    var choices = 1
    /// The bytes of the request body.
    var bodyBytes = 0
    /// Members of the request that the Responses dialect says back.
    var echoed: JSONObject

    init(dialect: Dialect, model: String) {
        self.dialect = dialect
        self.model = model
        self.echoed = dialect == .openAIResponses ? ResponsesPrompt.echoes : JSONObject()
    }

    /// A plausible count of input tokens: a quarter of the body's bytes without its pictures, and 85 for each picture.
    var inputTokens: Int { max(1, (self.bodyBytes - self.images.inlineBytes) / 4) + 85 * self.images.count }
}
