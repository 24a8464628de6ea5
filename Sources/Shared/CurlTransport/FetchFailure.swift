/// Why ``CurlReactor/gather(_:maximumBodyBytes:)`` has no answer, and how far the exchange had come.
package struct FetchFailure: Error, Hashable, Sendable {
    package enum Progress: Hashable, Sendable {
        /// It is certain that no byte of the request went out.
        case notSent
        case sent
        /// The final head had come, and some of the body perhaps.
        case answering(status: Int)
    }

    package let reason: TransferFailure
    package let progress: Progress

    package init(_ reason: TransferFailure, _ progress: Progress) {
        self.reason = reason
        self.progress = progress
    }
}
