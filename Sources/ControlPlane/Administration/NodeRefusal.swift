/// Why a node's request is refused; fixed texts, for the node is not to be trusted with more.
package enum NodeRefusal: Error, Hashable, Sendable {
    /// The request is not one of the plane protocol; the field and what is wrong with it.
    case malformed(field: String, problem: String)
    /// No such node, or not its signature: both look alike.
    case notAuthenticated
    /// The node was removed from the cluster.
    case removed
    /// The same signed request came a second time.
    case replayed
    /// No such join token, or not its secret: both look alike.
    case unknownJoinToken
    case joinTokenUsed
    case joinTokenExpired
    /// The node does not hold the private half of the key that it presents.
    case badProof
    /// Another node has this name.
    case nameTaken
    /// This key belongs to another node.
    case keyInUse
    case unknownSnapshot
    /// PostgreSQL is needed for this and away.
    case databaseUnavailable
    case internalError

    package var code: String {
        switch self {
        case .malformed: "invalid-request"
        case .notAuthenticated: "not-authenticated"
        case .removed: "node-removed"
        case .replayed: "replayed"
        case .unknownJoinToken: "unknown-join-token"
        case .joinTokenUsed: "join-token-used"
        case .joinTokenExpired: "join-token-expired"
        case .badProof: "bad-proof"
        case .nameTaken: "name-taken"
        case .keyInUse: "key-in-use"
        case .unknownSnapshot: "unknown-snapshot"
        case .databaseUnavailable: "database-unavailable"
        case .internalError: "internal-error"
        }
    }

    package var message: String {
        switch self {
        case .malformed(let field, let problem): field.isEmpty ? problem : "\(field) \(problem)"
        case .notAuthenticated: "the request is not signed by a node of this cluster"
        case .removed: "this node was removed from the cluster"
        case .replayed: "this request was made before"
        case .unknownJoinToken: "no such join token"
        case .joinTokenUsed: "this join token was used by another node"
        case .joinTokenExpired: "this join token is expired"
        case .badProof: "the proof is not a signature by the signing key"
        case .nameTaken: "another node has this name"
        case .keyInUse: "this signing key belongs to another node"
        case .unknownSnapshot: "no such snapshot"
        case .databaseUnavailable: "the database is unavailable"
        case .internalError: "something went wrong here"
        }
    }
}
