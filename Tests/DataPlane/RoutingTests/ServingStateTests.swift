import Contract
import GatewayTestSupport
import Identity
import Routing
import Testing

/// Revocations on top of a snapshot.
@Suite struct ServingStateTests {
    @Test func `revoking replaces the list and keeps everything else`() throws {
        let digest = try #require(Digest([UInt8](repeating: 1, count: 32)))
        let state = try ServingState(
            reference: SnapshotReference(version: SnapshotVersion(epoch: 1, number: 7), sha256: digest),
            body: SnapshotBody.example(),
            secrets: SecretsBundle.example(),
            revokedTokens: ["a"]
        )
        let next = state.revoking(["b"])
        #expect(state.revokedTokens == ["a"])
        #expect(next.revokedTokens == ["b"])
        #expect(next.reference == state.reference)
        #expect(next.table.tokenCount == 1)
        #expect(next.peppers.keys.sorted() == ["p1"])
    }
}
