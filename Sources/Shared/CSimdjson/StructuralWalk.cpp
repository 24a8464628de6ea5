#include "StructuralWalk.hpp"

#include <cstring>

namespace csimdjson {
namespace {

bool is_space(uint8_t byte) noexcept { return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r'; }
bool is_digit(uint8_t byte) noexcept { return byte >= '0' && byte <= '9'; }

uint32_t kind_of(uint8_t first) noexcept {
    switch (first) {
    case '"': return CSIMDJSON_STRING;
    case '{': return CSIMDJSON_OBJECT;
    case '[': return CSIMDJSON_ARRAY;
    case 't': return CSIMDJSON_TRUE;
    case 'f': return CSIMDJSON_FALSE;
    case 'n': return CSIMDJSON_NULL;
    default: return CSIMDJSON_NUMBER;
    }
}

/// One past the number that begins at `start`, or 0 when the grammar (RFC 8259 section 6) finds none.
uint32_t end_of_number(const uint8_t *document, uint32_t start, uint32_t limit) noexcept {
    uint32_t at = start;
    const auto digits = [&]() noexcept {
        const uint32_t first = at;
        while (at < limit && is_digit(document[at])) at++;
        return at > first;
    };
    if (document[at] == '-') at++;
    if (at < limit && document[at] == '0') {
        at++;
    } else if (!digits()) {
        return 0;
    }
    if (at < limit && document[at] == '.') {
        at++;
        if (!digits()) return 0;
    }
    if (at < limit && (document[at] | 0x20) == 'e') {
        at++;
        if (at < limit && (document[at] == '+' || document[at] == '-')) at++;
        if (!digits()) return 0;
    }
    return at;
}

}  // namespace

StructuralWalk::StructuralWalk(
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
) noexcept
    : document_(document),
      count_(count),
      positions_(positions),
      position_count_(position_count),
      maximum_depth_(maximum_depth < depth_limit ? maximum_depth : depth_limit),
      maximum_members_(maximum_members),
      names_(names),
      members_(members),
      member_names_(member_names),
      notes_(document, images) {}

Finding StructuralWalk::run() noexcept {
    Frame frames[depth_limit];
    // Beside the frames, so that the notes may read the whole way without knowing of names.
    Place places[depth_limit];
    uint32_t depth = 0;
    uint32_t index = 0;
    uint32_t position = positions_[0];
    uint8_t byte = document_[position];

    // Each label is one state; `index` is the position it looks at, and all jumps go through these four lines.
    const auto advance = [&]() noexcept {
        if (++index >= position_count_) return false;
        position = positions_[index];
        byte = document_[position];
        return true;
    };
    const Finding cut{CSIMDJSON_UNEXPECTED_END, count_};

open:
    if (depth >= maximum_depth_) return {CSIMDJSON_TOO_DEEP, position};
    frames[depth].scope = names_.open();
    frames[depth].is_object = byte == '{';
    if (depth == 0) {
        places[0].role = Role::top;
    } else if (places[depth - 1].role == Role::other) {
        places[depth].role = Role::other;
    } else {
        places[depth].role = notes_.open(places, depth, byte == '{');
    }
    // The first element's number; an object's first name takes its place.
    places[depth].field = Field::none;
    places[depth].step = 0x80000000;
    depth++;
    if (!advance()) return cut;
    if (frames[depth - 1].is_object) {
        if (byte == '}') goto close;
        goto name;
    }
    if (byte == ']') goto close;
    goto value;

name:
    if (byte != '"') return {CSIMDJSON_UNEXPECTED_BYTE, position};
    if (const Finding found = add_name(frames[depth - 1], places[depth - 1], depth, index);
        found.problem != CSIMDJSON_OK) {
        return found;
    }
    if (!advance()) return cut;
    if (byte != ':') return {CSIMDJSON_UNEXPECTED_BYTE, position};
    if (!advance()) return cut;
    if (depth == 1) {
        csimdjson_member &member = members_[members_.count() - 1];
        member.value_start = position;
        member.kind = kind_of(byte);
    }

value:
    switch (byte) {
    case '"':
        text_bytes_ += position_after(index) - position;
        is_sealed_ = is_sealed_ || is_sealed(position, position_after(index));
        if (depth == 1) members_[members_.count() - 1].value_end = end_before(position_after(index));
        if (places[depth - 1].role != Role::other
            && (places[depth - 1].field != Field::none || places[depth - 1].role == Role::payloads)) {
            notes_.string(places, depth, position + 1, end_before(position_after(index)) - 1);
        }
        break;
    case '{':
    case '[': goto open;
    default:
        uint32_t end;
        if (const Finding found = check_scalar(index, end); found.problem != CSIMDJSON_OK) return found;
        if (depth == 1) members_[members_.count() - 1].value_end = end;
        if (places[depth - 1].role != Role::other) notes_.scalar(places[depth - 1], position, end);
    }

after_value:
    if (!advance()) return cut;
    if (byte == ',') {
        if (!advance()) return cut;
        if (frames[depth - 1].is_object) goto name;
        places[depth - 1].step++;
        goto value;
    }
    if (byte != (frames[depth - 1].is_object ? '}' : ']')) return {CSIMDJSON_UNEXPECTED_BYTE, position};

close:
    depth--;
    names_.close(frames[depth].scope);
    if (places[depth].role != Role::other) notes_.close(places[depth].role, places, depth);
    if (depth > 1) goto after_value;
    if (depth == 1) {
        members_[members_.count() - 1].value_end = position + 1;
        goto after_value;
    }
    object_end_ = position + 1;
    if (advance()) return {CSIMDJSON_TRAILING_BYTES, position};
    return {};
}

Finding StructuralWalk::add_name(Frame &frame, Place &place, uint32_t depth, uint32_t index) noexcept {
    const uint32_t start = positions_[index] + 1;
    const uint32_t count = end_before(position_after(index)) - 1 - start;
    switch (names_.add(frame.scope, document_, start, count)) {
    case MemberNames::Verdict::fresh: break;
    case MemberNames::Verdict::duplicate: return {CSIMDJSON_DUPLICATE_NAME, start - 1};
    case MemberNames::Verdict::too_many: return {CSIMDJSON_TOO_MANY_MEMBERS, start - 1};
    case MemberNames::Verdict::out_of_memory: return {CSIMDJSON_OUT_OF_MEMORY, start - 1};
    }
    text_bytes_ += count + 2;
    if (place.role != Role::other) {
        place.field = ContentNotes::field(place.role, names_.last_name(document_), names_.last_name_count());
        place.step = start - 1;
    }
    if (depth > 1) return {};
    if (members_.count() >= maximum_members_) return {CSIMDJSON_TOO_MANY_MEMBERS, start - 1};
    csimdjson_member member{};
    member.key_start = start - 1;
    member.name_start = static_cast<uint32_t>(member_names_.count());
    member.name_count = names_.last_name_count();
    const size_t end = member_names_.count() + member.name_count;
    if (!member_names_.reserve(end) || !members_.append(member)) return {CSIMDJSON_OUT_OF_MEMORY, start - 1};
    if (member.name_count > 0) {
        std::memcpy(member_names_.data() + member.name_start, names_.last_name(document_), member.name_count);
    }
    member_names_.truncate(end);
    return {};
}

Finding StructuralWalk::check_scalar(uint32_t index, uint32_t &end) const noexcept {
    const uint32_t start = positions_[index];
    const uint32_t limit = position_after(index);
    const auto is_word = [&](const char *word, uint32_t length) noexcept {
        end = start + length;
        return limit - start >= length && std::memcmp(document_ + start, word, length) == 0;
    };
    uint32_t problem = CSIMDJSON_INVALID_LITERAL;
    bool matches;
    switch (document_[start]) {
    case 't': matches = is_word("true", 4); break;
    case 'f': matches = is_word("false", 5); break;
    case 'n': matches = is_word("null", 4); break;
    case '-':
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        problem = CSIMDJSON_INVALID_NUMBER;
        end = end_of_number(document_, start, limit);
        matches = end != 0;
        break;
    default: return {CSIMDJSON_UNEXPECTED_BYTE, start};
    }
    // Up to the next position there may be white space and nothing else.
    if (!matches || (end != limit && !is_space(document_[end]))) return {problem, start};
    return {};
}

/// Whether a string that begins at `start` holds sealed reasoning.
bool StructuralWalk::is_sealed(uint32_t start, uint32_t limit) const noexcept {
    constexpr char mark[] = "\"rs1.";
    return limit - start >= sizeof mark && std::memcmp(document_ + start, mark, sizeof mark - 1) == 0;
}

/// One past the last byte before `position` that is no white space: the closing quote of the string there.
uint32_t StructuralWalk::end_before(uint32_t position) const noexcept {
    while (is_space(document_[position - 1])) position--;
    return position;
}

}  // namespace csimdjson
