#include "ContentNotes.hpp"

#include <cstring>

namespace csimdjson {
namespace {

/// Up to eight bytes as one number; a shorter text is told apart by its length.
uint64_t word(const uint8_t *bytes, uint32_t count) noexcept {
    uint64_t word = 0;
    if (count >= 8) {
        std::memcpy(&word, bytes, 8);
    } else if (count >= 4) {
        uint32_t low, high;
        std::memcpy(&low, bytes, 4);
        std::memcpy(&high, bytes + count - 4, 4);
        word = low | static_cast<uint64_t>(high) << 32;
    } else {
        for (uint32_t index = 0; index < count; index++) word |= static_cast<uint64_t>(bytes[index]) << (8 * index);
    }
    return word;
}

/// A name and its first bytes, compared as a number: most names of a request are none of those looked for.
struct Name {
    const char *text;
    uint32_t count;
    Field field;
    uint64_t head;

    template <size_t size>
    Name(const char (&text)[size], Field field) noexcept
        : text(text),
          count(size - 1),
          field(field),
          head(word(reinterpret_cast<const uint8_t *>(text), size - 1)) {}
};

const Name top_names[] = {
    {"messages", Field::conversation},
    {"input", Field::conversation},
    {"tools", Field::tools},
    {"functions", Field::tools},
    {"tool_choice", Field::choice},
    {"function_call", Field::choice},
    {"parallel_tool_calls", Field::parallel},
    {"response_format", Field::format},
    {"output_format", Field::format},
    {"text", Field::holder},
    {"output_config", Field::holder},
    {"reasoning_effort", Field::effort},
    {"reasoning", Field::reasoning},
    {"thinking", Field::thinking},
    {"max_tokens", Field::cap},
    {"max_completion_tokens", Field::cap},
    {"max_output_tokens", Field::cap},
    {"prompt", Field::prompt},
    {"mcp_servers", Field::servers},
};
const Name turn_names[] = {
    {"role", Field::role},     {"content", Field::parts}, {"type", Field::type},
    {"output", Field::output}, {"tools", Field::tools},   {"result", Field::result},
};
const Name part_names[] = {
    {"type", Field::type},
    {"image_url", Field::image_address},
    {"source", Field::source},
    {"content", Field::parts},
    {"file_id", Field::file_id},
    {"file_data", Field::data},
    {"file", Field::payload},
    {"input_audio", Field::payload},
    {"audio", Field::payload},
    {"video", Field::payload},
    {"file_url", Field::other_address},
    {"document_url", Field::other_address},
    {"audio_url", Field::other_address},
    {"video_url", Field::other_address},
};
const Name source_names[] = {
    {"type", Field::type}, {"media_type", Field::media_type}, {"data", Field::data},
    {"url", Field::url},   {"file_id", Field::file_id},       {"content", Field::parts},
};
const Name address_names[] = {{"url", Field::url}, {"file_id", Field::file_id}};
const Name payload_names[] = {
    {"data", Field::data}, {"file_data", Field::data}, {"url", Field::url}, {"file_url", Field::url},
};
const Name tool_names[] = {{"server_url", Field::url}, {"input_image_mask", Field::mask}};
const Name mask_names[] = {{"image_url", Field::url}};
const Name server_names[] = {{"url", Field::url}};
const Name prompt_names[] = {{"variables", Field::variables}};
const Name choice_names[] = {
    {"type", Field::type},
    {"name", Field::name},
    {"mode", Field::mode},
    {"allowed_tools", Field::choice},
    {"disable_parallel_tool_use", Field::unparallel},
};
const Name holder_names[] = {{"format", Field::format}};
const Name type_names[] = {{"type", Field::type}};
const Name reasoning_names[] = {{"effort", Field::effort}};

template <size_t size>
Field find(const Name (&names)[size], const uint8_t *name, uint32_t count) noexcept {
    const uint64_t head = word(name, count);
    for (const Name &known : names) {
        if (known.count != count || known.head != head) continue;
        if (count <= 8 || std::memcmp(known.text, name, count) == 0) return known.field;
    }
    return Field::none;
}

}  // namespace

Field ContentNotes::field(Role role, const uint8_t *name, uint32_t count) noexcept {
    switch (role) {
    case Role::top: return find(top_names, name, count);
    case Role::turn: return find(turn_names, name, count);
    case Role::part: return find(part_names, name, count);
    case Role::source: return find(source_names, name, count);
    case Role::address: return find(address_names, name, count);
    case Role::payload: return find(payload_names, name, count);
    case Role::tool: return find(tool_names, name, count);
    case Role::mask: return find(mask_names, name, count);
    case Role::server: return find(server_names, name, count);
    case Role::choice: return find(choice_names, name, count);
    case Role::holder: return find(holder_names, name, count);
    case Role::format:
    case Role::thinking: return find(type_names, name, count);
    case Role::reasoning: return find(reasoning_names, name, count);
    case Role::prompt: return find(prompt_names, name, count);
    case Role::other:
    case Role::conversation:
    case Role::parts:
    case Role::payloads:
    case Role::variables:
    case Role::servers:
    case Role::tools: return Field::none;
    }
    return Field::none;
}

}  // namespace csimdjson
