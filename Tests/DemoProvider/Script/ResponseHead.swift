/// The status line and header fields of an answer, as bytes of our own making, so that a fault can break them.
struct ResponseHead: Hashable, Sendable {
    var status: Int
    var fields: [(name: String, value: String)] = []

    static func == (left: ResponseHead, right: ResponseHead) -> Bool { left.bytes == right.bytes }

    func hash(into hasher: inout Hasher) { hasher.combine(self.bytes) }

    var bytes: [UInt8] {
        var text = "HTTP/1.1 \(self.status) \(ResponseHead.reason(self.status))\r\n"
        for field in self.fields { text += "\(field.name): \(field.value)\r\n" }
        return Array((text + "\r\n").utf8)
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 307: "Temporary Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 413: "Content Too Large"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "Status"
        }
    }
}
