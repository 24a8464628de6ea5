import Canonical
import Contract
import Dialects
import Exchange
import Identity
import NIOCore
import Routing
import Wire

/// What was decided, and what would be: answered without a provider.
extension ExchangeSession {
    /// Tells the token that made a request what became of it.
    func answerDecision(_ text: String) {
        guard let id = RequestID(text), let decision = self.loop.decisions.decision(on: id),
            decision.record.tokenID == self.record.tokenID
        else { return self.refuse(Refusal.unknownRequest) }
        self.answerJSON(decision.json(for: .caller), extra: ExchangeSession.notToBeKept)
    }

    /// Tells what would happen to the request in the body, as far as that is known before a provider is asked.
    ///
    /// `dialect` is the path's; nil where headers and body tell it.
    func explain(_ dialect: Dialect?) {
        let dialect = dialect ?? self.explainedDialect
        if let token = self.token, let endpoints = token.endpoints, !endpoints.contains(dialect) {
            return self.refuse(Refusal.endpointNotAllowed)
        }
        guard let (body, outline, group) = self.readRequest(), let images = self.review(outline, in: body) else {
            return
        }
        let needs = ContentReview.needs(of: outline, imageTokens: images.tokens)
        self.record.needs = needs
        self.whenPublic(images.hosts) {
            self.explain(CallerRequest(dialect: dialect, group: group, body: body, outline: outline), needs)
        }
    }

    private func explain(_ request: CallerRequest, _ needs: RequestNeeds) {
        let (dialect, group, outline) = (request.dialect, request.group, request.outline)
        let circumstances = self.circumstances(outline)
        let plan = self.loop.health.preview(group, dialect: dialect, needs: needs, circumstances)
        var explanation = Explanation(group: group, dialect: dialect, needs: needs, stream: outline.stream, plan: plan)
        if dialect == .openAIResponses, outline.namesKept {
            explanation.keep(to: self.pin(outline, in: group, plan, needs, circumstances))
        }
        if explanation.needsTranslation {
            let translator = self.translator(of: request)
            explanation.translate { target, spoken in
                translator.flatMap { translator in
                    Result { () throws(TranslationRefusal) in
                        try translator.translation(for: target, in: spoken).dropped
                    }
                }
            }
        }
        explanation.note(in: &self.record)
        self.answerJSON(explanation.json, extra: ExchangeSession.notToBeKept)
    }

    private static let notToBeKept: [(StaticString, String)] = [("cache-control", "no-store")]

    /// Clients of Anthropic say which version they speak; else the body tells.
    private var explainedDialect: Dialect {
        if let headers = self.facts?.dialectHeaders, headers.contains(where: { $0.name == "anthropic-version" }) {
            return .anthropicMessages
        }
        guard let value = try? JSONReader.read(self.body, maximumValues: WholeBody.maximumValues) else {
            return .openAIChat
        }
        return ExplainedDialect.dialect(of: value)
    }
}
