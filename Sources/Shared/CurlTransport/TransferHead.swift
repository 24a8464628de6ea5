/// The final status and header lines of an answer.
///
/// The lines stay bytes until somebody asks for them: most transfers need two of twenty.
package struct TransferHead: Hashable, Sendable {
    /// One line within `block`.
    struct Line: Hashable, Sendable {
        var name: Range<Int>
        var value: Range<Int>
    }

    /// 200 to 999.
    package let status: Int
    /// On how many connections the request was tried until this came.
    package var dispatches = 1
    private let block: [UInt8]
    private let lines: [Line]

    /// `lines` point into `block`, whose names are in lower case.
    init(status: Int, block: [UInt8], lines: [Line]) {
        self.status = status
        self.block = block
        self.lines = lines
    }

    /// A head made by hand, as tests and fakes need it.
    package init(status: Int, headers: [(name: String, value: String)]) {
        var block: [UInt8] = []
        var lines: [Line] = []
        for header in headers {
            let start = block.count
            block.append(contentsOf: header.name.lowercased().utf8)
            let middle = block.count
            block.append(contentsOf: header.value.utf8)
            lines.append(Line(name: start..<middle, value: middle..<block.count))
        }
        self.init(status: status, block: block, lines: lines)
    }

    /// All lines in order, names in lower case, values without surrounding white space.
    package var headers: [(name: String, value: String)] {
        self.lines.map { (self.text($0.name), self.text($0.value)) }
    }

    /// The value of the first line called `name` (in lower case); nil when there is none.
    package func first(_ name: String) -> String? {
        let wanted = name.utf8Span.span
        let block = self.block.span
        for line in self.lines where line.name.count == wanted.count {
            var isSame = true
            for (index, offset) in line.name.enumerated() where block[offset] != wanted[index] { isSame = false }
            if isSame { return self.text(line.value) }
        }
        return nil
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: self.block[range], as: UTF8.self)
    }
}
