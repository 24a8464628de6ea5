/// Where a name leads.
package enum NameVerdict: Hashable, Sendable {
    /// Every address of it is one that the whole internet can reach.
    case `public`
    case notPublic
    /// To no address at all.
    case unknown
    /// It could not be found out in time.
    case late
}
