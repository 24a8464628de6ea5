import CurlTransport
import Testing

/// Who is believed to be the upstream.
@Suite(.inEveryHabitat, .timeLimit(.minutes(1))) struct TLSTests {
    @Test func `only a certificate of a known authority and the right name is trusted`() async throws {
        let server = try TLSServer()
        let reactor = try await Habitat.reactor(configuration: ReactorConfiguration(idleHandleLimit: 1))
        var request = TransferRequest(method: .get, url: "https://localhost:\(server.port)/")
        // In turn, since one handle serves them all: what one request trusts must not reach the next.
        for _ in 0..<2 {
            request.certificateAuthorities = nil
            let unknown = await reactor.run(request)
            #expect(unknown.failure == .tlsFailed)
            #expect(unknown.timings?.requestMayHaveBeenSent == false)
            request.certificateAuthorities = server.certificate
            let known = await reactor.run(request)
            #expect(known.failure == nil)
            #expect(known.head?.status == 200)
            #expect(known.text.contains("TLSv1.3"))
            let misnamed = await reactor.run(
                TransferRequest(
                    method: .get,
                    url: "https://127.0.0.1:\(server.port)/",
                    certificateAuthorities: server.certificate
                )
            )
            #expect(misnamed.failure == .tlsFailed)
        }
        request.certificateAuthorities = "/nowhere/at/all.pem"
        #expect(await reactor.run(request).failure == .invalidRequest)
    }
}
