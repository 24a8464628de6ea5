import Glibc
import Identity
import Launch
import Sealing

/// The file with the master key: 64 hexadecimal digits that only its owner may read.
enum KeyFile {
    /// Why there is no key; the operator's to mend.
    enum Problem: Error, Hashable, CustomStringConvertible {
        case unreadable(String)
        case openToOthers
        case notAKey
        case cannotWrite(String)

        var description: String {
            switch self {
            case .unreadable(let reason): "cannot be read (\(reason)); `router-control-plane init-key` makes one"
            case .openToOthers: "must be readable by its owner only: chmod 600"
            case .notAKey: "does not hold a key of 64 hexadecimal digits"
            case .cannotWrite(let reason): "cannot be written: \(reason)"
            }
        }
    }

    static func read(_ path: String) throws(Problem) -> MasterKey {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .unreadable(KeyFile.reason()) }
        guard status.st_mode & 0o077 == 0 else { throw .openToOthers }
        let text: String
        do { text = try TextFile.read(path) } catch { throw .unreadable(error.reason) }
        do { return try MasterKey(fileText: text) } catch { throw .notAKey }
    }

    /// Makes a new key unless the file is there already; returns whether it did.
    static func create(_ path: String) throws(Problem) -> Bool {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            guard errno == EEXIST else { throw .cannotWrite(KeyFile.reason()) }
            _ = try KeyFile.read(path)
            return false
        }
        defer { close(descriptor) }
        let bytes = MasterKey().fileText.withExposedText { Array($0.utf8) }
        guard unsafe write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            let reason = KeyFile.reason()
            // Half a key is worse than none.
            _ = unsafe unlink(path)
            throw .cannotWrite(reason)
        }
        return true
    }

    private static func reason() -> String { unsafe String(cString: strerror(errno)) }
}
