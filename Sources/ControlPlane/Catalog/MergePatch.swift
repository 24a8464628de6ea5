package import Wire

/// The JSON merge patch of RFC 7396.
package enum MergePatch {
    /// `target` with the members of `patch` laid over it: null removes, objects merge, all else replaces.
    package static func apply(_ patch: JSONValue, to target: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var result = target.objectValue ?? JSONObject()
        for (name, change) in changes.members {
            result[name] = change == .null ? nil : MergePatch.apply(change, to: result[name] ?? .null)
        }
        return .object(result)
    }
}
