package import Catalog

/// A caller token as it is stored.
package struct TokenRow: Hashable, Sendable {
    package let stored: Stored<TokenSpec>
    package let credential: TokenCredential
}
