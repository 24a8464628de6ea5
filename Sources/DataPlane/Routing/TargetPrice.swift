/// What a target costs, in millionths of a US dollar per million tokens; nil is unknown, 0 is free.
package struct TargetPrice: Hashable, Sendable {
    package let input: Int?
    package let output: Int?

    package init(input: Int?, output: Int?) {
        self.input = input
        self.output = output
    }

    /// What a request of this size would cost, in millionths of millionths of a dollar; nil when a part is unknown.
    func cost(inputTokens: Int, outputTokens: Int) -> Double? {
        guard let input = self.input, let output = self.output else { return nil }
        return Double(input) * Double(inputTokens) + Double(output) * Double(outputTokens)
    }
}
