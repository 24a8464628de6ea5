import Addresses
import NIOConcurrencyHelpers
import NIOCore
import NIOEmbedded
import NIOPosix
import Testing

@testable import Resolution

@Suite struct NameResolverTests {
    private static let nowhereNear = NetworkAddress(bytes: [10, 0, 0, 1])
    private static let outThere = NetworkAddress(bytes: [1, 1, 1, 1])

    /// No time passes here: nothing that is known gets old.
    private static let noTime: @Sendable () -> NIODeadline = { .uptimeNanoseconds(0) }

    /// Asks with all the time in the world.
    private static func ask(_ resolver: NameResolver, _ names: [String]) async throws -> [NameVerdict] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return try await EventLoopFuture.whenAllSucceed(
            names.map { resolver.verdict(on: $0, within: .hours(1), for: loop) },
            on: loop
        ).get()
    }

    @Test func `all addresses of a name must be public`() async throws {
        let resolver = NameResolver(now: Self.noTime) { name in
            switch name {
            case "good": [Self.outThere, Self.outThere]
            case "mixed": [Self.outThere, Self.nowhereNear]
            case "bad": [Self.nowhereNear]
            default: []
            }
        }
        let verdicts = try await Self.ask(resolver, ["good", "mixed", "bad", "none"])
        #expect(verdicts == [.public, .notPublic, .notPublic, .unknown])
        await resolver.shutDown()
        #expect(try await Self.ask(resolver, ["good", "other"]) == [.public, .busy])
    }

    @Test func `a name is looked up once for all who ask, and remembered for a while`() async throws {
        let lookups = NIOLockedValueBox<[String]>([])
        let now = NIOLockedValueBox(NIODeadline.uptimeNanoseconds(0))
        let resolver = NameResolver(threads: 2, now: { now.withLockedValue { $0 } }) { name in
            lookups.withLockedValue { $0.append(name) }
            return [Self.outThere]
        }
        let names = Array(repeating: "a", count: 20) + ["b"]
        #expect(try await Self.ask(resolver, names) == Array(repeating: .public, count: 21))
        #expect(try await Self.ask(resolver, ["a", "b"]) == [.public, .public])
        #expect(lookups.withLockedValue { $0.sorted() } == ["a", "b"])
        now.withLockedValue { $0 = $0 + .seconds(60) }
        #expect(try await Self.ask(resolver, ["a"]) == [.public])
        #expect(lookups.withLockedValue { $0.sorted() } == ["a", "a", "b"])
        await resolver.shutDown()
    }

    @Test func `a slow lookup is not waited for, and what did not begin in time is never looked up`() async throws {
        let gate = ConditionLock(value: 0)
        let lookups = NIOLockedValueBox<[String]>([])
        let (begun, begins) = AsyncStream.makeStream(of: String.self)
        let resolver = NameResolver(threads: 1, now: Self.noTime) { name in
            lookups.withLockedValue { $0.append(name) }
            begins.yield(name)
            gate.lock(whenValue: 1)
            gate.unlock()
            return [Self.outThere]
        }
        let real = MultiThreadedEventLoopGroup.singleton.next()
        let patient = resolver.verdict(on: "slow", within: .hours(1), for: real)
        for await name in begun where name == "slow" { break }
        // On this loop time passes when the test says so.
        let loop = NIOAsyncTestingEventLoop()
        let verdicts = NIOLockedValueBox<[String: NameVerdict]>([:])
        let many = (0..<NameResolver.maximumWaiting).map { "n\($0)" }
        for name in ["slow"] + many + ["beyond"] {
            resolver.verdict(on: name, within: .seconds(2), for: loop).whenSuccess { verdict in
                verdicts.withLockedValue { $0[name] = verdict }
            }
        }
        await loop.run()
        #expect(verdicts.withLockedValue { $0 } == ["beyond": .busy])
        await loop.advanceTime(by: .seconds(2))
        #expect(verdicts.withLockedValue { $0["slow"] } == .late)
        #expect(verdicts.withLockedValue { verdicts in many.allSatisfy { verdicts[$0] == .busy } })
        // They made room.
        let next = resolver.verdict(on: "next", within: .hours(1), for: real)
        gate.lock()
        gate.unlock(withValue: 1)
        #expect(try await patient.get() == .public)
        #expect(try await next.get() == .public)
        #expect(lookups.withLockedValue { $0 } == ["slow", "next"])
        await resolver.shutDown()
        await loop.shutdownGracefully()
    }

    @Test func `what waits when the threads end is answered`() async throws {
        let gate = ConditionLock(value: 0)
        let (begun, begins) = AsyncStream.makeStream(of: String.self)
        let resolver = NameResolver(threads: 1, now: Self.noTime) { name in
            begins.yield(name)
            gate.lock(whenValue: 1)
            gate.unlock()
            return [Self.outThere]
        }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let running = resolver.verdict(on: "running", within: .hours(1), for: loop)
        for await name in begun where name == "running" { break }
        let waiting = resolver.verdict(on: "waiting", within: .hours(1), for: loop)
        async let end: Void = resolver.shutDown()
        #expect(try await waiting.get() == .busy)
        gate.lock()
        gate.unlock(withValue: 1)
        #expect(try await running.get() == .public)
        await end
    }

    @Test func `search domains of the system are kept from names`() {
        #expect(SystemLookup.complete("a.example") == "a.example.")
        #expect(SystemLookup.complete("a.example.") == "a.example.")
    }

    @Test func `the system's lookup finds what is there`() {
        let addresses = SystemLookup.addresses(of: "localhost")
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { !$0.isPublic })
        #expect(SystemLookup.addresses(of: "127.0.0.1") == [NetworkAddress(bytes: [127, 0, 0, 1])])
        #expect(SystemLookup.addresses(of: "no such name").isEmpty)
    }
}
