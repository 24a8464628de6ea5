/// What must be true of a resource for a write to happen (RFC 9110 §13.1).
package enum WritePrecondition: Hashable, Sendable {
    case none
    /// `If-Match` with the revision that the writer has seen.
    case revision(Int)
    /// `If-Match: *`: it exists.
    case exists
    /// `If-None-Match: *`: it does not exist.
    case absent

    /// Throws `preconditionFailed` unless the present revision, nil for no resource, fits.
    func check(_ present: Int?) throws(AdministrationError) {
        let holds =
            switch self {
            case .none: true
            case .revision(let revision): present == revision
            case .exists: present != nil
            case .absent: present == nil
            }
        guard holds else { throw .preconditionFailed(present: present) }
    }
}
