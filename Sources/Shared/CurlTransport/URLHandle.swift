import CLibcurl

/// Owner of a URL that libcurl has taken apart.
///
/// A transfer that is given one copies its parts. From a text libcurl would parse it again for every request, and put
/// it together again to have it in its normal form: 10 000 of the 330 000 instructions of a small request.
@safe struct URLHandle: ~Copyable {
    private let raw: OpaquePointer

    /// Nil when libcurl finds no URL in `text` that it would send a request to, or a user in it.
    init?(_ text: String) {
        guard let raw = unsafe curl_url() else { return nil }
        let flags = UInt32(CURLU_DISALLOW_USER | CURLU_PATH_AS_IS)
        guard unsafe curl_url_set(raw, CURLUPART_URL, text, flags) == CURLUE_OK else {
            unsafe curl_url_cleanup(raw)
            return nil
        }
        unsafe self.raw = raw
    }

    deinit {
        unsafe curl_url_cleanup(self.raw)
    }

    /// What `CURLOPT_CURLU` takes; valid for as long as this value lives.
    @unsafe var pointer: UnsafeRawPointer { unsafe UnsafeRawPointer(self.raw) }
}
