import Dialects
import Exchange
import JSONScan
import Wire

/// Checks a request body and finds the few members that routing reads; one per event loop.
struct BodyScanner: ~Copyable {
    private var scanner: JSONScanner
    /// How many bodies were scanned.
    private(set) var scans = 0
    private var lastCount = 0

    init() throws {
        self.scanner = try JSONScanner()
    }

    /// Where the members stand in `body`, or the 400 that says what is wrong.
    mutating func outline(_ body: [UInt8]) -> Result<RequestOutline, CallerErrorBox> {
        let bytes = body.span
        self.scans &+= 1
        self.lastCount = body.count
        let outline: JSONOutline
        do {
            outline = try self.scanner.scan(bytes)
        } catch {
            return .failure(CallerErrorBox(BodyScanner.refusal(error)))
        }
        guard let model = outline.member("model"), model.kind != .null else {
            return .failure(CallerErrorBox(Refusal.missingModel))
        }
        guard let name = outline.string(of: model, in: bytes) else {
            return .failure(CallerErrorBox(Refusal.invalidBody("`model` must be a string", parameter: "model")))
        }
        var result = RequestOutline(
            objectStart: outline.objectRange.lowerBound + 1,
            model: name,
            modelRange: model.value,
            stream: false
        )
        if let stream = outline.member("stream") {
            switch stream.kind {
            case .true: result.stream = true
            case .false, .null: result.stream = false
            case .string, .number, .object, .array:
                return .failure(
                    CallerErrorBox(Refusal.invalidBody("`stream` must be true or false", parameter: "stream"))
                )
            }
        }
        if let options = outline.member("stream_options") {
            result.streamOptionsRange = options.value
            switch options.kind {
            case .object:
                let usage = JSONMemberWalk.value(of: "include_usage", in: bytes, from: options.value.lowerBound)
                result.includesUsage = usage.map { JSONMemberWalk.matches(bytes, $0, "true") } ?? false
            case .null: break
            case .string, .number, .array, .true, .false:
                return .failure(
                    CallerErrorBox(
                        Refusal.invalidBody("`stream_options` must be an object", parameter: "stream_options")
                    )
                )
            }
        }
        result.content = outline.content
        BodyScanner.addKept(outline, in: bytes, to: &result)
        result.session = BodyScanner.session(outline, in: bytes)
        return .success(result)
    }

    /// The marks of the body of this scan, of which only the last one's are kept; none where they would not be worth
    /// their memory.
    func marks(ofScan scan: Int) -> JSONMarks {
        scan == self.scans ? self.scanner.marks(atMost: self.lastCount / BodyScanner.bytesPerMark) : JSONMarks()
    }

    /// In a denser text strings are short and their ends found at once; so marks have a quarter of a body's size at most.
    private static let bytesPerMark = 16

    /// A longer text is no name of a session.
    private static let maximumSessionBytes = 1024

    /// Agents name their session for the provider's cache, or their user with the session in it.
    private static func session(_ outline: JSONOutline, in bytes: Span<UInt8>) -> String? {
        if let key = outline.member("prompt_cache_key"), key.value.count <= BodyScanner.maximumSessionBytes,
            let text = outline.string(of: key, in: bytes), !text.isEmpty
        {
            return text
        }
        guard let metadata = outline.member("metadata"), metadata.kind == .object,
            let user = JSONMemberWalk.value(of: "user_id", in: bytes, from: metadata.value.lowerBound),
            user.upperBound <= metadata.value.upperBound, user.count <= BodyScanner.maximumSessionBytes
        else { return nil }
        return JSONMemberWalk.read(bytes, user)?.stringValue
    }

    /// What of a Responses request is kept by a provider; in other dialects the members mean nothing to us.
    private static func addKept(_ outline: JSONOutline, in bytes: Span<UInt8>, to result: inout RequestOutline) {
        if let previous = outline.member("previous_response_id"), let id = outline.string(of: previous, in: bytes) {
            result.previousResponseID = id
            result.previousResponseIDRange = previous.value
        }
        if let conversation = outline.member("conversation") { result.namesConversation = conversation.kind != .null }
        if let store = outline.member("store") { result.keepsResponse = store.kind != .false }
    }

    private static func refusal(_ error: JSONScanError) -> CallerError {
        switch error.problem {
        case .outOfMemory: Refusal.overloaded
        case .tooLarge: Refusal.requestTooLarge
        default: Refusal.invalidBody(error.description)
        }
    }
}

/// Carries a caller's error through `Result`.
struct CallerErrorBox: Error {
    let error: CallerError

    init(_ error: CallerError) {
        self.error = error
    }
}
