import Canonical
import CurlTransport
import Validation

extension ProbeAnswer {
    /// What it says that there is no whole answer; nil for an end that was ours.
    init?(_ failure: FetchFailure) {
        let verdict: ProbeVerdict
        switch failure.reason {
        case .cancelled, .shutdown: return nil
        case .bodyTooLarge: verdict = .failed(.tooLarge)
        case .badResponse, .headersTooLarge, .tooManyInterimResponses: verdict = .failed(.garbage)
        case .connectTimeout, .firstByteTimeout, .idleTimeout, .totalTimeout:
            verdict = .inconclusive("the provider took too long (\(failure.reason))")
        case .resolveFailed, .connectFailed, .tlsFailed, .sendFailed, .receiveFailed, .cutShort:
            verdict = .inconclusive("the provider could not be reached (\(failure.reason))")
        case .invalidRequest: verdict = .inconclusive("the request could not be sent as it is configured")
        }
        self.init(verdict, usage: failure.mayBeBilled ? TokenUsage() : ProbeAnswer.nothing)
    }
}

extension FetchFailure {
    /// Whether the provider may have worked on the request, and charge for it: it began to answer, or was still at it
    /// when nobody waited any more.
    fileprivate var mayBeBilled: Bool {
        switch self.progress {
        case .notSent: false
        case .sent: [.firstByteTimeout, .idleTimeout, .totalTimeout].contains(self.reason)
        case .answering(let status): (200..<300).contains(status)
        }
    }
}
