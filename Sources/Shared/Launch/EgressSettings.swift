import Glibc
package import Settings

/// What an operator can set about the way to providers, alike for both planes.
package struct EgressSettings: Hashable, Sendable {
    /// URL of the proxy for providers at public addresses.
    package let proxy: String?
    /// Path of a PEM bundle.
    package let certificateAuthorities: String?

    /// Asks for both settings; the problems stay with the reader.
    package init(_ reader: inout SettingsReader) {
        self.proxy = reader.optional(
            "UPSTREAM_PROXY",
            .url(),
            about: "Proxy by which providers are reached, but for those that may be in the private network."
        )
        self.certificateAuthorities = reader.optional(
            "UPSTREAM_CA_FILE",
            .string,
            about: "PEM bundle that providers' certificates are checked against, instead of the system's."
        )
        if let path = self.certificateAuthorities, unsafe access(path, R_OK) != 0 {
            reader.refuse("UPSTREAM_CA_FILE", "must be a file that can be read")
        }
    }
}
