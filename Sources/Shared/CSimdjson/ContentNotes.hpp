#pragma once

#include <cstring>

#include "CSimdjson.h"
#include "Growable.hpp"

namespace csimdjson {

/// What a container is to a request of one of the three dialects; `other` for all that says nothing of its needs.
enum class Role : uint8_t {
    other, top, conversation, turn, parts, part, address, source, payload, payloads, tools, tool, mask, servers, server,
    choice, holder, format, reasoning, thinking, prompt, variables,
};

/// What the member is that an object's walk stands at.
enum class Field : uint8_t {
    none, conversation, tools, choice, parallel, format, holder, effort, reasoning, thinking, cap, role, type, parts,
    output, result, image_address, other_address, source, payload, url, data, media_type, file_id, mode, name,
    unparallel, prompt, variables, mask, servers,
};

/// How far the walk is in one open container.
struct Place {
    Role role;
    Field field;
    /// The opening quote of the member's name, or the number of the element with the highest bit set.
    uint32_t step;
};

/// Notes what a request asks of the target that serves it, while its structure is walked.
///
/// It goes by member names and knows all three dialects at once: none uses a name of another for something else.
/// What it does not know it passes over.
class ContentNotes {
public:
    ContentNotes(const uint8_t *document, Growable<csimdjson_image> &images) noexcept
        : document_(document), images_(images) {}

    /// The walk stands at a member of an object that is not `other`.
    static Field field(Role role, const uint8_t *name, uint32_t count) noexcept;

    /// The role of a container that opens inside the last of `depth` places, which is not `other`.
    Role open(const Place *places, uint32_t depth, bool is_object) noexcept;
    /// A container of this role closes; the places are those around it.
    void close(Role role, const Place *places, uint32_t depth) noexcept;
    /// A string in the last of `depth` places, which is not `other`, under a name that is known or in an array of
    /// `payloads`; the range is without its quotes.
    void string(const Place *places, uint32_t depth, uint32_t start, uint32_t end) noexcept;
    /// Another value that is no container.
    void scalar(const Place &place, uint32_t start, uint32_t end) noexcept;

    csimdjson_content content() const noexcept { return content_; }

private:
    /// A part may hold parts: an image in a document in the result of a tool.
    static constexpr uint32_t part_limit = 4;

    /// An image's address, and the address and the data of its source: names are there once.
    static constexpr uint32_t value_limit = 3;
    /// Longer schemes are none that anybody follows.
    static constexpr uint32_t scheme_limit = 64;

    enum class PartType : uint8_t { other, image, file, audio, video, tool_result };

    struct Part {
        PartType type;
        bool has_image_address;
        /// The source is words, not a file.
        bool is_text;
        /// Bytes of the part that are no text.
        uint32_t payload;
        uint32_t media_start;
        uint32_t media_end;
        uint32_t value_count;
        csimdjson_image values[value_limit];
    };

    struct Turn {
        uint32_t first_image;
        uint32_t result_bytes;
        bool is_result;
        bool is_generated_image;
    };

    Part &part() noexcept { return parts_[part_count_ - 1]; }
    void note_value(const Place *places, uint32_t depth, uint32_t start, uint32_t end, uint32_t kind) noexcept;
    void note_link(const Place *places, uint32_t depth, uint32_t start, uint32_t end) noexcept;
    void note_payload(const Place *places, uint32_t depth, uint32_t start, uint32_t end) noexcept;
    void keep_link(csimdjson_image link) noexcept;
    static csimdjson_image value(
        const Place *places,
        uint32_t depth,
        uint32_t start,
        uint32_t end,
        uint32_t kind
    ) noexcept;
    void close_part(const Place *places, uint32_t depth) noexcept;
    void close_turn() noexcept;
    /// Whether a string means a word; a longer spelling can mean the same, one with escapes.
    template <size_t size>
    bool is(uint32_t start, uint32_t end, const char (&text)[size]) const noexcept {
        const size_t written = end - start;
        if (written == size - 1) return std::memcmp(document_ + start, text, size - 1) == 0;
        // The shortest escape of a letter takes six characters for one.
        return written >= size + 4 && is_escaped(start, end, text, size - 1);
    }
    bool is_escaped(uint32_t start, uint32_t end, const char *text, size_t count) const noexcept;
    bool ends_with(uint32_t start, uint32_t end, const char *text) const noexcept;
    bool is_data_url(uint32_t start, uint32_t end) const noexcept;
    PartType part_type(uint32_t start, uint32_t end) const noexcept;

    const uint8_t *document_;
    Growable<csimdjson_image> &images_;
    csimdjson_content content_{};
    Turn turn_{};
    Part parts_[part_limit];
    uint32_t part_count_ = 0;
};

}  // namespace csimdjson
