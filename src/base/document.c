#include "base/document_internal.h"

/* 37, 35, 28 and 26 mm around an official paper; 20 mm around a form. */
const struct document_form document_forms[DOCUMENT_KIND_COUNT] = {
    [DOCUMENT_LETTER] = {595.276, 841.890, 104.9, 99.2, 79.4, 73.7, 16, 28, 12, 18},
    [DOCUMENT_FORM] = {595.276, 841.890, 62, 56.7, 62, 56.7, 12, 20, 10.5, 15.5},
    [DOCUMENT_WIDE] = {841.890, 595.276, 51, 45, 45, 45, 10.5, 16, 9, 13},
};

struct document_print document_print_of(const struct document *document, enum document_style style)
{
    static const double titles[DOCUMENT_KIND_COUNT] = {22, 18, 16};
    const struct document_form *form = &document_forms[document->kind];
    struct document_print print = {form->size, form->pitch, 0, false, -1, 0, 0};
    switch (style) {
    case DOCUMENT_TITLE:
        print.size = titles[document->kind];
        print.pitch = print.size * 1.5;
        print.bold = true;
        print.align = 0;
        break;
    case DOCUMENT_NUMBER: print.align = 0; break;
    case DOCUMENT_TO: print.above = form->pitch / 2; break;
    case DOCUMENT_BODY: print.indent = 2; break;
    case DOCUMENT_HEADING:
        print.bold = true;
        print.above = form->pitch / 4;
        print.indent = document->kind == DOCUMENT_LETTER ? 2 : 0;
        break;
    case DOCUMENT_RIGHT: print.align = 1; break;
    case DOCUMENT_SIGNED:
        print.align = 1;
        print.outdent = document->kind == DOCUMENT_LETTER ? 4 : 2;
        break;
    case DOCUMENT_SMALL:
        print.size = form->size * 0.8;
        print.pitch = form->pitch * 0.8;
        break;
    case DOCUMENT_PLAIN:
    case DOCUMENT_STYLE_COUNT: break;
    }
    return print;
}

struct document *document_new(struct arena *arena, enum document_kind kind, struct str title,
                              day made)
{
    CHECK(kind < DOCUMENT_KIND_COUNT);
    struct document *document = arena_new(arena, struct document);
    *document = (struct document){
        .arena = arena, .kind = kind, .title = str_copy(arena, title), .made = made};
    return document;
}

static struct document_block *add_block(struct document *document, enum document_block_kind kind)
{
    static struct document_block beyond;
    if (document->blocks.count >= DOCUMENT_BLOCKS_MAX) return &beyond;
    struct document_block *block = list_push(document->arena, &document->blocks);
    block->kind = kind;
    return block;
}

void document_add(struct document *document, enum document_style style, struct str text)
{
    CHECK(style < DOCUMENT_STYLE_COUNT);
    struct document_block *block = add_block(document, BLOCK_PARAGRAPH);
    block->style = style;
    block->text = str_copy(document->arena, text);
    document->columns = 0;
}

void document_table(struct document *document, const int *shares, size_t count)
{
    CHECK(count > 0 && count <= DOCUMENT_COLUMNS_MAX);
    struct document_block *block = add_block(document, BLOCK_TABLE);
    for (size_t i = 0; i < count; i++) CHECK(shares[i] > 0);
    block->shares = arena_copy(document->arena, shares, count * sizeof *shares);
    block->count = count;
    document->columns = count;
}

void document_row(struct document *document, const struct document_cell *cells, size_t count,
                  bool head, double height)
{
    size_t columns = 0;
    for (size_t i = 0; i < count; i++) columns += cells[i].span > 1 ? (size_t)cells[i].span : 1;
    CHECK(columns == document->columns);
    struct document_block *block = add_block(document, BLOCK_ROW);
    block->cells = arena_copy(document->arena, cells, count * sizeof *cells);
    for (size_t i = 0; i < count; i++) {
        block->cells[i].text = str_copy(document->arena, cells[i].text);
        if (block->cells[i].span < 1) block->cells[i].span = 1;
    }
    block->count = count;
    block->head = head;
    block->height = height;
}

void document_room(struct document *document)
{
    (void)add_block(document, BLOCK_ROOM);
    document->columns = 0;
}

void document_page(struct document *document)
{
    (void)add_block(document, BLOCK_PAGE);
    document->columns = 0;
}

int document_pages(const struct document *document)
{
    return document->pages;
}
