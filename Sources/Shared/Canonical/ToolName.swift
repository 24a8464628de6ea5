/// What a tool is called: its own name, and the namespace it belongs to where a dialect has them.
package struct ToolName: Hashable, Sendable {
    package var namespace: String?
    package var name: String

    package init(_ name: String, namespace: String? = nil) {
        self.name = name
        self.namespace = namespace
    }
}
