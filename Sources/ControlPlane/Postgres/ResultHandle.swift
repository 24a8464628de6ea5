import CLibpq

/// The owner of one `PGresult`.
@safe
struct ResultHandle: ~Copyable {
    private let raw: OpaquePointer

    /// Takes over a result that libpq returned.
    init(_ raw: OpaquePointer) {
        unsafe self.raw = raw
    }

    deinit { unsafe PQclear(self.raw) }

    enum Kind: Hashable {
        /// Rows, or the end of a statement that returns none.
        case done
        case failed(PostgresError)
        /// COPY and pipelines, which nothing here starts.
        case unexpected
    }

    var kind: Kind {
        switch unsafe PQresultStatus(self.raw) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: .done
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR: .failed(self.error)
        default: .unexpected
        }
    }

    func decode() -> StatementResult {
        var result = StatementResult()
        unsafe result.tag = String(cString: PQcmdStatus(self.raw))
        unsafe result.affectedRows = Int(String(cString: PQcmdTuples(self.raw))) ?? 0
        let columns = unsafe PQnfields(self.raw)
        let names = (0..<columns).map { column in
            unsafe PQfname(self.raw, column).map { unsafe String(cString: $0) } ?? ""
        }
        let rows = unsafe PQntuples(self.raw)
        result.rows.reserveCapacity(Int(rows))
        for row in 0..<rows {
            result.rows.append(Row(names: names, values: (0..<columns).map { self.value(row, $0) }))
        }
        return result
    }

    private func value(_ row: Int32, _ column: Int32) -> [UInt8]? {
        guard unsafe PQgetisnull(self.raw, row, column) == 0, let start = unsafe PQgetvalue(self.raw, row, column)
        else {
            return nil
        }
        let length = unsafe Int(PQgetlength(self.raw, row, column))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: length))
    }

    private var error: PostgresError {
        // PG_DIAG_… are macros over character literals, which do not come across: 'C', 'n', 'c', 'M'.
        guard let sqlstate = self.field("C") else { return .unavailable(.connectionLost) }
        return PostgresError(
            sqlstate: sqlstate,
            constraint: self.field("n"),
            column: self.field("c"),
            message: self.field("M")
        )
    }

    private func field(_ code: Unicode.Scalar) -> String? {
        unsafe PQresultErrorField(self.raw, Int32(code.value)).map { unsafe String(cString: $0) }
    }
}
