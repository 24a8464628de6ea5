import CLibcurl

extension TransferSlot {
    /// Something other than the number of bytes given makes libcurl end the transfer.
    private static let refusal = 0

    static let headerArrived: curl_write_callback = { bytes, size, count, context in
        guard let bytes = unsafe bytes, let slot = unsafe TransferSlot.find(context) else { return refusal }
        let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size &* count)
        return unsafe slot.headerLine(line) ? line.count : refusal
    }

    static let bodyArrived: curl_write_callback = { bytes, size, count, context in
        guard let bytes = unsafe bytes, size &* count > 0 else { return 0 }
        guard let slot = unsafe TransferSlot.find(context) else { return refusal }
        switch unsafe slot.bodyBytes(UnsafeRawBufferPointer(start: bytes, count: size &* count)) {
        case .taken: return size &* count
        case .paused: return Int(CURL_WRITEFUNC_PAUSE)
        case .refused: return refusal
        }
    }

    static let bodyWanted: curl_read_callback = { target, size, count, context in
        guard let target = unsafe target, let slot = unsafe TransferSlot.find(context) else {
            return Int(CURL_READFUNC_ABORT)
        }
        return unsafe slot.body.read(into: UnsafeMutableRawBufferPointer(start: target, count: size &* count))
    }

    static let bodySeek: curl_seek_callback = { context, offset, origin in
        guard let slot = unsafe TransferSlot.find(context), origin == SEEK_SET, slot.body.seek(to: Int(offset)) else {
            return CURL_SEEKFUNC_FAIL
        }
        return CURL_SEEKFUNC_OK
    }

    static let requestBegins: curl_prereq_callback = { context, address, _, _, _ in
        guard let slot = unsafe TransferSlot.find(context), unsafe slot.mayUse(connectionTo: address),
            slot.beforeRequest()
        else { return CURL_PREREQFUNC_ABORT }
        return CURL_PREREQFUNC_OK
    }
}
