extension CurlReactor {
    /// Sends a request and gives its whole answer, for control traffic; no use on the path of callers' requests.
    ///
    /// Throws what the transfer failed with, `.bodyTooLarge` past `maximumBodyBytes`, and `.cancelled` when the task
    /// is cancelled.
    package func fetch(
        _ request: TransferRequest,
        maximumBodyBytes: Int
    ) async throws(TransferFailure) -> TransferResponse {
        let collector = TransferCollector(maximumBodyBytes: maximumBodyBytes)
        collector.begin(self.start(request, receiver: collector))
        let answer = await withTaskCancellationHandler {
            await collector.answer
        } onCancel: {
            collector.cancel()
        }
        return try answer.get()
    }
}
