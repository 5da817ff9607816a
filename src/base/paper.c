#include "base/paper.h"

#include "base/list.h"
#include "base/press.h"

/* Points, 72 an inch. */
static const double page_width = 595.276, page_height = 841.890;
static const double margin_side = 62, margin_top = 54, margin_bottom = 54;
static const double indent_width = 14, label_width = 96, room_height = 7, rule_height = 9;

enum { SCALE_WHOLE = 100, SCALE_LEAST = 62, SCALE_STEP = 4 };

static const struct {
    double size, above; /* points */
    bool bold, middle;
    double grey; /* 0 black … 1 white */
} styles[PAPER_STYLE_COUNT] = {
    [PAPER_TITLE] = {18, 0, true, true, 0},      [PAPER_SECOND] = {9, 1, false, true, 0.35},
    [PAPER_HEADING] = {11.5, 8, true, false, 0}, [PAPER_STRONG] = {13, 4, true, false, 0},
    [PAPER_TEXT] = {10.5, 2, false, false, 0},   [PAPER_SMALL] = {8.5, 0.5, false, false, 0.35},
};

static const double bar_height = 9, bar_step = 14, bar_value_width = 90;

enum block_kind { BLOCK_TEXT, BLOCK_PAIR, BLOCK_RULE, BLOCK_ROOM, BLOCK_BARS };

struct block {
    enum block_kind kind;
    enum paper_style style;
    int indent;
    struct str text, label;
    const struct paper_bar *bars;
    size_t bar_count;
};

struct paper {
    struct arena *arena;
    struct str title;
    day made;
    LIST(struct block) blocks;
    int pages;
    bool keep_size;
};

/* One pass over the blocks: with `draw` unset it only measures. */
struct pass {
    const struct paper *paper;
    const struct press *press;
    cairo_t *cairo;
    double scale;
    bool draw;
    double y; /* from the top of the page */
    int page, pages;
};

struct paper *paper_new(struct arena *arena, struct str title, day made)
{
    struct paper *paper = arena_new(arena, struct paper);
    CHECK(day_from_ymd(2000, 1, 1, &paper->made));
    if (!day_is_none(made)) paper->made = made;
    paper->arena = arena;
    paper->title = str_copy(arena, title);
    return paper;
}

static void add_block(struct paper *paper, struct block block)
{
    if (paper->blocks.count >= PAPER_BLOCKS_MAX) return;
    block.text = press_clean(paper->arena, block.text, false);
    block.label = press_clean(paper->arena, block.label, false);
    *list_push(paper->arena, &paper->blocks) = block;
}

void paper_add(struct paper *paper, enum paper_style style, int indent, struct str text)
{
    CHECK(style < PAPER_STYLE_COUNT);
    CHECK(indent >= 0);
    if (indent > PAPER_INDENT_MAX) indent = PAPER_INDENT_MAX;
    add_block(paper,
              (struct block){.kind = BLOCK_TEXT, .style = style, .indent = indent, .text = text});
}

void paper_pair(struct paper *paper, struct str label, struct str value)
{
    add_block(paper, (struct block){
                         .kind = BLOCK_PAIR, .style = PAPER_TEXT, .text = value, .label = label});
}

void paper_rule(struct paper *paper)
{
    add_block(paper, (struct block){.kind = BLOCK_RULE});
}

void paper_room(struct paper *paper)
{
    add_block(paper, (struct block){.kind = BLOCK_ROOM});
}

void paper_bars(struct paper *paper, const struct paper_bar *bars, size_t count)
{
    if (count > PAPER_BARS_MAX) count = PAPER_BARS_MAX;
    struct paper_bar *copy = arena_array(paper->arena, struct paper_bar, count);
    for (size_t i = 0; i < count; i++) {
        copy[i] =
            (struct paper_bar){press_clean(paper->arena, bars[i].label, false),
                               press_clean(paper->arena, bars[i].value, false), bars[i].share_ppm};
        if (copy[i].share_ppm > 1000000) copy[i].share_ppm = 1000000;
    }
    add_block(paper, (struct block){.kind = BLOCK_BARS, .bars = copy, .bar_count = count});
}

