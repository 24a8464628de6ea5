import Contract
import Identity
import Routing
import Sealing

/// Tells whether a presented token is the one that a record was made for; one per event loop.
///
/// Keys are prepared once per snapshot: their blocks are hashed then, not per request.
struct TokenAuthenticator {
    private var state: ServingState?
    private var prepared: [String: PepperKeys] = [:]

    /// An unknown token is hashed against this, so that it takes as long as a known one with a wrong secret.
    private static let decoy = PepperKey(SecretBytes(SecureRandom.bytes(Digest.byteCount)))

    /// Whether the token is `record`'s; always false for no record, in the same time.
    mutating func verify(_ token: CallerToken, against record: TokenRecord?, in state: ServingState) -> Bool {
        let known = record.flatMap { self.keys(of: $0, in: state) }
        let code = (known?.token ?? TokenAuthenticator.decoy).code(of: token.secret)
        guard let record, known != nil else { return false }
        return code == record.code
    }

    /// The keys that belong to a token's pepper; nil when the snapshot does not have it.
    mutating func keys(of record: TokenRecord, in state: ServingState) -> PepperKeys? {
        if self.state !== state {
            self.state = state
            self.prepared = state.peppers.mapValues { PepperKeys($0) }
        }
        return self.prepared[record.pepper]
    }
}
