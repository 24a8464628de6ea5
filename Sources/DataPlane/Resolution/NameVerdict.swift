/// Where a name leads.
package enum NameVerdict: Hashable, Sendable {
    /// Every address of it is one that the whole internet can reach.
    case `public`
    case notPublic
    /// To no address at all.
    case unknown
    /// Its lookup did not end in time.
    case late
    /// So much is looked up that its lookup did not begin in time.
    case busy
}
