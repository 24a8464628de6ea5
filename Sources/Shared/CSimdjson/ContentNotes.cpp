#include "ContentNotes.hpp"

namespace csimdjson {

Role ContentNotes::open(const Place *places, uint32_t depth, bool is_object) noexcept {
    const Place &around = places[depth - 1];
    const auto begin_part = [&]() noexcept {
        if (part_count_ == part_limit) return Role::other;
        parts_[part_count_++] = {};
        return Role::part;
    };
    switch (around.role) {
    case Role::conversation:
        if (!is_object) return Role::other;
        turn_ = {};
        turn_.first_image = static_cast<uint32_t>(content_.image_count);
        return Role::turn;
    case Role::parts:
    case Role::variables: return is_object ? begin_part() : Role::other;
    case Role::payloads: return is_object ? Role::payload : Role::other;
    case Role::tools:
        content_.tool_count++;
        return is_object ? Role::tool : Role::other;
    case Role::servers: return is_object ? Role::server : Role::other;
    default: break;
    }
    if (!is_object) {
        switch (around.field) {
        case Field::conversation: return Role::conversation;
        case Field::parts:
        case Field::output: return Role::parts;
        case Field::tools: return Role::tools;
        case Field::servers: return Role::servers;
        case Field::payload:
        case Field::other_address: return Role::payloads;
        default: return Role::other;
        }
    }
    switch (around.field) {
    case Field::output: return begin_part();
    case Field::image_address:
    case Field::other_address: return Role::address;
    case Field::source: return Role::source;
    case Field::payload: return Role::payload;
    case Field::choice: return Role::choice;
    case Field::format: return Role::format;
    case Field::holder: return Role::holder;
    case Field::reasoning: return Role::reasoning;
    case Field::thinking: return Role::thinking;
    case Field::prompt: return Role::prompt;
    case Field::variables: return Role::variables;
    case Field::mask: return Role::mask;
    // The address of a mask, in an object as in a message.
    case Field::url: return around.role == Role::mask ? Role::server : Role::other;
    default: return Role::other;
    }
}

void ContentNotes::close(Role role, const Place *places, uint32_t depth) noexcept {
    if (role == Role::part) close_part(places, depth);
    if (role == Role::turn) close_turn();
}

void ContentNotes::string(const Place *places, uint32_t depth, uint32_t start, uint32_t end) noexcept {
    const Place &place = places[depth - 1];
    switch (place.role) {
    case Role::top:
        if (place.field == Field::choice && (is(start, end, "required") || is(start, end, "any"))) {
            content_.flags |= CSIMDJSON_FORCED_TOOL;
        }
        if (place.field == Field::effort && !is(start, end, "none")) content_.flags |= CSIMDJSON_REASONING;
        return;
    case Role::choice:
        if (place.field == Field::mode && is(start, end, "required")) content_.flags |= CSIMDJSON_FORCED_TOOL;
        if (place.field == Field::name) content_.flags |= CSIMDJSON_FORCED_TOOL;
        if (place.field == Field::type && !is(start, end, "auto") && !is(start, end, "none")
            && !is(start, end, "allowed_tools")) {
            content_.flags |= CSIMDJSON_FORCED_TOOL;
        }
        return;
    case Role::format:
        if (place.field == Field::type && (is(start, end, "json_schema") || is(start, end, "json_object"))) {
            content_.flags |= CSIMDJSON_STRUCTURED_OUTPUT;
        }
        return;
    case Role::reasoning:
        if (place.field == Field::effort && !is(start, end, "none")) content_.flags |= CSIMDJSON_REASONING;
        return;
    case Role::thinking:
        if (place.field == Field::type && !is(start, end, "disabled")) {
            content_.flags |= is(start, end, "adaptive") ? CSIMDJSON_ADAPTIVE_REASONING : CSIMDJSON_REASONING;
        }
        return;
    case Role::turn:
        if (place.field == Field::role && (is(start, end, "tool") || is(start, end, "function"))) {
            turn_.is_result = true;
        }
        if (place.field == Field::type) {
            turn_.is_result |= ends_with(start, end, "_output");
            turn_.is_generated_image = is(start, end, "image_generation_call");
        }
        if (place.field == Field::result) turn_.result_bytes = end - start;
        return;
    case Role::part:
        if (place.field == Field::type) part().type = part_type(start, end);
        if (place.field == Field::file_id) note_value(places, depth, start, end, CSIMDJSON_IMAGE_KEPT);
        if (place.field == Field::data || place.field == Field::payload) note_payload(places, depth, start, end);
        if (place.field == Field::other_address) {
            part().payload += end - start;
            note_link(places, depth, start, end);
        }
        if (place.field != Field::image_address) return;
        break;
    case Role::address:
        if (place.field == Field::file_id) note_value(places, depth, start, end, CSIMDJSON_IMAGE_KEPT);
        if (place.field != Field::url) return;
        if (places[depth - 2].field == Field::other_address) {
            part().payload += end - start;
            note_link(places, depth, start, end);
            return;
        }
        break;
    case Role::source:
        switch (place.field) {
        case Field::type: part().is_text = is(start, end, "text") || is(start, end, "content"); return;
        case Field::media_type:
            part().media_start = start;
            part().media_end = end;
            return;
        case Field::data:
            part().payload += end - start;
            note_value(places, depth, start, end, CSIMDJSON_IMAGE_INLINE);
            return;
        case Field::file_id: note_value(places, depth, start, end, CSIMDJSON_IMAGE_KEPT); return;
        case Field::url:
            note_value(
                places, depth, start, end, is_data_url(start, end) ? CSIMDJSON_IMAGE_DATA_URL : CSIMDJSON_IMAGE_URL
            );
            return;
        default: return;
        }
    case Role::payload:
        if (place.field == Field::data) note_payload(places, depth, start, end);
        if (place.field == Field::url) note_link(places, depth, start, end);
        return;
    case Role::payloads: note_payload(places, depth, start, end); return;
    case Role::tool:
    case Role::mask:
    case Role::server:
        if (place.field != Field::url) return;
        // Of a mask only its address is looked at: it is drawn with, not seen by a model.
        if (is_data_url(start, end)) content_.payload_bytes += end - start;
        note_link(places, depth, start, end);
        return;
    case Role::other:
    case Role::conversation:
    case Role::parts:
    case Role::holder:
    case Role::prompt:
    case Role::variables:
    case Role::servers:
    case Role::tools: return;
    }
    // The address of an image in one of the OpenAI dialects.
    const bool is_inline = is_data_url(start, end);
    if (is_inline) part().payload += end - start;
    part().has_image_address = true;
    note_value(places, depth, start, end, is_inline ? CSIMDJSON_IMAGE_DATA_URL : CSIMDJSON_IMAGE_URL);
}

void ContentNotes::scalar(const Place &place, uint32_t start, uint32_t end) noexcept {
    if (place.field == Field::parallel && document_[start] == 't') content_.flags |= CSIMDJSON_PARALLEL_TOOLS;
    if (place.field == Field::unparallel && document_[start] == 'f') content_.flags |= CSIMDJSON_PARALLEL_TOOLS;
    if (place.field != Field::cap) return;
    // A number that is no whole one, or of no size that is meant, is for the provider to refuse.
    if (end - start > 9) return;
    uint32_t cap = 0;
    for (uint32_t at = start; at < end; at++) {
        if (document_[at] < '0' || document_[at] > '9') return;
        cap = cap * 10 + (document_[at] - '0');
    }
    content_.flags |= CSIMDJSON_CAPPED;
    if (cap > content_.output_cap) content_.output_cap = cap;
}

/// Remembers where the value of an image stands. Of several, each that can be looked at is kept: which of them a
/// provider takes is not for us to guess.
void ContentNotes::note_value(
    const Place *places,
    uint32_t depth,
    uint32_t start,
    uint32_t end,
    uint32_t kind
) noexcept {
    Part &noting = part();
    if (noting.value_count != 0) {
        if (kind == CSIMDJSON_IMAGE_KEPT) return;
        if (noting.values[0].kind == CSIMDJSON_IMAGE_KEPT) noting.value_count = 0;
    }
    if (noting.value_count < value_limit) noting.values[noting.value_count++] = value(places, depth, start, end, kind);
}

/// Remembers an address that a provider would follow; one that holds its data leads nowhere.
void ContentNotes::note_link(const Place *places, uint32_t depth, uint32_t start, uint32_t end) noexcept {
    if (start == end || is_data_url(start, end)) return;
    keep_link(value(places, depth, start, end, CSIMDJSON_IMAGE_NONE));
}

/// The data of a file, or the address that some providers take in its place.
void ContentNotes::note_payload(const Place *places, uint32_t depth, uint32_t start, uint32_t end) noexcept {
    part().payload += end - start;
    // Readers of URLs pass over white space.
    uint32_t first = start;
    while (first < end && (document_[first] == ' ' || document_[first] == '\\')) {
        const uint8_t escaped = document_[first + 1];
        if (document_[first] == ' ') {
            first++;
        } else if (escaped == 'n' || escaped == 't' || escaped == 'r' || escaped == 'f') {
            first += 2;
        } else {
            break;
        }
    }
    // Base64 has neither a colon nor an escape but that of the slash; a scheme is short.
    const uint32_t head = end - first < scheme_limit ? end : first + scheme_limit;
    for (uint32_t at = first; at < head; at++) {
        if (document_[at] != ':' && !(document_[at] == '\\' && document_[at + 1] == 'u')) continue;
        note_link(places, depth, start, end);
        return;
    }
}

void ContentNotes::keep_link(csimdjson_image link) noexcept {
    link.kind = CSIMDJSON_IMAGE_NONE;
    content_.link_count++;
    if (images_.count() < CSIMDJSON_KEPT_IMAGES) images_.append(link);
}

csimdjson_image ContentNotes::value(
    const Place *places,
    uint32_t depth,
    uint32_t start,
    uint32_t end,
    uint32_t kind
) noexcept {
    csimdjson_image image{};
    image.start = start;
    image.end = end;
    image.kind = kind;
    image.step_count = depth < CSIMDJSON_IMAGE_STEPS ? depth : CSIMDJSON_IMAGE_STEPS;
    for (uint32_t index = 0; index < image.step_count; index++) image.steps[index] = places[index].step;
    return image;
}

void ContentNotes::close_part(const Place *places, uint32_t depth) noexcept {
    Part &closing = part();
    part_count_--;
    // The parts around it are open; a part of a tool's result in the OpenAI dialects is told by its turn.
    bool in_result = false;
    for (uint32_t index = 0; index < part_count_; index++) in_result |= parts_[index].type != PartType::file;
    if (closing.type == PartType::image || closing.has_image_address) {
        if (closing.value_count == 0) {
            closing.values[closing.value_count++] = value(places, depth, 0, 0, CSIMDJSON_IMAGE_KEPT);
        }
        const uint32_t kind = closing.values[closing.value_count - 1].kind;
        content_.image_count++;
        if (kind == CSIMDJSON_IMAGE_INLINE || kind == CSIMDJSON_IMAGE_DATA_URL) content_.inline_count++;
        if (in_result) content_.result_image_count++;
        for (uint32_t index = 0; index < closing.value_count && images_.count() < CSIMDJSON_KEPT_IMAGES; index++) {
            closing.values[index].media_start = closing.media_start;
            closing.values[index].media_end = closing.media_end;
            images_.append(closing.values[index]);
        }
        content_.payload_bytes += closing.payload;
        return;
    }
    // The source of a document, or of what is not known here.
    for (uint32_t index = 0; index < closing.value_count; index++) {
        if (closing.values[index].kind == CSIMDJSON_IMAGE_URL) keep_link(closing.values[index]);
    }
    switch (closing.type) {
    case PartType::file:
        if (closing.is_text) return;
        content_.file_count++;
        content_.file_bytes += closing.payload;
        break;
    case PartType::audio: content_.flags |= CSIMDJSON_AUDIO; break;
    case PartType::video: content_.flags |= CSIMDJSON_VIDEO; break;
    case PartType::tool_result: content_.flags |= CSIMDJSON_TOOL_RESULTS; break;
    case PartType::image:
    case PartType::other: return;
    }
    content_.payload_bytes += closing.payload;
}

void ContentNotes::close_turn() noexcept {
    if (turn_.is_result) {
        content_.flags |= CSIMDJSON_TOOL_RESULTS;
        content_.result_image_count += content_.image_count - turn_.first_image;
    }
    if (turn_.is_generated_image) content_.payload_bytes += turn_.result_bytes;
}

}  // namespace csimdjson
