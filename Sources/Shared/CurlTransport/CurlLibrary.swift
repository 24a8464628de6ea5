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

    /// Throws when libcurl cannot serve the reactor.
    static func prepare() throws(CurlError) {
        try self.readiness.get()
    }
}
