import CLibcurl
import Testing

@testable import CurlTransport

@Suite struct TransferOutcomeTests {
    private func outcome(_ code: CURLcode, dispatched: Bool, chunking: Bool = false) -> TransferOutcome {
        TransferOutcome(
            code,
            TransferOutcome.Evidence(wasDispatched: dispatched, chunkingWasBroken: chunking)
        )
    }

    @Test func `one code means different things before and after the request was sent`() {
        #expect(self.outcome(CURLE_OK, dispatched: false) == .completed)
        #expect(self.outcome(CURLE_UNSUPPORTED_PROTOCOL, dispatched: false) == .failed(.invalidRequest))
        #expect(self.outcome(CURLE_UNSUPPORTED_PROTOCOL, dispatched: true) == .failed(.badResponse))
        #expect(self.outcome(CURLE_RECV_ERROR, dispatched: false) == .failed(.connectFailed))
        #expect(self.outcome(CURLE_RECV_ERROR, dispatched: true) == .failed(.receiveFailed))
        #expect(self.outcome(CURLE_RECV_ERROR, dispatched: true, chunking: true) == .failed(.badResponse))
        #expect(self.outcome(CURLE_OUT_OF_MEMORY, dispatched: true) == .failed(.headersTooLarge))
    }

    @Test func `every code of libcurl has a meaning`() {
        for number in 1..<UInt32(CURL_LAST.rawValue) {
            for dispatched in [false, true] {
                #expect(self.outcome(CURLcode(number), dispatched: dispatched) != .completed)
            }
        }
    }
}
