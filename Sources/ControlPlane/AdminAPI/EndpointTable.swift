import HTTPTypes

/// All endpoints, found by path and method.
struct EndpointTable: Sendable {
    enum Match: Sendable {
        case found(AdminEndpoint, parameters: [String: String])
        /// The path is there with other methods, sorted.
        case otherMethods([String])
        case notFound
    }

    let endpoints: [AdminEndpoint]

    func find(_ method: HTTPRequest.Method, _ path: String) -> Match {
        var methods: Set<String> = []
        for endpoint in self.endpoints {
            guard let parameters = endpoint.path.match(path) else { continue }
            if endpoint.method == method { return .found(endpoint, parameters: parameters) }
            methods.insert(endpoint.method.rawValue)
        }
        return methods.isEmpty ? .notFound : .otherMethods(methods.sorted())
    }
}
