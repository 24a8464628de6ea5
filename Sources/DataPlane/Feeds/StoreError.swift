package import Contract

/// Why something could not be kept on disk or read from it.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system refused; `number` is its error number.
    case failed(FileOperation, file: String, number: Int32)
    /// A file is longer than anything that belongs there.
    case tooLarge(file: String)
    /// A stored snapshot that cannot be taken apart.
    case damaged(file: String, SnapshotRejection)

    package var description: String {
        switch self {
        case .failed(let operation, let file, let number): "\(operation.rawValue) of \(file): error \(number)"
        case .tooLarge(let file): "\(file) is too large"
        case .damaged(let file, let rejection): "\(file) is damaged: \(rejection.detail)"
        }
    }
}
