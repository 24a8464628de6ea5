import Contract
import Identity
import Routing
import Sealing

/// Tells whether a presented token is the one that a record was made for; one per event loop.
///
/// Keys are prepared once per snapshot: their blocks are hashed then, not per request.
struct TokenAuthenticator {
    private var state: ServingState?
    private var prepared: [String: PepperKey] = [:]

    /// An unknown token is hashed against this, so that it takes as long as a known one with a wrong secret.
    private static let decoy = PepperKey(SecretBytes(SecureRandom.bytes(Digest.byteCount)))

    /// Whether the token is `record`'s; always false for no record, in the same time.
    mutating func verify(_ token: CallerToken, against record: TokenRecord?, in state: ServingState) -> Bool {
        if self.state !== state {
            self.state = state
            self.prepared = state.peppers.mapValues { PepperKey($0) }
        }
        let known = record.flatMap { self.prepared[$0.pepper] }
        let code = (known ?? TokenAuthenticator.decoy).code(of: token.secret)
        guard let record, known != nil else { return false }
        return code == record.code
    }
}
