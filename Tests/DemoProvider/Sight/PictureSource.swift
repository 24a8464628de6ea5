/// Where a picture of a request is.
enum PictureSource: Hashable, Sendable {
    /// In the request, as base64.
    case inline(String)
    case url(String)
    /// It was uploaded before, which this provider does not know.
    case file
}
