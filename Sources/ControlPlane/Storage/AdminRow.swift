package import Catalog

/// An administrator as it is stored.
package struct AdminRow: Hashable, Sendable {
    package let stored: Stored<AdminSpec>
    package let credential: TokenCredential
}
