#include "base/page.h"

void page_init(struct page *page, struct arena *arena, size_t bytes_max, enum page_words words)
{
    CHECK(page != NULL);
    *page = (struct page){.words = words};
    text_init(&page->text, arena, bytes_max);
}

void page_put_markup(struct page *page, const char *markup, size_t len)
{
    text_add(&page->text, (struct str){markup, len});
}

/* What a byte below 128 becomes; NULL: itself. */
static const char *escape_of(unsigned char byte)
{
    switch (byte) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\t':
    case '\n': return NULL;
    default: return byte < 0x20 || byte == 0x7F ? "\xEF\xBF\xBD" : NULL;
    }
}

void page_text(struct page *page, struct str text)
{
    uint32_t code;
    for (size_t at = 0, from = 0; from < text.len; from = at) {
        if (!utf8_next(text, &at, &code)) break;
        const char *escape = code < 0x80 ? escape_of((unsigned char)code) : NULL;
        bool control = code >= 0x80 && code < 0xA0;
        if (escape != NULL)
            text_add_c(&page->text, escape);
        else
            text_add_code(&page->text, control ? 0xFFFD : code);
    }
}

void page_text_c(struct page *page, const char *text)
{
    page_text(page, str_from(text));
}

void page_say_str(struct page *page, struct str zh, struct str en)
{
    if (zh.len == 0) zh = en;
    if (en.len == 0) en = zh;
    bool both = page->words == PAGE_BOTH;
    if (page->words != PAGE_EN) {
        html(page, "<span class=\"zh\" lang=\"zh\">");
        page_text(page, zh);
        html(page, "</span>");
    }
    if (both && str_equal(zh, en)) return;
    if (both) html(page, " ");
    if (page->words != PAGE_ZH) {
        html(page, "<span class=\"en\" lang=\"en\">");
        page_text(page, en);
        html(page, "</span>");
    }
}

void page_say(struct page *page, const char *zh, const char *en)
{
    page_say_str(page, str_from(zh), str_from(en));
}

void page_say_plain(struct page *page, const char *zh, const char *en)
{
    if (page->words != PAGE_EN) page_text_c(page, zh);
    if (page->words == PAGE_BOTH) html(page, " · ");
    if (page->words != PAGE_ZH) page_text_c(page, en);
}

void page_number(struct page *page, int64_t value)
{
    text_add_f(&page->text, "%lld", (long long)value);
}

void page_thousands(struct page *page, uint64_t value)
{
    uint64_t unit = 1;
    while (value / unit >= 1000) unit *= 1000;
    text_add_f(&page->text, "%llu", (unsigned long long)(value / unit));
    for (unit /= 1000; unit > 0; unit /= 1000) {
        text_add_f(&page->text, ",%03llu", (unsigned long long)(value / unit % 1000));
    }
}

static void put_sign(struct page *page, bool negative)
{
    if (negative) html(page, "-");
}

void page_hundredths(struct page *page, int64_t value)
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    unsigned rest = (unsigned)(size % 100);
    put_sign(page, value < 0);
    text_add_f(&page->text, "%llu", (unsigned long long)(size / 100));
    if (rest == 0) return;
    if (rest % 10 == 0)
        text_add_f(&page->text, ".%u", rest / 10);
    else
        text_add_f(&page->text, ".%02u", rest);
}

void page_thousandths(struct page *page, int64_t value, int digits)
{
    CHECK(digits >= 0);
    CHECK(digits <= 3);
    static const uint64_t units[] = {1000, 100, 10, 1};
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value, unit = units[digits];
    size = (size + unit / 2) / unit;
    put_sign(page, value < 0 && size > 0);
    uint64_t whole = 1000 / unit;
    text_add_f(&page->text, "%llu", (unsigned long long)(size / whole));
    if (digits > 0) {
        text_add_f(&page->text, ".%0*llu", digits, (unsigned long long)(size % whole));
    }
}

void page_percent(struct page *page, uint32_t ppm)
{
    uint64_t hundredths = ((uint64_t)ppm + 50) / 100;
    text_add_f(&page->text, "%llu.%02llu %%", (unsigned long long)(hundredths / 100),
               (unsigned long long)(hundredths % 100));
}
