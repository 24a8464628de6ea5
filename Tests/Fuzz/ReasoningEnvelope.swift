/// Opaque texts that callers send back.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    EnvelopeFuzzing.check(unsafe FuzzInput.bytes(start, count))
    return 0
}
