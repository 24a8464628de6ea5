package import Contract
package import Dialects
import Identity

/// Decides whether a known token with the right secret may come in; pure, with the time as an argument.
package enum TokenCheck {
    /// Why the token may not come in; nil admits it.
    ///
    /// `now` is milliseconds since 1970; `endpoint` is what is asked for.
    ///
    /// Only the holder of the right secret gets here, so it may be told why.
    package static func refusal(
        of record: TokenRecord,
        isRevoked: Bool,
        now: Int,
        endpoint: Endpoint
    ) -> CallerError? {
        if isRevoked || record.state == .revoked { return Refusal.keyRevoked }
        if let start = record.notBefore, now < start { return Refusal.keyNotYetValid }
        if let end = record.expiresAt, now >= end { return Refusal.keyExpired }
        if let dialect = endpoint.dialect, let endpoints = record.endpoints, !endpoints.contains(dialect) {
            return Refusal.endpointNotAllowed
        }
        return nil
    }
}
