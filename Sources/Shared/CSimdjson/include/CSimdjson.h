// One strict scan of a JSON object (RFC 8259, UTF-8) in C, for Swift to import.
//
// simdjson finds the structural characters and checks UTF-8 and control characters with the widest instructions
// of the machine it runs on; grammar, escapes, depth and twin names are checked here over those positions.
// Measured against its two documented interfaces: On-Demand is compiled for the oldest machine of the
// architecture and leaves most values unchecked, and DOM copies every string and forgets where it stood.
//
// No function throws, keeps a pointer that it was given, or reads past the bytes it was given.

#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define CSIMDJSON_NOEXCEPT noexcept
extern "C" {
#else
#define CSIMDJSON_NOEXCEPT
#endif

/// Working memory for scans, reused from one to the next; used by one thread at a time.
typedef struct csimdjson_scanner csimdjson_scanner;

/// Why bytes were refused.
enum csimdjson_problem {
    CSIMDJSON_OK = 0,
    /// There is nothing but white space.
    CSIMDJSON_EMPTY,
    /// The text ends before the value does.
    CSIMDJSON_UNEXPECTED_END,
    /// A character stands where the grammar has no place for it.
    CSIMDJSON_UNEXPECTED_BYTE,
    /// There is text after the object.
    CSIMDJSON_TRAILING_BYTES,
    /// The text begins with U+FEFF.
    CSIMDJSON_BYTE_ORDER_MARK,
    /// The text is JSON of another kind, as far as its first character tells.
    CSIMDJSON_NOT_AN_OBJECT,
    CSIMDJSON_TOO_DEEP,
    /// More top-level members, or more names in the objects open at one place, than are kept.
    CSIMDJSON_TOO_MANY_MEMBERS,
    CSIMDJSON_DUPLICATE_NAME,
    /// A backslash is followed by no escape, or by half of a surrogate pair.
    CSIMDJSON_INVALID_ESCAPE,
    /// A string holds a character below U+0020 unescaped.
    CSIMDJSON_CONTROL_CHARACTER,
    CSIMDJSON_INVALID_UTF8,
    CSIMDJSON_INVALID_NUMBER,
    CSIMDJSON_INVALID_LITERAL,
    /// The text is longer than 32-bit positions reach.
    CSIMDJSON_TOO_LARGE,
    CSIMDJSON_OUT_OF_MEMORY,
};

/// What the value of a member is.
enum csimdjson_kind {
    CSIMDJSON_STRING,
    CSIMDJSON_NUMBER,
    CSIMDJSON_OBJECT,
    CSIMDJSON_ARRAY,
    CSIMDJSON_TRUE,
    CSIMDJSON_FALSE,
    CSIMDJSON_NULL,
};

/// One member of the top-level object; positions are bytes from the start of the text.
typedef struct {
    /// Where the unescaped name begins in `csimdjson_names`, and its length.
    uint32_t name_start;
    uint32_t name_count;
    /// The opening quote of the name.
    uint32_t key_start;
    /// The value with its quotes or braces, without white space around it.
    uint32_t value_start;
    uint32_t value_end;
    /// A `csimdjson_kind`.
    uint32_t kind;
} csimdjson_member;

/// Which form an image has.
enum csimdjson_image_kind {
    /// The provider keeps it, or nothing says where it is.
    CSIMDJSON_IMAGE_KEPT,
    CSIMDJSON_IMAGE_URL,
    CSIMDJSON_IMAGE_DATA_URL,
    /// Base64 alone, with its media type beside it.
    CSIMDJSON_IMAGE_INLINE,
    /// No image for a model to see: the address of a document, a sound, a film, a mask or a server of tools, which a
    /// provider would ask.
    CSIMDJSON_IMAGE_NONE,
};

enum {
    /// The longest way to an image: in a document in the result of a tool.
    CSIMDJSON_IMAGE_STEPS = 12,
    /// Images and links beyond are counted, but not kept.
    CSIMDJSON_KEPT_IMAGES = 1000,
};

/// Where an image of the request or a link stands; positions are bytes from the start of the text.
typedef struct {
    /// The address or the base64, without its quotes.
    uint32_t start;
    uint32_t end;
    /// The media type without its quotes; both 0 where none is told.
    uint32_t media_start;
    uint32_t media_end;
    /// A `csimdjson_image_kind`.
    uint32_t kind;
    uint32_t step_count;
    /// The way from the top: the opening quote of a member's name, or an element's number with the highest bit set.
    uint32_t steps[CSIMDJSON_IMAGE_STEPS];
} csimdjson_image;

/// What a request asks for, as bits of `csimdjson_content.flags`.
enum csimdjson_flag {
    CSIMDJSON_FORCED_TOOL = 1,
    CSIMDJSON_PARALLEL_TOOLS = 2,
    CSIMDJSON_TOOL_RESULTS = 4,
    CSIMDJSON_STRUCTURED_OUTPUT = 8,
    CSIMDJSON_REASONING = 16,
    CSIMDJSON_CAPPED = 32,
    CSIMDJSON_AUDIO = 64,
    CSIMDJSON_VIDEO = 128,
    /// A string begins with `rs1.`, as reasoning that the gateway sealed does.
    CSIMDJSON_SEALED = 256,
    /// Reasoning is left to the model, which may do without.
    CSIMDJSON_ADAPTIVE_REASONING = 512,
};

/// What the object asks of who serves it, when it is a request of one of the three dialects.
typedef struct {
    uint32_t flags;
    /// With `CSIMDJSON_CAPPED`.
    uint32_t output_cap;
    uint32_t tool_count;
    uint32_t image_count;
    /// Of the images, those inside the text, and those in the results of tools.
    uint32_t inline_count;
    uint32_t result_image_count;
    uint32_t file_count;
    uint32_t file_bytes;
    /// Names and strings with their quotes, an escaped character of any kind counted as two.
    uint32_t text_bytes;
    /// The bytes of strings that hold images and files, which `text_bytes` counts too.
    uint32_t payload_bytes;
    /// Addresses that a provider would ask for something else than an image for a model to see.
    uint32_t link_count;
    /// Kept of `image_count` and `link_count`.
    uint32_t kept_count;
} csimdjson_content;

/// What a scan found.
typedef struct {
    /// A `csimdjson_problem`; everything but the offset is meaningless unless it is `CSIMDJSON_OK`.
    uint32_t problem;
    /// Where the problem is; `UINT32_MAX` when that is not known.
    uint32_t offset;
    /// The opening brace, and one past the closing one.
    uint32_t object_start;
    uint32_t object_end;
    uint32_t member_count;
    /// Length of `csimdjson_names`.
    uint32_t names_count;
    csimdjson_content content;
} csimdjson_result;

/// Null when there is no memory.
csimdjson_scanner *_Nullable csimdjson_scanner_create(void) CSIMDJSON_NOEXCEPT;

void csimdjson_scanner_destroy(csimdjson_scanner *_Nullable scanner) CSIMDJSON_NOEXCEPT;

/// Checks `count` bytes completely and lists the members of the object they are.
///
/// `maximum_depth` is the number of arrays and objects that may be open at once, the top-level object included,
/// at most 1024; `maximum_members` limits the top-level members.
csimdjson_result csimdjson_scan(
    csimdjson_scanner *_Nonnull scanner,
    const uint8_t *_Nullable bytes,
    size_t count,
    uint32_t maximum_depth,
    uint32_t maximum_members
) CSIMDJSON_NOEXCEPT;

/// The members that the last successful scan found, in the order of the text; valid until the next scan.
const csimdjson_member *_Nullable csimdjson_members(const csimdjson_scanner *_Nonnull scanner) CSIMDJSON_NOEXCEPT;

/// The unescaped names of these members, one after the other; valid until the next scan.
const uint8_t *_Nullable csimdjson_names(const csimdjson_scanner *_Nonnull scanner) CSIMDJSON_NOEXCEPT;

/// The images and links that the last successful scan found, in the order of the text; valid until the next scan.
const csimdjson_image *_Nullable csimdjson_images(const csimdjson_scanner *_Nonnull scanner) CSIMDJSON_NOEXCEPT;

/// Where the structural characters of the text of the last scan stand, and where its names and values begin, in order;
/// null and 0 unless that scan was successful and its working memory is kept. Valid until the next scan.
const uint32_t *_Nullable csimdjson_positions(
    const csimdjson_scanner *_Nonnull scanner,
    size_t *_Nonnull count
) CSIMDJSON_NOEXCEPT;

/// Bytes of working memory that the scanner holds at this moment, touched or not.
size_t csimdjson_scanner_footprint(const csimdjson_scanner *_Nonnull scanner) CSIMDJSON_NOEXCEPT;

/// Writes the text of a string of a scanned document, given without its quotes, and returns its length.
///
/// `output` has room for `count` bytes: unescaping never lengthens a text.
size_t csimdjson_unescape(
    const uint8_t *_Nonnull bytes,
    size_t count,
    uint8_t *_Nonnull output
) CSIMDJSON_NOEXCEPT;

#ifdef __cplusplus
}
#endif
