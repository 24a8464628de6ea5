/// `--name value` and `--name=value`, and the few flags that take no value.
struct CommandLineFlags {
    private static let bare: Set<String> = ["help", "version", "print-settings"]

    /// Settings by name, without the dashes.
    let values: [String: String]
    /// Arguments that are none of ours.
    let rest: [String]
    private let set: Set<String>

    init(_ arguments: some Sequence<String>) {
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
            } else if CommandLineFlags.bare.contains(name) {
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

    func isSet(_ name: String) -> Bool { self.set.contains(name) }
}
