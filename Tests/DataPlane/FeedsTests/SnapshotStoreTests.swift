import Contract
import Feeds
import Identity
import Sealing
import NIOConcurrencyHelpers
import Testing

@Suite struct SnapshotStoreTests {
    /// What stands for a sealed snapshot here; the store does not look inside.
    static func stored(_ number: Int) -> StoredSnapshot {
        StoredSnapshot(
            envelope: Array("envelope \(number)".utf8),
            sealedSecrets: Array("secrets \(number)".utf8)
        )
    }

    static func reference(_ number: Int) -> SnapshotReference {
        SnapshotReference(
            version: SnapshotVersion(epoch: 1, number: number),
            sha256: SHA256Digest.of(SnapshotStoreTests.stored(number).envelope)
        )
    }

    static func apply(_ number: Int, in store: inout SnapshotStore) throws {
        try store.begin(SnapshotStoreTests.reference(number))
        try store.keep(SnapshotStoreTests.stored(number), as: SnapshotStoreTests.reference(number))
    }

    static func content(of store: SnapshotStore) throws -> [SnapshotStore.Slot: StoredSnapshot] {
        var content: [SnapshotStore.Slot: StoredSnapshot] = [:]
        for slot in SnapshotStore.Slot.allCases { content[slot] = try store.load(slot) }
        return content
    }

    private func open(
        _ directory: TemporaryDirectory,
        fault: (@Sendable (FileOperation) -> Int32?)? = nil
    ) throws -> SnapshotStore {
        try SnapshotStore(directory: StoreDirectory(path: directory.path, fault: fault))
    }

