import Contract
import Crypto
import Identity
import Routing

/// Tells whether a presented token is the one that a record was made for; one per event loop.
///
/// Keyed hash states are prepared once per snapshot: the key's two blocks are hashed then, not per request.
struct TokenAuthenticator {
    private var state: ServingState?
    private var prepared: [String: HMAC<SHA256>] = [:]

    /// An unknown token is hashed against this, so that it takes as long as a known one with a wrong secret.
    private static let decoy = HMAC<SHA256>(key: SymmetricKey(size: .bits256))

    /// Whether the token is `record`'s; always false for no record, in the same time.
    mutating func verify(_ token: CallerToken, against record: TokenRecord?, in state: ServingState) -> Bool {
        if self.state !== state {
            self.state = state
            self.prepared = state.peppers.mapValues { pepper in
                pepper.withExposedBytes { HMAC<SHA256>(key: SymmetricKey(data: $0)) }
            }
        }
        let known = record.flatMap { self.prepared[$0.pepper] }
        var code = known ?? TokenAuthenticator.decoy
        token.secret.withExposedText { text in
            var text = text
            text.withUTF8 { unsafe code.update(data: UnsafeRawBufferPointer($0)) }
        }
        guard let digest = Digest(code.finalize()) else { return false }
        guard let record, known != nil else { return false }
        return digest == record.code
    }
}
