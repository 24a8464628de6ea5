/// Why a reactor could not be made; all of them are this machine's fault.
package enum CurlError: Error, Hashable, Sendable {
    /// libcurl is older than 7.85, or has no TLS or no resolver threads.
    case unsuitableLibrary(version: String)

    /// `curl_global_init`, `curl_multi_init` or an option failed, with libcurl's code.
    case library(code: Int)

    /// No descriptor or thread could be had, with `errno`.
    case system(errno: Int32)
}
