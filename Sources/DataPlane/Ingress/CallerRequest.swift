import Dialects
import Identity
import Routing

/// A request for an answer, checked and found to be for a group that its caller may use.
///
/// An object, because the plan, each step of its attempts and what was sent hold the same one.
final class CallerRequest {
    /// In which the caller speaks, and the target is asked where it can be.
    let dialect: Dialect
    let group: Group
    let body: [UInt8]
    let outline: RequestOutline
    /// What the target calls the response that the request continues; nil where the caller's word is passed on.
    let previousResponseID: String?

    init(
        dialect: Dialect,
        group: Group,
        body: [UInt8],
        outline: RequestOutline,
        previousResponseID: String? = nil
    ) {
        self.dialect = dialect
        self.group = group
        self.body = body
        self.outline = outline
        self.previousResponseID = previousResponseID
    }

    /// The same request with another body.
    func with(body: [UInt8], outline: RequestOutline) -> CallerRequest {
        CallerRequest(
            dialect: self.dialect,
            group: self.group,
            body: body,
            outline: outline,
            previousResponseID: self.previousResponseID
        )
    }

    /// The same request for the target that calls the response so that it continues.
    func continuing(_ previousResponseID: String?) -> CallerRequest {
        CallerRequest(
            dialect: self.dialect,
            group: self.group,
            body: self.body,
            outline: self.outline,
            previousResponseID: previousResponseID
        )
    }
}
