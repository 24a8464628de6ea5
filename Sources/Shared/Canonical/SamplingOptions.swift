package import Wire

/// How tokens are drawn; numbers as the caller wrote them.
package struct SamplingOptions: Hashable, Sendable {
    package var temperature: JSONNumber?
    package var topP: JSONNumber?
    package var topK: JSONNumber?
    package var frequencyPenalty: JSONNumber?
    package var presencePenalty: JSONNumber?
    package var seed: JSONNumber?

    package init() {}
}
