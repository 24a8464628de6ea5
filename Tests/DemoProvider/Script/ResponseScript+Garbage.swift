extension ResponseScript {
    /// An answer that no caller should believe; nil when `directives` ask for none of these.
    static func garbage(_ directives: Directives, fields: [(String, String)]) -> ResponseScript? {
        switch directives["garbage"] {
        case "html":
            return .whole(
                status: 200,
                body: Array("<html><body><h1>It works!</h1></body></html>\n".utf8),
                contentType: "text/html",
                fields: fields,
                directives: directives
            )
        case "json":
            let body = #"{"id":7,"object":[],"choices":{"0":null},"content":"no","output":42,"usage":"many"}"#
            return .whole(status: 200, body: Array(body.utf8), fields: fields, directives: directives)
        case "truncated":
            return .whole(
                status: 200,
                body: Array(#"{"id":"x","choices":["#.utf8),
                fields: fields,
                directives: directives
            )
        case "status":
            return .raw("HTTP/1.1 banana split\r\nserver: demo\r\n\r\nhello", directives: directives)
        case "headers":
            let filler = String(repeating: "a", count: 5 << 20)
            return .raw("HTTP/1.1 200 OK\r\nx-filler: \(filler)\r\ncontent-length: 2\r\n\r\n{}", directives: directives)
        default: return nil
        }
    }

    private static func raw(_ text: String, directives: Directives) -> ResponseScript {
        var script = ResponseScript(status: 200, directives: directives)
        script.steps = [.write(Array(text.utf8)), .close(reset: false)]
        script.keepsAlive = false
        return script
    }
}
