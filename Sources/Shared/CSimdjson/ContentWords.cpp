#include "ContentNotes.hpp"

#include <cstring>

#include "Escapes.hpp"

namespace csimdjson {

bool ContentNotes::is_escaped(uint32_t start, uint32_t end, const char *text, size_t count) const noexcept {
    const size_t written = end - start;
    uint8_t plain[128];
    if (written > sizeof plain || std::memchr(document_ + start, '\\', written) == nullptr) return false;
    return unescape(document_ + start, written, plain) == count && std::memcmp(plain, text, count) == 0;
}

bool ContentNotes::ends_with(uint32_t start, uint32_t end, const char *text) const noexcept {
    const auto count = static_cast<uint32_t>(std::strlen(text));
    return end - start >= count && std::memcmp(document_ + end - count, text, count) == 0;
}

bool ContentNotes::is_data_url(uint32_t start, uint32_t end) const noexcept {
    uint8_t plain[32];
    const uint32_t count = end - start < sizeof plain ? end - start : static_cast<uint32_t>(sizeof plain);
    size_t length = unescape(document_ + start, count, plain);
    if (length < 5) return false;
    for (size_t index = 0; index < 4; index++) {
        if ((plain[index] | 0x20) != static_cast<uint8_t>("data"[index])) return false;
    }
    return plain[4] == ':';
}

ContentNotes::PartType ContentNotes::part_type(uint32_t start, uint32_t end) const noexcept {
    // Most parts of any request.
    if (is(start, end, "text") || is(start, end, "input_text") || is(start, end, "output_text")) return PartType::other;
    if (is(start, end, "image_url") || is(start, end, "input_image") || is(start, end, "image")
        || is(start, end, "computer_screenshot") || is(start, end, "image_file")) {
        return PartType::image;
    }
    if (is(start, end, "file") || is(start, end, "input_file") || is(start, end, "document")) return PartType::file;
    if (is(start, end, "input_audio") || is(start, end, "audio_url")) return PartType::audio;
    if (is(start, end, "video_url") || is(start, end, "input_video")) return PartType::video;
    return ends_with(start, end, "tool_result") ? PartType::tool_result : PartType::other;
}

}  // namespace csimdjson
