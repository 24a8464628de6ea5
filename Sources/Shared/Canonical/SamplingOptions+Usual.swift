package import Wire

extension SamplingOptions {
    /// Whether a value asks for what a model does anyway, so that nothing is lost with it.
    ///
    /// Temperature and `top_p` of 1, penalties of 0, and a `top_k` that leaves nothing out.
    package static func isUsual(_ value: JSONNumber, of part: RequestPart) -> Bool {
        guard let number = value.double else { return false }
        return switch part {
        case .temperature, .topP: number == 1
        case .frequencyPenalty, .presencePenalty: number == 0
        case .topK: number <= 0
        default: false
        }
    }
}

extension LossReport {
    /// Drops the values that are there and not usual: a dialect has no member for them.
    package mutating func dropUnusual(_ values: [(part: RequestPart, value: JSONNumber?)]) {
        for case (let part, let value?) in values where !SamplingOptions.isUsual(value, of: part) { self.drop(part) }
    }
}
