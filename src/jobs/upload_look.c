#include "jobs/upload_look.h"

#include "identity/mask.h"
#include "intake/correct.h"

enum { SAMPLE_ROWS = 60, HEADER_CELLS_MIN = 2, CELL_SHOWN_BYTES = 200 };

struct looking {
    struct upload_look *look;
    struct arena *arena;
    struct arena scratch;
    const struct intake_options *options;
    struct workspace *workspace;
    LIST(struct upload_row) noted;
};

static struct str shown(struct arena *arena, struct str text)
{
    return str_copy(arena, utf8_cut(text, CELL_SHOWN_BYTES));
}

static void name_sheet(struct looking *looking, struct upload_sheet *out,
                       const struct sheet_plan *plan)
{
    struct arena *arena = looking->arena;
    *out = (struct upload_sheet){.name = str_copy(arena, plan->sheet_name),
                                 .header_row = plan->header_row,
                                 .column_count = plan->column_count};
    if (plan->profile != NULL) out->register_key = plan->profile->key;
    out->columns = arena_array(arena, struct upload_column, plan->column_count);
    for (size_t i = 0; i < plan->column_count; i++) {
        struct upload_column *column = &out->columns[i];
        *column = (struct upload_column){.place = i, .heading = shown(arena, plan->headings[i])};
        int field = plan->profile == NULL ? -1 : plan->fields[i];
        if (field < 0) {
            column->identifying = true;
            continue;
        }
        column->field = plan->profile->fields[field].key;
        column->identifying = plan->profile->fields[field].identifying;
    }
}

static void note_row(struct looking *looking, const struct intake_row *row)
{
    if (row->note_count == 0 || looking->noted.count == UPLOAD_NOTED_ROWS_MAX) return;
    struct upload_note *notes = arena_array(looking->arena, struct upload_note, row->note_count);
    for (size_t i = 0; i < row->note_count; i++) {
        notes[i] = (struct upload_note){row->notes[i].column,
                                        str_copy(looking->arena, row->notes[i].code)};
    }
    *list_push(looking->arena, &looking->noted) =
        (struct upload_row){.sheet = row->sheet,
                            .row = row->number,
                            .rejected = row->outcome == ROW_REJECTED,
                            .notes = notes,
                            .note_count = row->note_count};
}

static bool walk_register(struct looking *looking, struct intake_file *file, struct err *err)
{
    struct arena batch = {0};
    struct intake_walk walk;
    struct intake_row row;
    bool more = true, good = true;
    intake_walk_start(&walk, file, looking->workspace->divisions);
    while (good && more && looking->noted.count < UPLOAD_NOTED_ROWS_MAX) {
        good = intake_next(&walk, &batch, &row, &more, err);
        if (good && more) note_row(looking, &row);
        arena_reset(&batch);
    }
    arena_free(&batch);
    return good;
}

/* Every row of every register of the file, for its remarks. */
static bool walk(struct looking *looking, struct intake_file *file, struct err *err)
{
    for (size_t i = 0; i < file->register_count; i++) {
        file->profile = file->registers[i];
        if (!walk_register(looking, file, err)) return false;
    }
    return true;
}

static bool is_noted(const struct upload_row *row, size_t column)
{
    for (size_t i = 0; i < row->note_count; i++) {
        if (row->notes[i].column == column) return true;
    }
    return false;
}

/* What is wrong must be seen to be put right; other identifying cells need not. */
static void keep_cells(struct looking *looking, struct upload_row *out,
                       const struct upload_sheet *sheet, const struct workbook_row *row)
{
    out->cell_count = sheet->column_count;
    out->cells = arena_array(looking->arena, struct str, out->cell_count);
    for (size_t i = 0; i < out->cell_count; i++) {
        struct str text = i < row->count ? row->cells[i].text : STR_EMPTY;
        if (sheet->columns[i].identifying && !is_noted(out, i))
            text = mask_numbers(&looking->scratch, text);
        out->cells[i] = shown(looking->arena, text);
    }
}

static void keep_samples(struct looking *looking, struct upload_sheet *sheet,
                         const struct workbook_row *row)
{
    for (size_t i = 0; i < sheet->column_count && i < row->count; i++) {
        struct upload_column *column = &sheet->columns[i];
        struct str text = str_trim(row->cells[i].text);
        if (text.len == 0 || column->sample_count == UPLOAD_SAMPLES_MAX) continue;
        if (column->identifying) text = mask_numbers(&looking->scratch, text);
        column->samples[column->sample_count++] = shown(looking->arena, text);
    }
}

/* Goes through a sheet as far as a sample or a remark wants a row of it. */
static bool read_cells(struct looking *looking, struct workbook *workbook, size_t number,
                       struct err *err)
{
    struct upload_sheet *sheet = &looking->look->sheets[number];
    struct workbook_row row;
    bool more = true;
    uint64_t last = sheet->header_row + SAMPLE_ROWS;
    const struct sheet_plan plan = {.sheet = number, .sheet_name = sheet->name};
    for (size_t i = 0; i < looking->noted.count; i++) {
        const struct upload_row *noted = &looking->noted.items[i];
        if (noted->sheet == number && noted->row > last) last = noted->row;
    }
    if (!workbook_sheet(workbook, number, err)) return false;
    for (;;) {
        if (!workbook_next(workbook, &row, &more, err)) return false;
        if (!more || row.number > last) return true;
        correct_cells(&row, &looking->scratch, &plan, looking->options, NULL);
        if (row.number > sheet->header_row && row.number <= sheet->header_row + SAMPLE_ROWS)
            keep_samples(looking, sheet, &row);
        for (size_t i = 0; i < looking->noted.count; i++) {
            struct upload_row *noted = &looking->noted.items[i];
            if (noted->sheet == number && noted->row == row.number)
                keep_cells(looking, noted, sheet, &row);
        }
        arena_reset(&looking->scratch);
    }
}