    @Test func `a new directory is private, and so is every file in it`() throws {
        let directory = TemporaryDirectory()
        var store = try self.open(directory)
        try Self.apply(1, in: &store)
        #expect(try directory.mode() == 0o700)
        #expect(try directory.files() == ["candidate.snapshot", "state.json"])
        for file in try directory.files() { #expect(try directory.mode(of: file) == 0o600) }
    }

    @Test func `snapshots move from candidate over current to previous`() throws {
        let directory = TemporaryDirectory()
        var store = try self.open(directory)
        for number in 1...3 {
            try Self.apply(number, in: &store)
            try store.promote(Self.reference(number))
        }
        try Self.apply(4, in: &store)
        let content = try Self.content(of: self.open(directory))
        #expect(content == [.candidate: Self.stored(4), .current: Self.stored(3), .previous: Self.stored(2)])
    }

    @Test func `ending the trial of what is not the candidate moves nothing`() throws {
        let directory = TemporaryDirectory()
        var store = try self.open(directory)
        try Self.apply(1, in: &store)
        try store.promote(Self.reference(1))
        try Self.apply(2, in: &store)
        var again = try self.open(directory)
        again.booted(Self.reference(1), from: .current)
        try again.promote(Self.reference(1))
        #expect(try Self.content(of: again) == [.candidate: Self.stored(2), .current: Self.stored(1)])
    }

    @Test func `trials are counted over restarts until one ends`() throws {
        let directory = TemporaryDirectory()
        var store = try self.open(directory)
        try Self.apply(1, in: &store)
        for count in 1...3 {
            var restarted = try self.open(directory)
            let stored = try #require(try restarted.load(.candidate))
            #expect(restarted.attempts(on: stored).count == count)
            #expect(restarted.attempts(on: stored).reference == Self.reference(1))
            try restarted.begin(Self.reference(1))
        }
        var last = try self.open(directory)
        try last.endTrial(of: Self.reference(1))
        #expect(try self.open(directory).attempts(on: Self.stored(1)).count == 0)
    }

    @Test func `the highest version is never lowered`() throws {
        let directory = TemporaryDirectory()
        var store = try self.open(directory)
        #expect(store.highest == nil)
        try Self.apply(7, in: &store)
        try Self.apply(3, in: &store)
        #expect(try self.open(directory).highest == SnapshotVersion(epoch: 1, number: 7))
    }

    @Test func `beginning a trial does not count as admitting`() throws {
        let directory = TemporaryDirectory()
        var store = try self.open(directory)
        try store.begin(Self.reference(9))
        #expect(try self.open(directory).highest == nil)
    }

    @Test func `revocations and the last heartbeat outlive a restart`() throws {
        let directory = TemporaryDirectory()
        var store = try self.open(directory)
        try store.heard(at: 1234, revoked: ["b", "a"], sequence: 5, on: Self.reference(1))
        let again = try self.open(directory)
        #expect(again.heardAt == 1234)
        #expect(again.revokedTokens(on: Self.reference(1).version) == ["a", "b"])
        #expect(again.revocationSequence == 5)
    }

    @Test func `what was revoked before a newer snapshot stays revoked on the older one`() throws {
        let directory = TemporaryDirectory()
        var store = try self.open(directory)
        try Self.apply(1, in: &store)
        try store.promote(Self.reference(1))
        try store.heard(at: 1, revoked: ["told"], sequence: 1, on: Self.reference(1))
        try store.keep(
            Self.stored(2),
            as: Self.reference(2),
            ended: ["untold"],
            since: Self.reference(1).version
        )
        try store.heard(at: 2, revoked: [], sequence: 1, on: Self.reference(2))
        let again = try self.open(directory)
        #expect(again.revokedTokens(on: Self.reference(1).version) == ["told", "untold"])
        #expect(again.revokedTokens(on: Self.reference(2).version).isEmpty)
    }

    @Test func `what every stored snapshot knows is not kept for ever`() throws {
        let directory = TemporaryDirectory()
        var store = try self.open(directory)
        for number in 1...4 {
            try store.keep(
                Self.stored(number),
                as: Self.reference(number),
                ended: number > 1 ? ["token-\(number)"] : [],
                since: number > 1 ? Self.reference(number - 1).version : nil
            )
            try store.promote(Self.reference(number))
        }
        // The slots hold 4 and 3: the former knows of token-4, the latter does not.
        #expect(try self.open(directory).revokedTokens(on: Self.reference(1).version) == ["token-4"])
    }

    @Test(arguments: ["", "{", "[]", "{}", #"{"attempts":[{}]}"#, #"{"attempts":7}"#, "\u{0}\u{1}"])
    func `a damaged memory counts as none`(text: String) throws {
        let directory = TemporaryDirectory()
        var store = try self.open(directory)
        try Self.apply(1, in: &store)
        try directory.replace("state.json", with: Array(text.utf8))
        let again = try self.open(directory)
        #expect(again.highest == nil)
        #expect(again.forgottenBecause?.contains("state.json") == true)
        #expect(try again.load(.candidate) == Self.stored(1))
        #expect(try SnapshotStore(directory: StoreDirectory(path: TemporaryDirectory().path)).forgottenBecause == nil)
    }

    @Test func `a slot that is cut short or extended is damaged, one that is not there is empty`() throws {
        let directory = TemporaryDirectory()
        var store = try self.open(directory)
        try Self.apply(1, in: &store)
        let bytes = try directory.bytes("candidate.snapshot")
        for length in bytes.indices {
            try directory.replace("candidate.snapshot", with: Array(bytes[..<length]))
            #expect(throws: StoreError.damaged(file: "candidate.snapshot", .truncated)) { try store.load(.candidate) }
        }
        let form = StoreError.damaged(file: "candidate.snapshot", .notAnEnvelope)
        for damaged in [bytes + [0], [0x53] + bytes.dropFirst(), Array("garbage".utf8)] {
            try directory.replace("candidate.snapshot", with: damaged)
            #expect(throws: form) { try store.load(.candidate) }
        }
        #expect(try store.load(.current) == nil)
    }

    @Test func `a slot file of format 1 is read for ever`() throws {
        let directory = TemporaryDirectory()
        let store = try self.open(directory)
        let file: [UInt8] = [0x52, 0x54, 0x52, 0x4e, 1, 0, 0, 0, 2, 0xaa, 0xbb, 0, 0, 0, 1, 0xcc]
        try directory.replace("current.snapshot", with: file)
        #expect(
            try store.load(.current) == StoredSnapshot(envelope: [0xaa, 0xbb], sealedSecrets: [0xcc])
        )
    }

    @Test func `whatever step on the disk is the last one, the next start finds a snapshot`() throws {
        // The life of a node: three snapshots, each applied, two of them good.
        let steps: [@Sendable (inout SnapshotStore) throws -> Void] = [
            { try Self.apply(1, in: &$0) },
            { try $0.promote(Self.reference(1)) },
            { try Self.apply(2, in: &$0) },
            { try $0.heard(at: 1, revoked: ["x"], sequence: 1, on: Self.reference(2)) },
            { try $0.promote(Self.reference(2)) },
            { try Self.apply(3, in: &$0) },
            { try $0.endTrial(of: Self.reference(3)) },
        ]
        /// The newest snapshot that must be there after so many whole steps.
        let expected = [0, 1, 1, 2, 2, 2, 3, 3]
        var failAt = 0
        var completed = false
        while !completed {
            let directory = TemporaryDirectory()
            _ = try self.open(directory)
            let count = NIOLockedValueBox(0)
            let limit = failAt
            // From the n-th step on everything fails, as for a process that is gone.
            var done = 0
            do {
                var store = try self.open(directory) { _ in
                    count.withLockedValue { count in
                        count += 1
                        return count > limit ? 5 : nil
                    }
                }
                for step in steps {
                    try step(&store)
                    done += 1
                }
                completed = true
            } catch is StoreError {}

            let restarted = try self.open(directory)
            let content = try Self.content(of: restarted)
            let numbers = (1...3).filter { number in content.values.contains(Self.stored(number)) }
            let newest = numbers.max() ?? 0
            #expect(newest >= expected[done], "failed at \(failAt), after \(done) steps")
            // What is there is whole, and the newest of it is where a start looks first.
            let first = SnapshotStore.Slot.allCases.compactMap { content[$0] }.first
            #expect(newest == 0 || first == Self.stored(newest), "failed at \(failAt)")
            if done > 1 { #expect((restarted.highest?.number ?? 0) >= expected[done]) }
            failAt += 1
        }
        #expect(failAt > 30)
    }

    @Test func `a step that fails once leaves the store usable`() throws {
        var failAt = 0
        var failed = true
        while failed {
            failed = false
            let directory = TemporaryDirectory()
            let count = NIOLockedValueBox(0)
            let limit = failAt
            var store = try self.open(directory)
            store = try SnapshotStore(
                directory: StoreDirectory(path: directory.path) { _ in
                    count.withLockedValue { count in
                        count += 1
                        return count == limit + 5 ? 28 : nil
                    }
                }
            )
            for number in 1...3 {
                do { try Self.apply(number, in: &store) } catch { failed = true }
                do { try store.promote(Self.reference(number)) } catch { failed = true }
            }
            let content = try Self.content(of: self.open(directory))
            #expect(content.values.contains(Self.stored(3)) || content.values.contains(Self.stored(2)))
            failAt += 1
        }
    }

    @Test func `a directory that cannot be made is an error, not a crash`() throws {
        #expect(throws: StoreError.self) { try StoreDirectory(path: "/proc/nothing/here") }
        let directory = TemporaryDirectory()
        _ = try self.open(directory)
        try directory.replace("file", with: [1])
        #expect(throws: StoreError.self) { try StoreDirectory(path: directory.path + "/file") }
    }

    @Test func `a file that is too large is refused`() throws {
        let directory = TemporaryDirectory()
        let place = try StoreDirectory(path: directory.path)
        try place.write([UInt8](repeating: 1, count: 1000), to: "f")
        #expect(try place.read("f", maximumBytes: 1000)?.count == 1000)
        #expect(throws: StoreError.tooLarge(file: "f")) { try place.read("f", maximumBytes: 999) }
        #expect(try place.read("g", maximumBytes: 1) == nil)
    }
}
