import Addresses
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

@testable import Resolution

@Suite struct NameResolverTests {
    private static let nowhereNear = NetworkAddress(bytes: [10, 0, 0, 1])
    private static let outThere = NetworkAddress(bytes: [1, 1, 1, 1])

    private static func ask(_ resolver: NameResolver, _ names: [String], within limit: TimeAmount = .seconds(60))
        async throws -> [NameVerdict]
    {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return try await EventLoopFuture.whenAllSucceed(
            names.map { resolver.verdict(on: $0, within: limit, for: loop) },
            on: loop
        ).get()
    }

    @Test func `all addresses of a name must be public`() async throws {
        let resolver = NameResolver { name in
            switch name {
            case "good": [Self.outThere, Self.outThere]
            case "mixed": [Self.outThere, Self.nowhereNear]
            case "bad": [Self.nowhereNear]
            default: []
            }
        }
        let verdicts = try await NameResolverTests.ask(resolver, ["good", "mixed", "bad", "none"])
        #expect(verdicts == [.public, .notPublic, .notPublic, .unknown])
        await resolver.shutDown()
        #expect(try await NameResolverTests.ask(resolver, ["good", "other"]) == [.public, .late])
    }

    @Test func `a name is looked up once for all who ask, and remembered`() async throws {
        let lookups = NIOLockedValueBox<[String]>([])
        let resolver = NameResolver(threads: 2) { name in
            lookups.withLockedValue { $0.append(name) }
            return [Self.outThere]
        }
        let names = Array(repeating: "a", count: 20) + ["b"]
        #expect(try await NameResolverTests.ask(resolver, names) == Array(repeating: .public, count: 21))
        #expect(try await NameResolverTests.ask(resolver, ["a", "b"]) == [.public, .public])
        #expect(lookups.withLockedValue { $0.sorted() } == ["a", "b"])
        await resolver.shutDown()
    }

    @Test func `a slow lookup is not waited for, and what waits is bounded`() async throws {
        let gate = ConditionLock(value: 0)
        let resolver = NameResolver(threads: 1) { _ in
            gate.lock(whenValue: 1)
            gate.unlock()
            return [Self.outThere]
        }
        #expect(
            try await NameResolverTests.ask(resolver, ["slow", "behind"], within: .nanoseconds(1)) == [.late, .late]
        )
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let patient = resolver.verdict(on: "slow", within: .seconds(60), for: loop)
        let many = (0..<1000).map { "n\($0)" }
        let answers = try await NameResolverTests.ask(resolver, many, within: .nanoseconds(1))
        #expect(answers.allSatisfy { $0 == .late })
        gate.lock()
        gate.unlock(withValue: 1)
        #expect(try await patient.get() == .public)
        await resolver.shutDown()
    }

    @Test func `the system's lookup finds what is there`() {
        let addresses = SystemLookup.addresses(of: "localhost")
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { !$0.isPublic })
        #expect(SystemLookup.addresses(of: "127.0.0.1") == [NetworkAddress(bytes: [127, 0, 0, 1])])
        #expect(SystemLookup.addresses(of: "no such name").isEmpty)
    }
}
