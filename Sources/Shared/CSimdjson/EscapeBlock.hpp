#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>

#include <initializer_list>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

namespace csimdjson {

/// What 64 bytes have to do with escapes: a bit for each, the first byte's the lowest.
struct EscapeBlock {
    static constexpr size_t size = 64;

    uint64_t backslashes;
    /// Bytes that make a whole escape of two characters when a backslash stands before them.
    uint64_t simple;
};

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
inline constexpr SimpleEscapes simple_escapes;

// Simple escapes by the halves of a byte: one is a character whose two halves have a bit in common here. A high half
// has its own bit, a low half those of the high halves beside which it makes an escape.
#define CSIMDJSON_HIGH_HALVES 0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0
#define CSIMDJSON_LOW_HALVES 0, 0, 1 | 4 | 8, 0, 8, 0, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1

constexpr bool halves_tell_simple_escapes() noexcept {
    constexpr uint8_t high[] = {CSIMDJSON_HIGH_HALVES};
    constexpr uint8_t low[] = {CSIMDJSON_LOW_HALVES};
    for (int byte = 0; byte < 256; byte++) {
        const bool common = (high[byte >> 4] & low[byte & 0x0F]) != 0;
        if (common != (simple_escapes.meaning[byte] != 0)) return false;
    }
    return true;
}
static_assert(halves_tell_simple_escapes());

/// Any processor.
struct PortableReader {
    static EscapeBlock read(const uint8_t *bytes) noexcept {
        EscapeBlock block{};
        for (size_t index = 0; index < EscapeBlock::size; index++) {
            block.backslashes |= static_cast<uint64_t>(bytes[index] == '\\') << index;
            block.simple |= static_cast<uint64_t>(simple_escapes.meaning[bytes[index]] != 0) << index;
        }
        return block;
    }
};

#if defined(__x86_64__)
/// Any x86-64.
struct SSE2Reader {
    static EscapeBlock read(const uint8_t *bytes) noexcept {
        EscapeBlock block{};
        for (int lane = 0; lane < 4; lane++) {
            const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i *>(bytes + lane * 16));
            const __m128i slashes = _mm_cmpeq_epi8(chunk, _mm_set1_epi8('\\'));
            __m128i simple = slashes;
            for (const char other : {'"', '/', 'b', 'f', 'n', 'r', 't'}) {
                simple = _mm_or_si128(simple, _mm_cmpeq_epi8(chunk, _mm_set1_epi8(other)));
            }
            block.backslashes |= uint64_t{static_cast<uint32_t>(_mm_movemask_epi8(slashes))} << (lane * 16);
            block.simple |= uint64_t{static_cast<uint32_t>(_mm_movemask_epi8(simple))} << (lane * 16);
        }
        return block;
    }
};

/// Processors since 2013; to be used from functions that are compiled for AVX2.
struct AVX2Reader {
    [[gnu::target("avx2")]] static EscapeBlock read(const uint8_t *bytes) noexcept {
        const __m256i high_halves = _mm256_setr_epi8(CSIMDJSON_HIGH_HALVES, CSIMDJSON_HIGH_HALVES);
        const __m256i low_halves = _mm256_setr_epi8(CSIMDJSON_LOW_HALVES, CSIMDJSON_LOW_HALVES);
        EscapeBlock block{};
        for (int lane = 0; lane < 2; lane++) {
            const __m256i chunk = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(bytes + lane * 32));
            const __m256i slashes = _mm256_cmpeq_epi8(chunk, _mm256_set1_epi8('\\'));
            const __m256i high = _mm256_and_si256(_mm256_srli_epi16(chunk, 4), _mm256_set1_epi8(0x0F));
            const __m256i low = _mm256_and_si256(chunk, _mm256_set1_epi8(0x0F));
            const __m256i common =
                _mm256_and_si256(_mm256_shuffle_epi8(high_halves, high), _mm256_shuffle_epi8(low_halves, low));
            const __m256i others = _mm256_cmpeq_epi8(common, _mm256_setzero_si256());
            block.backslashes |= uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(slashes))} << (lane * 32);
            block.simple |= uint64_t{~static_cast<uint32_t>(_mm256_movemask_epi8(others))} << (lane * 32);
        }
        return block;
    }
};
#elif defined(__ARM_NEON)
/// 64-bit ARM.
struct NEONReader {
    static EscapeBlock read(const uint8_t *bytes) noexcept {
        const uint8x16_t high_halves = {CSIMDJSON_HIGH_HALVES};
        const uint8x16_t low_halves = {CSIMDJSON_LOW_HALVES};
        uint8x16_t slashes[4];
        uint8x16_t simple[4];
        for (int lane = 0; lane < 4; lane++) {
            const uint8x16_t chunk = vld1q_u8(bytes + lane * 16);
            slashes[lane] = vceqq_u8(chunk, vdupq_n_u8('\\'));
            simple[lane] = vtstq_u8(
                vqtbl1q_u8(high_halves, vshrq_n_u8(chunk, 4)), vqtbl1q_u8(low_halves, vandq_u8(chunk, vdupq_n_u8(0x0F)))
            );
        }
        return {mask(slashes), mask(simple)};
    }

private:
    static uint64_t mask(const uint8x16_t (&lanes)[4]) noexcept {
        const uint8x16_t weights = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
        uint8x16_t sum = vpaddq_u8(
            vpaddq_u8(vandq_u8(lanes[0], weights), vandq_u8(lanes[1], weights)),
            vpaddq_u8(vandq_u8(lanes[2], weights), vandq_u8(lanes[3], weights))
        );
        sum = vpaddq_u8(sum, sum);
        return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
    }
};
#endif

#undef CSIMDJSON_HIGH_HALVES
#undef CSIMDJSON_LOW_HALVES

}  // namespace csimdjson
