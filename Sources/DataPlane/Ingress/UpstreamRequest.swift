import Contract
import CurlTransport
import Dialects
import Exchange
import Identity
import Routing
import Wire

/// Puts an upstream request together: the caller's bytes with the necessary splices, and headers of our own.
enum UpstreamRequest {
    /// What a stream may be ahead of its caller, in bytes.
    ///
    /// One receive of 16 KiB beyond it fills a buffer of 32 KiB: a caller that does not read costs two of them and
    /// what the channel holds.
    private static let streamWindow = 16 * 1024
    /// The same where events are translated: each becomes up to twice as long, in a buffer that grows by doubling.
    private static let translatedStreamWindow = 12 * 1024
    /// The same for whole answers, which are gathered as fast as they come.
    private static let answerWindow = 128 * 1024
    private static let userAgent = "llm-gateway"
    /// For callers that name no version.
    private static let anthropicVersion = "2023-06-01"

    /// The caller's own bytes with a few members spliced; nil when the target does not offer the dialect after all.
    static func forward(
        target: Target,
        dialect: Dialect,
        pathSuffix: String = "",
        body: [UInt8],
        outline: RequestOutline,
        previousResponseID: String? = nil,
        facts: HeadFacts?,
        requestID: String,
        timeouts: TimeoutRecord
    ) -> TransferRequest? {
        let options = outline.streamOptionsRange.flatMap { JSONMemberWalk.read(body.span, $0) }
        let splices = SameDialectForward.splices(
            outline,
            streamOptions: options,
            dialect: dialect,
            upstreamModel: target.model.upstreamModel,
            quirks: target.model.quirks,
            previousResponseID: previousResponseID
        )
        return UpstreamRequest.make(
            target: target,
            headers: UpstreamRequest.headers(
                target: target,
                dialect: dialect,
                stream: outline.stream,
                facts: facts,
                requestID: requestID
            ),
            url: target.url(for: dialect).map { UpstreamRequest.url($0, pathSuffix: pathSuffix) },
            body: body.pieces(splices),
            window: outline.stream ? UpstreamRequest.streamWindow : UpstreamRequest.answerWindow,
            timeouts: timeouts
        )
    }

    /// The URL with this behind its path, before its query.
    static func url(_ url: String, pathSuffix: String) -> String {
        guard !pathSuffix.isEmpty else { return url }
        let end = url.firstIndex(of: "?") ?? url.endIndex
        return url[..<end] + pathSuffix + url[end...]
    }

    /// A request that was put into the target's dialect; the caller's headers of its own dialect stay behind.
    static func translated(
        target: Target,
        translation: Translation,
        stream: Bool,
        requestID: String,
        timeouts: TimeoutRecord
    ) -> TransferRequest? {
        UpstreamRequest.make(
            target: target,
            headers: UpstreamRequest.headers(
                target: target,
                dialect: translation.target,
                stream: stream,
                facts: nil,
                requestID: requestID
            ),
            url: target.url(for: translation.target),
            body: translation.body.pieces,
            window: stream ? UpstreamRequest.translatedStreamWindow : UpstreamRequest.answerWindow,
            timeouts: timeouts
        )
    }

    private static func make(
        target: Target,
        headers: [TransferHeader],
        url: String?,
        body: [ArraySlice<UInt8>],
        window: Int,
        timeouts: TimeoutRecord
    ) -> TransferRequest? {
        guard let url else { return nil }
        return TransferRequest(
            method: .post,
            url: url,
            headers: headers,
            bodyPieces: body,
            timeouts: TransferTimeouts(
                connect: timeouts.connect.map { .milliseconds($0) },
                firstByte: timeouts.firstByte.map { .milliseconds($0) },
                idle: timeouts.idle.map { .milliseconds($0) },
                total: timeouts.total.map { .milliseconds($0) }
            ),
            publicOnly: !target.provider.allowPrivateNetwork,
            windowBytes: window
        )
    }

    /// Made from a list of our own: nothing that a caller sends goes on but the dialect's version and features.
    private static func headers(
        target: Target,
        dialect: Dialect,
        stream: Bool,
        facts: HeadFacts?,
        requestID: String
    ) -> [TransferHeader] {
        var headers: [TransferHeader] = []
        headers.reserveCapacity(9)
        headers.append(TransferHeader(name: "content-type", text: "application/json"))
        headers.append(TransferHeader(name: "accept", text: stream ? "text/event-stream" : "application/json"))
        // Events and bytes are relayed as they come; without a word a server may take any coding for welcome.
        headers.append(TransferHeader(name: "accept-encoding", text: "identity"))
        headers.append(TransferHeader(name: "x-request-id", text: requestID))
        if let (name, value) = target.provider.credentialHeader {
            headers.append(TransferHeader(name: name, value: value))
        }
        var named: Set<String> = []
        for (name, value) in target.provider.headers {
            headers.append(TransferHeader(name: name, text: value))
            named.insert(name)
        }
        if !named.contains("user-agent") {
            headers.append(TransferHeader(name: "user-agent", text: UpstreamRequest.userAgent))
        }
        let prefix = dialect == .anthropicMessages ? "anthropic-" : "openai-"
        // What the deployment sets stands; a caller's list of features may come in several lines.
        let fixed = named
        for (name, value) in facts?.dialectHeaders ?? []
        where name.hasPrefix(prefix) && !fixed.contains(name) && HeaderRules.isAllowed(name: name, value: value) {
            guard name.hasSuffix("-beta") || !named.contains(name) else { continue }
            headers.append(TransferHeader(name: name, text: value))
            named.insert(name)
        }
        if dialect == .anthropicMessages, !named.contains("anthropic-version") {
            headers.append(TransferHeader(name: "anthropic-version", text: UpstreamRequest.anthropicVersion))
        }
        return headers
    }
}
