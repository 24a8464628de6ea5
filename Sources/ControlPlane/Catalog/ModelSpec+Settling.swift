import Canonical
import Contract
import Identity
package import Wire

extension ModelSpec {
    /// The inputs that requests are told apart by, and the words that lists of models use for them.
    package static let modalities: Set<String> = ["text", "image", "audio", "video", "file", "pdf"]

    /// This, to be written over `present`, nil when the model is new; refuses what nobody may write from now on:
    /// words that nothing reads, which are mistyped most likely.
    ///
    /// What is stored already may stay, whatever the rules were when it was written.
    package func settled(over present: ModelSpec?, at path: String = "") throws(JSONShapeError) -> ModelSpec {
        let prefix = path.isEmpty ? "" : "\(path)."
        for dialect in self.declared.keys.sorted() {
            let stored = present?.declared[dialect]?.inputModalities ?? []
            for modality in self.declared[dialect]?.inputModalities ?? []
            where !ModelSpec.modalities.contains(modality) && !stored.contains(modality) {
                let known = ModelSpec.modalities.sorted().joined(separator: ", ")
                throw JSONShapeError(
                    field: "\(prefix)declared.\(dialect.rawValue).input_modalities",
                    problem: "holds \(modality), which is none of \(known)"
                )
            }
        }
        for (name, value) in self.quirks.members where present?.quirks[name] != value {
            guard let quirk = TargetQuirk(rawValue: name) else {
                throw JSONShapeError(field: "\(prefix)quirks.\(name)", problem: "is not a known quirk")
            }
            if let problem = quirk.problem(of: value) {
                throw JSONShapeError(field: "\(prefix)quirks.\(name)", problem: problem)
            }
        }
        if let maximum = self.maxOutputTokens, let context = self.contextTokens, maximum > context,
            present?.maxOutputTokens != maximum || present?.contextTokens != context
        {
            throw JSONShapeError(field: "\(prefix)max_output_tokens", problem: "must not be above context_tokens")
        }
        return self
    }
}
