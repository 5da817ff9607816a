#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Text is UTF-8, checked once where it enters. A `struct str` is a view: a pointer and a length,
 * not zero-terminated, owned by whoever owns the bytes. The empty text has len 0 (ptr may be
 * NULL). `struct text` builds text inside an arena, up to a stated maximum. */

struct str {
    const char *ptr;
    size_t len; /* bytes */
};

#define STR(literal) ((struct str){"" literal "", sizeof(literal) - 1})
#define STR_ARG(s) (int)(s).len, (s).ptr /* for "%.*s" */
#define STR_EMPTY ((struct str){0})

struct str str_from(const char *text);                      /* view of a C string */
struct str str_slice(struct str s, size_t from, size_t to); /* bytes [from, to), clipped */
struct str str_trim(struct str s);                          /* without ASCII blanks around */
struct str str_copy(struct arena *arena, struct str s);     /* copy, also zero-terminated */
const char *str_cstr(struct arena *arena, struct str s);    /* zero-terminated copy */
bool str_equal(struct str a, struct str b);
bool str_is(struct str s, const char *text); /* equal to a C string */
int str_compare(struct str a, struct str b); /* bytewise; <0, 0, >0 */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
size_t str_find(struct str s, struct str part); /* first place, or SIZE_MAX */
uint64_t str_hash(struct str s);                /* XXH3, the same on each run */

/* The text before the first `separator`; `*rest` gets what follows it (empty when there is none).
 * Returns false when `*rest` was already exhausted (ptr NULL). To walk "a;b": rest = s; while
 * (str_split(&rest, ';', &part)) … */
bool str_split(struct str *rest, char separator, struct str *part);

/* Whole decimal number with optional sign; false when it is not one or does not fit. */
bool str_to_i64(struct str s, int64_t *out);

/* Writes a whole number in decimal digits, without a zero behind; returns how many. */
size_t u64_digits(uint64_t number, char out[20]);

/* A whole number in decimal digits, in the arena. */
struct str str_i64(struct arena *arena, int64_t number);
struct str str_u64(struct arena *arena, uint64_t number);

/* Text under construction. Appending beyond `max` bytes marks it as cut and adds nothing more, so
 * a caller checks once at the end. */
struct text {
    struct arena *arena;
    char *ptr; /* zero-terminated at len */
    size_t len;
    size_t capacity;
    size_t max; /* bytes; len never exceeds it */
    bool cut;   /* something did not fit */
};

void text_init(struct text *text, struct arena *arena, size_t max);
void text_clear(struct text *text); /* len 0, keeps its memory */
void text_add(struct text *text, struct str s);
void text_add_c(struct text *text, const char *s);
void text_add_byte(struct text *text, char byte);
void text_add_code(struct text *text, uint32_t code); /* one code point as UTF-8 */
void text_add_f(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *text_extend(struct text *text, size_t more); /* adds bytes to be written; NULL: cut */
struct str text_str(const struct text *text);      /* borrowed until the next append */

/* Reads one code point at *at and moves *at behind it. Returns false at the end. Bytes that are
 * not UTF-8 come back as U+FFFD, one byte at a time. */
bool utf8_next(struct str s, size_t *at, uint32_t *code);
bool utf8_valid(struct str s);   /* whole text, no surrogates, no overlong forms */
size_t utf8_count(struct str s); /* code points */
int utf8_width(struct str s);    /* columns on a terminal: Chinese characters take two */
struct str utf8_nfkc(struct arena *arena,
                     struct str s); /* compatibility form: full width to half */

/* The first whole characters that take at most `most` bytes. */
struct str utf8_cut(struct str s, size_t most);

#endif
