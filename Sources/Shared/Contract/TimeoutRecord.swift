package import Wire

/// How long each part of an attempt may take, in milliseconds; nil leaves it to the data plane's default.
package struct TimeoutRecord: Hashable, Sendable {
    /// Until a connection stands, TLS included.
    package var connect: Int?
    /// From the start of the attempt to the first byte of the answer.
    package var firstByte: Int?
    /// Between two pieces of the answer.
    package var idle: Int?
    /// The whole attempt; a group's, all attempts of a request together.
    package var total: Int?

    package static let range = 1...86_400_000

    package init(connect: Int? = nil, firstByte: Int? = nil, idle: Int? = nil, total: Int? = nil) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }

    /// This record's limits, and `other`'s where this one has none.
    package func falling(backTo other: TimeoutRecord) -> TimeoutRecord {
        TimeoutRecord(
            connect: self.connect ?? other.connect,
            firstByte: self.firstByte ?? other.firstByte,
            idle: self.idle ?? other.idle,
            total: self.total ?? other.total
        )
    }

    package var json: JSONValue {
        var object = JSONObject()
        object["connect_ms"] = self.connect.map { .int($0) }
        object["first_byte_ms"] = self.firstByte.map { .int($0) }
        object["idle_ms"] = self.idle.map { .int($0) }
        object["total_ms"] = self.total.map { .int($0) }
        return .object(object)
    }

    /// Takes the four members and refuses others.
    package init(_ members: consuming JSONMembers) throws(JSONShapeError) {
        self.connect = try members.optionalInt("connect_ms", in: TimeoutRecord.range)
        self.firstByte = try members.optionalInt("first_byte_ms", in: TimeoutRecord.range)
        self.idle = try members.optionalInt("idle_ms", in: TimeoutRecord.range)
        self.total = try members.optionalInt("total_ms", in: TimeoutRecord.range)
        try members.refuseUnknown()
    }
}
