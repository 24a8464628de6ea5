import CLibcurl

/// Owner of one libcurl multi handle: the running transfers and the connections kept for reuse.
///
/// libcurl tells the watcher which sockets it waits for; so the watcher is held for as long as the handle lives.
@safe struct MultiHandle: ~Copyable {
    let raw: UnsafeMutableRawPointer
    private let watcher: SocketWatcher

    init(configuration: ReactorConfiguration, watcher: SocketWatcher) throws(CurlError) {
        guard let raw = unsafe curl_multi_init() else { throw .library(code: Int(CURLE_FAILED_INIT.rawValue)) }
        let connections = max(1, configuration.connectionCacheSize)
        let hostConnections = max(0, configuration.maxHostConnections)
        let codes = unsafe [
            gateway_multi_set_socket(raw, SocketWatcher.socketChanged),
            gateway_multi_set_pointer(raw, CURLMOPT_SOCKETDATA, watcher.context),
            gateway_multi_set_long(raw, CURLMOPT_MAXCONNECTS, connections),
            gateway_multi_set_long(raw, CURLMOPT_MAX_HOST_CONNECTIONS, hostConnections),
        ]
        if let failure = codes.first(where: { $0 != CURLM_OK }) {
            _ = unsafe curl_multi_cleanup(raw)
            throw .library(code: Int(failure.rawValue))
        }
        unsafe self.raw = raw
        self.watcher = watcher
    }

    deinit {
        _ = unsafe curl_multi_cleanup(self.raw)
    }

    /// Lets libcurl work on what happened to a socket, and on whatever timer of its own has run out.
    func act(on socket: CInt, mask: CInt) {
        var running: CInt = 0
        _ = unsafe curl_multi_socket_action(self.raw, socket, mask, &running)
    }

    /// Lets libcurl work on its timers only: new transfers, name lookups, connection attempts.
    func actOnTimers() {
        self.act(on: CURL_SOCKET_BAD, mask: 0)
    }

    /// Milliseconds until libcurl's next timer; nil when it has none.
    ///
    /// Asked for instead of kept from libcurl's timer callback: the callback stays silent when the next timer is the
    /// one it told of last, so a loop that wakes a fraction of a millisecond early would wait for ever.
    var millisecondsToTimer: Int? {
        var milliseconds = 0
        guard unsafe curl_multi_timeout(self.raw, &milliseconds) == CURLM_OK, milliseconds >= 0 else { return nil }
        return milliseconds
    }

    /// The next transfer that ended, by the pointer given as its `CURLOPT_PRIVATE`, and how.
    @unsafe func nextCompletion() -> (context: UnsafeMutableRawPointer, code: CURLcode)? {
        var waiting: CInt = 0
        while let message = unsafe curl_multi_info_read(self.raw, &waiting) {
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            let code = unsafe gateway_message_result(message)
            var context: UnsafeMutableRawPointer?
            _ = unsafe gateway_easy_get_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &context)
            if let context = unsafe context { return unsafe (context, code) }
        }
        return nil
    }
}
