package import Catalog
package import Identity
import Storage

/// A caller token that was just made, with the secret that is shown this once.
package struct IssuedToken: Sendable {
    package let resource: Resource<TokenID, TokenSpec>
    package let token: Secret
}
