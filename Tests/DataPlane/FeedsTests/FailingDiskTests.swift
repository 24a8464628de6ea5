import Contract
import Feeds
import Identity
import Routing
import Sealing
import NIOConcurrencyHelpers
import Testing

/// A disk that is full, or a directory that is gone, while the node serves.
@Suite(.timeLimit(.minutes(2))) struct FailingDiskTests {
    private typealias Sample = SnapshotStoreTests

    private func open(
        _ directory: TemporaryDirectory,
        fault: (@Sendable (FileOperation) -> Int32?)? = nil
    ) throws -> SnapshotStore {
        try SnapshotStore(directory: StoreDirectory(path: directory.path, fault: fault))
    }

    private func state(of process: FeedFixture.Process) -> ServingState? {
        guard case .ready(let state) = process.board.current() else { return nil }
        return state
    }

    @Test func `what a full disk did not take is written once there is room, and what was good is good then`() throws {
        let directory = TemporaryDirectory()
        let isFull = NIOLockedValueBox(false)
        var store = try self.open(directory) { operation in
            operation == .write && isFull.withLockedValue { $0 } ? 28 : nil
        }
        try Sample.apply(1, in: &store)
        try store.promote(Sample.reference(1))
        #expect(!store.isBehind)
        isFull.withLockedValue { $0 = true }
        let noRoom = StoreError.failed(.write, file: "state.json", number: 28)
        #expect(throws: noRoom) { try store.begin(Sample.reference(2)) }
        #expect(throws: StoreError.failed(.write, file: "candidate.snapshot", number: 28)) {
            try store.keep(Sample.stored(2), as: Sample.reference(2))
        }
        #expect(throws: noRoom) { try store.promote(Sample.reference(2)) }
        #expect(throws: noRoom) { try store.heard(at: 7, revoked: ["x"], sequence: 1, on: Sample.reference(2)) }
        #expect(throws: StoreError.self) { try store.catchUp() }
        #expect(store.isBehind)
        #expect(try Sample.content(of: self.open(directory)) == [.current: Sample.stored(1)])

        isFull.withLockedValue { $0 = false }
        try store.catchUp()
        #expect(!store.isBehind)
        let restarted = try self.open(directory)
        #expect(try Sample.content(of: restarted) == [.current: Sample.stored(2), .previous: Sample.stored(1)])
        #expect(restarted.attempts(on: Sample.stored(2)).count == 0)
        #expect(restarted.highest == Sample.reference(2).version)
        #expect(restarted.revokedTokens(on: Sample.reference(2).version) == ["x"])
    }

    @Test func `of two snapshots that the disk did not take the newer one is owed to it`() throws {
        let directory = TemporaryDirectory()
        let isFull = NIOLockedValueBox(true)
        var store = try self.open(directory) { operation in
            operation == .create && isFull.withLockedValue { $0 } ? 30 : nil
        }
        for number in 1...2 {
            #expect(throws: StoreError.self) { try store.keep(Sample.stored(number), as: Sample.reference(number)) }
        }
        isFull.withLockedValue { $0 = false }
        try store.catchUp()
        #expect(try Sample.content(of: self.open(directory)) == [.candidate: Sample.stored(2)])
    }

    @Test func `whatever step of catching up fails, the next one ends in the same files`() throws {
        var failAt = 0
        var failed = true
        while failed {
            failed = false
            let directory = TemporaryDirectory()
            // Nothing works at first; later one step fails.
            let count = NIOLockedValueBox(-1)
            let limit = failAt
            var store = try self.open(directory)
            try Sample.apply(1, in: &store)
            try store.promote(Sample.reference(1))
            store = try self.open(directory) { operation in
                guard operation != .makeDirectory, operation != .open, operation != .read else { return nil }
                return count.withLockedValue { count in
                    guard count >= 0 else { return 28 }
                    count += 1
                    return count == limit + 1 ? 28 : nil
                }
            }
            #expect(throws: StoreError.self) { try store.keep(Sample.stored(2), as: Sample.reference(2)) }
            #expect(throws: StoreError.self) { try store.promote(Sample.reference(2)) }
            count.withLockedValue { $0 = 0 }
            do { try store.catchUp() } catch { failed = true }
            #expect(store.isBehind == failed, "failed at \(failAt)")
            try store.catchUp()
            #expect(!store.isBehind, "failed at \(failAt)")
            let content = try Sample.content(of: self.open(directory))
            #expect(content == [.current: Sample.stored(2), .previous: Sample.stored(1)], "failed at \(failAt)")
            failAt += 1
        }
        #expect(failAt > 10)
    }

    @Test(arguments: [0, 60_000])
    func `a node whose disk fails serves and follows all the same, and keeps the newest when it can again`(
        bake: Int
    ) async throws {
        let fixture = try FeedFixture()
        let listener = try await ScriptedListener(fixture.plane)
        let first = try fixture.publish(1)
        let process = try fixture.process([listener.url], bake: bake)
        try await fixture.running(process) {
            #expect(await fixture.verdict(on: first) == .applied)
            #expect(process.feed.metrics.storeFailures == 0)
            try fixture.directory.takeAway()
            for version in 2...3 {
                let next = try fixture.publish(version)
                #expect(await fixture.verdict(on: next) == .applied)
                #expect(process.board.reference == next.reference)
            }
            let failures = process.feed.metrics.storeFailures
            #expect(failures > 0)
            fixture.plane.revoke(["lost"])
            _ = await fixture.plane.poll { $0.revocationSequence == 1 }
            #expect(self.state(of: process)?.revokedTokens == ["lost"])
            #expect(process.feed.metrics.storeFailures > failures)
            try fixture.directory.bringBack()
            // It catches up before it polls, so whoever hears the second of two polls knows that it has.
            for number in 2...3 {
                fixture.plane.revoke(["token-\(number)"])
                _ = await fixture.plane.poll { $0.revocationSequence == number }
            }
        }
        try await listener.stop()

        let next = try fixture.process([listener.url], bake: bake)
        try await fixture.running(next) { try await next.untilReady() }
        let state = try #require(self.state(of: next), "not ready from disk")
        #expect(state.reference.version == SnapshotVersion(epoch: 1, number: 3))
        #expect(state.revokedTokens == ["lost", "token-2", "token-3"])
    }
}
