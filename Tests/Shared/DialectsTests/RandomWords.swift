import GatewayTestSupport

/// Makes requests and answers at random, of words that are easily written wrong.
protocol RandomWords {
    var generator: SeededGenerator { get set }
}

extension RandomWords {
    mutating func one<Element>(of elements: [Element], else fallback: Element) -> Element {
        elements.randomElement(using: &self.generator) ?? fallback
    }

    mutating func chance() -> Bool { Bool.random(using: &self.generator) }

    mutating func text() -> String {
        self.one(of: ["a", "Grüße 🚀", "line\nline", "\"quoted\" \\ back", " {\"json\":1} "], else: "x")
    }
}
