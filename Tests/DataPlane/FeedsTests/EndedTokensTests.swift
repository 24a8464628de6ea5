import Contract
import Testing
import Wire

@testable import Feeds

@Suite struct EndedTokensTests {
    private func version(_ number: Int) -> SnapshotVersion { SnapshotVersion(epoch: 1, number: number) }

    @Test func `what ended is unknown to a snapshot and those before it, not to later ones`() {
        var ended = EndedTokens()
        ended.add(["a"], unknownTo: self.version(3))
        ended.add(["b"], unknownTo: self.version(5))
        #expect(ended.tokens(on: self.version(2)) == ["a", "b"])
        #expect(ended.tokens(on: self.version(3)) == ["a", "b"])
        #expect(ended.tokens(on: self.version(4)) == ["b"])
        #expect(ended.tokens(on: self.version(6)).isEmpty)
    }

    @Test func `of two versions the newer one counts`() {
        var ended = EndedTokens()
        ended.add(["a"], unknownTo: self.version(4))
        ended.add(["a"], unknownTo: self.version(2))
        #expect(ended.tokens(on: self.version(4)) == ["a"])
    }

    @Test func `what no stored snapshot needs is forgotten`() {
        var ended = EndedTokens()
        ended.add(["a"], unknownTo: self.version(1))
        ended.add(["b"], unknownTo: self.version(2))
        ended.forget(before: self.version(2))
        #expect(ended.tokens(on: self.version(1)) == ["b"])
    }

    @Test func `beyond the limit the oldest are dropped`() {
        var ended = EndedTokens()
        ended.add(["old"], unknownTo: self.version(1))
        ended.add((0..<EndedTokens.maximumCount).map { "t\($0)" }, unknownTo: self.version(2))
        let kept = ended.tokens(on: self.version(1))
        #expect(kept.count == EndedTokens.maximumCount && !kept.contains("old"))
    }

    @Test func `it is read as it was written`() throws {
        var ended = EndedTokens()
        ended.add(["a", "b"], unknownTo: self.version(7))
        #expect(try EndedTokens(try #require(ended.json.arrayValue)) == ended)
        #expect(throws: JSONShapeError.self) { try EndedTokens([["token": "a"]]) }
    }
}
