import Identity
import Sealing

/// What is derived from one pepper: made once for a snapshot, as each takes a few hashes.
final class PepperKeys {
    let token: PepperKey
    let reasoning: ReasoningKey
    let responseIDs: ResponseIDKey

    init(_ pepper: SecretBytes) {
        self.token = PepperKey(pepper)
        self.reasoning = ReasoningKey(pepper)
        self.responseIDs = ResponseIDKey(pepper)
    }
}
