import Identity

/// What a model is like, as its name says it: `demo-1+eyes=inline+one-call`.
///
/// | trait | the model |
/// |---|---|
/// | `eyes` | reads pictures; without it, it takes them and sees nothing |
/// | `eyes=DIALECT` | sees only what is sent in that dialect |
/// | `eyes=inline` | sees pictures in the request, not those behind a URL |
/// | `eyes=outside-results` | sees pictures in Chat's user messages, not those in tool messages |
/// | `until=SECONDS` | sees until that moment, in seconds since 1970 |
/// | `guesses` | answers as if it had read a picture |
/// | `no-images` | refuses pictures with a 400 |
/// | `ignores-cap` | writes on past the most tokens it may |
/// | `one-call` | calls one tool where several are wanted |
///
/// `DELETE /eyes?model=NAME` blinds a model from then on, and `PUT` lets it see again.
struct ModelTraits: Hashable, Sendable {
    private let values: [String: String]

    init(_ model: String) {
        var values: [String: String] = [:]
        for trait in model.split(separator: "+").dropFirst() {
            let parts = trait.split(separator: "=", maxSplits: 1)
            guard let name = parts.first else { continue }
            values[String(name)] = parts.count > 1 ? String(parts[1]) : ""
        }
        self.values = values
    }

    var refusesImages: Bool { self.values["no-images"] != nil }
    var ignoresCap: Bool { self.values["ignores-cap"] != nil }
    var makesOneCall: Bool { self.values["one-call"] != nil }
    /// Whether it claims to have read a picture, rightly or not.
    var claimsToRead: Bool { self.values["eyes"] != nil || self.values["guesses"] != nil }

    /// The pictures that it sees of those that came in `dialect` at `time`, in milliseconds since 1970.
    func seen(of images: ImageTally, in dialect: Dialect, at time: Int) -> [PictureSource] {
        let isPartlyBlind = self.values["eyes"] == "outside-results"
        return images.sources.enumerated().compactMap { place, picture in
            guard !isPartlyBlind || !images.inResults.contains(place) else { return nil }
            return self.sees(picture, in: dialect, at: time) ? picture : nil
        }
    }

    private func sees(_ picture: PictureSource, in dialect: Dialect, at time: Int) -> Bool {
        guard let eyes = self.values["eyes"], self.values["guesses"] == nil else { return false }
        if let until = self.values["until"].flatMap(Int.init), time / 1000 >= until { return false }
        switch eyes {
        case "", "outside-results": return true
        case "inline":
            if case .inline = picture { return true }
            return false
        default: return eyes == dialect.rawValue
        }
    }
}
