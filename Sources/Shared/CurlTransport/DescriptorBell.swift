import CLibcurl
import Glibc

/// Wakes a reactor's thread, which watches the descriptor edge-triggered and never reads it.
struct DescriptorBell: ReactorBell {
    let descriptor: OwnedDescriptor

    init() throws(CurlError) {
        self.descriptor = try OwnedDescriptor(eventfd(0, CInt(EFD_NONBLOCK | EFD_CLOEXEC)))
    }

    func ring() {
        // It fails only when the counter is about to overflow, and then the reader is awake anyway.
        _ = eventfd_write(self.descriptor.number, 1)
    }
}
