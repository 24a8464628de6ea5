#pragma once

#include <cstddef>
#include <cstdint>

#include "Growable.hpp"

namespace csimdjson {

/// The names that the open objects have had so far, to find the second use of one.
///
/// Most objects have a handful of names: those are compared one by one, by their first and last eight bytes. An
/// object with more goes into a hash table under a secret key, so that a sender cannot choose names that collide.
class MemberNames {
public:
    enum class Verdict { fresh, duplicate, too_many, out_of_memory };

    /// The names of one open object; without initial values, so that a stack of them costs nothing to set up.
    struct Scope {
        uint32_t first_entry;
        uint32_t first_unescaped;
        bool hashed;
    };

    /// Names that may be remembered at once over all open objects: 10 MiB of working memory. The largest request
    /// of a real client has some hundred.
    static constexpr uint32_t maximum_count = 1 << 18;

    MemberNames() noexcept = default;

    void set_hash_key(uint64_t key0, uint64_t key1) noexcept {
        key0_ = key0;
        key1_ = key1;
    }

    void begin_document() noexcept;
    Scope open() const noexcept;
    void close(const Scope &scope) noexcept;

    /// Adds a name, given as it stands between its quotes, of the innermost open object.
    Verdict add(Scope &scope, const uint8_t *document, uint32_t start, uint32_t count) noexcept;

    /// The unescaped bytes of the name added last; valid until the next change.
    const uint8_t *last_name(const uint8_t *document) const noexcept { return bytes(entries_[entries_.count() - 1], document); }
    uint32_t last_name_count() const noexcept { return entries_[entries_.count() - 1].count; }

    size_t footprint() const noexcept { return entries_.footprint() + unescaped_.footprint() + heads_.footprint(); }
    void shrink(size_t limit) noexcept;

private:
    struct Entry {
        /// The first and the last eight bytes; they overlap, and hold everything of a name of at most 16.
        uint64_t head;
        uint64_t tail;
        uint32_t count;
        uint32_t start;
        uint32_t hash;
        /// The entry before in the same bucket, as index + 1.
        uint32_t next : 30;
        /// Whether `start` counts in `unescaped_` instead of the document.
        uint32_t is_unescaped : 1;
        uint32_t is_linked : 1;
    };

    const uint8_t *bytes(const Entry &entry, const uint8_t *document) const noexcept {
        return (entry.is_unescaped ? unescaped_.data() : document) + entry.start;
    }
    bool equal(const Entry &left, const Entry &right, const uint8_t *document) const noexcept;
    uint32_t hash(const uint8_t *bytes, size_t count) const noexcept;
    void link(uint32_t index) noexcept;
    bool begin_hashing(Scope &scope, const uint8_t *document) noexcept;
    bool grow_table() noexcept;

    Growable<Entry> entries_;
    Growable<uint8_t> unescaped_;
    /// Buckets: the newest entry as index + 1, 0 for none; a power of two of them, never fewer than the entries.
    Growable<uint32_t> heads_;
    uint32_t linked_count_ = 0;
    uint64_t key0_ = 0;
    uint64_t key1_ = 0;
};

}  // namespace csimdjson
