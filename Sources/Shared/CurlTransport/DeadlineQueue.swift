/// Deadlines by key, the earliest first: a binary heap that knows where each key stands.
///
/// Keys are small numbers given out densely (a reactor's slots), at most one deadline each. Setting and removing cost
/// O(log n), looking at the first O(1).
struct DeadlineQueue: Sendable {
    private struct Entry: Sendable {
        var time: MonotonicTime
        var key: Int
    }

    private var heap: [Entry] = []

    /// Index in `heap` by key; -1 = no deadline.
    private var positions: [Int] = []

    var count: Int { self.heap.count }

    /// The earliest deadline; nil when there is none.
    var first: MonotonicTime? { self.heap.first?.time }

    /// The deadline of `key`; nil when it has none.
    func deadline(of key: Int) -> MonotonicTime? {
        guard let position = self.position(of: key) else { return nil }
        return self.heap[position].time
    }

    /// Sets or moves the deadline of `key`, which must not be negative.
    mutating func set(_ key: Int, to time: MonotonicTime) {
        precondition(key >= 0, "keys are slot numbers")
        if let position = self.position(of: key) {
            let old = self.heap[position].time
            self.heap[position].time = time
            if time < old { self.rise(from: position) } else { self.sink(from: position) }
            return
        }
        while self.positions.count <= key { self.positions.append(-1) }
        self.positions[key] = self.heap.count
        self.heap.append(Entry(time: time, key: key))
        self.rise(from: self.heap.count - 1)
    }

    /// Removes the deadline of `key`; nothing happens when it has none.
    mutating func remove(_ key: Int) {
        guard let position = self.position(of: key) else { return }
        let last = self.heap.count - 1
        self.exchange(position, last)
        self.heap.removeLast()
        self.positions[key] = -1
        guard position < last else { return }
        self.rise(from: position)
        self.sink(from: position)
    }

    /// Removes the earliest deadline and gives its key, if it is not after `now`.
    mutating func popDue(at now: MonotonicTime) -> Int? {
        guard let entry = self.heap.first, entry.time <= now else { return nil }
        self.remove(entry.key)
        return entry.key
    }

    private func position(of key: Int) -> Int? {
        guard self.positions.indices.contains(key), self.positions[key] >= 0 else { return nil }
        return self.positions[key]
    }

    private mutating func exchange(_ left: Int, _ right: Int) {
        self.heap.swapAt(left, right)
        self.positions[self.heap[left].key] = left
        self.positions[self.heap[right].key] = right
    }

    private mutating func rise(from start: Int) {
        var position = start
        while position > 0 {
            let parent = (position - 1) / 2
            guard self.heap[position].time < self.heap[parent].time else { return }
            self.exchange(position, parent)
            position = parent
        }
    }

    private mutating func sink(from start: Int) {
        var position = start
        while true {
            let left = position * 2 + 1
            guard left < self.heap.count else { return }
            let right = left + 1
            let child = right < self.heap.count && self.heap[right].time < self.heap[left].time ? right : left
            guard self.heap[child].time < self.heap[position].time else { return }
            self.exchange(position, child)
            position = child
        }
    }
}
