#pragma once

#include <cstddef>
#include <cstdint>

namespace csimdjson {

/// Where the first backslash that begins no valid escape stands; `count` when there is none.
///
/// Every backslash of a JSON text stands in a string, so pairing them from the start of the text is right for
/// every text that the grammar accepts; one outside a string is found by the walk over the structure.
///
/// `unicode_bytes` is how many bytes the valid `\u` escapes before it take.
size_t find_invalid_escape(const uint8_t *bytes, size_t count, size_t &unicode_bytes) noexcept;

/// Writes what the escapes of a checked string mean, and returns the length; `output` holds `count` bytes.
size_t unescape(const uint8_t *bytes, size_t count, uint8_t *output) noexcept;

}  // namespace csimdjson
