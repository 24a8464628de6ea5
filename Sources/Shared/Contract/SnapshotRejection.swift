import Wire

/// Why a data plane refuses a snapshot; every reason leaves the running one untouched.
package enum SnapshotRejection: Error, Hashable, Sendable {
    /// The bytes end before the message does.
    case truncated
    /// The bytes do not have the form of a signed message of a format that we know.
    case notAnEnvelope
    /// A length is above its limit.
    case tooLarge
    /// A signature names a key that the trust document does not hold.
    case unknownKey(String)
    /// A signature does not fit the header.
    case badSignature(String)
    /// The header is signed but malformed.
    case malformedHeader(String)
    /// The header's schema has another major number, or a feature that we do not know.
    case unsupported(String)
    case wrongCluster(String)
    /// The epoch is not the trusted one.
    case wrongEpoch(Int)
    /// The version is not above the running one: a replay, or a race that another snapshot won.
    case notNewer(SnapshotVersion)
    case expired
    /// The bytes are not those that were announced.
    case wrongSnapshot
    case bodyHashMismatch
    case bodyLengthMismatch
    case undecompressible
    /// The body is not the JSON of a snapshot.
    case malformedBody(String)
    /// The body reads well but makes no sense as a whole.
    case invalid([String])
    /// The provider keys and peppers that belong to it could not be opened.
    case secretsUnavailable(String)
    /// The process died repeatedly while this version was on trial.
    case crashLoop(SnapshotVersion)
    /// The snapshot could not be fetched at all.
    case unavailable(String)

    /// A stable name for logs, metrics and the control plane.
    package var code: String {
        switch self {
        case .truncated: "truncated"
        case .notAnEnvelope: "not-an-envelope"
        case .tooLarge: "too-large"
        case .unknownKey: "unknown-key"
        case .badSignature: "bad-signature"
        case .malformedHeader: "malformed-header"
        case .unsupported: "unsupported"
        case .wrongCluster: "wrong-cluster"
        case .wrongEpoch: "wrong-epoch"
        case .notNewer: "not-newer"
        case .expired: "expired"
        case .wrongSnapshot: "wrong-snapshot"
        case .bodyHashMismatch: "body-hash-mismatch"
        case .bodyLengthMismatch: "body-length-mismatch"
        case .undecompressible: "undecompressible"
        case .malformedBody: "malformed-body"
        case .invalid: "invalid"
        case .secretsUnavailable: "secrets-unavailable"
        case .crashLoop: "crash-loop"
        case .unavailable: "unavailable"
        }
    }

    /// What an operator needs to know, at most 1 KiB, without secrets and control characters.
    package var detail: String {
        let text =
            switch self {
            case .truncated: "the bytes end before the message does"
            case .notAnEnvelope: "the bytes are not a signed message of format 1"
            case .tooLarge: "a length is above its limit"
            case .unknownKey(let key): "the trust document holds no key \(key)"
            case .badSignature(let key): "the signature by \(key) does not fit the header"
            case .malformedHeader(let problem): "the header is malformed: \(problem)"
            case .unsupported(let what): "this data plane does not know \(what)"
            case .wrongCluster(let cluster): "it is for cluster \(cluster)"
            case .wrongEpoch(let epoch): "it is of epoch \(epoch)"
            case .notNewer(let version): "version \(version) is not above the running one"
            case .expired: "it is expired"
            case .wrongSnapshot: "it is not the one that was announced"
            case .bodyHashMismatch: "the body's hash is not the one in the header"
            case .bodyLengthMismatch: "the body's length is not the one in the header"
            case .undecompressible: "the body does not decompress to the length in the header"
            case .malformedBody(let problem): "the body is malformed: \(problem)"
            case .invalid(let problems): problems.joined(separator: "; ")
            case .secretsUnavailable(let problem): "its secrets could not be opened: \(problem)"
            case .crashLoop(let version): "the process died repeatedly on version \(version)"
            case .unavailable(let problem): "it could not be fetched: \(problem)"
            }
        // By bytes: one character can have any number of them.
        var detail = ""
        for scalar in text.unicodeScalars {
            guard detail.utf8.count + scalar.utf8.count <= 1024 else { break }
            detail.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return detail
    }
}
