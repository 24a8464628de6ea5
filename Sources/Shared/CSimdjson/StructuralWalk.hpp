#pragma once

#include "CSimdjson.h"
#include "ContentNotes.hpp"
#include "Growable.hpp"
#include "MemberNames.hpp"

namespace csimdjson {

constexpr uint32_t unknown_offset = UINT32_MAX;
constexpr uint32_t depth_limit = 1024;

/// A problem and where it is; `CSIMDJSON_OK` when there is none.
struct Finding {
    uint32_t problem = CSIMDJSON_OK;
    uint32_t offset = unknown_offset;
};

/// Checks the grammar over the positions that stage 1 found, and lists the top-level members on the way.
///
/// Stage 1 lists every brace, bracket, colon and comma outside strings and the first byte of every string and
/// scalar, and it has already refused an open string, a bare control character in one and bytes that are not
/// UTF-8. What stands between two positions is therefore one string or scalar with white space behind it.
class StructuralWalk {
public:
    StructuralWalk(
        const uint8_t *document,
        uint32_t count,
        const uint32_t *positions,
        uint32_t position_count,
        uint32_t maximum_depth,
        uint32_t maximum_members,
        MemberNames &names,
        Growable<csimdjson_member> &members,
        Growable<uint8_t> &member_names,
        Growable<csimdjson_image> &images
    ) noexcept;

    Finding run() noexcept;

    /// One past the closing brace, after a run without a problem.
    uint32_t object_end() const noexcept { return object_end_; }

    /// What was noted of the request that the object may be, after a run without a problem.
    csimdjson_content content() const noexcept {
        csimdjson_content content = notes_.content();
        content.text_bytes = text_bytes_;
        if (is_sealed_) content.flags |= CSIMDJSON_SEALED;
        return content;
    }

private:
    struct Frame {
        MemberNames::Scope scope;
        bool is_object;
    };

    /// The position after the one at `index`; the end of the text after the last.
    uint32_t position_after(uint32_t index) const noexcept {
        return index + 1 < position_count_ ? positions_[index + 1] : count_;
    }
    Finding add_name(Frame &frame, Place &place, uint32_t depth, uint32_t index) noexcept;
    Finding begin_value(uint32_t depth, uint32_t position) noexcept;
    Finding check_scalar(uint32_t index, uint32_t &end) const noexcept;
    bool is_sealed(uint32_t start, uint32_t limit) const noexcept;
    uint32_t end_before(uint32_t position) const noexcept;

    const uint8_t *document_;
    uint32_t count_;
    const uint32_t *positions_;
    uint32_t position_count_;
    uint32_t maximum_depth_;
    uint32_t maximum_members_;
    MemberNames &names_;
    Growable<csimdjson_member> &members_;
    Growable<uint8_t> &member_names_;
    ContentNotes notes_;
    uint32_t text_bytes_ = 0;
    bool is_sealed_ = false;
    uint32_t object_end_ = 0;
};

}  // namespace csimdjson
