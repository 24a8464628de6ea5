import Identity
import NIOCore
import Wire

/// Decides what the provider answers to one request that is read as JSON.
struct Responder {
    let provider: Provider
    let endpoint: Endpoint
    /// What follows `?` in the request's target.
    let query: String
    /// The `anthropic-version` header.
    let version: String?
    /// Whether the caller showed one of the provider's keys.
    let hasKey: Bool

    /// The answer, with what the ledger should know of it filled in.
    ///
    /// `reading` is what was read in the pictures of ``picturesToRead(in:at:)``.
    func script(for body: RequestBody, reading: String? = nil, row: inout LedgerRow) -> ResponseScript {
        let suffix = Responder.suffix(row.sequence)
        let identity = AnswerIdentity(suffix: suffix, created: row.time / 1000)
        row.dialect = self.endpoint.dialect?.rawValue
        if self.endpoint.needsKey, !self.hasKey {
            return self.refusal(ProviderFailure(status: 401, message: "Incorrect API key provided."), suffix: suffix)
        }
        if body.isTooLarge {
            return self.refusal(ProviderFailure(status: 413, message: "The body is too large."), suffix: suffix)
        }
        switch self.endpoint {
        case .answer(let dialect):
            return self.answer(body, dialect: dialect, identity: identity, reading: reading, row: &row)
        case .countTokens: return self.tokenCount(body, suffix: suffix, row: &row)
        case .models: return .plain(status: 200, body: ModelList.json, fields: self.fields(suffix))
        case .health: return .plain(status: 200, body: ["status": "ok"])
        case .ledger: return self.ledgerRows()
        case .counters: return .plain(status: 200, body: self.provider.ledger.counters.json)
        case .clearLedger:
            self.provider.ledger.clear()
            return .plain(status: 200, body: ["status": "ok"])
        case .blind, .openEyes:
            let model = String(self.query.trimmingPrefix("model="))
            if self.endpoint == .blind { self.provider.eyes.blind(model) } else { self.provider.eyes.open(model) }
            return .plain(status: 200, body: ["status": "ok"])
        case .unknown(let status):
            let message = status == 405 ? "The method is not allowed." : "There is nothing at this path."
            return self.refusal(ProviderFailure(status: status, message: message), suffix: suffix)
        }
    }

    private func answer(
        _ body: RequestBody,
        dialect: Dialect,
        identity: AnswerIdentity,
        reading: String?,
        row: inout LedgerRow
    ) -> ResponseScript {
        var prompt: Prompt
        do {
            prompt = try self.prompt(body, dialect: dialect, countsOnly: false)
        } catch {
            return self.refusal(ProviderFailure(error), suffix: identity.suffix)
        }
        let directives = Directives(in: prompt.lastUserText).meant(for: prompt.model)
        row.model = String(prompt.model.prefix(200))
        row.stream = prompt.streams
        row.images = prompt.images.count
        row.tools = prompt.tools.count
        let traits = ModelTraits(prompt.model)
        if traits.refusesImages, prompt.images.count > 0 {
            let failure = ProviderFailure(status: 400, message: "This model does not support image inputs.")
            return self.refusal(failure, suffix: identity.suffix)
        }
        if prompt.asksForReading, prompt.images.count > 0, traits.claimsToRead {
            prompt.reading = reading ?? Eyes.guess
        }
        if traits.ignoresCap { prompt.outputLimit = nil }
        if traits.makesOneCall { prompt.allowsParallelCalls = false }
        let fields = self.fields(identity.suffix)
        if let status = directives.int("status"), status >= 300, status < 1000 {
            let failure = ProviderFailure(status: status, directives: directives, dialect: dialect)
            return self.refusal(failure, suffix: identity.suffix, directives: directives)
        }
        if let failure = self.refusal(of: prompt, directives: directives) {
            return self.refusal(failure, suffix: identity.suffix)
        }
        if let address = directives["redirect"] {
            let location = [("location", address)]
            return .whole(status: 307, body: [], fields: fields + location, directives: directives)
        }
        if let garbage = ResponseScript.garbage(directives, fields: fields) { return garbage }
        let answer = ScriptedBrain.answer(to: prompt, directives: directives)
        row.usage = answer.usage
        let written = answer.written(for: prompt, identity: identity)
        if dialect == .openAIResponses { self.provider.kept.keep("resp_\(identity.suffix)", of: prompt.model) }
        guard prompt.streams else {
            let bytes = JSONWriter.write(written.whole)
            return .whole(status: 200, body: bytes, fields: fields, directives: directives)
        }
        return .stream(written, fields: fields, directives: directives)
    }

