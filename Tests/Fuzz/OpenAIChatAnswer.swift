import Identity

/// Whole answers of providers that speak Chat.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    AnswerFuzzing.check(.openAIChat, unsafe FuzzInput.bytes(start, count))
    return 0
}

@_cdecl("LLVMFuzzerCustomMutator")
func change(_ data: UnsafeMutablePointer<UInt8>?, _ count: Int, _ room: Int, _ seed: UInt32) -> Int {
    unsafe FuzzMutation.apply(data, count, room: room, seed: seed) { bytes, generator in
        var mutation = JSONMutation(generator)
        return mutation.changed(bytes)
    }
}
