import CLibcurl
import Testing

@testable import CurlTransport

@Suite struct HeaderListTests {
    private func lines(_ list: borrowing HeaderList) -> [String] {
        var lines: [String] = []
        var node = unsafe list.first
        while let current = unsafe node {
            unsafe lines.append(String(cString: current.pointee.data))
            unsafe node = UnsafePointer(current.pointee.next)
        }
        return lines
    }

    @Test func `lines come out as they went in, also after growing and starting over`() {
        var list = HeaderList()
        list.link()
        let none = self.lines(list)
        #expect(none == [])
        for round in 1...3 {
            list.removeAll()
            var expected: [String] = []
            for number in 0..<round * 40 {
                let value = String(repeating: "v", count: number * round) + "é"
                let isSound = list.append(name: "X-\(number)", value: value)
                #expect(isSound)
                expected.append("X-\(number): \(value)")
            }
            let isSound = list.append(name: "Empty", value: "")
            #expect(isSound)
            list.suppress("Accept")
            list.link()
            let lines = self.lines(list)
            #expect(lines == expected + ["Empty;", "Accept:"])
        }
    }

    @Test(arguments: [("", "x"), ("a b", "x"), ("a:", "x"), ("a\n", "x"), ("a", "x\ny"), ("a", "\r"), ("a", "\u{7f}")])
    func `what would break the line is refused`(_ name: String, _ value: String) {
        var list = HeaderList()
        let isSound = list.append(name: name, value: value)
        #expect(!isSound)
    }
}