void paper_keep_size(struct paper *paper)
{
    paper->keep_size = true;
}

static PangoLayout *make_layout(const struct pass *pass, enum paper_style style, struct str text,
                                double width)
{
    PangoLayout *layout = press_layout(pass->press, text, styles[style].size * pass->scale,
                                       styles[style].bold, width);
    if (styles[style].middle) pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    return layout;
}

static void next_page(struct pass *pass)
{
    if (pass->draw) cairo_show_page(pass->cairo);
    pass->page++;
    pass->y = margin_top;
}

/* A paragraph line by line, so that a long one can go on on the next page. */
static void put_layout(struct pass *pass, PangoLayout *layout, enum paper_style style, double x)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    double grey = styles[style].grey;
    if (pass->draw) cairo_set_source_rgb(pass->cairo, grey, grey, grey);
    do {
        PangoRectangle line;
        int top, bottom;
        pango_layout_iter_get_line_extents(iter, NULL, &line);
        pango_layout_iter_get_line_yrange(iter, &top, &bottom);
        double height = (double)(bottom - top) / PANGO_SCALE;
        if (pass->y + height > page_height - margin_bottom && pass->y > margin_top) next_page(pass);
        if (pass->draw) {
            int baseline = pango_layout_iter_get_baseline(iter);
            cairo_move_to(pass->cairo, x + (double)line.x / PANGO_SCALE,
                          pass->y + (double)(baseline - top) / PANGO_SCALE);
            pango_cairo_show_layout_line(pass->cairo, pango_layout_iter_get_line_readonly(iter));
        }
        pass->y += height;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}

static void put_text(struct pass *pass, const struct block *block)
{
    double indent = block->indent * indent_width * pass->scale;
    PangoLayout *layout =
        make_layout(pass, block->style, block->text, page_width - 2 * margin_side - indent);
    pass->y += styles[block->style].above * pass->scale;
    put_layout(pass, layout, block->style, margin_side + indent);
    g_object_unref(layout);
}

static void put_pair(struct pass *pass, const struct block *block)
{
    double label = label_width * pass->scale, width = page_width - 2 * margin_side - label;
    PangoLayout *left = make_layout(pass, PAPER_SMALL, block->label, label - indent_width / 2);
    PangoLayout *right = make_layout(pass, PAPER_TEXT, block->text, width);
    pass->y += styles[PAPER_TEXT].above * pass->scale;
    int left_height, right_height;
    pango_layout_get_size(left, NULL, &left_height);
    pango_layout_get_size(right, NULL, &right_height);
    double highest =
        (double)(left_height > right_height ? left_height : right_height) / PANGO_SCALE;
    if (pass->y + highest > page_height - margin_bottom) next_page(pass);
    double top = pass->y;
    int page = pass->page;
    put_layout(pass, left, PAPER_SMALL, margin_side);
    if (page == pass->page) pass->y = top;
    put_layout(pass, right, PAPER_TEXT, margin_side + label);
    if (page == pass->page && pass->y < top + highest) pass->y = top + highest;
    g_object_unref(left);
    g_object_unref(right);
}

/* One line of text, cut to its width. */
static void put_line(struct pass *pass, struct str text, double x, double y, double width)
{
    PangoLayout *layout = make_layout(pass, PAPER_SMALL, text, width);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    cairo_set_source_rgb(pass->cairo, 0, 0, 0);
    cairo_move_to(pass->cairo, x, y);
    pango_cairo_show_layout(pass->cairo, layout);
    g_object_unref(layout);
}

