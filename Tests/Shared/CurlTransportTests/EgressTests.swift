import CurlTransport
import NIOCore
import Testing

@Suite struct EgressTests {
    private func request(publicOnly: Bool) -> TransferRequest {
        TransferRequest(method: .post, url: "https://provider.example/v1", publicOnly: publicOnly)
    }

    @Test func `a provider at public addresses is asked by the proxy`() {
        let egress = Egress(proxy: "http://proxy.internal:3128", certificateAuthorities: "/ca.pem")
        let request = egress.applied(to: self.request(publicOnly: true))
        #expect(request.proxy == "http://proxy.internal:3128")
        #expect(request.certificateAuthorities == "/ca.pem")
        // The proxy's own address is a private one as a rule.
        #expect(!request.publicOnly)
    }

    @Test func `a provider that may be in the private network is asked directly`() {
        let egress = Egress(proxy: "http://proxy.internal:3128", certificateAuthorities: "/ca.pem")
        let request = egress.applied(to: self.request(publicOnly: false))
        #expect(request.proxy == nil && request.certificateAuthorities == "/ca.pem")
    }

    @Test func `without settings nothing changes`() {
        let request = Egress().applied(to: self.request(publicOnly: true))
        #expect(request.proxy == nil && request.certificateAuthorities == nil && request.publicOnly)
    }
}
