package import Identity

/// One header line of a request; its value may be a secret.
package struct TransferHeader: Sendable {
    package let name: String
    package let value: Secret

    /// A line whose value no log may show, such as a provider's key.
    package init(name: String, value: Secret) {
        self.name = name
        self.value = value
    }

    package init(name: String, text: String) {
        self.name = name
        self.value = Secret(text)
    }
}
