/// The arguments of a program: `--name value` and `--name=value`, and the few flags that take no value.
package struct CommandLineFlags: Sendable {
    /// Flags that every program has and that take no value.
    private static let common: Set<String> = ["help", "version", "print-settings"]

    /// Settings by name, without the dashes.
    package let values: [String: String]
    /// Arguments that are none of ours.
    package let rest: [String]
    private let set: Set<String>

    /// `bare` names more flags that take no value.
    package init(_ arguments: some Sequence<String>, bare: Set<String> = []) {
        let bare = bare.union(CommandLineFlags.common)
        var values: [String: String] = [:]
        var rest: [String] = []
        var set: Set<String> = []
        var pending: String?
        for argument in arguments {
            if let name = pending.take() {
                values[name] = argument
                continue
            }
            guard argument.hasPrefix("--") else {
                rest.append(argument)
                continue
            }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts.first.map(String.init) ?? ""
            if parts.count > 1 {
                values[name] = String(parts[1])
            } else if bare.contains(name) {
                set.insert(name)
            } else {
                pending = name
            }
        }
        // A name without its value reads as an empty one, which no setting accepts.
        if let name = pending { values[name] = "" }
        self.values = values
        self.rest = rest
        self.set = set
    }

    private init(values: [String: String], rest: [String], set: Set<String>) {
        self.values = values
        self.rest = rest
        self.set = set
    }

    /// The same without what a command has taken for itself.
    package func replacing(values: [String: String], rest: [String]) -> CommandLineFlags {
        CommandLineFlags(values: values, rest: rest, set: self.set)
    }

    /// Whether a flag that takes no value was given.
    package func isSet(_ name: String) -> Bool { self.set.contains(name) }
}
