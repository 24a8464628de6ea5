import CurlTransport
import NIOPosix
import Testing

/// Where a reactor of a test lives.
enum Habitat: String, CaseIterable, Sendable {
    case thread, eventLoop

    @TaskLocal static var current = Habitat.thread

    /// More loops than tests run at a time: none waits for what another test does on its own.
    private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 32)

    /// A reactor that lives where this run of the test wants it.
    static func reactor(
        configuration: ReactorConfiguration = ReactorConfiguration()
    ) async throws -> CurlReactor {
        switch self.current {
        case .thread: try CurlReactor(configuration: configuration)
        case .eventLoop:
            try await CurlReactor.hosted(
                by: self.loops.next(),
                configuration: configuration
            )
        }
    }
}

/// Runs each test once in every habitat.
struct InEveryHabitat: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func scopeProvider(for test: Test, testCase: Test.Case?) -> InEveryHabitat? {
        testCase == nil ? nil : self
    }

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        for habitat in Habitat.allCases {
            try await Habitat.$current.withValue(habitat) { try await function() }
        }
    }
}

extension Trait where Self == InEveryHabitat {
    /// Reactors made with ``Habitat/reactor(configuration:)`` live on a thread first, then on an event loop.
    static var inEveryHabitat: Self { InEveryHabitat() }
}
