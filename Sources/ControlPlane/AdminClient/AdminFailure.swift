import CurlTransport

/// Why a command did not do what it was asked for.
enum AdminFailure: Error, Hashable, CustomStringConvertible {
    /// The control plane refused: its status, code, message and field.
    case refused(status: Int, code: String, message: String, field: String?)
    /// No control plane answered.
    case unreachable(url: String, reason: TransferFailure)
    /// Something answered that is no control plane.
    case notAControlPlane(status: Int)
    /// The command line, the environment or a file that it names is wrong.
    case usage(String)

    /// As `sysexits.h` has them.
    var exitStatus: Int32 {
        switch self {
        case .refused: 1
        case .unreachable, .notAControlPlane: 69
        case .usage: 64
        }
    }

    var description: String {
        switch self {
        case .refused(let status, let code, let message, let field):
            field.map { "refused (\(status) \(code), field \($0)): \(message)" }
                ?? "refused (\(status) \(code)): \(message)"
        case .unreachable(let url, let reason): "no control plane answers at \(url) (\(reason))"
        case .notAControlPlane(let status): "what answered is no control plane (status \(status))"
        case .usage(let problem): problem
        }
    }
}
