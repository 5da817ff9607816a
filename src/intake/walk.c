#include "intake/correct.h"
#include "intake/intake.h"
#include "intake/row.h"
#include "intake/row_kind.h"

#include "intake/fold.h"

/* What a walk needs between two rows. */
struct walk_state {
    struct row_reader reader;
    struct workbook_row current; /* the row whose panels are being read */
    size_t panel;                /* the next of them; panels when the row is done */
    struct str *above;           /* per column: the last text, where empty cells repeat it */
    bool any_repeats;
};

void intake_walk_start(struct intake_walk *walk, struct intake_file *file,
                       const struct divisions *divisions)
{
    CHECK(file->profile != NULL);
    *walk = (struct intake_walk){.file = file, .divisions = divisions};
    walk->state = arena_new(file->arena, struct walk_state);
}

/* Opens the next sheet of the file's register; *there is false when there is none left. */
static bool open_sheet(struct intake_walk *walk, bool *there, struct err *err)
{
    struct intake_file *file = walk->file;
    struct walk_state *state = walk->state;
    while (walk->plan < file->plan_count && (file->plans[walk->plan].profile != file->profile)) {
        walk->plan++;
    }
    *there = walk->plan < file->plan_count;
    if (!*there) return true;
    const struct sheet_plan *plan = &file->plans[walk->plan];
    if (!workbook_sheet(file->workbook, plan->sheet, err)) return false;
    row_reader_init(&state->reader, file->arena, plan, file, walk->divisions);
    state->panel = plan->panels;
    state->above = arena_array(file->arena, struct str, plan->column_count);
    state->any_repeats = false;
    for (size_t i = 0; i < plan->column_count; i++) {
        state->any_repeats = state->any_repeats || plan->repeats[i];
    }
    walk->sheet_open = true;
    return true;
}

static struct str first_text(const struct workbook_row *cells)
{
    for (size_t i = 0; i < cells->count; i++) {
        struct str text = fold_trim(cells->cells[i].text);
        if (text.len > 0) return text;
    }
    return STR_EMPTY;
}

static void count_row(struct intake_walk *walk, const struct intake_row *row)
{
    walk->rows++;
    walk->accepted += row->outcome == ROW_ACCEPTED;
    walk->warned += row->outcome == ROW_WARNED;
    walk->rejected += row->outcome == ROW_REJECTED;
}

/* The next panel of the current row, or the next row. */
static bool next_panel(struct intake_walk *walk, struct workbook_row *cells, bool *more,
                       struct err *err)
{
    struct walk_state *state = walk->state;
    const struct sheet_plan *plan = &walk->file->plans[walk->plan];
    if (state->panel >= plan->panels) {
        do {
            if (!workbook_next(walk->file->workbook, &state->current, more, err)) return false;
            if (!*more) return true;
        } while (state->current.number < plan->data_row);
        correct_cells(&state->current, walk->file->arena, plan, &walk->file->options, walk);
        state->panel = 0;
    }
    *more = true;
    *cells = state->current;
    if (plan->panels > 1) {
        size_t from = state->panel * plan->column_count;
        size_t left = from < cells->count ? cells->count - from : 0;
        cells->cells += from < cells->count ? from : 0;
        cells->count = left < plan->column_count ? left : plan->column_count;
    }
    state->panel++;
    return true;
}

/* Empty cells of a group of rows get the text above. The cells are copied: they are the reader's.
 */
static void repeat_above(struct walk_state *state, struct arena *arena, struct workbook_row *cells)
{
    const struct sheet_plan *plan = state->reader.plan;
    if (!state->any_repeats) return;
    size_t count = cells->count > plan->column_count ? cells->count : plan->column_count;
    struct cell *copy = arena_array(arena, struct cell, count);
    for (size_t i = 0; i < cells->count; i++) copy[i] = cells->cells[i];
    for (size_t i = 0; i < plan->column_count; i++) {
        if (!plan->repeats[i]) continue;
        if (fold_trim(copy[i].text).len == 0) {
            copy[i].text = state->above[i];
            copy[i].kind = state->above[i].len == 0 ? CELL_EMPTY : CELL_TEXT;
        } else if (!str_equal(copy[i].text, state->above[i])) {
            state->above[i] = str_copy(state->reader.arena, copy[i].text);
        }
    }
    cells->cells = copy;
    cells->count = count;
}

/* Reads on in the open sheet; *found is false at its end. */
static bool next_in_sheet(struct intake_walk *walk, struct arena *arena, struct intake_row *row,
                          bool *found, struct err *err)
{
    struct walk_state *state = walk->state;
    const struct sheet_plan *plan = &walk->file->plans[walk->plan];
    for (;;) {
        struct workbook_row cells;
        bool more;
        if (!next_panel(walk, &cells, &more, err)) return false;
        if (!more) {
            *found = false;
            return true;
        }
        enum row_kind kind = row_kind_of(plan, state->reader.name_column,
                                         state->reader.number_column, cells.cells, cells.count);
        if (kind != ROW_RECORD) {
            walk->passed_over += kind != ROW_BLANK || state->panel == 1;
            if (kind == ROW_TITLE) row_reader_section(&state->reader, first_text(&cells));
            continue;
        }
        repeat_above(state, arena, &cells);
        struct intake_row fresh = {.sheet = plan->sheet, .number = cells.number};
        row_read(&state->reader, arena, &cells, &fresh);
        count_row(walk, &fresh);
        *row = fresh;
        *found = true;
        return true;
    }
}

bool intake_next(struct intake_walk *walk, struct arena *arena, struct intake_row *row, bool *more,
                 struct err *err)
{
    for (;;) {
        bool there = true, found;
        if (!walk->sheet_open && !open_sheet(walk, &there, err)) return false;
        if (!there) {
            *more = false;
            return true;
        }
        if (!next_in_sheet(walk, arena, row, &found, err)) return false;
        if (found) {
            *more = true;
            return true;
        }
        walk->sheet_open = false;
        walk->plan++;
    }
}
