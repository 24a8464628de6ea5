extension CurlReactor {
    /// Sends a request and gives its whole answer, for control traffic; no use on the path of callers' requests.
    ///
    /// Throws what the transfer failed with, `.bodyTooLarge` past `maximumBodyBytes`, and `.cancelled` when the task
    /// is cancelled.
    package func fetch(
        _ request: TransferRequest,
        maximumBodyBytes: Int
    ) async throws(TransferFailure) -> TransferResponse {
        try await self.gather(request, maximumBodyBytes: maximumBodyBytes).mapError(\.reason).get()
    }

    /// The same, for who needs to know how far an exchange came that failed.
    package func gather(
        _ request: TransferRequest,
        maximumBodyBytes: Int
    ) async -> Result<TransferResponse, FetchFailure> {
        let collector = TransferCollector(maximumBodyBytes: maximumBodyBytes)
        collector.begin(self.start(request, receiver: collector))
        return await withTaskCancellationHandler {
            await collector.answer
        } onCancel: {
            collector.cancel()
        }
    }
}
