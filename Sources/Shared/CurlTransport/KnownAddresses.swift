import CLibcurl

/// Names whose addresses are known, in libcurl's form; an object, as a handle refers to it.
@safe final class KnownAddresses {
    private var first: UnsafeMutablePointer<curl_slist>?

    /// Each as `name:port:address,address`; what there is no memory for is left out.
    init(_ names: [String]) {
        unsafe self.first = nil
        for name in names {
            guard let list = unsafe curl_slist_append(self.first, name) else { continue }
            unsafe self.first = list
        }
    }

    deinit {
        unsafe curl_slist_free_all(self.first)
    }

    /// Has transfers of the handle, which must not outlive this object, take these for what a lookup would give.
    func set(for easy: borrowing EasyHandle) throws(CurlError) {
        try unsafe easy.setKnownAddresses(self.first)
    }
}
