import ArgumentParser

/// What an attestation is about: a model, as it is asked in one dialect, in one case.
struct AttestationSubject: ParsableArguments {
    @Argument(help: ArgumentHelp("Which one.", valueName: "provider/model"))
    var model: String

    @Argument(help: "In which dialect.")
    var dialect: String

    @Argument(help: "Which case, such as image_inline.")
    var `case`: String

    /// Of the admin API.
    func path() throws(AdminFailure) -> String {
        "\(try ModelNoun.path(self.model))/attestations/\(try pathSegment(self.dialect))/\(try pathSegment(self.case))"
    }
}

extension AttestationSubject: CustomStringConvertible {
    var description: String { "\(self.model) \(self.dialect) \(self.case)" }
}
