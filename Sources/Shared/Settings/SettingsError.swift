/// Everything that is wrong with the settings, at once; the operator's fault.
package struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one, in the order in which they were found.
    package let problems: [SettingProblem]

    package init(problems: [SettingProblem]) {
        self.problems = problems
    }

    /// One line that counts the problems, then one line for each.
    package var description: String {
        let count = self.problems.count == 1 ? "1 problem" : "\(self.problems.count) problems"
        return (["\(count) with the settings:"] + self.problems.map { "  \($0)" }).joined(separator: "\n")
    }
}
