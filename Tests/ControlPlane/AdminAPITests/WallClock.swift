import Foundation

extension ContinuousClock {
    /// Milliseconds since 1970.
    static var wallMilliseconds: Int { Int(Date().timeIntervalSince1970 * 1000) }
}
