#include "base/sheet_out.h"
#include "intake/correct.h"
#include "jobs/upload_internal.h"

/* A sheet of an upload as a workbook, each row with what is remarked about it: to be corrected in a
 * spreadsheet and sent again. */

struct annotating {
    struct arena *arena;
    struct workspace *workspace;
    struct intake_file file;
    const struct sheet_plan *plan;
    struct sheet_out *out;
    LIST(struct upload_row) remarks; /* of this sheet, in the order of its rows */
};

static bool collect(struct annotating *annotating, struct err *err)
{
    struct arena batch = {0};
    struct intake_walk walk;
    struct intake_row row;
    bool more = true, good = true;
    annotating->file.profile = annotating->plan->profile;
    intake_walk_start(&walk, &annotating->file, annotating->workspace->divisions);
    while (good && more) {
        good = intake_next(&walk, &batch, &row, &more, err);
        if (good && more && row.sheet == annotating->plan->sheet && row.note_count > 0) {
            struct upload_note *notes =
                arena_array(annotating->arena, struct upload_note, row.note_count);
            for (size_t i = 0; i < row.note_count; i++) {
                notes[i] = (struct upload_note){row.notes[i].column,
                                                str_copy(annotating->arena, row.notes[i].code)};
            }
            *list_push(annotating->arena, &annotating->remarks) =
                (struct upload_row){.row = row.number,
                                    .rejected = row.outcome == ROW_REJECTED,
                                    .notes = notes,
                                    .note_count = row.note_count};
        }
        arena_reset(&batch);
    }
    arena_free(&batch);
    return good;
}

static void add_remark(const struct annotating *annotating, struct text *text,
                       const struct upload_row *remark)
{
    const struct sheet_plan *plan = annotating->plan;
    text_add_c(text, text->len > 0 ? "；" : remark->rejected ? "拒收：" : "");
    for (size_t i = 0; i < remark->note_count; i++) {
        const struct upload_note *note = &remark->notes[i];
        if (i > 0) text_add_c(text, "；");
        if (note->column < plan->column_count)
            text_add_f(text, "%.*s：", STR_ARG(plan->headings[note->column]));
        text_add_c(text, intake_note_text(note->code, LANG_ZH));
    }
}

static bool write_row(struct annotating *annotating, const struct workbook_row *row, size_t *next,
                      struct err *err)
{
    struct str cells[SHEET_COLUMNS_MAX] = {0};
    struct arena scratch = {0};
    struct text text;
    size_t count = 1;
    text_init(&text, &scratch, 1 << 14);
    /* Lists that stand side by side have several records in a row. */
    while (*next < annotating->remarks.count
           && annotating->remarks.items[*next].row < row->number) {
        (*next)++;
    }
    while (*next < annotating->remarks.count
           && annotating->remarks.items[*next].row == row->number) {
        add_remark(annotating, &text, &annotating->remarks.items[(*next)++]);
    }
    cells[0] = text_str(&text);
    for (size_t i = 0; i < row->count && count < SHEET_COLUMNS_MAX; i++) {
        cells[count++] = row->cells[i].text;
    }
    bool done = sheet_row(annotating->out, cells, count, err);
    arena_free(&scratch);
    return done;
}

static bool write_header(struct annotating *annotating, struct err *err)
{
    struct str cells[SHEET_COLUMNS_MAX] = {[0] = STR("问题")};
    const struct sheet_plan *plan = annotating->plan;
    size_t count = 1;
    for (size_t panel = 0; panel < plan->panels; panel++) {
        for (size_t i = 0; i < plan->column_count && count < SHEET_COLUMNS_MAX; i++) {
            cells[count++] = plan->headings[i];
        }
    }
    return sheet_header(annotating->out, cells, count, NULL, err);
}

static bool write_rows(struct annotating *annotating, struct err *err)
{
    struct workbook *workbook = annotating->file.workbook;
    struct workbook_row row;
    bool more = true;
    size_t next = 0;
    if (!write_header(annotating, err)) return false;
    if (!workbook_sheet(workbook, annotating->plan->sheet, err)) return false;
    for (;;) {
        struct arena scratch = {0};
        if (!workbook_next(workbook, &row, &more, err)) return false;
        if (!more) return true;
        if (row.number < annotating->plan->data_row) continue;
        correct_cells(&row, &scratch, annotating->plan, &annotating->file.options, NULL);
        bool done = write_row(annotating, &row, &next, err);
        arena_free(&scratch);
        if (!done) return false;
    }
}

/* The sheet with this name, or the first that is read. */
static bool find_plan(struct annotating *annotating, struct str sheet, struct err *err)
{
    for (size_t i = 0; i < annotating->file.plan_count; i++) {
        const struct sheet_plan *plan = &annotating->file.plans[i];
        if (plan->profile == NULL || (sheet.len > 0 && !str_equal(plan->sheet_name, sheet)))
            continue;
        annotating->plan = plan;
        return true;
    }
    return err_set(err, ERR_NOT_FOUND, "there is no such sheet that can be read",
                   "没有这张可读的工作表");
}

static bool write_file(struct annotating *annotating, struct str sheet, const char *path,
                       struct err *err)
{
    if (!find_plan(annotating, sheet, err) || !collect(annotating, err)) return false;
    const struct profile *profile = annotating->plan->profile;
    const char *name = str_cstr(annotating->arena, profile->zh);
    if (!sheet_open(&annotating->out, path, name, false, err)) return false;
    if (write_rows(annotating, err)) return sheet_close(annotating->out, err);
    sheet_abandon(annotating->out);
    return false;
}

bool upload_annotate(struct uploads *uploads, const struct asker *asker,
                     const struct upload_annotation *wanted, struct workspace *workspace,
                     struct arena *arena, struct err *err)
{
    struct annotating annotating = {.arena = arena, .workspace = workspace};
    struct intake_options options;
    struct arena opened = {0};
    const char *from;
    if (!upload_source(uploads, asker, wanted->number, wanted->file, arena, &from, &options, err)
        || !intake_open(&annotating.file, &opened, from, &workspace->profiles, &options, err)) {
        arena_free(&opened);
        return false;
    }
    bool done = write_file(&annotating, wanted->sheet, wanted->path, err);
    intake_close(&annotating.file);
    arena_free(&opened);
    return done;
}
