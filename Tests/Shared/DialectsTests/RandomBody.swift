import GatewayTestSupport
import Wire

/// A request body of random members in random order with random white space; the same for the same seed.
struct RandomBody {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        self.generator = SeededGenerator(seed: seed)
    }

    mutating func body() -> [UInt8] {
        var members = [("model", JSONValue.string(self.text()))]
        switch self.pick(4) {
        case 0: break
        case 1: members.append(("stream", false))
        default: members.append(("stream", true))
        }
        switch self.pick(5) {
        case 0: members.append(("stream_options", nil))
        case 1: members.append(("stream_options", [:]))
        case 2: members.append(("stream_options", ["include_usage": .bool(self.pick(2) == 0), "x": self.value(2)]))
        default: break
        }
        for index in 0..<self.pick(8) { members.append(("\(self.text())\(index)", self.value(0))) }
        members.shuffle(using: &self.generator)
        var bytes: [UInt8] = []
        self.space(&bytes)
        self.append(.object(JSONObject(members)), to: &bytes)
        self.space(&bytes)
        return bytes
    }

    private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self.generator) }

    private mutating func text() -> String {
        ["", "model", "stream", "a\"b", "\\", "é🚀", "\u{1}\n", "}", "]{", "include_usage", ":,"][self.pick(11)]
    }

    private mutating func value(_ depth: Int) -> JSONValue {
        switch self.pick(depth < 4 ? 7 : 5) {
        case 0: .null
        case 1: .bool(self.pick(2) == 0)
        case 2: .int(self.pick(2_000_000) - 1_000_000)
        case 3: JSONNumber(Double(self.pick(1000)) / 7).map { .number($0) } ?? .null
        case 4: .string(self.text())
        case 5: .array((0..<self.pick(4)).map { _ in self.value(depth + 1) })
        default: .object(JSONObject((0..<self.pick(4)).map { ("\(self.text())\($0)", self.value(depth + 1)) }))
        }
    }

    private mutating func space(_ bytes: inout [UInt8]) {
        for _ in 0..<max(0, self.pick(6) - 3) { bytes.append([0x20, 0x0a, 0x0d, 0x09][self.pick(4)]) }
    }

    private mutating func append(_ value: JSONValue, to bytes: inout [UInt8]) {
        switch value {
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                self.space(&bytes)
                self.append(element, to: &bytes)
                self.space(&bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                self.space(&bytes)
                JSONWriter.append(string: member.name, to: &bytes)
                self.space(&bytes)
                bytes.append(UInt8(ascii: ":"))
                self.space(&bytes)
                self.append(member.value, to: &bytes)
                self.space(&bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .null, .bool, .number, .string: JSONWriter.append(value, to: &bytes)
        }
    }
}
