import Exchange
import Ingress

/// Keeps the records of ended requests.
final class CollectingJournal: RequestJournal {
    private struct State: Sendable {
        var begun = 0
        var records: [RequestRecord] = []
    }

    private let state = Bulletin(State())

    func began() { self.state.update { $0.begun += 1 } }

    func ended(_ record: RequestRecord) { self.state.update { $0.records.append(record) } }

    var begun: Int { self.state.value.begun }

    /// The records until now: an answer may be read before its record is kept.
    var records: [RequestRecord] { self.state.value.records }

    /// The records once all requests that began have ended.
    func settled() async throws -> [RequestRecord] {
        try await self.state.wait(for: "the end of all requests") { $0.records.count == $0.begun ? $0.records : nil }
    }

    /// Waits until `count` requests have ended; their records, in the order of their ends.
    @discardableResult
    func records(_ count: Int) async throws -> [RequestRecord] {
        try await self.state.wait(for: "\(count) records") { $0.records.count >= count ? $0.records : nil }
    }

    /// The first record, once there is one.
    func record() async throws -> RequestRecord { try await self.records(1)[0] }
}
