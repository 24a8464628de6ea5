/// Reads typed settings from the command line, the environment and a file, and collects every problem.
///
/// The first source that has a setting wins: flag, environment, file, default. In the environment and in the file
/// an empty value counts as none. Ask for every setting, then call `finish`, which throws all problems together,
/// also names that begin like settings and are none.
package struct SettingsReader {
    private let prefix: String
    private let flags: [String: String]
    private let environment: [String: String]
    private let file: [String: String]
    private var problems: [SettingProblem] = []
    /// The settings asked for so far, in that order.
    package private(set) var settings: [SettingDescription] = []

    /// `prefix` begins every name in the environment and the file (`DATA_PLANE_`); flags are named without dashes
    /// in front and with them inside (`listen-address`).
    package init(prefix: String, flags: [String: String], environment: [String: String], file: [String: String]) {
        self.prefix = prefix
        self.flags = flags
        self.environment = environment
        self.file = file
    }

    /// The setting, or `default` when it is not given; `name` is without the prefix: `LISTEN_ADDRESS`.
    ///
    /// `about` says in a sentence what it is for.
    package mutating func value<Value>(
        _ name: String,
        _ kind: SettingKind<Value>,
        default: Value,
        about: String
    ) -> Value {
        self.read(name, kind, default: `default`, isRequired: false, about: about) ?? `default`
    }

    /// The setting, or nil when it is not given.
    package mutating func optional<Value>(_ name: String, _ kind: SettingKind<Value>, about: String) -> Value? {
        self.read(name, kind, default: nil, isRequired: false, about: about)
    }

    /// The setting; when it is not given, that is a problem and the value a placeholder that no one must use.
    package mutating func required<Value>(_ name: String, _ kind: SettingKind<Value>, about: String) -> Value {
        self.read(name, kind, default: nil, isRequired: true, about: about) ?? kind.placeholder
    }

    /// Adds a problem that only the settings together show, such as two that exclude each other.
    package mutating func refuse(_ name: String, _ problem: String) {
        let found = self.given(name)
        self.problems.append(
            SettingProblem(name: found?.shownName ?? self.prefix + name, source: found?.source, problem: problem)
        )
    }

    /// Throws everything that was wrong; call it when every setting has been asked for.
    package func finish() throws(SettingsError) {
        let problems = self.problems + self.unknownNames()
        guard problems.isEmpty else { throw SettingsError(problems: problems) }
    }

    /// The settings asked for, for people: names, purposes and defaults, and with `withValues` what is in force.
    package func describe(withValues: Bool) -> String {
        SettingDescription.table(self.settings, withValues: withValues)
    }

    private struct Given {
        let text: String
        let source: SettingSource
        /// The name as it was written there.
        let shownName: String
    }

    private static func flag(_ name: String) -> String {
        String(name.lowercased().map { $0 == "_" ? "-" : $0 })
    }

    private func given(_ name: String) -> Given? {
        let flag = SettingsReader.flag(name)
        let variable = self.prefix + name
        if let text = self.flags[flag] { return Given(text: text, source: .flag, shownName: "--\(flag)") }
        if let text = self.environment[variable], !text.isEmpty {
            return Given(text: text, source: .environment, shownName: variable)
        }
        if let text = self.file[variable], !text.isEmpty {
            return Given(text: text, source: .file, shownName: variable)
        }
        return nil
    }

    private mutating func read<Value>(
        _ name: String,
        _ kind: SettingKind<Value>,
        default: Value?,
        isRequired: Bool,
        about: String
    ) -> Value? {
        let found = self.given(name)
        var value: Value?
        if let found {
            do throws(SettingRefusal) {
                guard !found.text.isEmpty else { throw SettingRefusal("must not be empty") }
                value = try kind.parse(found.text)
            } catch {
                let mayShow = !kind.isSecret && !found.text.isEmpty && SettingsReader.mayShow(found.text, of: name)
                let shown = mayShow ? ", not '\(SettingsReader.printable(found.text))'" : ""
                self.problems.append(
                    SettingProblem(name: found.shownName, source: found.source, problem: error.problem + shown)
                )
            }
        } else if isRequired {
            let problem = "is required (or --\(SettingsReader.flag(name)))"
            self.problems.append(SettingProblem(name: self.prefix + name, source: nil, problem: problem))
        }
        let used = value ?? (found == nil ? `default` : nil)
        self.settings.append(
            SettingDescription(
                name: self.prefix + name,
                flag: SettingsReader.flag(name),
                about: about,
                defaultValue: `default`.map { SettingsReader.shown($0, kind, of: name) },
                isRequired: isRequired,
                value: used.map { SettingsReader.shown($0, kind, of: name) },
                source: found?.source ?? .default
            )
        )
        return value
    }

    private func unknownNames() -> [SettingProblem] {
        let names = self.settings.map(\.name)
        let flags = self.settings.map(\.flag)
        func unknown(_ given: some Collection<String>, _ source: SettingSource) -> [SettingProblem] {
            let isFlag = source == .flag
            let dashes = isFlag ? "--" : ""
            return given.filter { !(isFlag ? flags : names).contains($0) }.sorted().map { name in
                // Compared without the prefix, which would make all names alike.
                let known = isFlag ? flags : names.map { String($0.dropFirst(self.prefix.count)) }
                let bare = !isFlag && name.hasPrefix(self.prefix) ? String(name.dropFirst(self.prefix.count)) : name
                let closest = EditDistance.closest(to: bare, of: known)
                let start = isFlag ? dashes : self.prefix
                let hint = closest.map { "; did you mean \(start)\($0)?" } ?? ""
                let shown = SettingsReader.printable(dashes + name)
                return SettingProblem(name: shown, source: source, problem: "is not a known setting\(hint)")
            }
        }
        return unknown(self.flags.keys, .flag)
            + unknown(self.environment.keys.filter { $0.hasPrefix(self.prefix) }, .environment)
            + unknown(self.file.keys, .file)
    }

    private static func shown<Value>(_ value: Value, _ kind: SettingKind<Value>, of name: String) -> String {
        let text = kind.text(value)
        return kind.isSecret || !SettingsReader.mayShow(text, of: name) ? "<redacted>" : text
    }

    /// Whether a value may appear in a message: not one whose name or form says that it holds a credential.
    private static func mayShow(_ text: String, of name: String) -> Bool {
        let secretEndings = ["SECRET", "PASSWORD", "TOKEN", "KEY", "PEPPER", "CREDENTIALS"]
        if secretEndings.contains(where: name.hasSuffix) { return false }
        // A URL, or a connection string, in the wrong place is as secret as in the right one.
        return !(text.contains("://") && text.contains("@")) && !text.lowercased().contains("password")
    }

    /// The beginning of a text on one line.
    private static func printable(_ text: String) -> String {
        var shown = String(
            text.unicodeScalars.prefix(64).map { $0.value < 0x20 || $0.value == 0x7f ? "?" : Character($0) }
        )
        if text.unicodeScalars.count > 64 { shown += "…" }
        return shown
    }
}
