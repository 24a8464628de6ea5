import Glibc
import Telemetry
import Testing

@Suite struct LineWriterTests {
    @Test func `lines arrive whole and in the order of their handle`() async throws {
        let pipe = try Pipe()
        let writer = try #require(LineWriter(descriptor: pipe.writeEnd))
        let perHandle = 2000
        let names = ["a", "b", "c", "d"]
        let expected = names.count * (0..<perHandle).reduce(0) { $0 + "a \($1)\n".utf8.count }
        let received = await withTaskGroup(of: [UInt8].self) { group in
            group.addTask { pipe.read(count: expected) }
            for name in names {
                let handle = writer.makeHandle()
                group.addTask {
                    for index in 0..<perHandle { handle.append(Array("\(name) \(index)\n".utf8)) }
                    return []
                }
            }
            return await group.reduce([], +)
        }
        writer.close()
        let lines = String(decoding: received, as: UTF8.self).split(separator: "\n")
        for name in names {
            #expect(lines.filter { $0.hasPrefix(name) }.map(String.init) == (0..<perHandle).map { "\(name) \($0)" })
        }
        #expect(lines.count == names.count * perHandle)
        #expect(writer.droppedLines == 0)
    }

    @Test func `the thread writes without being told to`() throws {
        let pipe = try Pipe()
        let writer = try #require(LineWriter(descriptor: pipe.writeEnd))
        let handle = writer.makeHandle()
        for text in ["one\n", "two\n", "three\n"] {
            handle.append(Array(text.utf8))
            #expect(pipe.read(count: text.utf8.count) == Array(text.utf8))
        }
        writer.close()
    }

    @Test func `flush writes what was appended before it`() throws {
        let pipe = try Pipe()
        let writer = try #require(LineWriter(descriptor: pipe.writeEnd))
        let handle = writer.makeHandle()
        var expected: [UInt8] = []
        for index in 0..<100 {
            let line = Array("line \(index)\n".utf8)
            handle.append(line)
            expected += line
        }
        writer.flush()
        #expect(pipe.available() == expected)
        writer.close()
    }

    @Test func `close writes what waits, and later lines are dropped`() throws {
        let pipe = try Pipe()
        let writer = try #require(LineWriter(descriptor: pipe.writeEnd))
        let handle = writer.makeHandle()
        handle.append(Array("last\n".utf8))
        writer.close()
        #expect(pipe.available() == Array("last\n".utf8))
        #expect(!handle.append(Array("late\n".utf8)))
        #expect(writer.droppedLines == 1)
        writer.close()
        writer.makeHandle().append(Array("later\n".utf8))
        #expect(pipe.available().isEmpty)
    }

    @Test func `beyond the capacity lines are dropped and counted, and the rest arrives when the reader does`() throws {
        let pipe = try Pipe()
        let filled = pipe.fill()
        let writer = try #require(LineWriter(descriptor: pipe.writeEnd, capacity: 1000, patience: 600_000_000_000))
        let handle = writer.makeHandle()
        let line = Array("0123456789 12345678\n".utf8)
        let taken = (0..<60).count { _ in handle.append(line) }
        #expect(taken == 50)
        #expect(writer.droppedLines == 10)
        let received = pipe.read(count: filled + 1000)
        #expect(received.dropFirst(filled).elementsEqual((0..<50).flatMap { _ in line }))
        writer.close()
        #expect(writer.droppedLines == 10)
    }

    @Test func `a reader that never reads costs the lines, not the caller`() throws {
        let pipe = try Pipe()
        _ = pipe.fill()
        let writer = try #require(LineWriter(descriptor: pipe.writeEnd, patience: 1_000_000))
        let handle = writer.makeHandle()
        for _ in 0..<5 { handle.append(Array("x\n".utf8)) }
        writer.close()
        #expect(writer.droppedLines == 5)
    }

    @Test func `after a line was cut the next one starts on a line of its own`() throws {
        let pipe = try Pipe()
        _ = fcntl(pipe.writeEnd, F_SETFL, O_NONBLOCK)
        let writer = try #require(LineWriter(descriptor: pipe.writeEnd, patience: 1_000_000))
        let handle = writer.makeHandle()
        handle.append(Array("first\n".utf8))
        // Longer than any pipe.
        handle.append(Array(repeating: UInt8(ascii: "y"), count: 4 << 20) + [UInt8(ascii: "\n")])
        writer.flush()
        let before = pipe.available()
        #expect(before.starts(with: "first\nyyy".utf8))
        #expect(before.last == UInt8(ascii: "y"))
        #expect(writer.droppedLines == 1)
        handle.append(Array("second\n".utf8))
        writer.close()
        #expect(pipe.available() == Array("\nsecond\n".utf8))
    }

    @Test func `a closed reader and a bad descriptor are survived`() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        close(ends[0])
        for descriptor in [ends[1], -1] {
            let writer = try #require(LineWriter(descriptor: descriptor))
            let handle = writer.makeHandle()
            for _ in 0..<3 { handle.append(Array("x\n".utf8)) }
            writer.close()
            #expect(writer.droppedLines == 3)
        }
        close(ends[1])
    }

    @Test func `a line builder hands its line over`() throws {
        let pipe = try Pipe()
        let writer = try #require(LineWriter(descriptor: pipe.writeEnd))
        let handle = writer.makeHandle()
        var line = JSONLine()
        for index in 0..<2 {
            line.add("n", index)
            let isTaken = line.finish(to: handle)
            #expect(isTaken)
        }
        writer.close()
        #expect(pipe.available() == Array("{\"n\":0}\n{\"n\":1}\n".utf8))
    }
}
