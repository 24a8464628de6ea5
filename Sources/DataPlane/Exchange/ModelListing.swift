import Contract
import Identity
package import Routing
package import Wire

/// The list of model groups in one body that OpenAI, Anthropic and Codex clients all accept.
///
/// `data` holds OpenAI's and Anthropic's members side by side; `models` holds what Codex reads of a catalogue.
/// Provider and upstream model names do not appear.
package enum ModelListing {
    /// The list, in the order given.
    package static func list(_ groups: [Group]) -> JSONValue {
        let data = groups.map(ModelListing.entry)
        return [
            "object": "list",
            "data": .array(data),
            "has_more": false,
            "first_id": groups.first.map { .string($0.id.text) } ?? .null,
            "last_id": groups.last.map { .string($0.id.text) } ?? .null,
            "models": .array(groups.map(ModelListing.catalogueEntry)),
        ]
    }

    /// One group, as OpenAI and Anthropic clients ask for it.
    package static func entry(_ group: Group) -> JSONValue {
        var object = JSONObject()
        object["id"] = .string(group.id.text)
        object["object"] = "model"
        object["type"] = "model"
        // A group has no birthday that would mean anything to a caller.
        object["created"] = 0
        object["created_at"] = "1970-01-01T00:00:00Z"
        object["owned_by"] = "router"
        object["display_name"] = .string(group.displayName ?? group.id.text)
        object["lifecycle"] = "active"
        object["description"] = group.description.map { .string($0) }
        object["max_input_tokens"] = ModelListing.contextTokens(group).map { .int($0) }
        object["max_tokens"] = ModelListing.outputTokens(group).map { .int($0) }
        return .object(object)
    }

    /// The smallest context of the group's targets: what every one of them can take; nil when none tells.
    private static func contextTokens(_ group: Group) -> Int? {
        group.targets.compactMap(\.model.contextTokens).min()
    }

    private static func outputTokens(_ group: Group) -> Int? {
        group.targets.compactMap(\.model.maxOutputTokens).min()
    }

    private static func catalogueEntry(_ group: Group) -> JSONValue {
        let window = ModelListing.contextTokens(group) ?? 131_072
        let declared = group.targets.flatMap { $0.model.declared.values }
        let seesImages = declared.contains { $0.inputModalities.contains("image") }
        let reasons = declared.contains { $0.reasoning }
        let efforts: [JSONValue] =
            reasons
            ? [
                ["effort": "low", "description": "Answers sooner"],
                ["effort": "medium", "description": "Balances speed and depth"],
                ["effort": "high", "description": "Thinks longer about hard problems"],
            ] : []
        return [
            "slug": .string(group.id.text),
            "display_name": .string(group.displayName ?? group.id.text),
            "description": .string(group.description ?? ""),
            "supported_reasoning_levels": .array(efforts),
            "shell_type": "unified_exec",
            "visibility": "list",
            "supported_in_api": true,
            "priority": 1000,
            "support_verbosity": false,
            "truncation_policy": ["mode": "tokens", "limit": 10_000],
            "experimental_supported_tools": [],
            "supports_parallel_tool_calls": .bool(declared.contains { $0.parallelTools }),
            "context_window": .int(window),
            "max_context_window": .int(window),
            "input_modalities": seesImages ? ["text", "image"] : ["text"],
            "apply_patch_tool_type": "freeform",
            "supports_search_tool": false,
            "use_responses_lite": false,
            "base_instructions": .string(ModelListing.baseInstructions),
        ]
    }

    /// Codex insists on instructions for each model of a catalogue.
    private static let baseInstructions = """
        You are a coding agent that works in a terminal on the user's own files. Work step by step, use the tools \
        you are given, keep changes small and to the point, check your work, and say briefly what you did.
        """
}
