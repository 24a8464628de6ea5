import Identity
import Settings
import Testing

private enum Mode: String, CaseIterable, Sendable {
    case serve
    case failClosed = "fail_closed"
}

@Suite struct SettingsReaderTests {
    private func reader(
        flags: [String: String] = [:],
        environment: [String: String] = [:],
        file: [String: String] = [:]
    ) -> SettingsReader {
        SettingsReader(prefix: "DATA_PLANE_", flags: flags, environment: environment, file: file)
    }

    private func problems(_ reader: SettingsReader) -> [String] {
        do throws(SettingsError) {
            try reader.finish()
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    /// The problem of one setting whose text is `text`, or nil when it was read.
    private func problem<Value>(_ kind: SettingKind<Value>, _ text: String, name: String = "X") -> String? {
        var reader = self.reader(environment: ["DATA_PLANE_\(name)": text])
        _ = reader.optional(name, kind, about: "A test.")
        return self.problems(reader).first
    }

    private func value<Value>(_ kind: SettingKind<Value>, _ text: String) -> Value? {
        var reader = self.reader(environment: ["DATA_PLANE_X": text])
        return reader.optional("X", kind, about: "A test.")
    }

    @Test func `a flag goes before the environment, and that before the file and the default`() throws {
        let sources: [(flags: [String: String], environment: [String: String], file: [String: String], value: Int)] = [
            (["max-size": "1"], ["DATA_PLANE_MAX_SIZE": "2"], ["DATA_PLANE_MAX_SIZE": "3"], 1),
            ([:], ["DATA_PLANE_MAX_SIZE": "2"], ["DATA_PLANE_MAX_SIZE": "3"], 2),
            ([:], [:], ["DATA_PLANE_MAX_SIZE": "3"], 3),
            ([:], ["DATA_PLANE_MAX_SIZE": ""], ["DATA_PLANE_MAX_SIZE": "3"], 3),
            ([:], [:], ["DATA_PLANE_MAX_SIZE": ""], 4),
            ([:], [:], [:], 4),
        ]
        for source in sources {
            var reader = self.reader(flags: source.flags, environment: source.environment, file: source.file)
            #expect(reader.value("MAX_SIZE", .int(in: 0...9), default: 4, about: "Size.") == source.value)
            try reader.finish()
        }
    }

    @Test func `a wrong value does not fall through to the next source`() {
        var reader = self.reader(flags: ["x": "bad"], environment: ["DATA_PLANE_X": "2"])
        _ = reader.value("X", .int(in: 0...9), default: 4, about: "Size.")
        #expect(self.problems(reader) == ["--x must be a whole number, not 'bad'"])
    }

    @Test func `all problems are reported at once`() {
        var reader = self.reader(
            flags: ["listen": "nowhere", "lisden": "x"],
            environment: [
                "DATA_PLANE_SIZE": "64MB", "DATA_PLANE_TIMEOT": "5s", "HOME": "/root", "DATA_PLANE_ZZZZ": "1",
            ],
            file: ["DATA_PLANE_MODE": "stop", "OTHER": "1"]
        )
        _ = reader.value("LISTEN", .listenAddress, default: .anyLoopback, about: "Where callers connect.")
        _ = reader.value("SIZE", .byteCount(in: 1...1024), default: 512, about: "Size.")
        _ = reader.value("MODE", .choice, default: Mode.serve, about: "Mode.")
        _ = reader.value("TIMEOUT", .duration(in: .seconds(1)...(.seconds(60))), default: .seconds(5), about: "Time.")
        #expect(reader.required("CLUSTER", .slug, about: "Cluster.").text == "unset")
        reader.refuse("SIZE", "does not go with MODE")
        do throws(SettingsError) {
            try reader.finish()
            Issue.record("accepted")
        } catch {
            #expect(
                error.description == """
                    9 problems with the settings:
                      --listen must be an address and a port, such as 127.0.0.1:8080 or [::1]:8080, not 'nowhere'
                      DATA_PLANE_SIZE must be a whole number of bytes with B, KiB, MiB or GiB behind it, such as 64MiB, \
                    not '64MB'
                      DATA_PLANE_MODE in the settings file must be one of 'serve', 'fail_closed', not 'stop'
                      DATA_PLANE_CLUSTER is required (or --cluster)
                      DATA_PLANE_SIZE does not go with MODE
                      --lisden is not a known setting; did you mean --listen?
                      DATA_PLANE_TIMEOT is not a known setting; did you mean DATA_PLANE_TIMEOUT?
                      DATA_PLANE_ZZZZ is not a known setting
                      OTHER in the settings file is not a known setting
                    """
            )
        }
    }

    @Test func `one problem is one`() {
        #expect(
            SettingsError(problems: [.init(name: "X", source: nil, problem: "is required")]).description
                == "1 problem with the settings:\n  X is required"
        )
    }

