import Catalog
import Contract
import Identity
import Postgres

extension Row {
    /// The columns `provider`, `model`, `dialect` and `evidence_case`; nil where this program knows no such dialect
    /// or case, which a newer one may have written.
    func evidenceKey() throws(PostgresError) -> EvidenceKey? {
        let model = ModelKey(provider: try self.slug("provider"), model: try self.slug("model"))
        let dialect = Dialect(rawValue: try self.text("dialect"))
        let known = CapabilityCase(rawValue: try self.text("evidence_case"))
        guard let dialect, let known else { return nil }
        return EvidenceKey(model, dialect, known)
    }

    func verdict(_ column: String) throws(PostgresError) -> EvidenceRecord.Verdict {
        guard let verdict = EvidenceRecord.Verdict(rawValue: try self.text(column)) else {
            throw .undecodable(column: column, expected: "a verdict")
        }
        return verdict
    }
}
