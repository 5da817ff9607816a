#ifndef BASE_PAGE_H
#define BASE_PAGE_H

#include "base/str.h"

/* An HTML page under construction. Whatever is text goes through page_text and comes out escaped,
 * fit to stand between tags and inside a quoted attribute; markup comes from literals alone:
 *
 *     html(page, "<td class=\"id\">");
 *     page_text(page, id);
 *     html(page, "</td>");
 *
 * html() of a variable does not compile. There is no printf into a page. Numbers for pictures (SVG)
 * are whole hundredths, so that a page has the same bytes on every machine. */

/* Which languages a page speaks: Chinese first, English beside it, or one of them. */
enum page_words { PAGE_BOTH, PAGE_ZH, PAGE_EN };

struct page {
    struct text text;
    enum page_words words;
};

/* An empty page of at most `bytes_max` bytes, in the arena; page->text.cut tells when it was more.
 */
void page_init(struct page *page, struct arena *arena, size_t bytes_max, enum page_words words);

/* Markup, from a literal. */
#define html(page, literal) page_put_markup((page), "" literal "", sizeof(literal) - 1)

/* Behind html(); not called by itself. */
void page_put_markup(struct page *page, const char *markup, size_t len);

/* Text, escaped. Bytes that are not UTF-8 and control characters, which HTML forbids, come out as
 * U+FFFD; tabs and line ends stay. */
void page_text(struct page *page, struct str text);
void page_text_c(struct page *page, const char *text);

/* The same in the languages of the page, as <span lang=…>: both have a class of their own, "zh" and
 * "en". A text without English (or Chinese) counts for both; equal texts stand once. */
void page_say(struct page *page, const char *zh, const char *en);
void page_say_str(struct page *page, struct str zh, struct str en);

/* The same as plain text, joined by " · ", for attributes and titles. */
void page_say_plain(struct page *page, const char *zh, const char *en);

/* Numbers: "-1234567"; "1,234,567"; -1250 hundredths as "-12.5"; thousandths as "12.345" with
 * exactly `digits` (0 to 3) behind the point, halves away from zero; a share of a million as
 * "12.34 %". */
void page_number(struct page *page, int64_t value);
void page_thousands(struct page *page, uint64_t value);
void page_hundredths(struct page *page, int64_t value);
void page_thousandths(struct page *page, int64_t value, int digits);
void page_percent(struct page *page, uint32_t ppm);

#endif
