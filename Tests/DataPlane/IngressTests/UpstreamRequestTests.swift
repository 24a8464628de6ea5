import Testing

@testable import Ingress

@Suite struct UpstreamRequestTests {
    @Test(arguments: [
        ("https://a.example/v1/messages", "https://a.example/v1/messages/count_tokens"),
        ("https://a.example/m?api-version=1&b=/c", "https://a.example/m/count_tokens?api-version=1&b=/c"),
    ])
    func `what is asked for behind a path stands before its query`(_ url: String, _ longer: String) {
        #expect(UpstreamRequest.url(url, pathSuffix: "/count_tokens") == longer)
        #expect(UpstreamRequest.url(url, pathSuffix: "") == url)
    }
}
