/// What is wrong with an image of a request, or with the address of something else that a provider would fetch; the
/// caller's fault in every case.
package enum ImageProblem: Error, Hashable, Sendable {
    /// There is no address and there are no bytes where they should be, or both are.
    case missing
    /// More images than one request may have.
    case tooMany(limit: Int)
    /// More addresses of other things than images than one request may have.
    case tooManyLinks(limit: Int)
    /// One host more than the URLs of one request may name.
    case tooManyHosts(limit: Int)
    case notBase64
    /// Larger than `InlineImage.maximumBytes`.
    case tooLarge
    /// The declared type is none of an image that all dialects take; also when nothing is declared.
    case mediaType
    /// The bytes are no such image.
    case notAPicture
    /// The bytes are an image of another format than the declared one.
    case otherFormat(PictureFormat)
    /// No URL that every reader reads alike.
    case malformedURL
    /// Neither http nor https, nor data.
    case scheme
    /// The URL holds a name or a password.
    case credentials
    /// The host is an address written in another form than the plain one.
    case disguisedAddress
    /// The host is, or its name leads to, an address that not the whole internet can reach.
    case notPublic
    /// The name leads nowhere.
    case unresolved
    /// Where the name leads could not be found out in time.
    case resolutionTooSlow

    /// The rest of a sentence about the image; of the caller's own text it repeats nothing.
    package var text: String {
        switch self {
        case .missing: "holds neither the address nor the bytes of an image"
        case .tooMany(let limit): "are more than the \(limit) images that one request may have"
        case .tooManyLinks(let limit): "are more than the \(limit) URLs of files and servers that one request may have"
        case .tooManyHosts(let limit): "is on one host more than the \(limit) that the URLs of one request may name"
        case .notBase64: "is not base64: the alphabet of RFC 4648 section 4 with its padding, and no white space"
        case .tooLarge: "is an image of more than 20 MiB"
        case .mediaType: "must be of the type \(PictureFormat.mediaTypes)"
        case .notAPicture: "is no PNG, JPEG, GIF or WebP image"
        case .otherFormat(let format): "is declared to be of another type than its bytes, which are \(format.rawValue)"
        case .malformedURL: "is not a plain URL of printable ASCII characters"
        case .scheme: "must be an http or https URL, or a data URL in base64"
        case .credentials: "must not hold a user name or a password"
        case .disguisedAddress:
            "has a host in a form that is not plain: write a name, four decimal numbers, or an IPv6 address in brackets"
        case .notPublic: "leads to an address that is not public"
        case .unresolved: "has a host that cannot be found"
        case .resolutionTooSlow: "has a host that could not be looked up in time"
        }
    }
}