    @Test func `values that may be secret are never part of a problem`() {
        let canary = "canary-1234"
        let texts: [String?] = [
            self.problem(.int(in: 0...1), canary, name: "API_KEY"),
            self.problem(.int(in: 0...1), canary, name: "ADMIN_SECRET"),
            self.problem(.int(in: 0...1), canary, name: "DB_PASSWORD"),
            self.problem(.int(in: 0...1), canary, name: "JOIN_TOKEN"),
            self.problem(.int(in: 0...1), "postgres://user:\(canary)@host/db"),
            self.problem(.int(in: 0...1), "host=x password=\(canary)"),
            self.problem(.url(), "https://user:\(canary)@host/"),
            self.problem(.url(schemes: ["https"]), "ftp://user:\(canary)@host/"),
            self.problem(.secretURL(schemes: ["postgresql"]), "mysql://\(canary)"),
            self.problem(.listenAddress, "https://user:\(canary)@host:80"),
        ]
        for text in texts {
            #expect(text?.contains(canary) == false, "\(text ?? "no problem")")
        }
        var reader = self.reader(environment: ["DATA_PLANE_WHAT": canary], file: ["X": canary])
        _ = reader.optional("Y", .string, about: "Nothing.")
        #expect(!self.problems(reader).joined().contains(canary))
    }

    @Test func `a long or odd value is shown on one line`() throws {
        let text = try #require(self.problem(.int(in: 0...1), "a\nb\u{7F}" + String(repeating: "x", count: 100)))
        #expect(text == "DATA_PLANE_X must be a whole number, not 'a?b?" + String(repeating: "x", count: 60) + "…'")
    }

    @Test func `an empty flag is a problem, an empty variable is no value`() {
        var reader = self.reader(flags: ["x": ""], environment: ["DATA_PLANE_Y": ""])
        _ = reader.optional("X", .string, about: "X.")
        #expect(reader.optional("Y", .string, about: "Y.") == nil)
        #expect(self.problems(reader) == ["--x must not be empty"])
    }

    @Test(arguments: [("0", 0), ("9", 9), ("-5", -5), ("+7", 7)])
    func `a whole number is read`(_ text: String, _ number: Int) {
        #expect(self.value(.int(in: -5...9), text) == number)
    }

    @Test(arguments: ["", " 1", "1 ", "1.0", "0x1", "1e3", "a", "10", "-6", "99999999999999999999", "١"])
    func `anything else is no whole number`(_ text: String) {
        #expect(self.value(.int(in: -5...9), text) == nil)
    }

    @Test(arguments: [
        ("true", true), ("TRUE", true), ("yes", true), ("on", true), ("1", true),
        ("false", false), ("No", false), ("off", false), ("0", false),
    ])
    func `a truth value is read`(_ text: String, _ value: Bool) {
        #expect(self.value(.bool, text) == value)
    }

