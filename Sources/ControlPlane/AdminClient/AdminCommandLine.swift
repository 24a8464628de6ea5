import ArgumentParser

/// The verbs of the command line that work over the admin API.
package enum AdminCommandLine {
    /// The first words that belong to it.
    package static let verbs: Set<String> = [
        "provider", "model", "group", "token", "admin", "node", "join-token", "snapshot", "audit", "apply",
        "attestation", "validation", "evidence",
    ]

    /// Runs the command of the arguments, the program's name left out, and ends the process.
    ///
    /// Statuses: 0 done, 1 refused, 64 the command line is wrong, 69 no control plane answers.
    package static func run(_ arguments: [String]) async -> Never {
        do {
            var command = try AdminCommand.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            AdminCommand.exit()
        } catch {
            AdminCommand.exit(withError: error)
        }
    }
}
