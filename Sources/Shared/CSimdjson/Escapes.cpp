#include "Escapes.hpp"

#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

namespace csimdjson {
namespace {

constexpr size_t block_size = 64;

/// One bit for each of 64 bytes that is a backslash, the first byte in the lowest bit.
uint64_t backslashes(const uint8_t *bytes) noexcept {
#if defined(__SSE2__)
    const __m128i wanted = _mm_set1_epi8('\\');
    uint64_t mask = 0;
    for (int lane = 0; lane < 4; lane++) {
        const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i *>(bytes + lane * 16));
        const auto bits = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(chunk, wanted)));
        mask |= static_cast<uint64_t>(bits) << (lane * 16);
    }
    return mask;
#elif defined(__ARM_NEON)
    const uint8x16_t weights = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t wanted = vdupq_n_u8('\\');
    uint8x16_t lanes[4];
    for (int lane = 0; lane < 4; lane++) {
        lanes[lane] = vandq_u8(vceqq_u8(vld1q_u8(bytes + lane * 16), wanted), weights);
    }
    uint8x16_t sum = vpaddq_u8(vpaddq_u8(lanes[0], lanes[1]), vpaddq_u8(lanes[2], lanes[3]));
    sum = vpaddq_u8(sum, sum);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
#else
    uint64_t mask = 0;
    for (size_t index = 0; index < block_size; index++) {
        mask |= static_cast<uint64_t>(bytes[index] == '\\') << index;
    }
    return mask;
#endif
}

/// What a character after a backslash stands for; 0 for a character that makes no escape of two characters.
struct SimpleEscapes {
    uint8_t meaning[256] = {};
    constexpr SimpleEscapes() {
        meaning['"'] = '"';
        meaning['\\'] = '\\';
        meaning['/'] = '/';
        meaning['b'] = '\b';
        meaning['f'] = '\f';
        meaning['n'] = '\n';
        meaning['r'] = '\r';
        meaning['t'] = '\t';
    }
};
constexpr SimpleEscapes simple;

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

}  // namespace

size_t find_invalid_escape(const uint8_t *bytes, size_t count, size_t &unicode_bytes) noexcept {
    unicode_bytes = 0;
    // The first byte that no escape seen so far has taken.
    size_t next = 0;
    for (size_t start = 0; start < count; start += block_size) {
        uint64_t mask;
        if (count - start >= block_size) {
            mask = backslashes(bytes + start);
        } else {
            uint8_t tail[block_size] = {};
            std::memcpy(tail, bytes + start, count - start);
            mask = backslashes(tail);
        }
        if (next > start) {
            const size_t taken = next - start;
            mask = taken < block_size ? mask & (~uint64_t{0} << taken) : 0;
        }
        while (mask != 0) {
            const auto bit = static_cast<unsigned>(__builtin_ctzll(mask));
            const size_t position = start + bit;
            if (count - position < 2) return position;
            const uint8_t meaning = simple.meaning[bytes[position + 1]];
            // An agent's turn is full of `\n` and `\"`: nothing here waits for anything but the mask.
            mask &= mask - 1;
            if (meaning != 0) {
                if (meaning != '\\') continue;
                // The second backslash begins no escape; it may be the next block's first byte.
                mask &= ~(uint64_t{2} << bit);
                next = position + 2;
                continue;
            }
            if (bytes[position + 1] != 'u') return position;
            const size_t length = unicode_escape_length(bytes + position, count - position);
            if (length == 0) return position;
            unicode_bytes += length;
            next = position + length;
            const size_t taken = next - start;
            mask = taken < block_size ? mask & (~uint64_t{0} << taken) : 0;
        }
    }
    return count;
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
            output[written++] = simple.meaning[bytes[read + 1]];
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
