import Addresses
import Dialects
import Exchange
import Media
import Wire

/// What the images of a request are and where its links lead, as far as can be told without asking anybody.
///
/// A link is what a provider would ask besides images: for a document, a sound, a film, or a server of tools.
struct ImageReview {
    /// A server that a provider would be sent to; where its name leads has yet to be found out.
    struct Host {
        let name: String
        /// The way to the address in the body.
        let path: String
    }

    private(set) var hosts: [Host] = []
    private var names: Set<String> = []
    /// What a model is estimated to take for all of them.
    private(set) var tokens = 0

    /// Judges every image and every link; the first bad one refuses the request, by its place in the body.
    static func review(
        _ content: ContentOutline,
        in bytes: Span<UInt8>,
        limits: IngressLimits
    ) -> Result<ImageReview, CallerErrorBox> {
        var review = ImageReview()
        guard content.imageCount <= limits.images else {
            let path = limits.images < content.images.count ? content.images[limits.images].path : []
            return .failure(ImageReview.refusal(.tooMany(limit: limits.images), path, in: bytes))
        }
        // Those that were not kept cannot be judged.
        guard content.linkCount <= limits.links, content.links.count == content.linkCount else {
            let path = limits.links < content.links.count ? content.links[limits.links].path : []
            return .failure(ImageReview.refusal(.tooManyLinks(limit: limits.links), path, in: bytes))
        }
        for image in content.images {
            switch ImageReview.judge(image, in: bytes) {
            case .failure(let problem): return .failure(ImageReview.refusal(problem, image.path, in: bytes))
            case .success(.inline(let tokens)): review.tokens += tokens
            case .success(.elsewhere): review.tokens += PictureSize.mostTokens
            case .success(.address(let isPublic)):
                guard isPublic || limits.allowsPrivateImageURLs else {
                    return .failure(ImageReview.refusal(.notPublic, image.path, in: bytes))
                }
                review.tokens += PictureSize.mostTokens
            case .success(.name(let name)):
                review.tokens += PictureSize.mostTokens
                guard review.add(name, at: image.path, in: bytes, limits) else {
                    return .failure(ImageReview.refusal(.tooManyHosts(limit: limits.hosts), image.path, in: bytes))
                }
            }
        }
        for link in content.links {
            switch ImageReview.judge(link, in: bytes) {
            case .failure(let problem): return .failure(ImageReview.refusal(problem, link.path, in: bytes))
            case .success(.data): break
            case .success(.address(let address)):
                guard address.isPublic || limits.allowsPrivateImageURLs else {
                    return .failure(ImageReview.refusal(.notPublic, link.path, in: bytes))
                }
            case .success(.name(let name)):
                guard review.add(name, at: link.path, in: bytes, limits) else {
                    return .failure(ImageReview.refusal(.tooManyHosts(limit: limits.hosts), link.path, in: bytes))
                }
            }
        }
        return .success(review)
    }

    /// Each name is looked up once, for the first place that has it; false when it is one too many.
    private mutating func add(
        _ name: String,
        at path: [ContentOutline.Step],
        in bytes: Span<UInt8>,
        _ limits: IngressLimits
    ) -> Bool {
        guard !limits.allowsPrivateImageURLs, self.names.insert(name).inserted else { return true }
        guard self.hosts.count < limits.hosts else { return false }
        self.hosts.append(Host(name: name, path: ContentOutline.text(path, in: bytes)))
        return true
    }

    private enum Finding {
        case inline(tokens: Int)
        case name(String)
        case address(isPublic: Bool)
        /// With the provider, which keeps it.
        case elsewhere
    }

    private static func judge(
        _ image: ContentOutline.Image,
        in bytes: Span<UInt8>
    ) -> Result<Finding, ImageProblem> {
        guard image.kind != .kept else { return .success(.elsewhere) }
        guard image.range.lowerBound >= 0, image.range.upperBound <= bytes.count else { return .failure(.missing) }
        let type = image.mediaType.map { ImageReview.text($0, in: bytes) } ?? ""
        let first = ImageReview.judge(bytes.extracting(image.range), image.kind, mediaType: type)
        guard case .failure = first, let plain = ImageReview.unescaped(image.range, in: bytes) else { return first }
        // Some clients write every slash as `\/`.
        return ImageReview.judge(plain.span, image.kind, mediaType: type)
    }

    private static func judge(
        _ text: Span<UInt8>,
        _ kind: ContentOutline.Image.Kind,
        mediaType: String
    ) -> Result<Finding, ImageProblem> {
        guard kind != .inline else {
            return InlineImage.judge(text, mediaType: mediaType).map { .inline(tokens: $0.tokens) }
        }
        switch ImageAddress.read(text) {
        case .failure(let problem): return .failure(problem)
        case .success(.name(let name)): return .success(.name(name))
        case .success(.address(let address)): return .success(.address(isPublic: address.isPublic))
        case .success(.data(let type, let start)):
            return InlineImage.judge(text.extracting(start..<text.count), mediaType: type)
                .map { .inline(tokens: $0.tokens) }
        }
    }

    private static func judge(
        _ link: ContentOutline.Link,
        in bytes: Span<UInt8>
    ) -> Result<ImageAddress, ImageProblem> {
        guard link.range.lowerBound >= 0, link.range.upperBound <= bytes.count else { return .failure(.missing) }
        let first = ImageAddress.read(bytes.extracting(link.range))
        guard case .failure = first, let plain = ImageReview.unescaped(link.range, in: bytes) else { return first }
        return ImageAddress.read(plain.span)
    }

    /// The characters of a string with escapes; nil for one without.
    private static func unescaped(_ range: Range<Int>, in bytes: Span<UInt8>) -> [UInt8]? {
        guard range.lowerBound > 0, range.upperBound < bytes.count, range.contains(where: { bytes[$0] == 0x5c }) else {
            return nil
        }
        let quoted = range.lowerBound - 1..<range.upperBound + 1
        return JSONMemberWalk.read(bytes, quoted)?.stringValue.map { Array($0.utf8) }
    }

    /// A short text, without its escapes.
    private static func text(_ range: Range<Int>, in bytes: Span<UInt8>) -> String {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count, range.count <= 256 else { return "" }
        let plain = ImageReview.unescaped(range, in: bytes) ?? range.map { bytes[$0] }
        return String(decoding: plain, as: UTF8.self)
    }

    private static func refusal(
        _ problem: ImageProblem,
        _ path: [ContentOutline.Step],
        in bytes: Span<UInt8>
    ) -> CallerErrorBox {
        CallerErrorBox(Refusal.image(problem, at: ContentOutline.text(path, in: bytes)))
    }
}
