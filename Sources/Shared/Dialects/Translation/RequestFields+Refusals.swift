import Canonical
import Wire

/// Members of both OpenAI dialects that no other dialect has a word for.
extension RequestFields {
    mutating func refuseSeveralAnswersAndBias() throws(TranslationRefusal) {
        if let count = try self.int("n", atLeast: 1), count > 1 {
            throw self.unsupported("n", "must be 1: the model behind this name gives one answer")
        }
        if let bias = self.value("logit_bias"), bias != .object(JSONObject()) {
            throw self.unsupported("logit_bias", "is not supported by the model behind this name")
        }
    }

    mutating func refuseProbabilities() throws(TranslationRefusal) {
        if let count = try self.int("top_logprobs", atLeast: 0), count > 0 {
            throw self.unsupported("top_logprobs", "is not supported by the model behind this name")
        }
    }
}
