/// What the caller says about calling tools.
enum ToolChoice: Hashable, Sendable {
    case automatic
    case none
    /// Some tool must be called.
    case required
    /// This tool must be called.
    case named(String)
}
