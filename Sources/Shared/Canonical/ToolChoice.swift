/// Which tools the model may or must call.
package enum ToolChoice: Hashable, Sendable {
    case auto
    case none
    /// Any tool, but one it must be.
    case required
    case named(ToolName)
    /// Only these; `required` when one of them must be called.
    case allowed([ToolName], required: Bool)
    /// A hosted tool by its type.
    case hosted(type: String)
}
