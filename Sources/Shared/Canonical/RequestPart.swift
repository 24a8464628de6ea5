/// A part of a request that a target may have no place for, in no dialect.
///
/// Encoders know only these: what the caller's own dialect calls them is found out where losses are reported.
package enum RequestPart: Hashable, Sendable {
    /// Content that no dialect has where it stands.
    case content
    /// All that was said of how much to think.
    case reasoning
    /// How much to think, where something is to be thought.
    case effort
    /// Thoughts of earlier turns.
    case pastReasoning
    /// An assistant's turn that comes last and is to be gone on with.
    case lastTurn
    /// What the assistant said before the user's first turn.
    case firstTurn
    case outputFormat
    case outputCap
    case temperature
    case topP
    case topK
    case frequencyPenalty
    case presencePenalty
    case seed
    /// The key of a prompt cache.
    case cacheKey
    /// Marks for a prompt cache in instructions.
    case instructionMarks
    /// The same in other content.
    case contentMarks
    /// The same on tools.
    case toolMarks
    case toolStrictness
    /// The schema of a tool's arguments.
    case toolParameters
    /// The grammar of a tool with free input.
    case toolFormat
    case imageDetail
    case phase
    /// What a tool of another provider did, in a block or an item of this type.
    case hosted(type: String)
    case user
    case safetyIdentifier
}
