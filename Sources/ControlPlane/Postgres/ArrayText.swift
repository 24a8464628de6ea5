/// The text of a one-dimensional `text[]`, PostgreSQL's "array constants" (PostgreSQL manual §8.15.2).
enum ArrayText {
    /// Every element is quoted, which is always right and needs no list of what must be.
    static func format(_ elements: [String]) -> String {
        var text = "{"
        for (index, element) in elements.enumerated() {
            if index > 0 { text.append(",") }
            text.append("\"")
            for scalar in element.unicodeScalars {
                if scalar == "\"" || scalar == "\\" { text.unicodeScalars.append("\\") }
                text.unicodeScalars.append(scalar)
            }
            text.append("\"")
        }
        text.append("}")
        return text
    }

    /// Nil when the text is no one-dimensional array or holds a null.
    static func parse(_ text: String) -> [String]? {
        var scalars = Array(text.unicodeScalars)[...]
        guard scalars.popFirst() == "{", scalars.popLast() == "}" else { return nil }
        if scalars.isEmpty { return [] }
        var elements: [String] = []
        while true {
            guard let element = ArrayText.element(from: &scalars) else { return nil }
            elements.append(element)
            guard let separator = scalars.popFirst() else { return elements }
            guard separator == "," else { return nil }
        }
    }

    private static func element(from scalars: inout ArraySlice<Unicode.Scalar>) -> String? {
        var element = String.UnicodeScalarView()
        guard scalars.first == "\"" else {
            while let scalar = scalars.first, scalar != "," {
                guard scalar != "{", scalar != "\"" else { return nil }
                scalars.removeFirst()
                element.append(scalar)
            }
            let text = String(element)
            return text.isEmpty || text == "NULL" ? nil : text
        }
        scalars.removeFirst()
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"": return String(element)
            case "\\":
                guard let escaped = scalars.popFirst() else { return nil }
                element.append(escaped)
            default: element.append(scalar)
            }
        }
        return nil
    }
}
