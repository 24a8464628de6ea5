import Glibc

/// Lets the main thread wait while the event loops work.
enum Pause {
    static func seconds(_ seconds: Double) {
        usleep(UInt32(max(0, min(seconds, 3600)) * 1e6))
    }
}
