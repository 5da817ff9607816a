#include "intake/correct.h"

void correct_map(struct heading_map *map, struct arena *arena, const struct intake_options *options)
{
    size_t count = map->count + options->column_count;
    struct str *headings = arena_array(arena, struct str, count);
    struct str *keys = arena_array(arena, struct str, count);
    for (size_t i = 0; i < map->count; i++) {
        headings[i] = map->headings[i];
        keys[i] = map->keys[i];
    }
    size_t used = map->count;
    for (size_t i = 0; i < options->column_count; i++) {
        const struct intake_column *column = &options->columns[i];
        if (column->heading.len == 0) continue;
        headings[used] = heading_clean(arena, column->heading);
        keys[used++] = column->field.len == 0 ? STR("-") : column->field;
    }
    *map = (struct heading_map){.headings = headings, .keys = keys, .count = used};
}

static void set_field(struct candidate *candidate, size_t columns, size_t place, struct str key)
{
    struct arena scratch = {0};
    int field =
        key.len == 0 ? -1 : profile_field_number(candidate->profile, str_cstr(&scratch, key));
    for (size_t i = 0; field >= 0 && i < columns; i++) {
        if (candidate->fields[i] == field) candidate->fields[i] = COLUMN_ASIDE;
    }
    candidate->fields[place] = field >= 0 ? field : COLUMN_ASIDE;
    arena_free(&scratch);
}

void correct_columns(struct sheet_look *look, const struct profiles *profiles,
                     const struct intake_options *options)
{
    size_t columns = look->head.column_count;
    for (size_t i = 0; i < options->column_count; i++) {
        const struct intake_column *column = &options->columns[i];
        if (!str_equal(column->sheet, look->name) || column->place >= columns) continue;
        for (size_t p = 0; p < profiles->count; p++) {
            struct candidate *candidate = &look->candidates[p];
            set_field(candidate, columns, column->place, column->field);
            candidate->names = false;
            for (size_t c = 0; c < columns; c++) {
                int field = candidate->fields[c];
                candidate->names =
                    candidate->names || (field >= 0 && candidate->profile->fields[field].required);
            }
        }
    }
}

static void put_cell(struct workbook_row *row, struct arena *arena, size_t place, struct str value)
{
    size_t count = place < row->count ? row->count : place + 1;
    struct cell *cells = arena_array(arena, struct cell, count);
    for (size_t i = 0; i < row->count; i++) cells[i] = row->cells[i];
    cells[place] = (struct cell){.kind = value.len == 0 ? CELL_EMPTY : CELL_TEXT, .text = value};
    row->cells = cells;
    row->count = count;
}

void correct_cells(struct workbook_row *row, struct arena *arena, const struct sheet_plan *plan,
                   const struct intake_options *options, struct intake_walk *walk)
{
    for (size_t i = 0; i < options->fix_count; i++) {
        const struct intake_fix *fix = &options->fixes[i];
        if (fix->row != row->number || !str_equal(fix->sheet, plan->sheet_name)) continue;
        if (fix->place >= WORKBOOK_COLUMNS_MAX) continue;
        if (walk != NULL) {
            struct str was = fix->place < row->count ? row->cells[fix->place].text : STR_EMPTY;
            *list_push(arena, &walk->corrected) =
                (struct intake_corrected){.sheet = plan->sheet,
                                          .row = row->number,
                                          .place = fix->place,
                                          .was = str_copy(arena, was),
                                          .value = fix->value};
        }
        put_cell(row, arena, fix->place, fix->value);
    }
}
