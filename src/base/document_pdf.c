#include "base/document_internal.h"
#include "base/press.h"

enum { PADDING = 3, HEADS_MAX = 4, SEAL_ROOM = 40, HEADING_LINES = 4 };

/* A letter that is a little longer than a page is set a little closer. */
static const double scales[] = {1, 0.95, 0.9, 0.86};

/* One pass over the blocks: with `draw` unset it only counts pages. */
struct pass {
    const struct document *document;
    const struct document_form *form;
    struct press *press;
    bool draw;
    double y; /* from the top of the page */
    int page, pages;
    const struct document_block *table; /* begun last */
    const struct document_block *heads[HEADS_MAX];
    size_t head_count;
    bool signing; /* the block before was DOCUMENT_SIGNED */
    double scale; /* of type and lines */
};

static double bottom_of(const struct pass *pass)
{
    return pass->form->height - pass->form->bottom;
}

static double text_width(const struct pass *pass)
{
    return pass->form->width - pass->form->left - pass->form->right;
}

/* "第 1 页 共 2 页" below. */
static void put_page_number(struct pass *pass)
{
    if (!pass->draw) return;
    struct text text;
    text_init(&text, pass->press->arena, 64);
    text_add_f(&text, "第 %d 页 共 %d 页", pass->page, pass->pages);
    PangoLayout *layout = press_layout(pass->press, text_str(&text), 9, false, text_width(pass));
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    cairo_set_source_rgb(pass->press->cairo, 0, 0, 0);
    cairo_move_to(pass->press->cairo, pass->form->left, bottom_of(pass) + 16);
    pango_cairo_show_layout(pass->press->cairo, layout);
    g_object_unref(layout);
}

static void next_page(struct pass *pass)
{
    put_page_number(pass);
    if (pass->draw) cairo_show_page(pass->press->cairo);
    pass->page++;
    pass->y = pass->form->top;
}

/* Line by line at a steady pitch, so that a long paragraph goes on on the next page. */
static void put_lines(struct pass *pass, PangoLayout *layout, double pitch)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    cairo_t *cairo = pass->press->cairo;
    if (pass->draw) cairo_set_source_rgb(cairo, 0, 0, 0);
    do {
        PangoRectangle line;
        int top, bottom;
        pango_layout_iter_get_line_extents(iter, NULL, &line);
        pango_layout_iter_get_line_yrange(iter, &top, &bottom);
        double height = (double)(bottom - top) / PANGO_SCALE;
        if (pass->y + pitch > bottom_of(pass) && pass->y > pass->form->top) next_page(pass);
        if (pass->draw) {
            int baseline = pango_layout_iter_get_baseline(iter);
            cairo_move_to(cairo, pass->form->left + (double)line.x / PANGO_SCALE,
                          pass->y + (pitch - height) / 2 + (double)(baseline - top) / PANGO_SCALE);
            pango_cairo_show_layout_line(cairo, pango_layout_iter_get_line_readonly(iter));
        }
        pass->y += pitch;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}

