import Exchange
import Identity
import Routing
import Wire

/// What a target was sent, kept until it is known that it need not be sent again in another form.
enum SentRequest {
    /// The caller's own bytes.
    case forwarded(CallerRequest, Target)
    /// A translation into this dialect.
    case translated(CallerRequest, Target, Dialect, body: JSONPieces)

    /// In which the target was asked.
    var dialect: Dialect {
        switch self {
        case .forwarded(let request, _): request.dialect
        case .translated(_, _, let dialect, _): dialect
        }
    }
}
