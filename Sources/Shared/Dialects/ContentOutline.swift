/// What a caller's body asks for, and where its images and links stand in it; found in the same walk as its members.
///
/// It knows the shapes of all three dialects at once and passes over what it does not know.
package struct ContentOutline: Hashable, Sendable {
    /// An image that the request holds or names.
    package struct Image: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// The provider keeps it, or nothing says where it is.
            case kept
            case url
            case dataURL
            /// Base64 alone, with its media type beside it.
            case inline
        }

        package var kind: Kind
        /// The address or the base64 in the body, without its quotes and with its escapes.
        package var range: Range<Int>
        /// The media type beside base64, without its quotes; nil where none is told.
        package var mediaType: Range<Int>?
        /// The way to the value from the top of the body.
        package var path: [Step]

        package init(kind: Kind, range: Range<Int>, mediaType: Range<Int>? = nil, path: [Step] = []) {
            self.kind = kind
            self.range = range
            self.mediaType = mediaType
            self.path = path
        }
    }

    /// An address that a provider would fetch a document, a sound, a film or a mask from, or tools (MCP).
    package struct Link: Hashable, Sendable {
        /// The address in the body, without its quotes and with its escapes.
        package var range: Range<Int>
        /// The way to it from the top of the body.
        package var path: [Step]

        package init(range: Range<Int>, path: [Step] = []) {
            self.range = range
            self.path = path
        }
    }

    package enum Step: Hashable, Sendable {
        /// A member, by the opening quote of its name.
        case member(Int)
        /// An element, from 0.
        case element(Int)
    }

    package var tools = 0
    package var forcesTool = false
    package var parallelTools = false
    package var toolResults = false
    package var structuredOutput = false
    package var reasoning = false
    /// Reasoning is left to the model: nothing says how much, or that there is to be any.
    package var adaptiveReasoning = false
    package var outputCap: Int?
    package var audio = false
    package var video = false
    /// Whether a string of it begins as reasoning does that the gateway sealed.
    package var sealedReasoning = false
    package var files = 0
    /// The base64 of files.
    package var fileBytes = 0
    /// Names and strings that are words, with their quotes.
    package var textBytes = 0
    package var imageCount = 0
    /// Of the images, those whose bytes are in the body.
    package var inlineCount = 0
    package var resultImageCount = 0
    package var linkCount = 0
    /// Where images and links stand; no more than the first thousand of both.
    package var images: [Image] = []
    package var links: [Link] = []

    package init() {}

    /// A way as refusals name it: `messages[3].content[1].image_url.url`.
    package static func text(_ path: [Step], in bytes: Span<UInt8>) -> String {
        var text: [UInt8] = []
        for step in path {
            switch step {
            case .element(let number): text += Array("[\(number)]".utf8)
            case .member(let quote):
                if !text.isEmpty { text.append(UInt8(ascii: ".")) }
                var offset = quote + 1
                while offset > 0, offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
                    text.append(bytes[offset])
                    offset += 1
                }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
