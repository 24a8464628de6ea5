/// One turn of a conversation: who speaks, and the blocks said in order.
package struct Turn: Hashable, Sendable {
    package enum Role: String, Hashable, Sendable {
        case system
        case developer
        case user
        case assistant
    }

    package var role: Role
    package var blocks: [Block]
    /// Responses' `phase` of an assistant message (`commentary`, `final_answer`); only that dialect has it.
    package var phase: String?

    package init(_ role: Role, _ blocks: [Block], phase: String? = nil) {
        self.role = role
        self.blocks = blocks
        self.phase = phase
    }
}
