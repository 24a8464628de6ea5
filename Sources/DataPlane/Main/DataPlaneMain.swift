import Glibc
import Launch
import Settings

/// The program `router-data-plane`: reads its settings, says what is wrong with them, or serves.
@main
struct DataPlaneMain {
    /// The program and version, as peers and operators see it.
    static let builtBy = "router-data-plane 0.1.0"

    /// What `sysexits.h` calls a configuration error.
    private static let configurationExit: Int32 = 78

    static func main() async {
        let arguments = CommandLineFlags(CommandLine.arguments.dropFirst())
        if arguments.isSet("version") {
            print(DataPlaneMain.builtBy)
            return
        }
        let processors = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let settings: DataPlaneSettings
        do {
            var reader = try SettingsSources.reader(prefix: "DATA_PLANE_", arguments: arguments)
            settings = DataPlaneSettings(&reader, processors: processors)
            if arguments.isSet("help") {
                print("usage: router-data-plane [--SETTING VALUE …]\n\n\(reader.describe(withValues: false))")
                return
            }
            try reader.finish()
            if arguments.isSet("print-settings") {
                print(reader.describe(withValues: true))
                return
            }
        } catch {
            DataPlaneMain.fail("\(error)", DataPlaneMain.configurationExit)
        }
        Allocator.keepMemory()
        do {
            try await DataPlaneAssembly.run(settings)
        } catch {
            DataPlaneMain.fail("router-data-plane: \(error)", 1)
        }
    }

    private static func fail(_ message: String, _ status: Int32) -> Never {
        let bytes = Array("\(message)\n".utf8)
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
        exit(status)
    }
}