    /// The pictures that the model sees and is asked to read; empty for most requests.
    func picturesToRead(in body: RequestBody, at time: Int) -> [PictureSource] {
        guard self.hasKey, !body.isTooLarge, case .answer(let dialect) = self.endpoint,
            let prompt = try? self.prompt(body, dialect: dialect, countsOnly: false), prompt.asksForReading,
            !self.provider.eyes.isBlinded(prompt.model)
        else { return [] }
        return ModelTraits(prompt.model).seen(of: prompt.images, in: dialect, at: time)
    }

    /// What the provider does not take of a prompt when it is told not to.
    ///
    /// `refuse_reasoning=1`: reasoning that only its maker can read; `always`: results of tools without any, too.
    /// `kept=1`: a response to continue that this model did not give.
    private func refusal(of prompt: Prompt, directives: Directives) -> ProviderFailure? {
        if directives.isSet("refuse_reasoning") {
            let isAlways = directives["refuse_reasoning"] == "always" && !prompt.toolResults.isEmpty
            let reasoning = prompt.opaqueReasoning ?? (isAlways ? OpaqueReasoning.any(prompt.dialect) : nil)
            if let reasoning { return reasoning.refusal }
        }
        if directives.isSet("kept"), let id = prompt.previousResponseID,
            !self.provider.kept.isKept(id, by: prompt.model)
        {
            return ProviderFailure(
                status: 400,
                message: "Previous response with id '\(id)' not found.",
                field: "previous_response_id",
                code: "previous_response_not_found"
            )
        }
        return nil
    }

    private func tokenCount(_ body: RequestBody, suffix: String, row: inout LedgerRow) -> ResponseScript {
        do {
            let prompt = try self.prompt(body, dialect: .anthropicMessages, countsOnly: true)
            row.model = String(prompt.model.prefix(200))
            let count: JSONValue = ["input_tokens": .int(prompt.inputTokens)]
            return .plain(status: 200, body: count, fields: self.fields(suffix))
        } catch {
            return self.refusal(ProviderFailure(error), suffix: suffix)
        }
    }

    private func prompt(_ body: RequestBody, dialect: Dialect, countsOnly: Bool) throws(PromptError) -> Prompt {
        let value: JSONValue
        do {
            value = try JSONReader.read(Array(body.bytes.readableBytesView), maximumDepth: 256)
        } catch {
            throw PromptError(problem: "We could not parse the JSON body of your request.")
        }
        return switch dialect {
        case .openAIChat: try ChatPrompt.read(value, bodyBytes: body.count)
        case .openAIResponses: try ResponsesPrompt.read(value, bodyBytes: body.count)
        case .anthropicMessages:
            try MessagesPrompt.read(value, bodyBytes: body.count, version: self.version, countsOnly: countsOnly)
        }
    }

    private func ledgerRows() -> ResponseScript {
        var limit = 100
        var requestID: String?
        for pair in self.query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "limit": limit = min(max(Int(parts[1]) ?? limit, 0), Ledger.capacity)
            case "request_id": requestID = String(parts[1])
            default: break
            }
        }
        let rows = self.provider.ledger.rows(limit: limit, requestID: requestID)
        return .plain(status: 200, body: ["rows": .array(rows.map(\.json))])
    }

    private func refusal(
        _ failure: ProviderFailure,
        suffix: String,
        directives: Directives = Directives()
    ) -> ResponseScript {
        var fields = self.fields(suffix)
        if let seconds = directives["retry_after"] { fields.append(("retry-after", seconds)) }
        let dialect = self.endpoint.dialect ?? .openAIChat
        let body = JSONWriter.write(failure.body(in: dialect, requestID: "req_\(suffix)"))
        return .whole(status: failure.status, body: body, fields: fields, directives: directives)
    }

    private func fields(_ suffix: String) -> [(String, String)] {
        [(CannedAnswers.requestIDField(for: self.endpoint.dialect ?? .openAIChat), "req_\(suffix)")]
    }

    /// Twelve hexadecimal digits that no other request of this run has.
    private static func suffix(_ sequence: Int) -> String {
        let digits = String(sequence, radix: 16)
        return "demo" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }
}
