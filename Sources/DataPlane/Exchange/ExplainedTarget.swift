/// A target that an explanation says would be asked.
package struct ExplainedTarget: Hashable, Sendable {
    /// The target's place in its group, from 0.
    package var position: Int
    package var target: String
    package var provider: String
    package var model: String
    /// The dialect that it would be asked in.
    package var dialect: String
}