static void set_alignment(PangoLayout *layout, int align)
{
    static const PangoAlignment words[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
    pango_layout_set_alignment(layout, words[align + 1]);
}

static void put_paragraph(struct pass *pass, const struct document_block *block)
{
    struct document_print print = document_print_of(pass->document, block->style);
    print.size *= pass->scale;
    print.pitch *= pass->scale;
    struct str text = press_clean(pass->press->arena, block->text, true);
    PangoLayout *layout = press_layout(pass->press, text, print.size, print.bold,
                                       text_width(pass) - print.outdent * print.size);
    set_alignment(layout, print.align);
    pango_layout_set_indent(layout, (int)(print.indent * print.size * PANGO_SCALE));
    bool sign = block->style == DOCUMENT_SIGNED;
    if (sign && !pass->signing) {
        /* The seal lies over the issuer and the day, and not over the text. */
        double room = SEAL_ROOM + 2 * print.pitch;
        if (pass->y + room > bottom_of(pass)) next_page(pass);
        pass->y += SEAL_ROOM;
    }
    pass->signing = sign;
    /* A heading does not stand alone below. */
    bool heading = block->style == DOCUMENT_HEADING;
    if (heading && pass->y + HEADING_LINES * print.pitch > bottom_of(pass)) next_page(pass);
    if (pass->y > pass->form->top) pass->y += print.above;
    put_lines(pass, layout, print.pitch);
    g_object_unref(layout);
}

struct laid_cell {
    PangoLayout *layout;
    double x, width, height;
};

static void column_places(const struct pass *pass, double places[DOCUMENT_COLUMNS_MAX + 1])
{
    double sum = 0, at = 0;
    for (size_t i = 0; i < pass->table->count; i++) sum += pass->table->shares[i];
    for (size_t i = 0; i <= pass->table->count; i++) {
        places[i] = pass->form->left + text_width(pass) * at / sum;
        if (i < pass->table->count) at += pass->table->shares[i];
    }
}

/* Sets the cells of a row; its height, at most that of a page. */
static double lay_row(const struct pass *pass, const struct document_block *row,
                      struct laid_cell cells[DOCUMENT_COLUMNS_MAX])
{
    double places[DOCUMENT_COLUMNS_MAX + 1];
    double highest = row->height, most = bottom_of(pass) - pass->form->top;
    size_t column = 0;
    column_places(pass, places);
    for (size_t i = 0; i < row->count; i++) {
        const struct document_cell *cell = &row->cells[i];
        size_t end = column + (size_t)cell->span;
        struct laid_cell *laid = &cells[i];
        *laid = (struct laid_cell){.x = places[column], .width = places[end] - places[column]};
        struct str text = press_clean(pass->press->arena, cell->text, true);
        laid->layout = press_layout(pass->press, text, pass->form->cell, row->head || cell->label,
                                    laid->width - 2 * PADDING);
        bool middle = row->head || cell->label || cell->middle;
        pango_layout_set_alignment(laid->layout, middle ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
        pango_layout_set_height(laid->layout, (int)((most - 2 * PADDING) * PANGO_SCALE));
        pango_layout_set_ellipsize(laid->layout, PANGO_ELLIPSIZE_END);
        int height;
        pango_layout_get_size(laid->layout, NULL, &height);
        laid->height = (double)height / PANGO_SCALE;
        if (laid->height + 2 * PADDING > highest) highest = laid->height + 2 * PADDING;
        column = end;
    }
    if (highest < pass->form->cell_pitch + PADDING) highest = pass->form->cell_pitch + PADDING;
    return highest < most ? highest : most;
}

static void draw_cell(struct pass *pass, const struct laid_cell *cell, double height)
{
    cairo_t *cairo = pass->press->cairo;
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_set_line_width(cairo, 0.5);
    cairo_rectangle(cairo, cell->x, pass->y, cell->width, height);
    cairo_stroke(cairo);
    cairo_move_to(cairo, cell->x + PADDING, pass->y + (height - cell->height) / 2);
    pango_cairo_show_layout(cairo, cell->layout);
}

static void put_row_once(struct pass *pass, const struct document_block *row, bool breaks)
{
    struct laid_cell cells[DOCUMENT_COLUMNS_MAX];
    double height = lay_row(pass, row, cells);
    if (breaks && pass->y + height > bottom_of(pass) + 0.01 && pass->y > pass->form->top) {
        next_page(pass);
        for (size_t i = 0; i < pass->head_count; i++) put_row_once(pass, pass->heads[i], false);
    }
    for (size_t i = 0; i < row->count; i++) {
        if (pass->draw) draw_cell(pass, &cells[i], height);
        g_object_unref(cells[i].layout);
    }
    pass->y += height;
}

static void put_row(struct pass *pass, const struct document_block *row)
{
    put_row_once(pass, row, true);
    if (row->head && pass->head_count < HEADS_MAX) pass->heads[pass->head_count++] = row;
}

static void run_pass(struct pass *pass)
{
    pass->y = pass->form->top;
    pass->page = 1;
    pass->head_count = 0;
    pass->signing = false;
    for (size_t i = 0; i < pass->document->blocks.count; i++) {
        const struct document_block *block = &pass->document->blocks.items[i];
        if (block->kind != BLOCK_PARAGRAPH) pass->signing = false;
        switch (block->kind) {
        case BLOCK_PARAGRAPH: put_paragraph(pass, block); break;
        case BLOCK_TABLE:
            pass->table = block;
            pass->head_count = 0;
            break;
        case BLOCK_ROW: put_row(pass, block); break;
        case BLOCK_ROOM: pass->y += pass->form->pitch / 2; break;
        case BLOCK_PAGE: next_page(pass); break;
        }
    }
    put_page_number(pass);
}

bool document_pdf(struct document *document, struct str *out, struct err *err)
{
    const struct document_form *form = &document_forms[document->kind];
    struct press press;
    if (!press_open(&press, document->arena, form->width, form->height, document->title,
                    document->made, err)) {
        return false;
    }
    struct pass pass = {.document = document, .form = form, .press = &press, .scale = 1};
    size_t steps = document->kind == DOCUMENT_LETTER ? sizeof scales / sizeof *scales : 1;
    for (size_t i = 0; i < steps; i++) {
        pass.scale = scales[i];
        run_pass(&pass);
        if (pass.page == 1) break;
    }
    if (pass.page > 1) {
        pass.scale = 1;
        run_pass(&pass);
    }
    document->pages = pass.pages = pass.page;
    pass.draw = true;
    run_pass(&pass);
    CHECK(pass.page == pass.pages);
    cairo_show_page(press.cairo);
    return press_close(&press, out, err);
}
