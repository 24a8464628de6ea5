internal import CSimdjson
import Dialects

extension ContentOutline.Image {
    init(_ found: csimdjson_image) {
        let media = Int(found.media_start)..<max(Int(found.media_start), Int(found.media_end))
        self.init(
            kind: Kind(csimdjson_image_kind(rawValue: found.kind)),
            range: found.range,
            mediaType: media.isEmpty ? nil : media,
            path: found.path
        )
    }
}

extension ContentOutline.Link {
    init(_ found: csimdjson_image) {
        self.init(range: found.range, path: found.path)
    }
}

extension csimdjson_image {
    fileprivate var range: Range<Int> { Int(self.start)..<max(Int(self.start), Int(self.end)) }

    fileprivate var path: [ContentOutline.Step] {
        // The steps are a tuple to Swift; reading them through a copy's bytes needs no dozen of cases.
        unsafe withUnsafeBytes(of: self.steps) { steps in
            unsafe steps.bindMemory(to: UInt32.self).prefix(Int(self.step_count)).map { ContentOutline.Step($0) }
        }
    }
}

extension ContentOutline.Step {
    fileprivate init(_ found: UInt32) {
        let mark: UInt32 = 0x8000_0000
        self = found & mark == 0 ? .member(Int(found)) : .element(Int(found & ~mark))
    }
}

extension ContentOutline.Image.Kind {
    fileprivate init(_ found: csimdjson_image_kind) {
        switch found {
        case CSIMDJSON_IMAGE_URL: self = .url
        case CSIMDJSON_IMAGE_DATA_URL: self = .dataURL
        case CSIMDJSON_IMAGE_INLINE: self = .inline
        default: self = .kept
        }
    }
}