static void put_bars(struct pass *pass, const struct block *block)
{
    double step = bar_step * pass->scale, label = label_width * pass->scale;
    double value = bar_value_width * pass->scale;
    double most = page_width - 2 * margin_side - label - value - indent_width;
    if (pass->y + step * (double)block->bar_count > page_height - margin_bottom) next_page(pass);
    for (size_t i = 0; i < block->bar_count; i++) {
        const struct paper_bar *bar = &block->bars[i];
        double length = most * (double)bar->share_ppm / 1000000;
        if (pass->draw) {
            put_line(pass, bar->label, margin_side + indent_width, pass->y, label - indent_width);
            cairo_set_source_rgb(pass->cairo, 0.25, 0.45, 0.65);
            cairo_rectangle(pass->cairo, margin_side + label, pass->y + 1.5 * pass->scale, length,
                            bar_height * pass->scale);
            cairo_fill(pass->cairo);
            put_line(pass, bar->value, margin_side + label + length + 4, pass->y, value);
        }
        pass->y += step;
    }
}

static void put_rule(struct pass *pass)
{
    double height = rule_height * pass->scale;
    if (pass->draw) {
        cairo_set_source_rgb(pass->cairo, 0.6, 0.6, 0.6);
        cairo_set_line_width(pass->cairo, 0.5);
        cairo_move_to(pass->cairo, margin_side, pass->y + height / 2);
        cairo_line_to(pass->cairo, page_width - margin_side, pass->y + height / 2);
        cairo_stroke(pass->cairo);
    }
    pass->y += height;
}

/* "1 / 2" below, where there is more than one page. */
static void put_page_number(struct pass *pass, int page)
{
    char text[32];
    if (!pass->draw || pass->pages < 2) return;
    int length = snprintf(text, sizeof text, "%d / %d", page, pass->pages);
    PangoLayout *layout = make_layout(pass, PAPER_SECOND, (struct str){text, (size_t)length},
                                      page_width - 2 * margin_side);
    cairo_set_source_rgb(pass->cairo, 0, 0, 0);
    cairo_move_to(pass->cairo, margin_side, page_height - margin_bottom + 10);
    pango_cairo_show_layout(pass->cairo, layout);
    g_object_unref(layout);
}

static void run_pass(struct pass *pass)
{
    pass->y = margin_top;
    pass->page = 1;
    put_page_number(pass, 1);
    for (size_t i = 0; i < pass->paper->blocks.count; i++) {
        const struct block *block = &pass->paper->blocks.items[i];
        int page = pass->page;
        switch (block->kind) {
        case BLOCK_TEXT: put_text(pass, block); break;
        case BLOCK_PAIR: put_pair(pass, block); break;
        case BLOCK_RULE: put_rule(pass); break;
        case BLOCK_BARS: put_bars(pass, block); break;
        case BLOCK_ROOM: pass->y += room_height * pass->scale; break;
        }
        for (; page < pass->page; page++) put_page_number(pass, page + 1);
    }
}

/* Finds the largest print that fits on one page. */
static void fit(struct pass *pass)
{
    pass->draw = false;
    for (int scale = SCALE_WHOLE; scale >= SCALE_LEAST; scale -= SCALE_STEP) {
        pass->scale = scale / 100.0;
        run_pass(pass);
        if (pass->page == 1 || pass->paper->keep_size) return;
    }
    pass->scale = SCALE_LEAST / 100.0;
    run_pass(pass);
}

bool paper_pdf(struct paper *paper, struct str *out, struct err *err)
{
    struct press press;
    if (!press_open(&press, paper->arena, page_width, page_height, paper->title, paper->made,
                    err)) {
        return false;
    }
    struct pass pass = {.paper = paper, .press = &press, .cairo = press.cairo};
    fit(&pass);
    paper->pages = pass.pages = pass.page;
    pass.draw = true;
    run_pass(&pass);
    CHECK(pass.page == pass.pages);
    cairo_show_page(press.cairo);
    return press_close(&press, out, err);
}

int paper_pages(const struct paper *paper)
{
    return paper->pages;
}
