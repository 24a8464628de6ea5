import CurlTransport
import Exchange

extension AttemptFailure {
    /// What a transfer's failure means for the attempt.
    init(_ failure: TransferFailure) {
        switch failure {
        case .connectTimeout: self = .timeout(.connect)
        case .firstByteTimeout: self = .timeout(.firstByte)
        case .idleTimeout: self = .timeout(.idle)
        case .totalTimeout: self = .timeout(.total)
        case .resolveFailed, .connectFailed, .tlsFailed, .sendFailed, .receiveFailed: self = .network
        case .cutShort: self = .cutShort
        case .badResponse, .headersTooLarge, .tooManyInterimResponses: self = .garbage
        case .bodyTooLarge: self = .tooLarge
        case .cancelled: self = .network
        case .invalidRequest: self = .unsendable
        case .shutdown: self = .shutdown
        }
    }
}