    @Test(arguments: ["t", "2", "truee", "ja"])
    func `anything else is no truth value`(_ text: String) {
        #expect(self.problem(.bool, text) == "DATA_PLANE_X must be true or false, not '\(text)'")
    }

    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("10s", .seconds(10)), ("5m", .seconds(300)), ("24h", .seconds(86_400)),
        ("7d", .seconds(604_800)), ("0s", .zero), ("007s", .seconds(7)),
    ])
    func `a duration is read`(_ text: String, _ duration: Duration) {
        #expect(self.value(.duration(in: .zero...(.seconds(1_000_000))), text) == duration)
    }

    @Test(arguments: [
        "10", "s", "10 s", "10sec", "1.5s", "-1s", "1h30m", "10S", "9999999999999999d", "99999999999999999999s", "12d",
    ])
    func `anything else is no duration`(_ text: String) {
        #expect(self.value(.duration(in: .zero...(.seconds(1_000_000))), text) == nil)
    }

    @Test(arguments: [("0", 0), ("512B", 512), ("1024", 1024), ("64KiB", 65_536), ("8MiB", 8 << 20), ("1GiB", 1 << 30)])
    func `a number of bytes is read`(_ text: String, _ count: Int) {
        #expect(self.value(.byteCount(in: 0...(2 << 30)), text) == count)
    }

    @Test(arguments: ["64MB", "64M", "KiB", "1.5KiB", "-1B", "1 KiB", "9999999999999GiB", "3GiB", "64kib"])
    func `anything else is no number of bytes`(_ text: String) {
        #expect(self.value(.byteCount(in: 0...(2 << 30)), text) == nil)
    }

    @Test func `bounds are shown in units`() {
        #expect(
            self.problem(.byteCount(in: 1024...(64 << 20)), "1GiB")
                == "DATA_PLANE_X must be between 1KiB and 64MiB, not '1GiB'"
        )
        #expect(
            self.problem(.duration(in: .milliseconds(1500)...(.seconds(7200))), "1s")
                == "DATA_PLANE_X must be between 1500ms and 2h, not '1s'"
        )
    }

    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1", 8080), ("0.0.0.0:0", "0.0.0.0", 0), ("[::1]:8080", "::1", 8080),
        ("[::]:65535", "::", 65_535), ("localhost:1", "localhost", 1), ("a-b.example:80", "a-b.example", 80),
        ("[2001:db8::7]:443", "2001:db8::7", 443), ("[1:2:3:4:5:6:7:8]:1", "1:2:3:4:5:6:7:8", 1),
        ("[::ffff:10.0.0.1]:1", "::ffff:10.0.0.1", 1), ("[1::]:1", "1::", 1),
    ])
    func `an address to listen on is read`(_ text: String, _ host: String, _ port: Int) {
        let address = self.value(.listenAddress, text)
        #expect(address == ListenAddress(host: host, port: port))
        #expect(address?.description == text)
    }

    @Test(arguments: [
        "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:8o", "::1:8080",
        "[::1]", "[::1]8080", "[127.0.0.1]:80", "256.0.0.1:80", "1.2.3:80", "1.2.3.4.5:80", "[:1]:80", "[1:]:80",
        "[:::1]:80", "[1::2::3]:80", "[1:2:3:4:5:6:7]:80", "[1:2:3:4:5:6:7:8:9]:80", "[12345::]:80", "[g::]:80",
        "[1:2:3:4:5:6:7::8]:80", "[fe80::1%eth0]:80", "a_b:80", "-a:80", "a..b:80", "http://a:80", "a b:80", "[]:80",
        "*:80",
        "127.0.0.1:080800",
    ])
    func `anything else is no address to listen on`(_ text: String) {
        #expect(self.value(.listenAddress, text) == nil)
    }

    @Test(arguments: [
        "https://api.example", "http://127.0.0.1:8080/v1", "https://[::1]:8443/x?y#z", "HTTPS://A", "https://a/@b",
    ])
    func `a URL is read`(_ text: String) {
        #expect(self.value(.url(), text) == text)
    }

    @Test(arguments: [
        "", "api.example", "https:/a", "https://", "https:///x", "ftp://a", "https://a b", "https://a\n", "https://:80",
        "https://a:0", "https://a:65536", "https://a:x", "https://u@a", "https://u:p@a", "https://[::1",
        "https://a,b:x",
    ])
    func `anything else is no URL`(_ text: String) {
        #expect(self.value(.url(), text) == nil)
    }

    @Test func `a secret URL keeps its credentials to itself`() {
        let text = "postgresql://u:p@h1:5432,h2:5433/db?target_session_attrs=read-write"
        let url = self.value(.secretURL(schemes: ["postgres", "postgresql"]), text)
        #expect(url?.withExposedText { $0 } == text)
        #expect(url.map { "\($0)" } == "<redacted>")
        #expect(self.value(.secretURL(schemes: ["postgresql"]), "postgresql:///db") == nil)
    }

    @Test func `lists, choices and slugs are read`() {
        #expect(self.value(.strings, "a, b ,c") == ["a", "b", "c"])
        #expect(self.value(.strings, "a,,b") == nil)
        #expect(self.value(.strings, ",") == nil)
        #expect(self.value(.choice, "fail_closed") == Mode.failClosed)
        #expect(self.value(.slug, "eu-1")?.text == "eu-1")
        #expect(self.problem(.slug, "Eu_1") == "DATA_PLANE_X must match \(Slug.grammar), not 'Eu_1'")
    }

    @Test func `settings are listed with defaults, values and sources, secrets redacted`() {
        var reader = self.reader(
            flags: ["listen": "127.0.0.1:1"],
            environment: ["DATA_PLANE_DB_URL": "postgres://u:canary@h/d", "DATA_PLANE_PEPPER": "canary"]
        )
        _ = reader.value("LISTEN", .listenAddress, default: .anyLoopback, about: "Where callers connect.")
        _ = reader.value(
            "DRAIN_TIMEOUT",
            .duration(in: .zero...(.seconds(600))),
            default: .seconds(90),
            about: "Patience."
        )
        _ = reader.required("DB_URL", .secretURL(schemes: ["postgres"]), about: "The database.")
        _ = reader.optional("PEPPER", .string, about: "Salt's friend.")
        _ = reader.optional("NODE", .slug, about: "Our name.")
        #expect(
            reader.describe(withValues: true) == """
                DATA_PLANE_LISTEN         --listen
                    Where callers connect. Default: 127.0.0.1:0
                    = 127.0.0.1:1 (from the command line)
                DATA_PLANE_DRAIN_TIMEOUT  --drain-timeout
                    Patience. Default: 90s
                    = 90s (from the default)
                DATA_PLANE_DB_URL         --db-url
                    The database. Required.
                    = <redacted> (from the environment)
                DATA_PLANE_PEPPER         --pepper
                    Salt's friend.
                    = <redacted> (from the environment)
                DATA_PLANE_NODE           --node
                    Our name.
                    = (not set)

                """
        )
        #expect(!reader.describe(withValues: false).contains("="))
    }
}
