/// What the requests of one session have in common, as a number.
package enum AffinityKey {
    /// `session` is the caller's own word for it; another token's sessions are others, whatever they are called.
    package static func make(token: String, session: String) -> UInt64 {
        Affinity.hash(token) &* 31 ^ Affinity.hash(session)
    }
}
