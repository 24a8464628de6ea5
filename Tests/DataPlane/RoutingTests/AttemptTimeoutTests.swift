import Contract
import GatewayTestSupport
import Identity
import Testing

@testable import Routing

/// Whose time it is that an attempt takes.
@Suite struct AttemptTimeoutTests {
    private static let defaults = TimeoutRecord(connect: 5, firstByte: 600, idle: 120, total: 1_000)

    private func group(_ timeouts: TimeoutRecord, provider: TimeoutRecord) throws -> Group {
        var acme = try ProviderRecord.example("acme", authentication: .none)
        acme.timeouts = provider
        let body = SnapshotBody(
            deployment: try Example.slug("metrum"),
            providers: [acme],
            models: [try ModelRecord.example("m", of: "acme")],
            groups: [
                GroupRecord(
                    id: try Example.slug("g"),
                    targets: [try TargetRecord.example("t", "acme", "m")],
                    timeouts: timeouts
                )
            ]
        )
        let table = try RoutingTable(body, secrets: SecretsBundle(peppers: [:], providerSecrets: [:]))
        return try #require(table.group("g"))
    }

    /// The total of an attempt on a target whose group and provider have these.
    private func total(group: Int?, provider: Int?, spent: Int) throws -> Int? {
        let group = try self.group(TimeoutRecord(total: group), provider: TimeoutRecord(total: provider))
        let target = try #require(group.targets.first)
        return group.timeouts(of: target, defaults: Self.defaults, spent: spent).total
    }

    @Test func `a group's total is shared by all attempts`() throws {
        #expect(try self.total(group: 300, provider: 50, spent: 0) == 300)
        #expect(try self.total(group: 300, provider: 50, spent: 100) == 200)
        #expect(try self.total(group: 300, provider: nil, spent: 400) == 1)
    }

    @Test func `the node's total is shared where nobody says anything else`() throws {
        #expect(try self.total(group: nil, provider: nil, spent: 0) == 1_000)
        #expect(try self.total(group: nil, provider: nil, spent: 400) == 600)
    }

    @Test func `a provider's total is each attempt's own`() throws {
        #expect(try self.total(group: nil, provider: 300, spent: 400) == 300)
        #expect(try self.total(group: nil, provider: 300, spent: 900) == 100)
        #expect(try self.total(group: nil, provider: 5_000, spent: 0) == 5_000)
    }

    @Test func `no other limit is shared`() throws {
        let group = try self.group(TimeoutRecord(idle: 7), provider: TimeoutRecord(firstByte: 8))
        let limits = group.timeouts(of: try #require(group.targets.first), defaults: Self.defaults, spent: 999)
        #expect(limits == TimeoutRecord(connect: 5, firstByte: 8, idle: 7, total: 1))
    }
}
