#include "Escapes.hpp"

#include <cstring>

#include "EscapeBlock.hpp"

namespace csimdjson {
namespace {

/// The value of four hexadecimal digits, or -1.
int32_t code_unit(const uint8_t *digits) noexcept {
    int32_t value = 0;
    for (int index = 0; index < 4; index++) {
        const uint8_t byte = digits[index];
        int32_t digit;
        if (byte >= '0' && byte <= '9') {
            digit = byte - '0';
        } else if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f') {
            digit = (byte | 0x20) - 'a' + 10;
        } else {
            return -1;
        }
        value = value << 4 | digit;
    }
    return value;
}

bool is_high_surrogate(int32_t unit) noexcept { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low_surrogate(int32_t unit) noexcept { return unit >= 0xDC00 && unit <= 0xDFFF; }

/// The length of the `\u` escape that begins at `bytes`, a pair of surrogates counted as one; 0 when it is none.
size_t unicode_escape_length(const uint8_t *bytes, size_t available) noexcept {
    if (available < 6) return 0;
    const int32_t first = code_unit(bytes + 2);
    if (first < 0 || is_low_surrogate(first)) return 0;
    if (!is_high_surrogate(first)) return 6;
    if (available < 12 || bytes[6] != '\\' || bytes[7] != 'u') return 0;
    return is_low_surrogate(code_unit(bytes + 8)) ? 12 : 0;
}

/// A text with many `\n` and `\"`, as an agent's is, takes no longer than one with none: which bytes are escaped is
/// reckoned for a whole block, and only those that make no simple escape are looked at one by one.
template <typename Reader>
[[gnu::always_inline]] inline size_t find(const uint8_t *bytes, size_t count, size_t &unicode_bytes) noexcept {
    unicode_bytes = 0;
    // 1 when the block before ended in a backslash that begins an escape.
    uint64_t carried = 0;
    // Where the last escape of the long form ends.
    size_t next = 0;
    for (size_t start = 0; start < count; start += EscapeBlock::size) {
        EscapeBlock block;
        if (count - start >= EscapeBlock::size) {
            block = Reader::read(bytes + start);
        } else {
            uint8_t tail[EscapeBlock::size] = {};
            std::memcpy(tail, bytes + start, count - start);
            block = Reader::read(tail);
        }
        // Of a run of backslashes every other one begins an escape, from its first on: subtracting carries through
        // the run, and where it began, on an odd or an even place, tells which (as in simdjson's first stage).
        constexpr uint64_t odd = 0xAAAAAAAAAAAAAAAA;
        const uint64_t free = block.backslashes & ~carried;
        const uint64_t beginnings = (((free << 1) | odd) - free) ^ odd;
        const uint64_t escaped = beginnings ^ (block.backslashes | carried);
        carried = (beginnings & block.backslashes) >> 63;
        for (uint64_t rest = escaped & ~block.simple; rest != 0; rest &= rest - 1) {
            const size_t position = start + static_cast<unsigned>(__builtin_ctzll(rest));
            // The second half of a pair of surrogates.
            if (position < next) continue;
            if (position >= count || bytes[position] != 'u') return position - 1;
            const size_t length = unicode_escape_length(bytes + position - 1, count - position + 1);
            if (length == 0) return position - 1;
            unicode_bytes += length;
            next = position - 1 + length;
        }
    }
    return carried != 0 ? count - 1 : count;
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] size_t find_by_avx2(const uint8_t *bytes, size_t count, size_t &unicode_bytes) noexcept {
    return find<AVX2Reader>(bytes, count, unicode_bytes);
}
#endif

}  // namespace

size_t find_invalid_escape(const uint8_t *bytes, size_t count, size_t &unicode_bytes) noexcept {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return find_by_avx2(bytes, count, unicode_bytes);
    return find<SSE2Reader>(bytes, count, unicode_bytes);
#elif defined(__ARM_NEON)
    return find<NEONReader>(bytes, count, unicode_bytes);
#else
    return find<PortableReader>(bytes, count, unicode_bytes);
#endif
}

size_t unescape(const uint8_t *bytes, size_t count, uint8_t *output) noexcept {
    size_t read = 0;
    size_t written = 0;
    while (read < count) {
        const auto *slash = static_cast<const uint8_t *>(std::memchr(bytes + read, '\\', count - read));
        const size_t plain = slash == nullptr ? count - read : static_cast<size_t>(slash - (bytes + read));
        std::memcpy(output + written, bytes + read, plain);
        read += plain;
        written += plain;
        // Only a string that was never checked can end in half an escape; it is copied as it stands.
        if (count - read < 2) {
            while (read < count) output[written++] = bytes[read++];
            break;
        }
        if (bytes[read + 1] != 'u') {
            output[written++] = simple_escapes.meaning[bytes[read + 1]];
            read += 2;
            continue;
        }
        const size_t length = unicode_escape_length(bytes + read, count - read);
        if (length == 0) {
            output[written++] = bytes[read++];
            continue;
        }
        auto scalar = static_cast<uint32_t>(code_unit(bytes + read + 2));
        if (length == 12) {
            scalar = 0x10000 + ((scalar - 0xD800) << 10) + (static_cast<uint32_t>(code_unit(bytes + read + 8)) - 0xDC00);
        }
        read += length;
        if (scalar < 0x80) {
            output[written++] = static_cast<uint8_t>(scalar);
        } else if (scalar < 0x800) {
            output[written++] = static_cast<uint8_t>(0xC0 | scalar >> 6);
            output[written++] = static_cast<uint8_t>(0x80 | (scalar & 0x3F));
        } else if (scalar < 0x10000) {
            output[written++] = static_cast<uint8_t>(0xE0 | scalar >> 12);
            output[written++] = static_cast<uint8_t>(0x80 | (scalar >> 6 & 0x3F));
            output[written++] = static_cast<uint8_t>(0x80 | (scalar & 0x3F));
        } else {
            output[written++] = static_cast<uint8_t>(0xF0 | scalar >> 18);
            output[written++] = static_cast<uint8_t>(0x80 | (scalar >> 12 & 0x3F));
            output[written++] = static_cast<uint8_t>(0x80 | (scalar >> 6 & 0x3F));
            output[written++] = static_cast<uint8_t>(0x80 | (scalar & 0x3F));
        }
    }
    return written;
}

}  // namespace csimdjson
