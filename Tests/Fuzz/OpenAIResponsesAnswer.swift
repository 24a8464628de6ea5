import Identity

/// Whole answers of providers that speak Responses.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    AnswerFuzzing.check(.openAIResponses, unsafe FuzzInput.bytes(start, count))
    return 0
}
