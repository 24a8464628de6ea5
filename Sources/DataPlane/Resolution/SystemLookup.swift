package import Addresses
import Glibc

/// The system's own way from a name to addresses; it blocks.
package enum SystemLookup {
    /// The name with the dot at its end that keeps the system's search domains from it; a provider has others.
    static func complete(_ name: String) -> String { name.hasSuffix(".") ? name : name + "." }

    /// All addresses of a name; empty when there is none, or the name servers do not answer.
    package static func addresses(of name: String) -> [NetworkAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        // One answer for each address instead of one for each kind of socket.
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(name, nil, &hints, &first) == 0 else { return [] }
        defer { unsafe freeaddrinfo(first) }
        var addresses: [NetworkAddress] = []
        var next = unsafe first
        while let entry = unsafe next {
            if let address = unsafe SystemLookup.address(entry.pointee) { addresses.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        return addresses
    }

    private static func address(_ entry: addrinfo) -> NetworkAddress? {
        guard let socket = unsafe UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch unsafe entry.ai_family {
        case AF_INET where unsafe Int(entry.ai_addrlen) >= MemoryLayout<sockaddr_in>.size:
            let address = unsafe socket.loadUnaligned(as: sockaddr_in.self).sin_addr
            return unsafe withUnsafeBytes(of: address) { unsafe NetworkAddress(bytes: Array($0)) }
        case AF_INET6 where unsafe Int(entry.ai_addrlen) >= MemoryLayout<sockaddr_in6>.size:
            let address = unsafe socket.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return unsafe withUnsafeBytes(of: address) { unsafe NetworkAddress(bytes: Array($0)) }
        default: return nil
        }
    }
}
