import Addresses
import Testing

@Suite struct NetworkAddressTests {
    @Test(arguments: [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
        "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "[::]", "[::1]", "[::7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:a9fe:a9fe]", "[::ffff:0:127.0.0.1]",
        "[64:ff9b::169.254.169.254]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001::1]",
        "[2001:0:1:2:3:4:5:6]", "[2001:db8::1]", "[2001:20::1]", "[3fff::1]", "[100::1]", "[fc00::1]",
        "[fd00:ec2::254]",
        "[fe80::1]", "[fec0::1]", "[ff02::1]", "[5f00::1]", "[4000::1]", "[200::1]",
    ])
    func `a special address is not public`(_ text: String) throws {
        guard case .address(let address) = NetworkAddress.Host(text) else {
            Issue.record("\(text) is no address")
            return
        }
        #expect(!address.isPublic)
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.1", "128.0.0.1", "169.253.0.1",
        "172.15.0.1", "172.32.0.1", "192.0.1.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "[2606:4700::1111]",
        "[2a00:1450:4001:80b::200e]", "[::ffff:1.1.1.1]", "[64:ff9b::1.1.1.1]", "[2002:101:101::1]",
    ])
    func `an ordinary address is public`(_ text: String) throws {
        guard case .address(let address) = NetworkAddress.Host(text) else {
            Issue.record("\(text) is no address")
            return
        }
        #expect(address.isPublic)
    }

    @Test(arguments: [
        "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "127.0.0.01", "1.2.3.4.5",
        "256.1.1.1", "1..2", "127.0.0.0x1", "[::1%eth0]", "[::1", "[1:2:3]", "[::ffff:127.1]", "[:::]", "..",
        "1.2.3.4..",
    ])
    func `an address in disguise is no host`(_ text: String) {
        #expect(NetworkAddress.Host(text) == .malformed)
    }

    @Test(arguments: [
        ("localhost", true), ("localhost.", true), ("a.localhost", true), ("printer", true), ("db.internal", true),
        ("nas.local", true), ("1.0.0.127.in-addr.arpa", true), ("example.com", false), ("example.com.", false),
        ("1e100.net", false), ("0x.example", false),
    ])
    func `a name is local or not`(_ text: String, _ isLocal: Bool) {
        #expect(NetworkAddress.Host(text) == .name(isLocal: isLocal))
    }
}
