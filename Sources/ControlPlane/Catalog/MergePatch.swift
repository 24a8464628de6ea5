package import Wire

/// The JSON merge patch of RFC 7396.
package enum MergePatch {
    /// `target` with the members of `patch` laid over it: null removes, objects merge, all else replaces.
    package static func apply(_ patch: JSONValue, to target: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var result = target.objectValue ?? JSONObject()
        for (name, change) in changes.members {
            if change == .null {
                // Spelled out, for `nil` alone would be read as the JSON null.
                result[name] = JSONValue?.none
            } else {
                result[name] = MergePatch.apply(change, to: result[name] ?? .null)
            }
        }
        return .object(result)
    }
}
