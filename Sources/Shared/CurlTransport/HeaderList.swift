import CLibcurl

/// The header lines of one request in libcurl's list form, in storage that is used again for the next request.
///
/// libcurl only reads the list, so its nodes need not be libcurl's own: two blocks of memory take the place of two
/// allocations a line.
@safe struct HeaderList: ~Copyable {
    private var text: UnsafeMutableBufferPointer<CChar>
    private var used = 0
    private var starts: [Int] = []
    private var nodes: UnsafeMutableBufferPointer<curl_slist>

    init() {
        unsafe self.text = .allocate(capacity: 1024)
        unsafe self.nodes = .allocate(capacity: 16)
    }

    deinit {
        unsafe self.text.deallocate()
        unsafe self.nodes.deallocate()
    }

    mutating func removeAll() {
        self.used = 0
        self.starts.removeAll(keepingCapacity: true)
    }

    /// Adds `name: value`; false, and nothing usable added, when the name is no token or the value has a control
    /// character other than a tab.
    mutating func append(name: String, value: String) -> Bool {
        self.begin()
        let nameBytes = name.utf8Span.span
        guard !nameBytes.isEmpty else { return false }
        for index in nameBytes.indices {
            guard HeadReader.lowercasedToken(nameBytes[index]) != nil else { return false }
        }
        self.append(nameBytes)
        // libcurl's own notation: `name;` sends an empty value, `name:` would send nothing.
        let valueBytes = value.utf8Span.span
        guard !valueBytes.isEmpty else {
            self.append(UInt8(ascii: ";"))
            self.append(0)
            return true
        }
        for index in valueBytes.indices {
            let byte = valueBytes[index]
            guard byte >= 0x20 && byte != 0x7f || byte == UInt8(ascii: "\t") else { return false }
        }
        self.append(UInt8(ascii: ":"))
        self.append(UInt8(ascii: " "))
        self.append(valueBytes)
        self.append(0)
        return true
    }

    /// Tells libcurl not to send the header `name` that it would add by itself.
    mutating func suppress(_ name: StaticString) {
        self.begin()
        name.withUTF8Buffer { bytes in unsafe self.append(bytes.span) }
        self.append(UInt8(ascii: ":"))
        self.append(0)
    }

    /// Makes the list of what was added; adding more needs another call.
    mutating func link() {
        if unsafe self.nodes.count < self.starts.count {
            unsafe self.nodes.deallocate()
            unsafe self.nodes = .allocate(capacity: self.starts.count * 2)
        }
        guard let base = unsafe self.nodes.baseAddress, let characters = unsafe self.text.baseAddress else { return }
        for (index, start) in self.starts.enumerated() {
            let next = unsafe index + 1 < self.starts.count ? base + index + 1 : nil
            unsafe (base + index).initialize(to: curl_slist(data: characters + start, next: next))
        }
    }

    /// The first node; nil when there are no lines.
    @unsafe var first: UnsafePointer<curl_slist>? {
        guard !self.starts.isEmpty, let base = unsafe self.nodes.baseAddress else { return nil }
        return unsafe UnsafePointer(base)
    }

    private mutating func begin() {
        self.starts.append(self.used)
    }

    private mutating func append(_ byte: UInt8) {
        self.makeRoom(for: 1)
        unsafe self.text[self.used] = CChar(bitPattern: byte)
        self.used += 1
    }

    private mutating func append(_ bytes: Span<UInt8>) {
        self.makeRoom(for: bytes.count)
        let text = unsafe UnsafeMutableRawBufferPointer(self.text)
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: text[self.used...])
        unsafe bytes.withUnsafeBytes { unsafe room.copyMemory(from: $0) }
        self.used += bytes.count
    }

    private mutating func makeRoom(for count: Int) {
        guard unsafe self.text.count - self.used < count else { return }
        let capacity = unsafe max(self.text.count * 2, self.used + count)
        let larger = UnsafeMutableBufferPointer<CChar>.allocate(capacity: capacity)
        _ = unsafe larger.initialize(from: self.text[..<self.used])
        unsafe self.text.deallocate()
        unsafe self.text = larger
    }
}
