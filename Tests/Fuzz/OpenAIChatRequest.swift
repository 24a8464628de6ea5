import Identity

/// Bodies of callers that speak Chat.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    RequestFuzzing.check(.openAIChat, unsafe FuzzInput.bytes(start, count))
    return 0
}
