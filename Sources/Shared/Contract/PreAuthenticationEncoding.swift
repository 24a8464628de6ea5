/// The bytes that a signature covers: a type, the payload, and the length of each (DSSE v1).
///
/// The type inside keeps a signature made for one kind of message from passing for another
/// (CVE-2022-35929), and no canonical form is needed: what was sent is what was signed.
package enum PreAuthenticationEncoding {
    package enum PayloadType: String, Sendable {
        case snapshot = "application/vnd.router.snapshot.v1+json"
        case heartbeat = "application/vnd.router.heartbeat.v1+json"
        case nodeRequest = "application/vnd.router.node-request.v1"
        case join = "application/vnd.router.join.v1"
    }

    package static func bytes(_ type: PayloadType, _ payload: [UInt8]) -> [UInt8] {
        var bytes = Array("DSSEv1 \(type.rawValue.utf8.count) \(type.rawValue) \(payload.count) ".utf8)
        bytes.append(contentsOf: payload)
        return bytes
    }
}
