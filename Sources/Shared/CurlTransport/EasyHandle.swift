import CLibcurl

/// Owner of one libcurl easy handle: the options and the running state of one transfer.
@safe struct EasyHandle: ~Copyable {
    fileprivate let raw: UnsafeMutableRawPointer

    init() throws(CurlError) {
        guard let raw = unsafe curl_easy_init() else { throw .library(code: Int(CURLE_FAILED_INIT.rawValue)) }
        unsafe self.raw = raw
    }

    deinit {
        unsafe curl_easy_cleanup(self.raw)
    }

    /// Back to the options of a new handle.
    func reset() {
        unsafe curl_easy_reset(self.raw)
    }

    func set(_ option: CURLoption, _ value: Int) throws(CurlError) {
        try Self.check(unsafe gateway_easy_set_long(self.raw, option, value))
    }

    /// For the options ending in `_LARGE`.
    func setLarge(_ option: CURLoption, _ value: Int) throws(CurlError) {
        try Self.check(unsafe gateway_easy_set_offset(self.raw, option, curl_off_t(value)))
    }

    /// libcurl copies the text; nil is the option's "unset".
    func set(_ option: CURLoption, _ value: String?) throws(CurlError) {
        try Self.check(unsafe gateway_easy_set_text(self.raw, option, value))
    }

    /// What `value` points to must outlive its use by the transfer.
    @unsafe func set(_ option: CURLoption, pointer value: UnsafeRawPointer?) throws(CurlError) {
        try Self.check(unsafe gateway_easy_set_pointer(self.raw, option, value))
    }

    @unsafe func set(_ option: CURLoption, _ value: curl_write_callback) throws(CurlError) {
        try Self.check(unsafe gateway_easy_set_transfer(self.raw, option, value))
    }

    @unsafe func setSeek(_ value: curl_seek_callback) throws(CurlError) {
        try Self.check(unsafe gateway_easy_set_seek(self.raw, value))
    }

    @unsafe func setOpenSocket(_ value: curl_opensocket_callback) throws(CurlError) {
        try Self.check(unsafe gateway_easy_set_open_socket(self.raw, value))
    }

    @unsafe func setCloseSocket(_ value: curl_closesocket_callback) throws(CurlError) {
        try Self.check(unsafe gateway_easy_set_close_socket(self.raw, value))
    }

    @unsafe func setBeforeRequest(_ value: curl_prereq_callback) throws(CurlError) {
        try Self.check(unsafe gateway_easy_set_before_request(self.raw, value))
    }

    /// The list must stay as it is until the transfer has ended.
    func setHeaders(_ list: borrowing HeaderList) throws(CurlError) {
        try Self.check(unsafe gateway_easy_set_list(self.raw, CURLOPT_HTTPHEADER, list.first))
    }

    /// A `long` fact about the transfer; 0 when libcurl has none.
    func number(_ info: CURLINFO) -> Int {
        var value = 0
        _ = unsafe gateway_easy_get_long(self.raw, info, &value)
        return value
    }

    /// A fact of the `_T` kind about the transfer; 0 when libcurl has none.
    func largeNumber(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        _ = unsafe gateway_easy_get_offset(self.raw, info, &value)
        return Int(value)
    }

    /// Has libcurl look at a transfer that has not begun, though nothing happened that it waits for.
    func nudge() {
        _ = unsafe curl_easy_pause(self.raw, CURLPAUSE_SEND)
        _ = unsafe curl_easy_pause(self.raw, CURLPAUSE_CONT)
    }

    /// The list must live as long as the transfers.
    @unsafe func setKnownAddresses(_ list: UnsafePointer<curl_slist>?) throws(CurlError) {
        try Self.check(unsafe gateway_easy_set_list(self.raw, CURLOPT_RESOLVE, list))
    }

    /// Lets a paused transfer receive again; what libcurl held back is delivered inside this call.
    func resume() {
        _ = unsafe curl_easy_pause(self.raw, CURLPAUSE_CONT)
    }

    private static func check(_ code: CURLcode) throws(CurlError) {
        guard code == CURLE_OK else { throw .library(code: Int(code.rawValue)) }
    }
}

extension MultiHandle {
    /// Starts the transfer; it makes its first step in the next ``act(on:mask:)``.
    func add(_ easy: borrowing EasyHandle) throws(CurlError) {
        let code = unsafe curl_multi_add_handle(self.raw, easy.raw)
        guard code == CURLM_OK else { throw .library(code: Int(code.rawValue)) }
    }

    /// Takes the transfer out; one that still runs loses its connection or stream.
    func remove(_ easy: borrowing EasyHandle) {
        _ = unsafe curl_multi_remove_handle(self.raw, easy.raw)
    }
}
