import CurlTransport
import Wire

/// Why a control plane's answer cannot be used.
enum PlaneFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// No complete answer came.
    case transport(TransferFailure)
    /// An answer came that says no; `code` is the name it gives for the reason.
    case status(Int, code: String?)

    var description: String {
        switch self {
        case .transport(let failure): "\(failure)"
        case .status(let status, let code): "status \(status)\(code.map { " \($0)" } ?? "")"
        }
    }

    /// The `error.code` of an answer's body: a short word in lower case, or nothing that is believed.
    static func code(in body: [UInt8]) -> String? {
        guard body.count <= 4096, let code = (try? JSONReader.read(body))?["error"]?["code"]?.stringValue,
            (1...64).contains(code.utf8.count),
            code.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d })
        else { return nil }
        return code
    }
}
