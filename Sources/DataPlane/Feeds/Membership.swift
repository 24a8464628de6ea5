import Contract
import Wire

/// The cluster that a node belongs to: the id it was given and whom it believes.
struct Membership: Hashable, Sendable {
    let nodeID: String
    let trust: TrustDocument

    /// From the control plane's answer, whose trust document the caller has checked against the join token.
    init(_ response: JoinResponse) throws(JSONShapeError) {
        let value: JSONValue
        do { value = try JSONReader.read(response.trust) } catch {
            throw JSONShapeError(field: "trust", problem: "is not JSON")
        }
        self.nodeID = response.nodeID
        self.trust = try TrustDocument(value)
    }

    /// Reads what `fileBytes` wrote.
    init(fileBytes: [UInt8]) throws(JSONShapeError) {
        let value: JSONValue
        do { value = try JSONReader.read(fileBytes) } catch {
            throw JSONShapeError(field: "", problem: "is not JSON")
        }
        try self.init(JoinResponse(value))
    }

    var fileBytes: [UInt8] {
        JSONWriter.write(JoinResponse(nodeID: self.nodeID, trust: JSONWriter.write(self.trust.json)).json)
    }
}
