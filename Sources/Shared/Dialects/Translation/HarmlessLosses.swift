package import Canonical
package import Identity

/// Losses that even a strict request bears: they are told like any other, but change nothing of what an answer means.
///
/// Each stands here because agents send it with every request, whoever serves them, or because it is of the same
/// nature as one that they do. A hosted tool is none of them: without it the answer is another one.
package enum HarmlessLosses {
    /// Fields as they are reported, with the reason; one that ends in `*` is a prefix.
    package static func list(of caller: Dialect) -> [(field: String, reason: String)] {
        switch caller {
        case .openAIChat: HarmlessLosses.openAI + HarmlessLosses.marks
        case .openAIResponses: HarmlessLosses.openAI + HarmlessLosses.responses
        case .anthropicMessages: HarmlessLosses.messages + HarmlessLosses.marks
        }
    }

    package static func contains(_ field: String, of caller: Dialect) -> Bool {
        HarmlessLosses.list(of: caller).contains { entry in
            entry.field.last == "*" ? field.hasPrefix(entry.field.dropLast()) : field == entry.field
        }
    }

    /// The first loss that a strict request does not bear.
    package static func firstSerious(in report: LossReport, of caller: Dialect) -> Loss? {
        // What was not told apart may be anything.
        report.losses.first { !HarmlessLosses.contains($0.field, of: caller) }
            ?? (report.hasMore ? report.losses.last : nil)
    }

    private static let openAI = [
        (field: "prompt_cache_key", reason: "what a prompt costs, not what is answered to it"),
        (field: "user", reason: "whom a provider suspects of abuse"),
        (field: "safety_identifier", reason: "the same"),
    ]
    private static let responses = [
        (field: "client_metadata", reason: "Codex tells OpenAI about itself")
    ]
    private static let messages = [
        (field: "metadata.user_id", reason: "whom a provider suspects of abuse"),
        (
            field: "context_management.edits.clear_thinking_*",
            reason: "which earlier thoughts Anthropic reads again: others read their own or none"
        ),
        (field: "system.x-anthropic-billing-header", reason: "Claude Code tells Anthropic whom to bill"),
        (field: "thinking.display", reason: "how thoughts are shown, not what follows from them"),
        (field: "tools.DeferredToolPlaceholder", reason: "Claude Code's tool that must never be called"),
        (field: "tools.defer_loading", reason: "the tool is at hand earlier than it had to be"),
        (field: "cache_control", reason: "what a prompt costs, not what is answered to it"),
        (field: "system.cache_control", reason: "the same"),
    ]
    private static let marks = [
        (field: "messages.content.cache_control", reason: "what a prompt costs, not what is answered to it"),
        (field: "tools.cache_control", reason: "the same"),
    ]
}
