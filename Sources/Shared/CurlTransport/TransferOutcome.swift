import CLibcurl

/// How libcurl says a transfer ended, in this module's words.
enum TransferOutcome: Hashable, Sendable {
    case completed
    case failed(TransferFailure)

    /// What else is known when libcurl gives its code.
    struct Evidence: Hashable, Sendable {
        /// A connection was there and libcurl began to send on it.
        var wasDispatched: Bool
        /// The chunked coding of the answer made no sense.
        var chunkingWasBroken: Bool
    }

    init(_ code: CURLcode, _ evidence: Evidence) {
        guard code != CURLE_OK else {
            self = .completed
            return
        }
        self = .failed(evidence.wasDispatched ? Self.failureInExchange(code, evidence) : Self.failureBefore(code))
    }

    /// No byte of the request went out.
    private static func failureBefore(_ code: CURLcode) -> TransferFailure {
        switch code {
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED, CURLE_BAD_FUNCTION_ARGUMENT,
            CURLE_SSL_CACERT_BADFILE:
            .invalidRequest
        case CURLE_OPERATION_TIMEDOUT: .connectTimeout
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .resolveFailed
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_CLIENTCERT, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_SHUTDOWN_FAILED, CURLE_USE_SSL_FAILED:
            .tlsFailed
        default: .connectFailed
        }
    }

    private static func failureInExchange(_ code: CURLcode, _ evidence: Evidence) -> TransferFailure {
        switch code {
        case CURLE_PARTIAL_FILE: .cutShort
        case CURLE_SEND_ERROR, CURLE_SEND_FAIL_REWIND, CURLE_READ_ERROR: .sendFailed
        // libcurl keeps a line of at most 100 KiB, and Debian's build heads of at most 300 KiB.
        case CURLE_OUT_OF_MEMORY: .headersTooLarge
        case CURLE_RECV_ERROR: evidence.chunkingWasBroken ? .badResponse : .receiveFailed
        // The last: the callback refused to let libcurl send the request a second time.
        case CURLE_GOT_NOTHING, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_ABORTED_BY_CALLBACK: .receiveFailed
        // The lookup or the connection that was to replace a dead one.
        case CURLE_OPERATION_TIMEDOUT: .connectTimeout
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .resolveFailed
        case CURLE_COULDNT_CONNECT: .connectFailed
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION: .tlsFailed
        // No HTTP, HTTP/0.9, a broken status line, length or coding.
        default: .badResponse
        }
    }
}
