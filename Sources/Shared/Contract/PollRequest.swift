import Identity
package import Wire

/// What a node says in `POST /plane/v1/poll`: what it runs, and what it wants to hear about.
///
/// It is hostile input to the control plane: decoded strictly, every text bounded.
package struct PollRequest: Hashable, Sendable {
    package var node: String
    /// New at each start of the process.
    package var bootID: String
    /// Random, echoed in the answer: an answer with it is fresh whatever the clocks say.
    package var nonce: String
    /// What the node serves; nil when it has nothing yet.
    package var running: SnapshotReference?
    /// What it made of the last snapshot that it was offered.
    package var verdict: SnapshotVerdict?
    /// The highest revocation that it has applied.
    package var revocationSequence: Int
    /// How long the answer may be held back while nothing changes, in milliseconds; 0 asks for one at once.
    package var waitMilliseconds: Int
    /// The node's wall clock, milliseconds since 1970, to tell operators of skew.
    package var clock: Int
    /// The program and version.
    package var builtBy: String
    /// The models that it does not ask in their turn; nodes before format 1.2 say nothing of it.
    package var targets: [TargetHealth]

    package static let waitRange = 0...25_000

    package init(
        node: String,
        bootID: String,
        nonce: String,
        running: SnapshotReference?,
        verdict: SnapshotVerdict? = nil,
        revocationSequence: Int,
        waitMilliseconds: Int,
        clock: Int,
        builtBy: String,
        targets: [TargetHealth] = []
    ) {
        self.node = node
        self.bootID = bootID
        self.nonce = nonce
        self.running = running
        self.verdict = verdict
        self.revocationSequence = revocationSequence
        self.waitMilliseconds = waitMilliseconds
        self.clock = clock
        self.builtBy = builtBy
        self.targets = targets
    }

    package var json: JSONValue {
        var object = JSONObject()
        object["node"] = .string(self.node)
        object["boot_id"] = .string(self.bootID)
        object["nonce"] = .string(self.nonce)
        object["running"] = self.running?.json
        object["verdict"] = self.verdict?.json
        object["revocation_sequence"] = .int(self.revocationSequence)
        object["wait_ms"] = .int(self.waitMilliseconds)
        object["clock"] = .int(self.clock)
        object["built_by"] = .string(self.builtBy)
        if !self.targets.isEmpty { object["targets"] = .array(self.targets.map(\.json)) }
        return .object(object)
    }

    package init(_ value: JSONValue) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        self.node = try members.shortText("node")
        self.bootID = try members.shortText("boot_id")
        self.nonce = try members.shortText("nonce")
        self.running = nil
        if var running = try members.optionalObject("running") {
            self.running = try SnapshotReference(&running)
        }
        self.verdict = nil
        if let verdict = try members.optionalObject("verdict") {
            self.verdict = try SnapshotVerdict(verdict)
        }
        self.revocationSequence = try members.int("revocation_sequence")
        guard self.revocationSequence >= 0 else { throw members.error("revocation_sequence", "must not be negative") }
        guard let wait = try members.optionalInt("wait_ms", in: PollRequest.waitRange) else {
            throw members.error("wait_ms", "is missing")
        }
        self.waitMilliseconds = wait
        self.clock = try members.int("clock")
        self.builtBy = try members.shortText("built_by")
        self.targets = []
        guard let targets = try members.optionalArray("targets") else { return }
        guard targets.count <= TargetHealth.most else {
            throw members.error("targets", "must be \(TargetHealth.most) at most")
        }
        for (index, target) in targets.enumerated() {
            self.targets.append(try TargetHealth(JSONMembers(target, at: "targets[\(index)]")))
        }
    }
}

extension JSONMembers {
    /// A text of 1 to 128 bytes of visible ASCII, as ids, nonces and program names are.
    mutating func shortText(_ name: String) throws(JSONShapeError) -> String {
        let text = try self.string(name)
        guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw self.error(name, "must have 1 to 128 visible ASCII characters")
        }
        return text
    }
}
