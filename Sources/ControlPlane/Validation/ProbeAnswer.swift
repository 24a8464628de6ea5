package import Canonical
import Catalog
import Contract
import Dialects
import Identity
import Wire

/// What came back from a provider, read by the codecs that read the answers to callers.
package struct ProbeAnswer: Sendable {
    package let verdict: ProbeVerdict
    /// What was said, as far as anything was; untrusted.
    package let text: String
    package let usage: TokenUsage

    /// What nobody bills: what never arrived, and what was refused by its status.
    package static let nothing = TokenUsage(input: 0, output: 0)

    /// What it counts of the tokens that probes may cost the provider in a day; who does not tell is charged what a
    /// probe costs at most.
    package var cost: Int {
        self.usage.isReported ? (self.usage.input ?? 0) + (self.usage.output ?? 0) : ProbeSpend.untold
    }

    package init(_ verdict: ProbeVerdict, text: String = "", usage: TokenUsage = TokenUsage()) {
        self.verdict = verdict
        self.text = text
        self.usage = usage
    }

    /// Reads and judges an answer to `request`; `body` is whatever came.
    package init(status: Int, body: [UInt8], to request: ProbeRequest) {
        guard body.count <= Probe.maximumAnswerBytes else {
            let usage = (200..<300).contains(status) ? TokenUsage() : ProbeAnswer.nothing
            self.init(.failed(.tooLarge), text: ProbeAnswer.text(body), usage: usage)
            return
        }
        switch status {
        case 200..<300: break
        case 400, 413, 415, 422:
            let verdict: ProbeVerdict =
                ProbeAnswer.isAboutAccount(body)
                ? .inconclusive("the provider refused the account or the model, not the request")
                : .failed(.rejected)
            self.init(verdict, text: ProbeAnswer.text(body), usage: ProbeAnswer.nothing)
            return
        case 403 where ProbeAnswer.isAboutImages(body, of: request),
            404 where ProbeAnswer.isAboutImages(body, of: request):
            self.init(.failed(.rejected), text: ProbeAnswer.text(body), usage: ProbeAnswer.nothing)
            return
        case 401, 403:
            self.init(
                .inconclusive("the provider refused the credential (status \(status))"),
                usage: ProbeAnswer.nothing
            )
            return
        case 429:
            self.init(
                .inconclusive("the provider is out of capacity or quota (status 429)"),
                usage: ProbeAnswer.nothing
            )
            return
        default:
            self.init(.inconclusive("the provider answered with status \(status)"), usage: ProbeAnswer.nothing)
            return
        }
        do throws(AnswerProblem) {
            let answer = try ProbeAnswer.read(body, of: request)
            self.init(request.judge(answer), text: answer.words, usage: answer.usage)
        } catch {
            let verdict: ProbeVerdict =
                switch error.failure {
                case .reported: .inconclusive("the provider reported an error in its answer")
                case .garbage: .failed(.garbage)
                case .truncated: .failed(.truncated)
                case .tooLarge: .failed(.tooLarge)
                }
            self.init(verdict, text: ProbeAnswer.text(body))
        }
    }

    private static func text(_ body: [UInt8]) -> String { String(decoding: body.prefix(4096), as: UTF8.self) }

    /// Whether a refusal speaks of money, keys or names: some providers tell all of them with a 400.
    private static func isAboutAccount(_ body: [UInt8]) -> Bool {
        let text = ProbeAnswer.text(body).lowercased()
        return [
            "credit balance", "billing", "quota", "api key", "api_key", "model_not_found", "model not found",
            "does not exist",
        ].contains { text.contains($0) }
    }

    /// Whether a refusal speaks of images, as of brokers none of whose providers takes them any more:
    /// "No endpoints found that support image input" is a 404.
    ///
    /// The name of the model says nothing: many have "vision" in it.
    private static func isAboutImages(_ body: [UInt8], of request: ProbeRequest) -> Bool {
        guard request.case.needsProof, !ProbeAnswer.isAboutAccount(body) else { return false }
        var text = ProbeAnswer.text(body).lowercased()
        if let model = request.encoded.body["model"]?.stringValue, !model.isEmpty {
            text.replace(model.lowercased(), with: "")
        }
        return ["image", "vision", "modalit", "multimodal"].contains { text.contains($0) }
    }

    private static func read(_ body: [UInt8], of request: ProbeRequest) throws(AnswerProblem) -> ModelResponse {
        if request.isStreamed { return try ProbeAnswer.readStream(body, request.dialect) }
        guard let value = try? JSONReader.read(body, maximumValues: 100_000) else { throw AnswerProblem(.garbage) }
        return switch request.dialect {
        case .openAIChat: try OpenAIChat.decodeAnswer(value)
        case .openAIResponses: try OpenAIResponses.decodeAnswer(value)
        case .anthropicMessages: try AnthropicMessages.decodeAnswer(value)
        }
    }

    private static func readStream(_ body: [UInt8], _ dialect: Dialect) throws(AnswerProblem) -> ModelResponse {
        var decoder: any DialectStreamDecoder =
            switch dialect {
            case .openAIChat: OpenAIChatStreamDecoder()
            case .openAIResponses: OpenAIResponsesStreamDecoder()
            case .anthropicMessages: AnthropicMessagesStreamDecoder()
            }
        var steps: [ModelEvent] = []
        var boundary = ServerSentEventBoundary()
        var start = 0
        while let end = boundary.next(in: body.span, from: start) {
            decoder.decode(ServerSentEvent(lines: body.span.extracting(start..<end)), into: &steps)
            start = end
        }
        decoder.end(into: &steps)
        for case .failed(let failure) in steps { throw AnswerProblem(failure) }
        guard let answer = ModelResponse(folding: steps) else { throw AnswerProblem(.truncated) }
        return answer
    }
}

extension ModelResponse {
    /// What it says in words, or what it calls where it says nothing.
    var words: String {
        let said = self.blocks.map { block in
            switch block {
            case .text(let text): text.text.string
            case .refusal(let text): text
            case .toolCall(let call): "\(call.name.name)(\(call.arguments.string))"
            case .image, .file, .reasoning, .toolResult, .hosted: ""
            }
        }
        return said.filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
