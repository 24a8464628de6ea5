import Glibc

/// A directory (0700) of small files (0600), each replaced as a whole or not at all.
package struct StoreDirectory: Sendable {
    package let path: String
    /// Asked before every step; an answer makes the step fail with that error number.
    ///
    /// For tests that count steps.
    private let fault: (@Sendable (FileOperation) -> Int32?)?

    /// Creates the directory and what is above it where it is missing.
    package init(path: String, fault: (@Sendable (FileOperation) -> Int32?)? = nil) throws(StoreError) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        self.fault = fault
        try self.make()
    }

    /// The file's bytes; nil when there is none.
    package func read(_ name: String, maximumBytes: Int) throws(StoreError) -> [UInt8]? {
        let bytes: [UInt8]?
        do throws(StoreErrorNumber) {
            try self.check(.open)
            let file = try OpenFile(path: self.path(of: name), flags: O_RDONLY)
            try self.check(.read)
            bytes = try file.read(maximum: maximumBytes)
        } catch {
            if error.number == ENOENT { return nil }
            throw .failed(.read, file: name, number: error.number)
        }
        guard let bytes else { throw .tooLarge(file: name) }
        return bytes
    }

    /// Replaces the file: a temporary one is written and renamed over it.
    ///
    /// When `durable`, the new content survives a loss of power once this returns.
    package func write(_ bytes: [UInt8], to name: String, durable: Bool = true) throws(StoreError) {
        let temporary = "\(name).new"
        var operation = FileOperation.create
        do throws(StoreErrorNumber) {
            try self.check(operation)
            let file = try OpenFile(path: self.path(of: temporary), flags: O_WRONLY | O_CREAT | O_TRUNC)
            try file.setMode(0o600)
            operation = .write
            do throws(StoreErrorNumber) { try self.check(operation) } catch {
                // What a full disk or a kill leaves behind.
                try file.write(bytes.prefix(bytes.count / 2))
                throw error
            }
            try file.write(bytes[...])
            if durable {
                operation = .sync
                try self.check(operation)
                try file.synchronize()
            }
        } catch {
            throw .failed(operation, file: name, number: error.number)
        }
        try self.rename(temporary, to: name)
        if durable { try self.synchronize() }
    }

    /// Whether there is such a file.
    package func contains(_ name: String) -> Bool {
        unsafe access(self.path(of: name), F_OK) == 0
    }

    /// Renames over what stands there; durable only after `synchronize`.
    package func rename(_ name: String, to newName: String) throws(StoreError) {
        do throws(StoreErrorNumber) {
            try self.check(.rename)
            guard unsafe Glibc.rename(self.path(of: name), self.path(of: newName)) == 0 else {
                throw StoreErrorNumber.last
            }
        } catch {
            throw .failed(.rename, file: name, number: error.number)
        }
    }

    /// Removes the file if it is there.
    package func remove(_ name: String) throws(StoreError) {
        do throws(StoreErrorNumber) {
            try self.check(.remove)
            guard unsafe unlink(self.path(of: name)) == 0 || errno == ENOENT else { throw StoreErrorNumber.last }
        } catch {
            throw .failed(.remove, file: name, number: error.number)
        }
    }

    /// Makes renames and removals durable.
    package func synchronize() throws(StoreError) {
        do throws(StoreErrorNumber) {
            try self.check(.syncDirectory)
            try OpenFile(path: self.path, flags: O_RDONLY | O_DIRECTORY).synchronize()
        } catch {
            throw .failed(.syncDirectory, file: self.path, number: error.number)
        }
    }

    private func make() throws(StoreError) {
        do throws(StoreErrorNumber) {
            try self.check(.makeDirectory)
            var partial = self.path.hasPrefix("/") ? "" : "."
            for component in self.path.split(separator: "/") {
                partial += "/\(component)"
                guard unsafe mkdir(partial, 0o700) == 0 || errno == EEXIST else { throw StoreErrorNumber.last }
            }
            try OpenFile(path: self.path, flags: O_RDONLY | O_DIRECTORY).setMode(0o700)
        } catch {
            throw .failed(.makeDirectory, file: self.path, number: error.number)
        }
    }

    private func path(of name: String) -> String { "\(self.path)/\(name)" }

    private func check(_ operation: FileOperation) throws(StoreErrorNumber) {
        if let number = self.fault?(operation) { throw StoreErrorNumber(number: number) }
    }
}
