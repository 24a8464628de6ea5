#include "CSimdjson.h"

#include <simdjson.h>
#include <sys/random.h>

#include <memory>
#include <new>

#include "Escapes.hpp"
#include "Growable.hpp"
#include "MemberNames.hpp"
#include "StructuralWalk.hpp"

using csimdjson::Finding;
using csimdjson::unknown_offset;

namespace {

/// The smallest text that stage 1 is given room for, so that small requests never reallocate.
constexpr size_t minimum_capacity = 64 * 1024;

/// Working memory for a larger text is given back after its scan: stage 1 takes four bytes for each of the text.
constexpr size_t kept_capacity = 1024 * 1024;
constexpr size_t kept_bytes = 1024 * 1024;

/// Where a piece of a text that is not UTF-8 goes wrong; the pieces before it are valid.
size_t find_invalid_utf8(const char *bytes, size_t count) noexcept {
    constexpr size_t piece_size = 4096;
    size_t start = 0;
    while (start < count) {
        size_t end = count - start > piece_size ? start + piece_size : count;
        // Not in the middle of a character.
        while (end < count && end > start + 1 && (static_cast<uint8_t>(bytes[end]) & 0xC0) == 0x80) end--;
        if (simdjson::validate_utf8(bytes + start, end - start)) {
            start = end;
            continue;
        }
        // The longest valid beginning of the piece.
        while (end > start && !simdjson::validate_utf8(bytes + start, end - start)) end--;
        return end;
    }
    return unknown_offset;
}

/// Where the first bare control character in a string is, or else where the string that never ends begins.
Finding find_string_problem(const uint8_t *bytes, size_t count) noexcept {
    size_t at = 0;
    while (at < count) {
        if (bytes[at++] != '"') continue;
        const size_t start = at - 1;
        while (true) {
            if (at >= count) return {CSIMDJSON_UNEXPECTED_END, static_cast<uint32_t>(start)};
            if (bytes[at] < 0x20) return {CSIMDJSON_CONTROL_CHARACTER, static_cast<uint32_t>(at)};
            if (bytes[at] == '"') break;
            at += bytes[at] == '\\' && at + 1 < count && bytes[at + 1] >= 0x20 ? 2 : 1;
        }
        at++;
    }
    return {};
}

bool begins_json(uint8_t byte) noexcept {
    switch (byte) {
    case '[': case '"': case '-': case 't': case 'f': case 'n': return true;
    default: return byte >= '0' && byte <= '9';
    }
}

}  // namespace

struct csimdjson_scanner {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> stage1;
    csimdjson::MemberNames names;
    csimdjson::Growable<csimdjson_member> members;
    csimdjson::Growable<uint8_t> member_names;
    csimdjson::Growable<csimdjson_image> images;
    // How many positions the last scan found, if its text was right.
    size_t position_count = 0;

