import Dialects
import Exchange
import NIOCore
import Wire

/// An error as an HTTP answer.
enum ErrorAnswer {
    static func body(_ error: CallerError, envelope: ErrorEnvelope, requestID: String) -> ByteBuffer {
        ByteBuffer(bytes: JSONWriter.write(envelope.body(of: error, requestID: requestID)))
    }

    static func headers(_ error: CallerError) -> [(StaticString, String)] {
        var headers: [(StaticString, String)] = []
        if let seconds = error.retryAfter { headers.append(("retry-after", String(seconds))) }
        if let shouldRetry = error.shouldRetry { headers.append(("x-should-retry", shouldRetry ? "true" : "false")) }
        if error.status == 401 { headers.append(("www-authenticate", "Bearer")) }
        // What these statuses must or should be sent with (RFC 9110 §15.5.6, §15.5.16, §15.5.22).
        if !error.allowedMethods.isEmpty { headers.append(("allow", error.allowedMethods.joined(separator: ", "))) }
        if error == Refusal.unsupportedEncoding { headers.append(("accept-encoding", "identity")) }
        if error == Refusal.upgradeRequired { headers += [("upgrade", "HTTP/1.1"), ("connection", "upgrade")] }
        return headers
    }
}
