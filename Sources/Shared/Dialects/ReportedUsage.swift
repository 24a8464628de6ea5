import Canonical
import Identity
import Wire

/// The counts of a provider's `usage` object, in its dialect's own convention; nil is missing, null or no count.
struct ReportedUsage: Hashable, Sendable {
    private var input: Int?
    private var output: Int?
    private var total: Int?
    private var cacheRead: Int?
    private var cacheWrite: Int?
    private var reasoning: Int?

    init() {}

    private init(input: Int?, output: Int?, total: Int?, cacheRead: Int?, cacheWrite: Int?, reasoning: Int?) {
        self.input = input
        self.output = output
        self.total = total
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.reasoning = reasoning
    }

    init(_ value: JSONValue, _ dialect: Dialect) {
        for name in UsageName.of(dialect) {
            let object = name.object.map { value[$0.description] } ?? value
            self.set(name.count, object?[name.member.description]?.tokenCount)
        }
    }

    /// Reads the object where it stands, without building its values: every answer has one.
    ///
    /// Nil when `range` holds no object, or one larger than any that reports usage.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>, _ dialect: Dialect) {
        guard range.count <= 64 * 1024, range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
        let names = UsageName.of(dialect)
        var counts = ReportedUsage()
        var told = 0
        let isWhole = JSONMemberWalk.walk(bytes, from: range.lowerBound) { member in
            for (index, name) in names.enumerated()
            where JSONMemberWalk.matches(bytes, member.name, name.object ?? name.member) {
                // Two counts of one kind: neither can be trusted.
                guard told & (1 << index) == 0 else { return false }
                told |= 1 << index
                let value =
                    name.object == nil
                    ? member.value
                    : JSONMemberWalk.value(of: name.member, in: bytes, from: member.value.lowerBound)
                guard let value, value.upperBound <= member.value.upperBound else { continue }
                counts.set(name.count, JSONMemberWalk.tokenCount(bytes, value))
            }
            return true
        }
        guard isWhole else { return nil }
        self = counts
    }

    private mutating func set(_ count: UsageName.Count, _ value: Int?) {
        switch count {
        case .input: self.input = value
        case .output: self.output = value
        case .total: self.total = value
        case .cacheRead: self.cacheRead = value
        case .cacheWrite: self.cacheWrite = value
        case .reasoning: self.reasoning = value
        }
    }

    /// The same as the beginning of a Messages stream tells it, whose output is a number that only holds its place.
    var beforeOutput: ReportedUsage {
        var before = self
        before.output = nil
        return before
    }

    /// Later reports of a stream are cumulative; what they do not name, or name as nothing, stands as it was told before.
    mutating func update(with later: ReportedUsage) {
        func last(_ count: KeyPath<ReportedUsage, Int?>) -> Int? {
            guard let new = later[keyPath: count], new > 0 else { return self[keyPath: count] ?? later[keyPath: count] }
            return new
        }
        self = ReportedUsage(
            input: last(\.input),
            output: last(\.output),
            total: last(\.total),
            cacheRead: last(\.cacheRead),
            cacheWrite: last(\.cacheWrite),
            reasoning: last(\.reasoning)
        )
    }

    /// The same in the convention of all dialects.
    func tokenUsage(_ dialect: Dialect) -> TokenUsage {
        let input: Int? =
            switch dialect {
            case .openAIChat, .openAIResponses: self.input
            // Messages leaves out of `input_tokens` what was read from and written to the cache.
            case .anthropicMessages: self.input.map { $0 + (self.cacheRead ?? 0) + (self.cacheWrite ?? 0) }
            }
        return TokenUsage(
            input: input,
            output: self.output.map { $0 + self.reasoningBeside(output: $0, input: input) },
            cachedInput: self.cacheRead,
            cacheWrite: self.cacheWrite,
            reasoning: self.reasoning
        )
    }

    /// The reasoning that a provider counts beside its output instead of in it, as xAI does: its total says so.
    private func reasoningBeside(output: Int, input: Int?) -> Int {
        guard let input, let reasoning = self.reasoning, reasoning > 0, let total = self.total else { return 0 }
        return total == input + output + reasoning ? reasoning : 0
    }
}
