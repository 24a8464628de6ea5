/// JSON texts.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    JSONFuzzing.check(unsafe FuzzInput.bytes(start, count))
    return 0
}
