internal import CSimdjson
package import Dialects

/// Where the members of a checked JSON object stand in its bytes.
///
/// It keeps positions and unescaped names, not the bytes: methods that read a value take the same bytes again.
package struct JSONOutline: Sendable {
    /// What the value of a member is.
    package enum Kind: UInt8, Hashable, Sendable {
        // The numbers of `csimdjson_kind`.
        case string = 0
        case number
        case object
        case array
        case `true`
        case `false`
        case null
    }

    /// One member of the object; positions are bytes from the start of the text.
    package struct Member: Hashable, Sendable {
        fileprivate let nameRange: Range<Int>
        /// The opening quote of the name.
        package let keyStart: Int
        /// The value with its quotes or braces, without white space around it.
        package let value: Range<Int>
        package let kind: Kind
    }

    /// From the opening brace up to and including the closing one.
    package let objectRange: Range<Int>
    /// In the order of the text; no two have the same name.
    package let members: [Member]
    /// What the object asks for, where it is a request.
    package let content: ContentOutline
    /// The unescaped names, one after the other.
    private let names: [UInt8]

    init(objectRange: Range<Int>, members: [Member], names: [UInt8], content: ContentOutline) {
        self.objectRange = objectRange
        self.members = members
        self.names = names
        self.content = content
    }

    /// The member of this name, however the name was escaped in the text.
    package func member(_ name: StaticString) -> Member? {
        name.withUTF8Buffer { wanted in
            self.members.first { member in
                unsafe member.nameRange.count == wanted.count && self.names[member.nameRange].elementsEqual(wanted)
            }
        }
    }

    /// The unescaped name of a member of this outline.
    package func name(of member: Member) -> String {
        guard member.nameRange.upperBound <= self.names.count else { return "" }
        return String(decoding: self.names[member.nameRange], as: UTF8.self)
    }

    /// The unescaped text of a string; nil when the value is no string, or `bytes` are too few to be the text.
    package func string(of member: Member, in bytes: Span<UInt8>) -> String? {
        guard member.kind == .string, member.value.count >= 2, member.value.upperBound <= bytes.count else {
            return nil
        }
        let content = member.value.lowerBound + 1..<member.value.upperBound - 1
        guard !content.isEmpty else { return "" }
        return unsafe bytes.withUnsafeBufferPointer { bytes in
            guard let source = bytes.baseAddress else { return nil }
            return unsafe String(unsafeUninitializedCapacity: content.count) { output in
                guard let target = output.baseAddress else { return 0 }
                return unsafe csimdjson_unescape(source + content.lowerBound, content.count, target)
            }
        }
    }

    /// The value of a number written as a whole one that fits; nil for every other value.
    package func int(of member: Member, in bytes: Span<UInt8>) -> Int? {
        // 20 characters hold every `Int`.
        guard member.kind == .number, member.value.count <= 20, member.value.upperBound <= bytes.count else {
            return nil
        }
        return Int(String(decoding: member.value.map { bytes[$0] }, as: UTF8.self))
    }
}

extension JSONOutline.Member {
    init(_ found: csimdjson_member) {
        // The scanner promises start <= end; a range of nothing is what a broken promise gives.
        let start = Int(found.value_start)
        self.nameRange = Int(found.name_start)..<Int(found.name_start) + Int(found.name_count)
        self.keyStart = Int(found.key_start)
        self.value = start..<max(start, Int(found.value_end))
        self.kind = JSONOutline.Kind(rawValue: UInt8(truncatingIfNeeded: found.kind)) ?? .null
    }
}
