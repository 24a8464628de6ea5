/// What was lost on the way to a target, each field once, in the order of its discovery.
package struct LossReport: Hashable, Sendable {
    package private(set) var losses: [Loss] = []

    package init() {}

    package var isEmpty: Bool { self.losses.isEmpty }

    package mutating func drop(_ field: String) { self.add(Loss(field, .dropped)) }

    package mutating func approximate(_ field: String) { self.add(Loss(field, .approximated)) }

    package mutating func add(_ loss: Loss) {
        guard !self.losses.contains(where: { $0.field == loss.field }) else { return }
        self.losses.append(loss)
    }

    package mutating func add(_ other: LossReport) {
        for loss in other.losses { self.add(loss) }
    }

    /// The value of `x-router-dropped`: field names joined by commas.
    package var headerValue: String { self.losses.map(\.field).joined(separator: ",") }
}
