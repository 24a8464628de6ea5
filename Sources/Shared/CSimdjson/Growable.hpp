#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace csimdjson {

/// A growing array of plain values that reports a lack of memory instead of throwing.
template <typename Element>
class Growable {
public:
    Growable() noexcept = default;
    Growable(const Growable &) = delete;
    Growable &operator=(const Growable &) = delete;
    ~Growable() { std::free(elements_); }

    size_t count() const noexcept { return count_; }
    size_t footprint() const noexcept { return capacity_ * sizeof(Element); }
    Element *data() noexcept { return elements_; }
    const Element *data() const noexcept { return elements_; }
    Element &operator[](size_t index) noexcept { return elements_[index]; }
    const Element &operator[](size_t index) const noexcept { return elements_[index]; }

    void truncate(size_t count) noexcept { count_ = count; }

    /// Gives memory back when more than `limit` bytes of it are held.
    void shrink(size_t limit) noexcept {
        if (footprint() <= limit) return;
        std::free(elements_);
        elements_ = nullptr;
        count_ = capacity_ = 0;
    }

    bool append(const Element &element) noexcept {
        if (count_ == capacity_ && !reserve(count_ + 1)) return false;
        elements_[count_++] = element;
        return true;
    }

    /// Makes room for `count` elements in all.
    bool reserve(size_t count) noexcept {
        if (count <= capacity_) return true;
        size_t capacity = capacity_ < 64 ? 64 : capacity_;
        while (capacity < count) capacity *= 2;
        auto *grown = static_cast<Element *>(std::realloc(elements_, capacity * sizeof(Element)));
        if (grown == nullptr) return false;
        elements_ = grown;
        capacity_ = capacity;
        return true;
    }

private:
    Element *elements_ = nullptr;
    size_t count_ = 0;
    size_t capacity_ = 0;
};

}  // namespace csimdjson
