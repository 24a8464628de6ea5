package import Catalog
package import Identity
import Storage

/// A caller token that was just revoked, and which nodes know.
package struct RevokedToken: Sendable {
    package let resource: Resource<TokenID, TokenSpec>
    /// Nil when it could not be found out.
    package let progress: RevocationProgress?
    /// The snapshot that says so; nil when it could not be made, which changes nothing about the revocation.
    package let snapshotVersion: Int?
}
