import Dialects
import Routing

/// Finds what a request needs of the target that serves it.
enum ContentReview {
    /// What a target must be able to do, by what the scan found in the body.
    static func needs(of outline: RequestOutline, imageTokens: Int) -> RequestNeeds {
        let content = outline.content
        var needs = RequestNeeds()
        needs.imageURLs = content.imageCount - content.inlineCount
        needs.inlineImages = content.inlineCount
        needs.toolResultImages = content.resultImageCount
        if content.files > 0 { needs.otherModalities.insert("file") }
        if content.audio { needs.otherModalities.insert("audio") }
        if content.video { needs.otherModalities.insert("video") }
        needs.tools = content.tools > 0
        // Without tools the words about them ask for nothing.
        needs.forcedTool = needs.tools && content.forcesTool
        needs.parallelTools = needs.tools && content.parallelTools
        needs.toolResults = content.toolResults
        needs.structuredOutput = content.structuredOutput
        needs.reasoning = content.reasoning
        needs.adaptiveReasoning = content.adaptiveReasoning
        needs.stream = outline.stream
        needs.outputTokens = content.outputCap
        needs.inputTokens = TokenEstimate.inputTokens(content) + imageTokens
        return needs
    }
}
