/// Why a text is no value of its kind, as the rest of a sentence: `must be a whole number`.
package struct SettingRefusal: Error, Hashable, Sendable {
    package let problem: String

    package init(_ problem: String) {
        self.problem = problem
    }
}
