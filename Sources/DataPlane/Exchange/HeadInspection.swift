package import Dialects

/// Judges a request head before anything of its body is read: its framing first, then what it asks for.
package enum HeadInspection {
    /// The most that a request body may have.
    package static let maximumBodyBytes = 64 * 1024 * 1024

    package enum Verdict: Hashable, Sendable {
        /// Answer the error. `closes`: what follows on the connection cannot be told apart from an attack.
        case refuse(CallerError, closes: Bool)
        case proceed
    }

    /// Refuses heads that the parser lets through but that another parser in front or behind could read
    /// otherwise (RFC 9112 §3.2, §6.1; RFC 9110 §7.2).
    package static func framing(_ facts: HeadFacts) -> Verdict {
        func refuse(_ message: String) -> Verdict { .refuse(Refusal.invalidFraming(message), closes: true) }
        guard facts.method != "CONNECT" else { return refuse("CONNECT is not served here") }
        // HTTP/1.0 knows no Host; what asks without one is a probe, and harmless.
        guard facts.hosts.count == 1 || (facts.hosts.isEmpty && facts.minorVersion == 0) else {
            return refuse(facts.hosts.isEmpty ? "the Host header is missing" : "there is more than one Host header")
        }
        guard facts.hosts.allSatisfy(HeadInspection.isHost) else { return refuse("the Host header is malformed") }
        if !facts.transferEncodings.isEmpty {
            guard facts.minorVersion >= 1 else { return refuse("HTTP/1.0 has no Transfer-Encoding") }
            guard facts.transferEncodings.count == 1, facts.transferEncodings[0].lowercased() == "chunked" else {
                return refuse("the only Transfer-Encoding accepted is chunked")
            }
            guard facts.contentLength == nil else {
                return refuse("Content-Length and Transfer-Encoding exclude each other")
            }
        }
        return HeadInspection.target(facts)
    }

    /// Checks what the head asks for besides who asks: method, body size and form.
    package static func form(_ facts: HeadFacts, endpoint: Endpoint) -> Verdict {
        // Before the method: a WebSocket is asked for with GET, and agents fall back to HTTP at once on 426 only. What
        // else is offered may be ignored (RFC 9110 §7.8): clients offer HTTP/2 with every request.
        if facts.method == "GET", facts.upgrades.contains("websocket") {
            return .refuse(Refusal.upgradeRequired, closes: false)
        }
        guard endpoint.methods.contains(facts.method) else {
            return .refuse(Refusal.methodNotAllowed(endpoint.methods), closes: false)
        }
        guard facts.expectations.allSatisfy({ $0.lowercased() == "100-continue" }) else {
            return .refuse(Refusal.expectationFailed, closes: true)
        }
        if let length = facts.contentLength, length > HeadInspection.maximumBodyBytes {
            return .refuse(Refusal.requestTooLarge, closes: true)
        }
        guard endpoint.takesBody else { return .proceed }
        guard facts.contentEncodings.allSatisfy({ $0.isEmpty || $0.lowercased() == "identity" }) else {
            return .refuse(Refusal.unsupportedEncoding, closes: false)
        }
        guard facts.contentTypes.allSatisfy(HeadInspection.isJSON) else {
            return .refuse(Refusal.unsupportedMediaType, closes: false)
        }
        return .proceed
    }

    private static func target(_ facts: HeadFacts) -> Verdict {
        if facts.target.hasPrefix("/") {
            guard !facts.target.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7f || $0 == UInt8(ascii: "#") }) else {
                return .refuse(Refusal.invalidFraming("the request target is malformed"), closes: true)
            }
            return .proceed
        }
        if facts.target == "*", facts.method == "OPTIONS" { return .proceed }
        // The absolute form is for proxies; a Host that says otherwise is an attempt to be read in two ways.
        return .refuse(Refusal.invalidFraming("the request target must be a path"), closes: true)
    }

    private static func isHost(_ host: String) -> Bool {
        (1...261).contains(host.utf8.count)
            && host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: ".-_:[]".utf8.contains(byte)
                }
            }
    }

    /// `application/json`, any `+json`, with parameters; also nothing in particular, as curl without `-H` says
    /// `application/x-www-form-urlencoded` and means JSON no less.
    private static func isJSON(_ contentType: String) -> Bool {
        // As nearly every client writes it.
        if contentType == "application/json" { return true }
        let type = contentType.prefix { $0 != ";" }.trimmed().lowercased()
        return type == "application/json" || type == "text/json" || type.hasSuffix("+json")
            || type == "application/x-www-form-urlencoded" || type == "application/octet-stream"
            || type == "text/plain" || type.isEmpty
    }
}

extension Substring {
    fileprivate func trimmed() -> Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
