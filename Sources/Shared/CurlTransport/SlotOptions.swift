/// What a slot's handle is set to, so that the next request sets only what differs.
struct SlotOptions {
    /// Whether the options that never change are set.
    var areFixedOptionsSet = false
    var url: String?
    var customMethod: String?
    var connectTimeoutMilliseconds: Int?
    var proxy: String?
    var publicOnly = false
    var certificateAuthorities: String?
    var uploadBufferBytes: Int?
}
