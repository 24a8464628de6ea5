import Wire

/// The ids in a provider's answer of which a caller is to know others: the answer's own, and that of the response
/// that it continues.
///
/// A pure look at bytes: it finds the two members of a response object and says what stands there instead. All else
/// of an answer stays as it came.
package struct KeptResponseIDs: Sendable {
    /// What a caller calls a provider's id; nil leaves it as it is.
    package typealias Name = @Sendable (_ id: String) -> String?

    /// A response that the caller named.
    package struct Previous: Hashable, Sendable {
        /// What the provider calls it.
        package var id: String
        /// What the caller called it.
        package var name: String

        package init(id: String, name: String) {
            self.id = id
            self.name = name
        }
    }

    private let name: Name?
    private let previous: Previous?
    /// The last id that was named: an answer repeats its own.
    private var last: (id: String, name: String?)?

    /// `name`: nil when the answer is not kept, or nobody else could have made it.
    ///
    /// Nil when there is nothing to change in any answer.
    package init?(name: Name?, previous: Previous?) {
        guard name != nil || previous != nil else { return nil }
        self.name = name
        self.previous = previous
    }

    /// What changes in a whole answer, in the order of the ranges.
    package mutating func splices(inAnswer bytes: Span<UInt8>) -> [Splice] {
        self.splices(inResponseAt: 0, of: bytes)
    }

    /// What changes in the response object that begins at `start`, in the order of the ranges.
    package mutating func splices(inResponseAt start: Int, of bytes: Span<UInt8>) -> [Splice] {
        // The object may hold a whole answer: the walk ends with the last member that can change.
        var own: Range<Int>?
        var continued: Range<Int>?
        let wantsOwn = self.name != nil
        let wantsContinued = self.previous != nil
        JSONMemberWalk.walk(bytes, from: start) { member in
            if JSONMemberWalk.matches(bytes, member.name, "id") {
                own = own ?? member.value
            } else if JSONMemberWalk.matches(bytes, member.name, "previous_response_id") {
                continued = continued ?? member.value
            }
            return (wantsOwn && own == nil) || (wantsContinued && continued == nil)
        }
        var splices: [Splice] = []
        if let range = own, let id = KeptResponseIDs.text(in: bytes, range), let name = self.name(of: id) {
            splices.append(Splice(range: range, replacement: KeptResponseIDs.quoted(name)))
        }
        if let range = continued, let previous = self.previous, KeptResponseIDs.text(in: bytes, range) == previous.id {
            splices.append(Splice(range: range, replacement: KeptResponseIDs.quoted(previous.name)))
        }
        return splices.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// What the caller calls the provider's id; nil leaves it as it is.
    package mutating func name(of id: String) -> String? {
        guard let name = self.name else { return nil }
        if let last = self.last, last.id == id { return last.name }
        let named = name(id)
        self.last = (id, named)
        return named
    }

    /// The string in `range`, nil for any other value, and for one that no id is as long as.
    private static func text(in bytes: Span<UInt8>, _ range: Range<Int>) -> String? {
        // Every byte may be written as an escape of six.
        guard range.count <= 6 * ResponseIDEnvelope.maximumIDBytes + 2 else { return nil }
        return JSONMemberWalk.read(bytes, range)?.stringValue
    }

    private static func quoted(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONWriter.append(string: text, to: &bytes)
        return bytes
    }
}
