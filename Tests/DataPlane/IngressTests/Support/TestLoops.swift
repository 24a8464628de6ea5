import NIOCore
import NIOPosix

/// The event loop on which the tests' own ends of connections live, apart from those under test.
enum TestLoops {
    static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
}
