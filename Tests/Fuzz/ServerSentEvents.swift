/// Streams of server-sent events, and how they are cut.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    EventFuzzing.check(unsafe FuzzInput.bytes(start, count))
    return 0
}