/* A sheet that nothing is known about: its first row of several cells may be its headings. */
static bool guess_sheet(struct looking *looking, struct workbook *workbook, size_t number,
                        struct err *err)
{
    struct upload_sheet *sheet = &looking->look->sheets[number];
    struct workbook_row row;
    bool more = true;
    sheet->name = str_copy(looking->arena, workbook_sheet_name(workbook, number));
    if (!workbook_sheet(workbook, number, err)) return false;
    for (int i = 0; i < SAMPLE_ROWS; i++) {
        size_t filled = 0;
        if (!workbook_next(workbook, &row, &more, err)) return false;
        if (!more) return true;
        for (size_t c = 0; c < row.count; c++) {
            filled += row.cells[c].text.len > 0 && !row.cells[c].merged;
        }
        if (filled < HEADER_CELLS_MIN) continue;
        sheet->header_row = row.number;
        sheet->column_count = row.count;
        sheet->columns = arena_array(looking->arena, struct upload_column, row.count);
        for (size_t c = 0; c < row.count; c++) {
            sheet->columns[c] =
                (struct upload_column){.place = c,
                                       .heading = shown(looking->arena, row.cells[c].text),
                                       .identifying = true};
        }
        return true;
    }
    return true;
}

/* `guess` when no plan of the sheets is there. */
static bool read_sheets(struct looking *looking, const char *path, bool guess, struct err *err)
{
    struct workbook *workbook;
    struct upload_look *look = looking->look;
    if (!workbook_open(&workbook, path, err)) return false;
    if (guess) {
        look->sheet_count = workbook_sheet_count(workbook);
        look->sheets = arena_array(looking->arena, struct upload_sheet, look->sheet_count);
    }
    bool good = true;
    for (size_t i = 0; good && i < look->sheet_count; i++) {
        good = (!guess || guess_sheet(looking, workbook, i, err))
               && read_cells(looking, workbook, i, err);
    }
    workbook_release(workbook);
    return good;
}

static void take_result(struct looking *looking, const struct load_result *result)
{
    struct upload_look *look = looking->look;
    look->taken = result->status == LOAD_LOADED || result->status == LOAD_UNCHANGED;
    look->unchanged = result->status == LOAD_UNCHANGED;
    look->rows += result->rows;
    look->accepted += result->accepted;
    look->warned += result->warned;
    look->rejected += result->rejected;
    look->would_end += result->ended;
    if (look->scope.len == 0) look->scope = str_copy(looking->arena, result->scope);
    if (!look->taken) look->error = result->error;
    for (size_t i = 0; i < result->sheet_count; i++) {
        const struct load_sheet *sheet = &result->sheets[i];
        if (sheet->number < look->sheet_count) look->sheets[sheet->number].rows += sheet->rows;
    }
}

/* The import itself, without keeping anything: what would end is counted as if it were complete. */
static bool try_import(struct looking *looking, const struct asker *asker, const char *path,
                       const struct progress *progress, struct err *err)
{
    struct load_options options = {
        .intake = *looking->options, .complete = true, .yes = true, .dry_run = true};
    struct load_result *results = NULL;
    size_t count = 0;
    if (!registry_load(&looking->workspace->registry, looking->arena, asker, path, &options,
                       progress, &results, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) take_result(looking, &results[i]);
    return true;
}

static bool look_into(struct looking *looking, struct intake_file *file, const char *path,
                      struct err *err)
{
    struct upload_look *look = looking->look;
    look->register_key = file->profile->key;
    look->at = looking->options->at;
    look->sheet_count = file->plan_count;
    look->sheets = arena_array(looking->arena, struct upload_sheet, file->plan_count);
    for (size_t i = 0; i < file->plan_count; i++) {
        name_sheet(looking, &look->sheets[i], &file->plans[i]);
        if (day_is_none(look->at) && file->plans[i].profile != NULL)
            look->at = file->plans[i].day_stated;
    }
    return walk(looking, file, err) && read_sheets(looking, path, false, err);
}

/* What cannot be read is a refusal, told by the sentence; what is known of its sheets stays. */
static bool refused(struct upload_look *look, const struct err *err)
{
    look->taken = false;
    look->error = *err;
    return true;
}

bool upload_look_at(struct upload_look *out, struct arena *arena, struct workspace *workspace,
                    const struct asker *asker, const char *path,
                    const struct intake_options *options, const struct progress *progress,
                    struct err *err)
{
    struct looking looking = {
        .look = out, .arena = arena, .options = options, .workspace = workspace};
    struct intake_file file;
    struct arena opened = {0};
    struct err why = ERR_INIT, ignored = ERR_INIT;
    *out = (struct upload_look){.at = DAY_NONE, .error = ERR_INIT};
    bool good = true;
    if (!intake_open(&file, &opened, path, &workspace->profiles, options, &why)) {
        /* The headings as they stand let the user say what they are. */
        (void)!read_sheets(&looking, path, true, &ignored);
        refused(out, &why);
    } else {
        bool read = look_into(&looking, &file, path, &why);
        intake_close(&file);
        if (read)
            good = try_import(&looking, asker, path, progress, err);
        else
            refused(out, &why);
    }
    out->noted = looking.noted.items;
    out->noted_count = looking.noted.count;
    arena_free(&opened);
    arena_free(&looking.scratch);
    return good;
}
