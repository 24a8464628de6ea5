import Canonical
import Contract
import Dialects
import Wire

extension ProbeRequest {
    /// How many scalars of an answer are looked at for what it has to say.
    private static let examined = 4000
    /// The most characters that a token stands for in plain English words, with room to spare.
    private static let charactersPerToken = 10

    /// What an answer that could be read says of the capability.
    func judge(_ answer: ModelResponse) -> ProbeVerdict {
        let problem = self.problem(of: answer)
        guard let problem else { return .passed }
        switch answer.stop {
        case .refusal, .contentFilter: return .failed(.refused)
        case .maximumTokens where self.case != .maxTokensHonored, .contextFull:
            return .inconclusive("the answer was cut by its cap")
        case .endTurn, .stopSequence, .maximumTokens, .toolCalls, .pause: return problem
        }
    }

    /// Nil for an answer that shows what it should.
    private func problem(of answer: ModelResponse) -> ProbeVerdict? {
        let calls = answer.blocks.compactMap { block in
            if case .toolCall(let call) = block { call } else { nil }
        }
        switch self.case {
        case .text, .stream, .toolResultTurn: return self.isSaid(in: answer.words) ? nil : .failed(.wrongAnswer)
        case .imageURL, .imageInline, .imageInToolResult:
            return self.isSaid(in: answer.words) ? nil : .failed(.misread)
        case .usageReported:
            return (answer.usage.input ?? 0) > 0 && (answer.usage.output ?? 0) > 0 ? nil : .failed(.noUsage)
        case .tools, .forcedTool:
            guard let call = calls.first(where: { $0.name.name == ProbeRequest.tool }) else {
                return .failed(.noToolCall)
            }
            return self.fits(call.arguments) ? nil : .failed(.badArguments)
        case .parallelTools:
            guard !calls.isEmpty else { return .failed(.noToolCall) }
            return Set(ProbeRequest.pair).isSubset(of: calls.map(\.name.name)) ? nil : .failed(.callsMissing)
        case .structuredOutput:
            // Where the dialect is not told a schema, a tool stands for it.
            let emulated = calls.first { $0.name.name == self.encoded.outputTool }?.arguments
            return self.fits(emulated ?? JSONText(answer.words)) ? nil : .failed(.badStructure)
        case .maxTokensHonored: return self.excess(of: answer)
        case .reasoning:
            let isThere = answer.blocks.contains { block in if case .reasoning = block { true } else { false } }
            return isThere || (answer.usage.reasoning ?? 0) > 0 ? nil : .failed(.noReasoning)
        }
    }

    private func excess(of answer: ModelResponse) -> ProbeVerdict? {
        let cap = ProbeRequest.shortCap
        if answer.words.unicodeScalars.count > cap * ProbeRequest.charactersPerToken { return .failed(.capIgnored) }
        if let output = answer.usage.output, output > cap { return .failed(.capIgnored) }
        return answer.stop == .maximumTokens ? nil : .inconclusive("the answer ended before its cap")
    }

    /// Whether what is expected is said in its order, whatever stands between.
    private func isSaid(in text: String) -> Bool {
        var rest = ProbeRequest.plain(text)[...]
        for expected in self.expected {
            guard let found = rest.firstRange(of: ProbeRequest.plain(expected)) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }

    /// Letters and digits only, in upper case: models put words in quotes, lines and lists.
    private static func plain(_ text: String) -> [UInt8] {
        text.unicodeScalars.prefix(ProbeRequest.examined).compactMap { scalar in
            switch scalar {
            case "A"..."Z", "0"..."9": UInt8(ascii: scalar)
            case "a"..."z": UInt8(ascii: scalar) - 0x20
            default: nil
            }
        }
    }

    /// Whether JSON text is the object that the probe's schema describes, with the right code.
    private func fits(_ text: JSONText) -> Bool {
        guard text.count <= ProbeRequest.examined, let value = try? JSONReader.read(Array(text.utf8)),
            let object = value.objectValue
        else { return false }
        return object.count == 1 && object["code"]?.stringValue == self.expected.first
    }
}
