/// The path of an endpoint: fixed segments and `{named}` ones, as OpenAPI writes it.
struct PathTemplate: Hashable, Sendable {
    private enum Segment: Hashable, Sendable {
        case fixed(String)
        case parameter(String)
    }

    let text: String
    private let segments: [Segment]

    init(_ text: String) {
        self.text = text
        self.segments = PathTemplate.split(text).map { segment in
            segment.hasPrefix("{") ? .parameter(String(segment.dropFirst().dropLast())) : .fixed(String(segment))
        }
    }

    var parameterNames: [String] {
        self.segments.compactMap { segment in
            if case .parameter(let name) = segment { name } else { nil }
        }
    }

    /// The parameters when the path fits, else nil.
    ///
    /// Paths are compared byte by byte: a name never needs an escape, so that none is read.
    func match(_ path: String) -> [String: String]? {
        let parts = PathTemplate.split(path)
        guard parts.count == self.segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, part) in zip(self.segments, parts) {
            switch segment {
            case .fixed(let text): if part != text { return nil }
            case .parameter(let name):
                guard !part.isEmpty else { return nil }
                parameters[name] = String(part)
            }
        }
        return parameters
    }

    private static func split(_ path: String) -> [Substring] {
        path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    }
}
