import Contract
import CurlTransport
import Feeds
import GatewayTestSupport
import Identity
import Logging
import Routing
import Sealing
import Synchronization
import Testing

/// One node's feed with what it needs, as often as a test starts it.
struct FeedFixture {
    let plane: ScriptedControlPlane
    let directory: TemporaryDirectory
    let reactor: CurlReactor

    init() throws {
        self.plane = ScriptedControlPlane()
        self.directory = TemporaryDirectory()
        self.reactor = try CurlReactor(name: "feeds-tests")
    }

    /// A process of the node: its board and its feed.
    struct Process {
        let board: ServingBoard
        let feed: SnapshotFeed
        let end: End

        /// Booting has no event to wait for but the board itself.
        func untilReady() async throws {
            while self.board.reference == nil {
                try #require(!self.end.isReached)
                try await Task.sleep(for: .milliseconds(2))
            }
        }
    }

    /// Whether the feed ended by an error.
    final class End: Sendable {
        private let reached = Atomic(false)

        var isReached: Bool { self.reached.load(ordering: .acquiring) }

        func reach() { self.reached.store(true, ordering: .releasing) }
    }

    func process(
        _ urls: [String],
        joinToken: Secret? = nil,
        bake: Int = 60_000,
        backoff: Backoff = Backoff(base: 1, cap: 20),
        staleness: StalenessPolicy = StalenessPolicy()
    ) throws -> Process {
        let board = ServingBoard(staleness: staleness)
        let configuration = FeedConfiguration(
            controlPlanes: urls,
            directory: self.directory.path,
            nodeName: try #require(Slug("edge-1")),
            joinToken: joinToken ?? self.plane.joinToken.text,
            builtBy: "tests 1",
            bake: bake,
            backoff: backoff
        )
        var logger = Logger(label: "feeds-tests")
        logger.logLevel = .critical
        let feed = SnapshotFeed(
            configuration: configuration,
            board: board,
            reactor: self.reactor,
            logger: logger
        )
        return Process(board: board, feed: feed, end: End())
    }

    /// Runs the process for as long as `body` takes, then stops it in order.
    func running(_ process: Process, _ body: () async throws -> Void) async throws {
        let plane = self.plane
        let task = Task {
            do {
                try await process.feed.run()
            } catch {
                // Whoever waits for a poll or a snapshot would wait for ever.
                plane.noMorePolls()
                process.end.reach()
                throw error
            }
        }
        do {
            try await body()
        } catch {
            task.cancel()
            _ = await task.result
            throw error
        }
        task.cancel()
        try await task.value
    }

    func publish(_ version: Int, changing change: (inout SnapshotBody) -> Void = { _ in }) throws -> SealedSnapshot {
        var body = try SampleSnapshot.body()
        change(&body)
        let sealed = try self.plane.seal(body, version: version)
        self.plane.publish(sealed, secrets: try SampleSnapshot.secrets())
        return sealed
    }

    /// The verdict that the node reports on this snapshot, whatever else it says before.
    func verdict(on snapshot: SealedSnapshot) async -> SnapshotVerdict.Outcome? {
        await self.plane.poll { $0.verdict?.snapshot == snapshot.reference }?.verdict?.outcome
    }

    func refusalCode(of snapshot: SealedSnapshot) async -> String? {
        guard case .refused(let code, _) = await self.verdict(on: snapshot) else { return nil }
        return code
    }
}
