package import Canonical
package import Wire

/// Reads a provider's stream, event by event; pure, and the same for every cut of the same bytes.
package protocol DialectStreamDecoder: Sendable {
    /// The steps that one event means, appended to `events`; nothing follows `finished` or `failed`.
    mutating func decode(_ event: ServerSentEvent, into events: inout [ModelEvent])

    /// The provider closed its stream cleanly: `finished` when the answer is whole, `failed(.truncated)` when not;
    /// nothing after a terminal step.
    mutating func end(into events: inout [ModelEvent])
}
