import CurlTransport

/// Why a control plane's answer cannot be used.
enum PlaneFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// No complete answer came.
    case transport(TransferFailure)
    /// An answer came that says no.
    case status(Int)

    var description: String {
        switch self {
        case .transport(let failure): "\(failure)"
        case .status(let status): "status \(status)"
        }
    }
}
