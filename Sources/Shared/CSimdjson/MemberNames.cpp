#include "MemberNames.hpp"

#include <cstring>

#include "Escapes.hpp"

namespace csimdjson {
namespace {

/// Above this many names a walk over all of them costs more than a hash.
constexpr uint32_t walk_limit = 16;

uint64_t load64(const uint8_t *bytes) noexcept {
    uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

uint64_t load32(const uint8_t *bytes) noexcept {
    uint32_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

/// Up to seven bytes as one number that, with the count, stands for them and no others.
uint64_t load_short(const uint8_t *bytes, size_t count) noexcept {
    if (count >= 4) return load32(bytes) | load32(bytes + count - 4) << 32;
    if (count == 0) return 0;
    return uint64_t{bytes[0]} | uint64_t{bytes[count / 2]} << 8 | uint64_t{bytes[count - 1]} << 16;
}

uint64_t rotate(uint64_t word, int bits) noexcept { return word << bits | word >> (64 - bits); }

/// The state of SipHash-1-3 (Aumasson, Bernstein: "SipHash: a fast short-input PRF").
struct SipState {
    uint64_t v0, v1, v2, v3;

    void round() noexcept {
        v0 += v1; v1 = rotate(v1, 13); v1 ^= v0; v0 = rotate(v0, 32);
        v2 += v3; v3 = rotate(v3, 16); v3 ^= v2;
        v0 += v3; v3 = rotate(v3, 21); v3 ^= v0;
        v2 += v1; v1 = rotate(v1, 17); v1 ^= v2; v2 = rotate(v2, 32);
    }

    void absorb(uint64_t word) noexcept {
        v3 ^= word;
        round();
        v0 ^= word;
    }
};

}  // namespace

void MemberNames::begin_document() noexcept {
    // After a refusal, names of the last document are still linked.
    if (linked_count_ > 0) {
        std::memset(heads_.data(), 0, heads_.count() * sizeof(uint32_t));
        linked_count_ = 0;
    }
    entries_.truncate(0);
    unescaped_.truncate(0);
}

MemberNames::Scope MemberNames::open() const noexcept {
    return {static_cast<uint32_t>(entries_.count()), static_cast<uint32_t>(unescaped_.count()), false};
}

void MemberNames::close(const Scope &scope) noexcept {
    if (scope.hashed) {
        // Entries were linked in front of older ones, so taking the newest out first restores every bucket.
        const size_t mask = heads_.count() - 1;
        for (size_t index = entries_.count(); index > scope.first_entry; index--) {
            const Entry &entry = entries_[index - 1];
            heads_[entry.hash & mask] = entry.next;
        }
        linked_count_ -= static_cast<uint32_t>(entries_.count()) - scope.first_entry;
    }
    entries_.truncate(scope.first_entry);
    unescaped_.truncate(scope.first_unescaped);
}

MemberNames::Verdict MemberNames::add(
    Scope &scope,
    const uint8_t *document,
    uint32_t start,
    uint32_t count
) noexcept {
    if (entries_.count() >= maximum_count) return Verdict::too_many;
    Entry entry{};
    entry.start = start;
    entry.count = count;
    if (std::memchr(document + start, '\\', count) != nullptr) {
        const size_t room = unescaped_.count() + count;
        if (!unescaped_.reserve(room)) return Verdict::out_of_memory;
        entry.is_unescaped = 1;
        entry.start = static_cast<uint32_t>(unescaped_.count());
        entry.count = static_cast<uint32_t>(unescape(document + start, count, unescaped_.data() + entry.start));
        unescaped_.truncate(entry.start + entry.count);
    }
    const uint8_t *name = bytes(entry, document);
    if (entry.count >= 8) {
        entry.head = load64(name);
        entry.tail = load64(name + entry.count - 8);
    } else {
        entry.head = load_short(name, entry.count);
    }

    if (!scope.hashed) {
        const size_t end = entries_.count();
        for (size_t index = scope.first_entry; index < end; index++) {
            if (equal(entries_[index], entry, document)) return Verdict::duplicate;
        }
        if (!entries_.append(entry)) return Verdict::out_of_memory;
        if (end + 1 - scope.first_entry > walk_limit && !begin_hashing(scope, document)) return Verdict::out_of_memory;
        return Verdict::fresh;
    }

    entry.hash = hash(name, entry.count);
    uint32_t index = heads_[entry.hash & (heads_.count() - 1)];
    // Entries of the objects around this one lie below its first.
    while (index > scope.first_entry) {
        const Entry &other = entries_[index - 1];
        if (other.hash == entry.hash && equal(other, entry, document)) return Verdict::duplicate;
        index = other.next;
    }
    if (!entries_.append(entry)) return Verdict::out_of_memory;
    if (linked_count_ + 1 > heads_.count() && !grow_table()) return Verdict::out_of_memory;
    link(static_cast<uint32_t>(entries_.count()) - 1);
    return Verdict::fresh;
}

void MemberNames::shrink(size_t limit) noexcept {
    entries_.shrink(limit);
    unescaped_.shrink(limit);
    heads_.shrink(limit);
    if (heads_.count() == 0) linked_count_ = 0;
}

bool MemberNames::equal(const Entry &left, const Entry &right, const uint8_t *document) const noexcept {
    if (left.head != right.head || left.tail != right.tail || left.count != right.count) return false;
    return left.count <= 16 || std::memcmp(bytes(left, document), bytes(right, document), left.count) == 0;
}

uint32_t MemberNames::hash(const uint8_t *bytes, size_t count) const noexcept {
    SipState state{
        key0_ ^ 0x736f6d6570736575, key1_ ^ 0x646f72616e646f6d, key0_ ^ 0x6c7967656e657261, key1_ ^ 0x7465646279746573,
    };
    size_t read = 0;
    for (; count - read >= 8; read += 8) state.absorb(load64(bytes + read));
    uint64_t last = static_cast<uint64_t>(count) << 56;
    for (size_t index = 0; read + index < count; index++) last |= uint64_t{bytes[read + index]} << (index * 8);
    state.absorb(last);
    state.v2 ^= 0xff;
    for (int round = 0; round < 3; round++) state.round();
    return static_cast<uint32_t>(state.v0 ^ state.v1 ^ state.v2 ^ state.v3);
}

void MemberNames::link(uint32_t index) noexcept {
    Entry &entry = entries_[index];
    uint32_t &head = heads_[entry.hash & (heads_.count() - 1)];
    entry.next = head;
    entry.is_linked = 1;
    head = index + 1;
    linked_count_++;
}

bool MemberNames::begin_hashing(Scope &scope, const uint8_t *document) noexcept {
    const auto end = static_cast<uint32_t>(entries_.count());
    while (linked_count_ + (end - scope.first_entry) > heads_.count()) {
        if (!grow_table()) return false;
    }
    for (uint32_t index = scope.first_entry; index < end; index++) {
        Entry &entry = entries_[index];
        entry.hash = hash(bytes(entry, document), entry.count);
        link(index);
    }
    scope.hashed = true;
    return true;
}

bool MemberNames::grow_table() noexcept {
    const size_t count = heads_.count() == 0 ? 256 : heads_.count() * 2;
    if (!heads_.reserve(count)) return false;
    heads_.truncate(count);
    std::memset(heads_.data(), 0, count * sizeof(uint32_t));
    linked_count_ = 0;
    // Oldest first, as they were linked, so that closing an object still takes out the newest.
    for (size_t index = 0; index < entries_.count(); index++) {
        if (entries_[index].is_linked) link(static_cast<uint32_t>(index));
    }
    return true;
}

}  // namespace csimdjson
