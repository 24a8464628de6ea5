package import Identity

/// How a provider's words are told again: what is cut out of them, and who reads them.
package struct Retelling: Sendable {
    /// Cut out wherever they occur.
    package var secrets: [Secret]
    /// What callers are not to know of a target, cut out where it stands as a word of its own.
    package var names: [String]
    /// The caller's dialect where the target was asked in another: names of members and conventions are not the caller's.
    package var translatedFor: Dialect?
    /// Whether the request goes on from something that the provider keeps, so that "not found" may be about that.
    package var namesKept: Bool

    package init(
        secrets: [Secret] = [],
        names: [String] = [],
        translatedFor: Dialect? = nil,
        namesKept: Bool = false
    ) {
        self.secrets = secrets
        self.names = names
        self.translatedFor = translatedFor
        self.namesKept = namesKept
    }
}
