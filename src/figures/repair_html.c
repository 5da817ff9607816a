#include "base/list.h"
#include "figures/repair_internal.h"
#include "intake/workbook_html_token.h"

#include <string.h>

/* Tags that end a line; all others stand inside one. */
static const char *const blocks[] = {
    "p",  "div", "br", "li", "ul", "ol",    "tr",      "table",   "h1",     "h2",      "h3",
    "h4", "h5",  "h6", "dd", "dt", "title", "section", "article", "center", "caption", "body",
    "hr", "pre", "td", "th", "dl", "form",  "header",  "main",    "aside",  "footer",  "nav",
};

/* Tags whose insides are no part of an article. */
static const char *const dropped[] = {"nav",    "footer", "select", "button",  "noscript",
                                      "iframe", "aside",  "object", "textarea"};

static bool is_one_of(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, list[i]) == 0) return true;
    }
    return false;
}

#define IS_ONE_OF(name, list) is_one_of((name), (list), sizeof(list) / sizeof *(list))

bool repair_is_html(struct str text)
{
    static const char *const signs[] = {"<p>",   "<p ",   "<div", "<br",       "<span",
                                        "<html", "<body", "<td",  "<font",     "</p>",
                                        "<meta", "<h1",   "<a ",  "</div>",    "<P>",
                                        "<BR",   "<HTML", "<DIV", "<!DOCTYPE", "<script"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (str_find(text, str_from(signs[i])) != SIZE_MAX) return true;
    }
    return false;
}

/* Where the reading stands: the file's line of what is read. */
struct place {
    struct str text;
    size_t at, line;
};

/* Moves on to where `token` stands in the file. It is found by its bytes, as the reader does not
 * tell. */
static void move_to(struct place *place, struct str token)
{
    struct str rest = str_slice(place->text, place->at, place->text.len);
    size_t found = str_find(rest, token);
    if (found == SIZE_MAX) return;
    for (size_t i = 0; i < found; i++) place->line += rest.ptr[i] == '\n';
    place->at += found;
}

struct page {
    struct arena *arena;
    struct text out;
    LIST(size_t) origins;
    bool line_open;
    char skip[16]; /* the tag whose inside is dropped; "" when none */
    int depth;
};

static void end_line(struct page *page)
{
    if (page->line_open) text_add_byte(&page->out, '\n');
    page->line_open = false;
}

static void add_words(struct page *page, struct str words, size_t line)
{
    struct text clean;
    text_init(&clean, page->arena, words.len * 4 + 16);
    text_add_byte(&clean, '\r'); /* so that a leading blank is kept */
    html_add_text(&clean, words);
    struct str text = str_slice(text_str(&clean), 1, clean.len);
    if (!page->line_open && str_trim(text).len == 0) return;
    if (!page->line_open) *list_push(page->arena, &page->origins) = line;
    page->line_open = true;
    text_add(&page->out, text);
}

static void add_tag(struct page *page, const struct html_token *token)
{
    if (page->skip[0] != '\0') {
        if (strcmp(token->name, page->skip) != 0) return;
        page->depth += token->kind == HTML_OPEN ? 1 : -1;
        if (page->depth == 0) page->skip[0] = '\0';
        return;
    }
    if (token->kind == HTML_OPEN && IS_ONE_OF(token->name, dropped)) {
        memcpy(page->skip, token->name, sizeof page->skip);
        page->depth = 1;
    }
    if (IS_ONE_OF(token->name, blocks)) end_line(page);
}

bool repair_html(struct arena *arena, struct str text, struct repairs *repairs, struct str *out,
                 size_t **origins, size_t *count, struct err *err)
{
    struct page page = {.arena = arena};
    struct place place = {.text = text, .line = 1};
    struct html_reader reader = {.decoder = decoder_open_bytes(arena, text)};
    struct html_token token;
    text_init(&page.out, arena, text.len * 2 + 64);
    bool good = html_start(&reader, err);
    while (good && (good = html_next(&reader, &token, err)) && token.kind != HTML_OVER) {
        if (token.kind == HTML_TEXT) {
            if (token.text.len == 0) continue;
            move_to(&place, token.text);
            if (page.skip[0] == '\0') add_words(&page, token.text, place.line);
        } else {
            add_tag(&page, &token);
            repairs->counts[REPAIR_HTML]++;
        }
    }
    decoder_close(reader.decoder);
    if (!good) return false;
    end_line(&page);
    *out = text_str(&page.out);
    *origins = page.origins.items;
    *count = page.origins.count;
    return true;
}

struct str repair_html_title(struct arena *arena, struct str text)
{
    size_t from = str_find(text, STR("<title"));
    if (from == SIZE_MAX) from = str_find(text, STR("<TITLE"));
    if (from == SIZE_MAX) return STR_EMPTY;
    struct str rest = str_slice(text, from, text.len);
    size_t start = str_find(rest, STR(">")), end = str_find(rest, STR("</"));
    if (start == SIZE_MAX || end == SIZE_MAX || end <= start + 1) return STR_EMPTY;
    struct text clean;
    text_init(&clean, arena, 4 * (end - start));
    html_add_text(&clean, str_slice(rest, start + 1, end));
    return str_trim(text_str(&clean));
}
