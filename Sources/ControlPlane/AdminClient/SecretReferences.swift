import Wire

/// Puts secrets into a document in place of `{env: NAME}` and `{file: PATH}`, so that no file needs to hold one.
///
/// Only under `auth.secret`, where one belongs. It is done here and not by the control plane, which reads no
/// environment and no files for anyone.
enum SecretReferences {
    static func resolve(
        _ value: JSONValue,
        at path: String = "",
        environment: (String) -> String?,
        file: (String) -> String?
    ) throws(JSONShapeError) -> JSONValue {
        switch value {
        case .null, .bool, .number, .string: return value
        case .array(let elements):
            var resolved: [JSONValue] = []
            for (index, element) in elements.enumerated() {
                let path = "\(path)[\(index)]"
                resolved.append(
                    try SecretReferences.resolve(element, at: path, environment: environment, file: file)
                )
            }
            return .array(resolved)
        case .object(var object):
            for (name, member) in object.members {
                let inner = path.isEmpty ? name : "\(path).\(name)"
                if inner == "auth.secret" || inner.hasSuffix(".auth.secret"), case .object = member {
                    object[name] = .string(
                        try SecretReferences.secret(member, at: inner, environment: environment, file: file)
                    )
                } else {
                    object[name] = try SecretReferences.resolve(
                        member,
                        at: inner,
                        environment: environment,
                        file: file
                    )
                }
            }
            return .object(object)
        }
    }

    private static func secret(
        _ reference: JSONValue,
        at path: String,
        environment: (String) -> String?,
        file: (String) -> String?
    ) throws(JSONShapeError) -> String {
        var members = try JSONMembers(reference, at: path)
        let name = try members.optionalString("env")
        let source = try members.optionalString("file")
        try members.refuseUnknown()
        switch (name, source) {
        case (let name?, nil):
            guard let text = environment(name), !text.isEmpty else {
                throw JSONShapeError(field: path, problem: "names the environment variable \(name), which is not set")
            }
            return text
        case (nil, let source?):
            guard let text = file(source) else {
                throw JSONShapeError(field: path, problem: "names the file \(source), which cannot be read")
            }
            // Editors end files with a line end that is no part of the secret.
            return String(text.reversed().drop { $0.isNewline }.reversed())
        default: throw JSONShapeError(field: path, problem: "must be a text, or one of {env: NAME} and {file: PATH}")
        }
    }
}
