import AdminClient
import Glibc
import Identity
import Launch
import NIOCore
import Settings

/// The program `router-control-plane`: serves, prepares what serving needs, or asks a control plane that serves.
@main
struct ControlPlaneMain {
    /// The program and version, as peers and operators see it.
    static let builtBy = "router-control-plane 0.1.0"

    private static let usage = """
        usage: router-control-plane [serve] [--SETTING VALUE …]   serve the admin API and the nodes
               router-control-plane migrate                       bring the database to this program's shape
               router-control-plane init-key                      make the key file; never replaces one
               router-control-plane create-admin ID               make an administrator and print the token
                                    [--role viewer|operator|admin] [--replace]
               router-control-plane apply -f FILE                 over the admin API, as are
                                    provider, model, group, token, admin, node, join-token, snapshot, audit,
                                    attestation, validation, evidence

        """

    static func main() async {
        var arguments = Array(CommandLine.arguments.dropFirst())
        // Without a verb, and with settings only, it serves.
        let verb = arguments.first.flatMap { $0.hasPrefix("--") ? nil : $0 } ?? "serve"
        if arguments.first == verb { arguments.removeFirst() }
        switch verb {
        case "help", "-h": print(ControlPlaneMain.usage, terminator: "")
        case "serve": await ControlPlaneMain.serve(arguments)
        case "migrate": await ControlPlaneMain.migrate(arguments)
        case "init-key": ControlPlaneMain.makeKey(arguments)
        case "create-admin": await ControlPlaneMain.createAdmin(arguments)
        case _ where AdminCommandLine.verbs.contains(verb): await AdminCommandLine.run([verb] + arguments)
        default: Exit.now(ControlPlaneMain.usage, .usage)
        }
    }

    private static func serve(_ arguments: [String]) async {
        let settings = ControlPlaneMain.settings(CommandLineFlags(arguments))
        await ControlPlaneMain.orFail { try await ControlPlaneAssembly.run(settings) }
    }

    private static func migrate(_ arguments: [String]) async {
        let settings = ControlPlaneMain.settings(CommandLineFlags(arguments))
        await ControlPlaneMain.orFail {
            let applied = try await ControlPlaneAssembly.migrate(settings)
            print(
                applied.isEmpty ? "nothing to migrate" : "applied \(applied.map(String.init).joined(separator: ", "))"
            )
        }
    }

    private static func makeKey(_ arguments: [String]) {
        let settings = ControlPlaneMain.settings(CommandLineFlags(arguments), readsKey: false)
        do {
            guard try KeyFile.create(settings.keyFile) else {
                Exit.now("\(settings.keyFile) is there already and was left alone", .failure)
            }
            print("made \(settings.keyFile)")
        } catch {
            Exit.now("\(settings.keyFile) \(error)", .configuration)
        }
    }

    private static func createAdmin(_ arguments: [String]) async {
        let flags = CommandLineFlags(arguments, bare: ["replace"])
        guard flags.rest.count == 1, let id = flags.rest.first else { Exit.now(ControlPlaneMain.usage, .usage) }
        var values = flags.values
        let role = values.removeValue(forKey: "role") ?? "admin"
        let settings = ControlPlaneMain.settings(flags.replacing(values: values, rest: []))
        await ControlPlaneMain.orFail {
            let token = try await ControlPlaneAssembly.createAdmin(
                settings,
                id: id,
                role: role,
                replacing: flags.isSet("replace")
            )
            print(token.withExposedText { $0 })
        }
    }

    /// The settings, or the end of the process with everything that is wrong with them.
    private static func settings(_ flags: CommandLineFlags, readsKey: Bool = true) -> ControlPlaneSettings {
        if flags.isSet("version") {
            print(ControlPlaneMain.builtBy)
            exit(0)
        }
        do {
            var reader = try SettingsSources.reader(prefix: "CONTROL_PLANE_", arguments: flags)
            let settings = ControlPlaneSettings(&reader, readsKey: readsKey)
            if flags.isSet("help") {
                print("\(ControlPlaneMain.usage)\n\(reader.describe(withValues: false))")
                exit(0)
            }
            try reader.finish()
            if flags.isSet("print-settings") {
                print(reader.describe(withValues: true))
                exit(0)
            }
            return settings
        } catch {
            Exit.now("\(error)", .configuration)
        }
    }

    private static func orFail(_ body: () async throws -> Void) async {
        do {
            try await body()
        } catch let error as any StartProblem {
            Exit.now("router-control-plane: \(error)", .configuration)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            Exit.now(
                "router-control-plane: an address to listen on is in use; see --admin-listen, --plane-listen",
                .failure
            )
        } catch {
            Exit.now("router-control-plane: \(error)", .failure)
        }
    }
}
