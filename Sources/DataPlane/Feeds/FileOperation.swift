/// One step on the disk, as far as a failure between two of them matters.
package enum FileOperation: String, Hashable, Sendable {
    case makeDirectory
    case open
    case read
    case create
    case write
    case sync
    case rename
    case remove
    case syncDirectory
}
