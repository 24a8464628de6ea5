/// What was lost on the way to a target, each field once, in the order of its discovery.
package struct LossReport: Hashable, Sendable {
    /// Fields beyond so many are not told apart: callers choose some of their names.
    package static let maximumCount = 128
    /// The most bytes of ``headerValue``.
    package static let maximumHeaderLength = 1_024

    package private(set) var losses: [Loss] = []
    /// Whether there were more than ``maximumCount``.
    package private(set) var hasMore = false
    private var places: Set<Loss.Place> = []

    package init() {}

    package var isEmpty: Bool { self.losses.isEmpty }

    package mutating func drop(_ field: String) { self.add(Loss(field, .dropped)) }

    package mutating func approximate(_ field: String) { self.add(Loss(field, .approximated)) }

    package mutating func drop(_ part: RequestPart) { self.add(Loss(part, .dropped)) }

    package mutating func approximate(_ part: RequestPart) { self.add(Loss(part, .approximated)) }

    package mutating func add(_ loss: Loss) {
        guard !self.places.contains(loss.place) else { return }
        guard self.losses.count < LossReport.maximumCount else {
            self.hasMore = true
            return
        }
        self.places.insert(loss.place)
        self.losses.append(loss)
    }

    package mutating func add(_ other: LossReport) {
        for loss in other.losses { self.add(loss) }
        self.hasMore = self.hasMore || other.hasMore
    }

    /// The report with parts under the caller's names for them: none, one or several each.
    package func named(by names: (RequestPart) -> [String]) -> LossReport {
        var named = LossReport()
        for loss in self.losses {
            switch loss.place {
            case .member: named.add(loss)
            case .part(let part): for name in names(part) { named.add(Loss(name, loss.kind)) }
            }
        }
        named.hasMore = named.hasMore || self.hasMore
        return named
    }

    /// The value of `x-router-dropped`: field names joined by commas.
    ///
    /// What there is no room for is counted at the end: `seed,temperature,+3`, with one for all that were not told
    /// apart.
    package var headerValue: String {
        var value = ""
        for (index, loss) in self.losses.enumerated() {
            let left = self.losses.count - index
            let field = loss.field
            let length = value.utf8.count + field.utf8.count + 1
            let room = left > 1 || self.hasMore ? LossReport.roomForCount : 0
            guard length + room <= LossReport.maximumHeaderLength else {
                return LossReport.counted(value, left + (self.hasMore ? 1 : 0))
            }
            value += value.isEmpty ? field : ",\(field)"
        }
        return self.hasMore ? LossReport.counted(value, 1) : value
    }

    /// `,+` and three digits.
    private static let roomForCount = 5

    private static func counted(_ value: String, _ count: Int) -> String {
        value.isEmpty ? "+\(count)" : "\(value),+\(count)"
    }
}
