/// The `Retry-After` header (RFC 9110 §10.2.3) of a provider, as far as it can be believed.
package enum RetryAfter {
    /// Longer waits are taken for this: agents sleep as told.
    package static let maximumSeconds = 3600

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Seconds from a number, or until a date; nil for anything else.
    ///
    /// `now` is milliseconds since 1970. A date that has passed asks for nothing: 0.
    package static func seconds(_ value: String, now: Int) -> Int? {
        if let seconds = Int(value) { return seconds >= 0 ? min(seconds, RetryAfter.maximumSeconds) : nil }
        guard let date = RetryAfter.date(value) else { return nil }
        // Rounded up: a second too early is a second refusal.
        return min(max(0, (date - now + 999) / 1000), RetryAfter.maximumSeconds)
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form of a date that may be sent, in milliseconds since 1970.
    private static func date(_ value: String) -> Int? {
        let parts = value.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].utf8.count == 4, parts[0].hasSuffix(","), parts[5] == "GMT",
            let month = RetryAfter.months.firstIndex(of: String(parts[2]))
        else { return nil }
        let digits = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return RFC3339.parse("\(parts[3])-\(digits)-\(parts[1])T\(parts[4])Z")
    }
}
