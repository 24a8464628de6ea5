/// A header that is made to carry a credential, as far as its name tells.
package enum CredentialHeader {
    /// What a word of such a name is, or ends in: `x-auth-token`, `x-oauth`, `x-apikey`.
    private static let endings = [
        "apikey", "accesskey", "secretkey", "subscriptionkey", "token", "secret", "secrets", "password", "passwd",
        "credential", "credentials", "signature", "auth", "authorization", "authentication",
    ]
    /// What makes a credential of the word `key` behind it.
    private static let keys: Set<String> = ["api", "access", "secret", "subscription"]

    /// Whether a header of this name, in lower case, is for credentials.
    ///
    /// Whole words decide, so that `x-max-tokens` and `x-author` stay what they are.
    package static func isOne(_ name: String) -> Bool {
        let words = name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        for word in words where CredentialHeader.endings.contains(where: word.hasSuffix) { return true }
        return zip(words, words.dropFirst()).contains { $1 == "key" && CredentialHeader.keys.contains($0) }
    }

    /// Whether a parameter of a query with this name, in lower case, is for credentials: Google's is `key`, those of
    /// Azure's functions are `code` and `sig`.
    package static func isParameter(_ name: String) -> Bool {
        ["key", "code", "sig"].contains(name) || CredentialHeader.isOne(name)
    }
}
