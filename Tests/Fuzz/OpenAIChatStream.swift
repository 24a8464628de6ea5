import Identity

/// Streams of providers that speak Chat.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    StreamFuzzing.check(.openAIChat, unsafe FuzzInput.bytes(start, count))
    return 0
}
