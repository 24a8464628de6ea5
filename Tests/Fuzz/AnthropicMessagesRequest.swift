import Identity

/// Bodies of callers that speak Messages.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    RequestFuzzing.check(.anthropicMessages, unsafe FuzzInput.bytes(start, count))
    return 0
}
