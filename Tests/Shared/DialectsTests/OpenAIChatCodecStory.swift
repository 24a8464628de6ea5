import Canonical
import Dialects
import Wire

/// Requests of Chat callers, and what becomes of them.
enum OpenAIChatCodecStory {
    static func decode(_ text: String) throws -> ModelRequest {
        var losses = LossReport()
        return try OpenAIChat.decodeRequest(CodecStory.json(text), losses: &losses)
    }
}
