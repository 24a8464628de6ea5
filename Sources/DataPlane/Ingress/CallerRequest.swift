import Dialects
import Identity
import NIOCore
import Routing

/// A request for an answer, checked and found to be for a group that its caller may use.
struct CallerRequest {
    /// In which the caller speaks, and the target is asked where it can be.
    let dialect: Dialect
    let group: Group
    let body: ByteBuffer
    let outline: RequestOutline
    /// What the target calls the response that the request continues; nil where the caller's word is passed on.
    var previousResponseID: String?

    /// The same request with another body.
    func with(body: ByteBuffer, outline: RequestOutline) -> CallerRequest {
        CallerRequest(
            dialect: self.dialect,
            group: self.group,
            body: body,
            outline: outline,
            previousResponseID: self.previousResponseID
        )
    }
}
