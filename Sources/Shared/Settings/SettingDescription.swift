/// One setting as the operator can list it; secret values are redacted.
package struct SettingDescription: Hashable, Sendable {
    /// The name in the environment and in the settings file.
    package let name: String
    /// The flag without its dashes.
    package let flag: String
    /// What it is for.
    package let about: String
    /// The value that is used when none is given; nil for a required setting and for one that may be missing.
    package let defaultValue: String?
    package let isRequired: Bool
    /// The value in force; nil when there is none.
    package let value: String?
    package let source: SettingSource

    /// Settings as aligned text, each with its purpose; `withValues` adds what is in force and where it came from.
    package static func table(_ settings: [SettingDescription], withValues: Bool) -> String {
        let nameWidth = settings.map(\.name.count).max() ?? 0
        return settings.map { setting in
            let padding = String(repeating: " ", count: nameWidth - setting.name.count)
            var lines = ["\(setting.name)\(padding)  --\(setting.flag)", "    \(setting.about)"]
            if setting.isRequired {
                lines[1] += " Required."
            } else if let defaultValue = setting.defaultValue {
                lines[1] += " Default: \(defaultValue.isEmpty ? "empty" : defaultValue)"
            }
            if withValues {
                lines.append(
                    "    = \(setting.value ?? "(not set)")\(setting.value == nil ? "" : " (from \(setting.source.rawValue))")"
                )
            }
            return lines.joined(separator: "\n") + "\n"
        }.joined()
    }
}
