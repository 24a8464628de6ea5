import Hummingbird
import Logging
import NIOCore

/// What is known of a request besides its bytes: where it came from.
struct AdminRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let peer: String

    init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.peer = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}
