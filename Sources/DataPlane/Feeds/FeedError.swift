package import Sealing

/// Why a node cannot begin to be fed; nothing that happens later ends the feed.
package enum FeedError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No control plane is named, or one by something that is no URL.
    case invalidControlPlane(String)
    /// The node is no member of a cluster yet and has no invitation, or a malformed one.
    case noJoinToken
    /// The control plane refused the invitation, or this node with it; `code` is its name for the reason.
    case joinRefused(status: Int, code: String?)
    /// The control plane's answer to the invitation cannot be read.
    case malformedJoinAnswer
    /// The control plane presented keys that are not the ones that the invitation vouches for.
    case untrustedControlPlane
    /// The node's own keys or its membership are on disk, but damaged.
    case damagedIdentity
    case store(StoreError)
    case sealing(SealingError)

    package var description: String {
        switch self {
        case .invalidControlPlane(let text): "\(text.isEmpty ? "no control plane is set" : "\(text) is no URL")"
        case .noJoinToken: "this node is no member of a cluster and has no usable join token"
        case .joinRefused(_, "name-taken"):
            "another node has this node's name: choose another name, or delete the old node"
        case .joinRefused(_, "key-in-use"):
            "another node has this node's keys: give each node a state directory of its own"
        case .joinRefused(let status, let code):
            "the control plane refused the join token (\(status)\(code.map { " \($0)" } ?? "")): make a new one"
        case .malformedJoinAnswer: "the control plane's answer to the join token cannot be read"
        case .untrustedControlPlane: "the control plane's keys are not those that the join token vouches for"
        case .damagedIdentity: "the node's keys or membership on disk are damaged: remove them and join again"
        case .store(let error): "the state directory cannot be used: \(error)"
        case .sealing: "the node's keys cannot be used"
        }
    }
}
