import CLibcurl
import Glibc
import Identity

extension TransferSlot {
    /// Header fields that the transport writes itself, or that would change who speaks to whom (RFC 9110 §7.6.1).
    private static let reserved = [
        "connection", "content-length", "expect", "keep-alive", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    /// Whether `name` is `lowercase` in any case.
    ///
    /// Lengths are compared first, and nothing is allocated: this runs for every header of every request.
    private static func isSame(_ name: String, _ lowercase: String) -> Bool {
        guard name.utf8.count == lowercase.utf8.count else { return false }
        let bytes = name.utf8Span.span
        let wanted = lowercase.utf8Span.span
        for index in bytes.indices where HeadReader.lowercasedToken(bytes[index]) != wanted[index] { return false }
        return true
    }

    /// Bodies above this are announced with `Expect: 100-continue` by libcurl, and then wait for an answer.
    private static let expectAbove = 1024 * 1024

    /// Makes the handle ready to send `request`; false when it cannot be sent as it is.
    func prepare(_ request: TransferRequest, configuration: ReactorConfiguration, watcher: SocketWatcher) -> Bool {
        self.body = RequestBody(request.body, request.bodyPieces)
        guard self.prepareHeaders(request) else { return false }
        do {
            try self.prepareFixedOptions(request, configuration: configuration, watcher: watcher)
            try self.prepareDestination(request)
            try self.prepareMethod(request.method)
            try self.easy.setHeaders(self.headers)
            return true
        } catch {
            // The next request on this slot sets everything anew.
            self.options.areFixedOptionsSet = false
            return false
        }
    }

    private static func isSound(url: String) -> Bool {
        url.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
    }

    private func prepareHeaders(_ request: TransferRequest) -> Bool {
        guard request.url == self.options.url || Self.isSound(url: request.url) else { return false }
        guard request.method != .head || self.body.count == 0 else { return false }
        return Self.fill(&self.headers, request.headers, holdsLongBody: self.body.count > Self.expectAbove)
    }

    /// Makes the list of these lines; false when one of them cannot be sent.
    private static func fill(_ list: inout HeaderList, _ headers: [TransferHeader], holdsLongBody: Bool) -> Bool {
        list.removeAll()
        var hasContentType = false
        for header in headers {
            guard !Self.reserved.contains(where: { Self.isSame(header.name, $0) }) else { return false }
            hasContentType = hasContentType || Self.isSame(header.name, "content-type")
            let isSound = header.value.withExposedText { list.append(name: header.name, value: $0) }
            guard isSound else { return false }
        }
        // Without these libcurl would call a body a web form, and hold back a long one.
        if !hasContentType { list.suppress("Content-Type") }
        if holdsLongBody { list.suppress("Expect") }
        list.link()
        return true
    }

    private func prepareFixedOptions(
        _ request: TransferRequest,
        configuration: ReactorConfiguration,
        watcher: SocketWatcher
    ) throws(CurlError) {
        // The system's bundle can only be had back by starting over.
        let needsReset = self.options.certificateAuthorities != request.certificateAuthorities
        guard !self.options.areFixedOptionsSet || needsReset else { return }
        self.easy.reset()
        self.options = SlotOptions()
        try self.setLimits(configuration)
        try unsafe self.setCallbacks(watcher)
        if !configuration.addresses.isEmpty {
            let addresses = KnownAddresses(configuration.addresses)
            try addresses.set(for: self.easy)
            self.knownAddresses = addresses
        }
        if let path = request.certificateAuthorities { try self.easy.set(CURLOPT_CAINFO, path) }
        // A directory beside the bundle has libcurl read both anew for each connection, which takes 20 ms of the loop;
        // a bundle alone is read once (7.87 and later).
        if request.certificateAuthorities != nil || Self.hasSystemBundle { try self.easy.set(CURLOPT_CAPATH, nil) }
        // libcurl's own day is too long for who takes an authority out of the bundle.
        try self.easy.set(CURLOPT_CA_CACHE_TIMEOUT, Self.bundleSeconds)
        self.options.certificateAuthorities = request.certificateAuthorities
        self.options.areFixedOptionsSet = true
    }

    /// How long what was read of a bundle counts, before a new connection reads it anew.
    private static let bundleSeconds = 300

    /// Whether libcurl was built for a bundle of the system's certificate authorities, and it is there.
    private static let hasSystemBundle: Bool = {
        guard let bundle = unsafe gateway_default_bundle() else { return false }
        return unsafe access(bundle, R_OK) == 0
    }()

    private func setLimits(_ configuration: ReactorConfiguration) throws(CurlError) {
        try self.easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try self.easy.set(CURLOPT_FOLLOWLOCATION, 0)
        try self.easy.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        try self.easy.set(CURLOPT_PATH_AS_IS, 1)
        try self.easy.set(CURLOPT_NOSIGNAL, 1)
        // Without it, giving up a name lookup would wait for the resolver's thread.
        try self.easy.set(CURLOPT_QUICK_EXIT, 1)
        try self.easy.set(CURLOPT_TCP_NODELAY, 1)
        try self.easy.set(CURLOPT_TCP_KEEPALIVE, 1)
        try self.easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try self.easy.set(
            CURLOPT_HTTP_VERSION,
            Int(configuration.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)
        )
        try self.easy.set(CURLOPT_BUFFERSIZE, configuration.receiveBufferBytes)
        // An explicit proxy only: what the environment names was meant for other programs. Header lines, and the
        // keys in them, are for the upstream, not for the proxy's CONNECT.
        try self.easy.set(CURLOPT_PROXY, "")
        try self.easy.set(CURLOPT_NOPROXY, "")
        try self.easy.set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        try self.easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    }

    @unsafe private func setCallbacks(_ watcher: SocketWatcher) throws(CurlError) {
        try unsafe self.easy.set(CURLOPT_PRIVATE, pointer: self.context)
        try unsafe self.easy.set(CURLOPT_HEADERDATA, pointer: self.context)
        try unsafe self.easy.set(CURLOPT_HEADERFUNCTION, Self.headerArrived)
        try unsafe self.easy.set(CURLOPT_WRITEDATA, pointer: self.context)
        try unsafe self.easy.set(CURLOPT_WRITEFUNCTION, Self.bodyArrived)
        try unsafe self.easy.set(CURLOPT_READDATA, pointer: self.context)
        try unsafe self.easy.set(CURLOPT_READFUNCTION, Self.bodyWanted)
        try unsafe self.easy.set(CURLOPT_SEEKDATA, pointer: self.context)
        try unsafe self.easy.setSeek(Self.bodySeek)
        try unsafe self.easy.set(CURLOPT_PREREQDATA, pointer: self.context)
        try unsafe self.easy.setBeforeRequest(Self.requestBegins)
        try unsafe self.easy.set(CURLOPT_ERRORBUFFER, pointer: self.errorBuffer)
        try unsafe self.easy.set(CURLOPT_OPENSOCKETDATA, pointer: watcher.context)
        try unsafe self.easy.setOpenSocket(SocketWatcher.openSocket)
        try unsafe self.easy.set(CURLOPT_CLOSESOCKETDATA, pointer: watcher.context)
        try unsafe self.easy.setCloseSocket(SocketWatcher.closeSocket)
    }

    private func prepareDestination(_ request: TransferRequest) throws(CurlError) {
        if self.options.url != request.url {
            try self.prepareURL(request.url)
            self.options.url = request.url
        }
        if self.options.proxy != request.proxy {
            try self.easy.set(CURLOPT_PROXY, request.proxy ?? "")
            self.options.proxy = request.proxy
        }
        if self.options.publicOnly != request.publicOnly {
            try unsafe self.easy.setOpenSocket(
                request.publicOnly ? SocketWatcher.openPublicSocket : SocketWatcher.openSocket
            )
            self.options.publicOnly = request.publicOnly
        }
        let milliseconds = request.timeouts.connect.map(Self.milliseconds) ?? 0
        if self.options.connectTimeoutMilliseconds != milliseconds {
            try self.easy.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
            self.options.connectTimeoutMilliseconds = milliseconds
        }
    }

    private func prepareURL(_ text: String) throws(CurlError) {
        guard let url = URLHandle(text) else {
            // libcurl says itself, when the transfer begins, what it does not like.
            try unsafe self.easy.set(CURLOPT_CURLU, pointer: nil)
            return try self.easy.set(CURLOPT_URL, text)
        }
        // A text that is set would go before the parts in what libcurl tells of the transfer.
        try self.easy.set(CURLOPT_URL, nil)
        try unsafe self.easy.set(CURLOPT_CURLU, pointer: url.pointer)
        self.url = consume url
    }

    /// At least 1, since 0 means libcurl's default, and at most a day, which libcurl's arithmetic bears.
    private static func milliseconds(_ duration: Duration) -> Int {
        let zero = MonotonicTime(nanoseconds: 0)
        return min(max(1, zero.milliseconds(until: zero.advanced(by: duration))), 86_400_000)
    }

    private func prepareMethod(_ method: TransferRequest.Method) throws(CurlError) {
        self.mayRepeat = method == .get || method == .head
        let carriesBody = self.body.count > 0 || [.post, .put, .patch].contains(method)
        try self.easy.set(CURLOPT_NOBODY, method == .head ? 1 : 0)
        if carriesBody {
            try self.prepareBody()
        } else if method != .head {
            try self.easy.set(CURLOPT_HTTPGET, 1)
        }
        let natural: TransferRequest.Method = carriesBody ? .post : method == .head ? .head : .get
        let custom = method == natural ? nil : method.rawValue
        if self.options.customMethod != custom {
            try self.easy.set(CURLOPT_CUSTOMREQUEST, custom)
            self.options.customMethod = custom
        }
    }

    private func prepareBody() throws(CurlError) {
        try self.easy.set(CURLOPT_POST, 1)
        try self.easy.setLarge(CURLOPT_POSTFIELDSIZE_LARGE, self.body.count)
        if self.body.count == 0 {
            // Any valid address will do for no bytes.
            try unsafe self.easy.set(CURLOPT_POSTFIELDS, pointer: self.errorBuffer)
        } else {
            // Null makes libcurl read through the callback.
            try unsafe self.easy.set(CURLOPT_POSTFIELDS, pointer: self.body.contiguous)
        }
        try self.setUploadBuffer(RequestBody.uploadBuffer(for: self.body.count))
    }

    private func setUploadBuffer(_ size: Int) throws(CurlError) {
        guard self.options.uploadBufferBytes != size else { return }
        try self.easy.set(CURLOPT_UPLOAD_BUFFERSIZE, size)
        self.options.uploadBufferBytes = size
    }

    /// Lets go of what a request took that libcurl has sent to its end: a long one would otherwise stay in memory for
    /// as long as its answer streams, and libcurl's copy with it.
    func releaseBody() {
        let isLong = self.body.count > RequestBody.joinBelow
        self.body.release()
        guard isLong, CurlLibrary.keepsUploadBuffer else { return }
        // One that cannot be set leaves a buffer that is too large.
        try? self.setUploadBuffer(RequestBody.joinBelow)
    }
}
