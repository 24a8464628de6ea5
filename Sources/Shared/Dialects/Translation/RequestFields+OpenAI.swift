import Canonical
import Wire

/// Members that both OpenAI dialects have, read alike.
extension RequestFields {
    /// One of the efforts to think.
    mutating func effort(_ name: String) throws(TranslationRefusal) -> ReasoningOptions.Effort? {
        guard let text = try self.string(name) else { return nil }
        guard let effort = ReasoningOptions.Effort(rawValue: text) else {
            let names = ReasoningOptions.Effort.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            throw TranslationRefusal(self.path(of: name), "must be one of \(names)")
        }
        return effort
    }

    /// The form of the answer that this object describes; Chat tells of a schema in an object of its own, `inner`.
    mutating func outputFormat(schemaIn inner: String? = nil) throws(TranslationRefusal) -> OutputFormat {
        switch try self.requiredString("type") {
        case "text": return .text
        case "json_object": return .jsonObject
        case "json_schema":
            guard let inner else { return try self.jsonSchema(orElse: nil) }
            guard var described = try self.fields(inner) else { throw self.missing(inner) }
            return try described.jsonSchema(orElse: ["type": "object"])
        default: throw self.unsupported("type", "must be `text`, `json_object` or `json_schema`")
        }
    }

    private mutating func jsonSchema(orElse loosest: JSONValue?) throws(TranslationRefusal) -> OutputFormat {
        guard let schema = self.value("schema") ?? loosest else { throw self.missing("schema") }
        guard case .object = schema else { throw self.wrong("schema", "an object", schema) }
        return .jsonSchema(
            name: try self.string("name"),
            schema: schema,
            strict: try self.bool("strict"),
            description: try self.string("description")
        )
    }

    /// A tool's name.
    mutating func nonEmptyName() throws(TranslationRefusal) -> String {
        let name = try self.requiredString("name")
        guard !name.isEmpty else { throw TranslationRefusal(self.path(of: "name"), "must not be empty") }
        return name
    }

    /// The schema of a tool's arguments, whose type is written out: other dialects require it.
    ///
    /// Nil when it is missing.
    mutating func argumentSchema() throws(TranslationRefusal) -> JSONValue? {
        guard let value = self.value("parameters") else { return nil }
        guard case .object(let schema) = value else { throw self.wrong("parameters", "an object", value) }
        if schema.isEmpty { return RequestFields.noArguments }
        guard let type = schema["type"] else {
            return .object(JSONObject([("type", "object")] + schema.members.map { ($0.name, $0.value) }))
        }
        guard type == "object" else {
            throw TranslationRefusal("\(self.path(of: "parameters")).type", "must be `object`")
        }
        return value
    }

    static let noArguments: JSONValue = ["type": "object", "properties": [:]]

    /// The grammar that a tool's free input must keep to, in Responses' flat form; nil for any text.
    ///
    /// Chat tells of it in an object of its own, `inner`.
    mutating func inputFormat(grammarIn inner: String? = nil) throws(TranslationRefusal) -> JSONValue? {
        guard var format = try self.fields("format") else { return nil }
        switch try format.requiredString("type") {
        case "text": return nil
        case "grammar":
            guard let inner else { return try format.grammar() }
            guard var grammar = try format.fields(inner) else { throw format.missing(inner) }
            return try grammar.grammar()
        default: throw format.unsupported("type", "must be `text` or `grammar`")
        }
    }

    private mutating func grammar() throws(TranslationRefusal) -> JSONValue {
        let syntax = try self.requiredString("syntax")
        let definition = try self.requiredString("definition")
        return ["type": "grammar", "syntax": .string(syntax), "definition": .string(definition)]
    }

    /// `top_k`, and the penalties in Responses, are extensions: open servers of the dialect take them.
    mutating func readSampling(into request: inout ModelRequest) throws(TranslationRefusal) {
        request.sampling.temperature = try self.number("temperature")
        request.sampling.topP = try self.number("top_p")
        request.sampling.topK = try self.number("top_k")
        request.sampling.frequencyPenalty = try self.number("frequency_penalty")
        request.sampling.presencePenalty = try self.number("presence_penalty")
    }

    /// What matters to the answer alone or to OpenAI's own books; gives `store`, and `metadata` for the answer.
    mutating func readBookkeeping(
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> (store: Bool?, metadata: JSONValue?) {
        let metadata = self.value("metadata")
        if let metadata {
            guard case .object = metadata else { throw self.wrong("metadata", "an object", metadata) }
        }
        let store = try self.bool("store")
        // Nothing is ever stored.
        if store == true { losses.drop("store") }
        // These two ask for what happens anyway.
        if let tier = try self.string("service_tier"), tier != "auto", tier != "default" {
            losses.drop("service_tier")
        }
        request.cacheKey = try self.nonEmptyString("prompt_cache_key")
        request.endUser.user = try self.nonEmptyString("user")
        request.endUser.safetyIdentifier = try self.nonEmptyString("safety_identifier")
        self.pass([("prompt_cache_retention", "in_memory"), ("prompt_cache_retention", "in-memory")])
        return (store, metadata)
    }
}
