/// The fuzzer's own changes, of bytes.
@_silgen_name("LLVMFuzzerMutate")
private func changeBytes(_ data: UnsafeMutablePointer<UInt8>?, _ count: Int, _ room: Int) -> Int

/// Changes an input in place, as `LLVMFuzzerCustomMutator` does.
enum FuzzMutation {
    /// Gives the length of the new input.
    ///
    /// Mostly changed by `change`; by bytes when that gives nothing, or nothing that fits.
    static func apply(
        _ data: UnsafeMutablePointer<UInt8>?,
        _ count: Int,
        room: Int,
        seed: UInt32,
        change: ([UInt8], FuzzGenerator) -> [UInt8]?
    ) -> Int {
        var generator = FuzzGenerator(seed: seed)
        let target = unsafe UnsafeMutableBufferPointer(start: data, count: room)
        guard generator.below(4) > 0, let changed = change(unsafe Array(target.prefix(count)), generator),
            !changed.isEmpty, changed.count <= room
        else { return unsafe changeBytes(data, count, room) }
        _ = unsafe target.update(fromContentsOf: changed)
        return changed.count
    }
}
