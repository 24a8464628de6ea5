/// What is wrong with one setting; the text never holds a value that may be secret.
package struct SettingProblem: Hashable, Sendable, CustomStringConvertible {
    /// The name as the operator wrote or should write it: `--listen` or `DATA_PLANE_LISTEN`.
    package let name: String
    /// Nil when the setting was given nowhere.
    package let source: SettingSource?
    /// The rest of a sentence about the setting: `must be between 1 and 64, not '65'`.
    package let problem: String

    package init(name: String, source: SettingSource?, problem: String) {
        self.name = name
        self.source = source
        self.problem = problem
    }

    package var description: String {
        switch self.source {
        case .file: "\(self.name) in the settings file \(self.problem)"
        case .flag, .environment, .default, nil: "\(self.name) \(self.problem)"
        }
    }
}
