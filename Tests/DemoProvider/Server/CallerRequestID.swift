import NIOHTTP1

/// The caller's own name for a request.
enum CallerRequestID {
    private static let fields = ["x-request-id", "x-client-request-id", "request-id", "x-correlation-id"]

    /// The first of the usual header fields, cut to 128 characters; nil when there is none.
    static func find(in headers: HTTPHeaders) -> String? {
        for field in self.fields {
            if let value = headers.first(name: field) { return String(value.prefix(128)) }
        }
        return nil
    }
}
