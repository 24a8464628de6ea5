import NIOCore

/// Writes response heads as bytes: a handful of lines that are ours, known to hold no line end.
enum ResponseHead {
    enum Body {
        case length(Int)
        case chunked
        /// For HTTP/1.0 callers: the end of the connection ends the body.
        case untilClose
    }

    static func write(
        to buffer: inout ByteBuffer,
        status: Int,
        contentType: StaticString?,
        body: Body,
        requestID: String,
        date: String,
        keepsAlive: Bool,
        minorVersion: Int,
        extra: [(StaticString, String)] = []
    ) {
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(status))
        buffer.writeStaticString(" ")
        buffer.writeStaticString(ResponseHead.reason(status))
        buffer.writeStaticString("\r\nx-request-id: ")
        buffer.writeString(requestID)
        buffer.writeStaticString("\r\ndate: ")
        buffer.writeString(date)
        if let contentType {
            buffer.writeStaticString("\r\ncontent-type: ")
            buffer.writeStaticString(contentType)
        }
        switch body {
        case .length(let length):
            buffer.writeStaticString("\r\ncontent-length: ")
            buffer.writeString(String(length))
        case .chunked: buffer.writeStaticString("\r\ntransfer-encoding: chunked")
        case .untilClose: break
        }
        for (name, value) in extra {
            buffer.writeStaticString("\r\n")
            buffer.writeStaticString(name)
            buffer.writeStaticString(": ")
            buffer.writeString(value)
        }
        if !keepsAlive {
            buffer.writeStaticString("\r\nconnection: close")
        } else if minorVersion == 0 {
            buffer.writeStaticString("\r\nconnection: keep-alive")
        }
        buffer.writeStaticString("\r\n\r\n")
    }

    private static func reason(_ status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 417: "Expectation Failed"
        case 422: "Unprocessable Content"
        case 426: "Upgrade Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "Status"
        }
    }
}
