import Wire

/// The models that the provider lists, in one body that clients of both vendors read.
enum ModelList {
    private static let models = ["demo-small", "demo-large", "demo-vision", "demo-canned", "demo-paced"]

    static var json: JSONValue {
        let entries = self.models.map { model -> JSONValue in
            [
                "id": .string(model), "object": "model", "created": 1_767_225_600, "owned_by": "demo",
                "type": "model", "display_name": .string(model), "created_at": "2026-01-01T00:00:00Z",
                "lifecycle": "active",
            ]
        }
        return [
            "object": "list", "data": .array(entries), "has_more": false,
            "first_id": .string(self.models.first ?? ""), "last_id": .string(self.models.last ?? ""),
        ]
    }
}
