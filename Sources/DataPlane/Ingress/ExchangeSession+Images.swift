import Exchange
import Media
import NIOCore
import Resolution

/// Where the URLs in a request lead, of images and of all else that is fetched, is found out before a provider is sent
/// there; nobody here follows them.
extension ExchangeSession {
    /// Goes on with `proceed` once every host is found to be public; refuses the request otherwise.
    ///
    /// It may be called at once, or later on the loop; not at all when the caller leaves before.
    func whenPublic(_ hosts: [ImageReview.Host], _ proceed: @escaping () -> Void) {
        guard !hosts.isEmpty else { return proceed() }
        let eventLoop = self.loop.eventLoop
        let limit = TimeAmount.milliseconds(Int64(self.loop.limits.imageHostMilliseconds))
        // All names are looked up at once, so that the limit is one for the whole request.
        let verdicts = hosts.map { self.loop.resolver.verdict(on: $0.name, within: limit, for: eventLoop) }
        self.await(verdicts[...], hosts[...], proceed)
    }

    private func await(
        _ verdicts: ArraySlice<EventLoopFuture<NameVerdict>>,
        _ hosts: ArraySlice<ImageReview.Host>,
        _ proceed: @escaping () -> Void
    ) {
        guard let verdict = verdicts.first, let host = hosts.first else { return proceed() }
        verdict.assumeIsolated().whenComplete { result in
            guard !self.isSettled else { return }
            switch (try? result.get()) ?? .late {
            case .public: self.await(verdicts.dropFirst(), hosts.dropFirst(), proceed)
            case .notPublic: self.refuse(Refusal.image(.notPublic, at: host.path))
            case .unknown: self.refuse(Refusal.image(.unresolved, at: host.path))
            case .busy: self.refuse(Refusal.lookupsSaturated)
            case .late: self.refuse(Refusal.image(.resolutionTooSlow, at: host.path))
            }
        }
    }
}
