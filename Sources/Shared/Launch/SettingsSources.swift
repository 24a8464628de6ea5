import Glibc
package import Settings

/// Brings the three sources of settings together: flags, environment and the file that one of them names.
package enum SettingsSources {
    /// A reader of all three; the file is named by `--config-file` or `…CONFIG_FILE`.
    ///
    /// Throws `TextFile.Problem` or `SettingsError` when the file cannot be read.
    package static func reader(prefix: String, arguments: CommandLineFlags) throws -> SettingsReader {
        var flags = arguments.values
        var environment = SettingsSources.environment()
        for argument in arguments.rest { flags[argument] = "" }
        let path = flags.removeValue(forKey: "config-file") ?? environment.removeValue(forKey: prefix + "CONFIG_FILE")
        var file: [String: String] = [:]
        if let path { file = try SettingsFile.parse(try TextFile.read(path)) }
        return SettingsReader(prefix: prefix, flags: flags, environment: environment, file: file)
    }

    private static func environment() -> [String: String] {
        var values: [String: String] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text)
            if let equals = pair.firstIndex(of: "=") {
                values[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            unsafe entry += 1
        }
        return values
    }
}
