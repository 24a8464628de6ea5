/// The parts of an absolute URL (RFC 3986) that a setting is checked for.
struct URLText {
    /// There is a user, a password or both before the host.
    let hasCredentials: Bool

    init(_ text: String, schemes: [String]) throws(SettingRefusal) {
        let choices = schemes.map { "\($0)://" }.joined(separator: " or ")
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw SettingRefusal("must be a URL without white space")
        }
        guard let scheme = schemes.first(where: { text.lowercased().hasPrefix("\($0)://") }) else {
            throw SettingRefusal("must begin with \(choices)")
        }
        let rest = text.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let at = authority.lastIndex(of: "@")
        let hosts = at.map { authority[authority.index(after: $0)...] } ?? authority
        guard !hosts.isEmpty else { throw SettingRefusal("must name a host") }
        // Several hosts are libpq's; every other scheme has one, which this leaves as it is.
        for host in hosts.split(separator: ",", omittingEmptySubsequences: false) {
            guard !host.isEmpty, !host.hasPrefix(":") else { throw SettingRefusal("must name a host") }
            let afterName = host.hasPrefix("[") ? host.drop { $0 != "]" }.dropFirst() : host.drop { $0 != ":" }
            guard host.hasPrefix("[") == host.contains("]") else {
                throw SettingRefusal("must have a well-formed host")
            }
            guard !afterName.isEmpty else { continue }
            guard afterName.hasPrefix(":"), let port = Int(afterName.dropFirst()), (1...65_535).contains(port) else {
                throw SettingRefusal("must have a port between 1 and 65535")
            }
        }
        self.hasCredentials = at != nil
    }
}
