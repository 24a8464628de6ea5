package import Identity

/// How one kind of setting is read from text and shown again.
package struct SettingKind<Value: Sendable>: Sendable {
    /// Reads the text, or says what it must be.
    let parse: @Sendable (String) throws(SettingRefusal) -> Value
    /// The text that would be read as this value, for the listing of settings.
    let text: @Sendable (Value) -> String
    /// What a required setting has until the problem that it is missing is reported.
    let placeholder: Value
    /// Neither the value nor the text that failed to become one is ever shown.
    let isSecret: Bool

    package init(
        placeholder: Value,
        isSecret: Bool = false,
        text: @escaping @Sendable (Value) -> String,
        parse: @escaping @Sendable (String) throws(SettingRefusal) -> Value
    ) {
        self.parse = parse
        self.text = text
        self.placeholder = placeholder
        self.isSecret = isSecret
    }
}

extension SettingKind where Value == String {
    /// Any text of at least one character.
    package static var string: SettingKind {
        SettingKind(placeholder: "", text: { $0 }, parse: { text throws(SettingRefusal) in text })
    }

    /// An absolute URL with a host and without credentials, its scheme one of `schemes`.
    package static func url(schemes: [String] = ["https", "http"]) -> SettingKind {
        SettingKind(placeholder: "", text: { $0 }) { text throws(SettingRefusal) in
            let url = try URLText(text, schemes: schemes)
            guard !url.hasCredentials else { throw SettingRefusal("must not contain a user or password") }
            return text
        }
    }
}

extension SettingKind where Value == Secret {
    /// A text that is never shown.
    package static var secret: SettingKind<Secret> {
        SettingKind(
            placeholder: Secret(""),
            isSecret: true,
            text: { $0.description },
            parse: { text throws(SettingRefusal) in Secret(text) }
        )
    }

    /// An absolute URL that may contain credentials and is never shown.
    package static func secretURL(schemes: [String]) -> SettingKind<Secret> {
        SettingKind(placeholder: Secret(""), isSecret: true, text: { $0.description }) { text throws(SettingRefusal) in
            _ = try URLText(text, schemes: schemes)
            return Secret(text)
        }
    }
}

extension SettingKind where Value == Slug {
    /// A name such as that of a cluster or a node.
    package static var slug: SettingKind<Slug> {
        guard let unset = Slug("unset") else { preconditionFailure("'unset' is a slug") }
        return SettingKind(placeholder: unset, text: \.text) { text throws(SettingRefusal) in
            guard let slug = Slug(text) else { throw SettingRefusal("must match \(Slug.grammar)") }
            return slug
        }
    }
}

extension SettingKind where Value == Int {
    /// A whole number in decimal digits.
    package static func int(in range: ClosedRange<Int>) -> SettingKind {
        SettingKind(placeholder: range.lowerBound, text: { String($0) }) { text throws(SettingRefusal) in
            guard let value = Int(text) else { throw SettingRefusal("must be a whole number") }
            guard range.contains(value) else {
                throw SettingRefusal("must be between \(range.lowerBound) and \(range.upperBound)")
            }
            return value
        }
    }

    /// A number of bytes: `512B`, `64KiB`, `8MiB`, `1GiB`, or digits alone.
    package static func byteCount(in range: ClosedRange<Int>) -> SettingKind {
        SettingKind(placeholder: range.lowerBound, text: ByteCountText.text) { text throws(SettingRefusal) in
            let value = try ByteCountText.read(text)
            guard range.contains(value) else {
                let bounds = (ByteCountText.text(range.lowerBound), ByteCountText.text(range.upperBound))
                throw SettingRefusal("must be between \(bounds.0) and \(bounds.1)")
            }
            return value
        }
    }
}

extension SettingKind where Value == Bool {
    /// `true` or `false`; also `yes`, `no`, `on`, `off`, `1`, `0`, in any case.
    package static var bool: SettingKind {
        SettingKind(placeholder: false, text: { $0 ? "true" : "false" }) { text throws(SettingRefusal) in
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: throw SettingRefusal("must be true or false")
            }
        }
    }
}

extension SettingKind where Value == Duration {
    /// A whole number and its unit: `250ms`, `10s`, `5m`, `24h`, `7d`.
    package static func duration(in range: ClosedRange<Duration>) -> SettingKind {
        SettingKind(placeholder: range.lowerBound, text: DurationText.text) { text throws(SettingRefusal) in
            let value = try DurationText.read(text)
            guard range.contains(value) else {
                let bounds = (DurationText.text(range.lowerBound), DurationText.text(range.upperBound))
                throw SettingRefusal("must be between \(bounds.0) and \(bounds.1)")
            }
            return value
        }
    }
}

extension SettingKind where Value == ListenAddress {
    /// An address to listen on: `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`.
    package static var listenAddress: SettingKind {
        SettingKind(placeholder: .anyLoopback, text: \.description) { text throws(SettingRefusal) in
            try ListenAddress(text)
        }
    }
}

extension SettingKind where Value == [String] {
    /// Texts separated by commas, without the white space around them; none may be empty.
    package static var strings: SettingKind {
        SettingKind(placeholder: [], text: { $0.joined(separator: ",") }) { text throws(SettingRefusal) in
            var elements: [String] = []
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                let element = SettingsFile.trimmed(part)
                guard !element.isEmpty else {
                    throw SettingRefusal("must be texts separated by commas, none of them empty")
                }
                elements.append(String(element))
            }
            return elements
        }
    }
}

extension SettingKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the raw values of an enumeration, which has at least one case.
    package static var choice: SettingKind {
        guard let placeholder = Value.allCases.first else { preconditionFailure("there is nothing to choose from") }
        return SettingKind(placeholder: placeholder, text: \.rawValue) { text throws(SettingRefusal) in
            guard let value = Value(rawValue: text) else {
                let choices = Value.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
                throw SettingRefusal("must be one of \(choices)")
            }
            return value
        }
    }
}
