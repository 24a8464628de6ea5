import CLibcurl

/// The process-wide state of libcurl: initialised once, checked once, never torn down.
enum CurlLibrary {
    private static let readiness: Result<Void, CurlError> = {
        let code = curl_global_init(Int(CURL_GLOBAL_ALL))
        guard code == CURLE_OK else { return .failure(.library(code: Int(code.rawValue))) }
        guard let info = unsafe gateway_version_info() else {
            return .failure(.unsuitableLibrary(version: "unknown"))
        }
        // 7.85 brought CURLOPT_PROTOCOLS_STR. Without resolver threads a slow name service would stop every transfer.
        let needed = CURL_VERSION_SSL | CURL_VERSION_ASYNCHDNS | CURL_VERSION_THREADSAFE
        guard unsafe info.pointee.version_num >= 0x075500, unsafe info.pointee.features & needed == needed else {
            return .failure(.unsuitableLibrary(version: unsafe String(cString: info.pointee.version)))
        }
        return .success(())
    }()

    /// Whether a transfer keeps its upload buffer until it ends, unless another size is asked for.
    ///
    /// The manual advises against asking on a running transfer. Up to 8.6 the buffer is freed by that and made anew if
    /// it is needed once more; since 8.7 a transfer has none.
    static let keepsUploadBuffer: Bool = {
        guard let info = unsafe gateway_version_info() else { return false }
        return unsafe info.pointee.version_num < 0x080700
    }()

    /// Throws when libcurl cannot serve the reactor.
    static func prepare() throws(CurlError) {
        try self.readiness.get()
    }
}
