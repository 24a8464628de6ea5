/// How far two names are apart: inserted, dropped, changed characters, and neighbours that changed places.
enum EditDistance {
    /// The optimal string alignment distance over bytes.
    static func between(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (byte == other ? 0 : 1))
                if row > 0, column > 0, byte == right[column - 1], other == left[row - 1] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }

    /// The closest of `names`, when it is close enough to be what was meant: a third of the letters may differ.
    static func closest(to name: String, of names: [String]) -> String? {
        // Hostile lengths are no concern of a suggestion.
        guard name.utf8.count <= 128 else { return nil }
        let closest = names.map { (name: $0, distance: EditDistance.between(name, $0)) }.min {
            $0.distance < $1.distance
        }
        guard let closest, closest.distance <= max(1, name.utf8.count / 3) else { return nil }
        return closest.name
    }
}
