import Wire

extension JSONValue {
    /// A number with at most `digits` decimals; null for what is no finite number.
    static func rounded(_ value: Double, _ digits: Int) -> JSONValue {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        return JSONNumber((value * scale).rounded() / scale).map { .number($0) } ?? .null
    }
}
