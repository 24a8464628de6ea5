import GatewayTestSupport
import Wire

/// Changes one place of a JSON value at random: another kind, a hostile text or number, a member lost or added.
struct JSONMutation {
    var generator: SeededGenerator

    private static let hostile: [JSONValue] = [
        .null, true, false, 0, -1, 1, .int(Int.max), .int(Int.min), "", "a", "..", "\u{0}", "rtr_a_b_c_d_e", "🙂",
        .string(String(repeating: "x", count: 70_000)), .string(String(repeating: "_", count: 300)), [], [:],
        [[]], ["openai-chat"], ["id": "x"], "http://[::1", "https://user@host", "https://h:99999/", "/../..",
    ]
    private static let numbers = [
        "1e400", "-0", "1.5", "9223372036854775807", "9223372036854775808", "1e18", "123456789012345678901234567890",
    ]

    mutating func mutate(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object) where !object.isEmpty && !self.chance(8):
            var changed = object
            guard let name = object.memberNames.randomElement(using: &self.generator) else { return value }
            switch Int.random(in: 0..<12, using: &self.generator) {
            case 0: changed[name] = nil
            case 1: changed["extra"] = self.replacement()
            default: changed[name] = object[name].map { self.mutate($0) }
            }
            return .object(changed)
        case .array(var elements) where !elements.isEmpty && !self.chance(8):
            let index = Int.random(in: elements.indices, using: &self.generator)
            switch Int.random(in: 0..<12, using: &self.generator) {
            case 0: elements.remove(at: index)
            case 1: elements.append(elements[index])
            default: elements[index] = self.mutate(elements[index])
            }
            return .array(elements)
        default:
            return self.replacement()
        }
    }

    private mutating func replacement() -> JSONValue {
        if self.chance(5), let text = JSONMutation.numbers.randomElement(using: &self.generator),
            let number = try? JSONReader.read(Array(text.utf8))
        {
            return number
        }
        return JSONMutation.hostile.randomElement(using: &self.generator) ?? .null
    }

    private mutating func chance(_ sides: Int) -> Bool { Int.random(in: 0..<sides, using: &self.generator) == 0 }
}