    bool make_room(size_t count) noexcept {
        if (stage1 != nullptr && stage1->capacity() >= count) return true;
        size_t capacity = minimum_capacity;
        while (capacity < count) capacity *= 2;
        // Above the kept size it is for this text alone.
        if (capacity > kept_capacity) capacity = count;
        if (stage1 != nullptr) return stage1->set_capacity(capacity) == simdjson::SUCCESS;
        return simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, stage1)
            == simdjson::SUCCESS;
    }

    Finding scan(
        const uint8_t *bytes,
        size_t count,
        uint32_t maximum_depth,
        uint32_t maximum_members,
        csimdjson_result &result
    ) noexcept {
        names.begin_document();
        members.truncate(0);
        member_names.truncate(0);
        images.truncate(0);
        position_count = 0;
        if (bytes == nullptr || count == 0) return {CSIMDJSON_EMPTY, 0};
        if (count >= unknown_offset) return {CSIMDJSON_TOO_LARGE, unknown_offset};
        if (count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF) {
            return {CSIMDJSON_BYTE_ORDER_MARK, 0};
        }
        if (!make_room(count)) return {CSIMDJSON_OUT_OF_MEMORY, unknown_offset};
        switch (stage1->stage1(bytes, count, simdjson::stage1_mode::regular)) {
        case simdjson::SUCCESS: break;
        case simdjson::EMPTY: return {CSIMDJSON_EMPTY, static_cast<uint32_t>(count)};
        case simdjson::UTF8_ERROR:
            return {
                CSIMDJSON_INVALID_UTF8,
                static_cast<uint32_t>(find_invalid_utf8(reinterpret_cast<const char *>(bytes), count)),
            };
        default:
            // An open string or a control character; where, a slow walk tells. A text that is wrong before that
            // place, too, may hide it from this walk.
            if (const Finding found = find_string_problem(bytes, count); found.problem != CSIMDJSON_OK) return found;
            return {CSIMDJSON_UNEXPECTED_BYTE, unknown_offset};
        }
        const uint32_t *positions = stage1->structural_indexes.get();
        result.object_start = positions[0];
        if (bytes[positions[0]] != '{') {
            return {
                begins_json(bytes[positions[0]]) ? CSIMDJSON_NOT_AN_OBJECT : CSIMDJSON_UNEXPECTED_BYTE, positions[0],
            };
        }
        size_t unicode_bytes;
        const size_t escape = csimdjson::find_invalid_escape(bytes, count, unicode_bytes);
        if (escape != count) return {CSIMDJSON_INVALID_ESCAPE, static_cast<uint32_t>(escape)};
        csimdjson::StructuralWalk walk(
            bytes, static_cast<uint32_t>(count), positions, stage1->n_structural_indexes, maximum_depth,
            maximum_members, names, members, member_names, images
        );
        const Finding found = walk.run();
        result.object_end = walk.object_end();
        result.content = walk.content();
        result.content.kept_count = static_cast<uint32_t>(images.count());
        // Six bytes that stand for two or three, or twelve for four: those who escape all but ASCII write no more.
        const auto spared = static_cast<uint32_t>(unicode_bytes / 3 * 2);
        result.content.text_bytes -= spared < result.content.text_bytes ? spared : result.content.text_bytes;
        if (found.problem == CSIMDJSON_OK) position_count = stage1->n_structural_indexes;
        return found;
    }

    void give_back() noexcept {
        if (stage1 != nullptr && stage1->capacity() > kept_capacity) {
            stage1.reset();
            position_count = 0;
        }
        names.shrink(kept_bytes);
    }
};

csimdjson_scanner *csimdjson_scanner_create(void) noexcept {
    auto *scanner = new (std::nothrow) csimdjson_scanner;
    if (scanner == nullptr) return nullptr;
    uint64_t key[2] = {};
    // Without random bytes (a kernel before 3.17) the addresses of this process must do.
    if (getrandom(key, sizeof key, 0) != static_cast<ssize_t>(sizeof key)) {
        key[0] = reinterpret_cast<uintptr_t>(scanner);
        key[1] = reinterpret_cast<uintptr_t>(&key) * 0x9E3779B97F4A7C15;
    }
    scanner->names.set_hash_key(key[0], key[1]);
    return scanner;
}

void csimdjson_scanner_destroy(csimdjson_scanner *scanner) noexcept { delete scanner; }

csimdjson_result csimdjson_scan(
    csimdjson_scanner *scanner,
    const uint8_t *bytes,
    size_t count,
    uint32_t maximum_depth,
    uint32_t maximum_members
) noexcept {
    csimdjson_result result{};
    const Finding found = scanner->scan(bytes, count, maximum_depth, maximum_members, result);
    result.problem = found.problem;
    result.offset = found.offset;
    result.member_count = static_cast<uint32_t>(scanner->members.count());
    result.names_count = static_cast<uint32_t>(scanner->member_names.count());
    scanner->give_back();
    return result;
}

const csimdjson_member *csimdjson_members(const csimdjson_scanner *scanner) noexcept {
    return scanner->members.data();
}

const uint8_t *csimdjson_names(const csimdjson_scanner *scanner) noexcept { return scanner->member_names.data(); }

const csimdjson_image *csimdjson_images(const csimdjson_scanner *scanner) noexcept { return scanner->images.data(); }

const uint32_t *csimdjson_positions(const csimdjson_scanner *scanner, size_t *count) noexcept {
    *count = scanner->position_count;
    return scanner->position_count > 0 ? scanner->stage1->structural_indexes.get() : nullptr;
}

size_t csimdjson_scanner_footprint(const csimdjson_scanner *scanner) noexcept {
    const size_t positions = scanner->stage1 != nullptr ? scanner->stage1->capacity() * sizeof(uint32_t) : 0;
    return positions + scanner->names.footprint() + scanner->members.footprint() + scanner->member_names.footprint()
        + scanner->images.footprint();
}

size_t csimdjson_unescape(const uint8_t *bytes, size_t count, uint8_t *output) noexcept {
    return csimdjson::unescape(bytes, count, output);
}
