#include "access/audit.h"
#include "base/list.h"
#include "registry/reading.h"

/* Which columns a sheet of a batch had. */
struct columns {
    int64_t batch;
    uint64_t sheet;
    struct str *headings;
    int *fields; /* -1: kept aside */
    size_t count;
};

struct listing {
    struct registry *registry;
    struct arena *arena; /* the caller's */
    const struct asker *asker;
    const struct profile *profile;
    struct layout layout;
    int64_t batch;
    struct store_statement *columns_select, *statement_select, *reject_select, *sheet_select;
    struct columns
        columns[2]; /* of the batch itself, and of the one that a repeated row stands in */
    LIST(struct reject_row) rows;
    struct {
        int64_t sheet, row; /* the row that the last note was about; 0 at first */
        bool seen;          /* by the asker */
        struct str sheet_name, written;
    } last;
    bool reject_at_hand; /* reject_select stands on a row */
};

static bool read_columns(struct listing *listing, struct columns *columns, int64_t batch,
                         uint64_t sheet, struct err *err)
{
    if (columns->batch == batch && columns->sheet == sheet) return true;
    LIST(struct str) headings = {0};
    LIST(int) fields = {0};
    store_bind_i64(listing->columns_select, "$batch", batch);
    store_bind_i64(listing->columns_select, "$sheet", (int64_t)sheet);
    bool row = false, done = false;
    while ((done = store_step(listing->columns_select, &row, err)) && row) {
        struct str field = store_str(listing->columns_select, 1);
        *list_push(listing->arena, &headings) =
            str_copy(listing->arena, store_str(listing->columns_select, 0));
        *list_push(listing->arena, &fields) =
            field.ptr == NULL
                ? -1
                : profile_field_number(listing->profile, str_cstr(listing->arena, field));
    }
    if (!done) return false;
    *columns = (struct columns){batch, sheet, headings.items, fields.items, headings.count};
    return true;
}

static struct str aside_of(const struct layout_aside *asides, size_t count, size_t place,
                           struct str heading)
{
    for (size_t i = 0; i < count; i++) {
        if (asides[i].place == place) return asides[i].value;
        if (asides[i].place == SIZE_MAX && str_equal(asides[i].heading, heading)) {
            return asides[i].value;
        }
    }
    return STR_EMPTY;
}

/* The cells of a row that was taken, in the order of its columns. */
static struct str put_together(struct arena *arena, const struct columns *columns,
                               const struct statement *statement, const struct layout_aside *asides,
                               size_t aside_count)
{
    struct text text;
    text_init(&text, arena, (size_t)WORKBOOK_COLUMNS_MAX * WORKBOOK_CELL_BYTES_MAX);
    for (size_t place = 0; place < columns->count; place++) {
        int field = columns->fields[place];
        if (place > 0) text_add_byte(&text, '\t');
        if (field < 0) {
            text_add(&text, aside_of(asides, aside_count, place, columns->headings[place]));
        } else {
            text_add(&text, statement->written[field].ptr != NULL ? statement->written[field]
                                                                  : statement->values[field]);
        }
    }
    return text_str(&text);
}

static bool warned_row(struct listing *listing, int64_t number, bool *seen, struct str *written,
                       struct err *err)
{
    struct store_statement *select = listing->statement_select;
    bool done = false;
    store_bind_i64(select, "$number", number);
    if (!store_step_row(select, err)) return false;
    *seen = asker_sees(listing->asker, store_str(select, COLUMN_AREA));
    struct arena scratch = {0};
    struct statement statement;
    struct layout_aside *asides = NULL;
    size_t aside_count = 0, map_count = 0;
    const int *map = NULL;
    int64_t batch = store_i64(select, COLUMN_BATCH);
    uint64_t sheet = (uint64_t)store_i64(select, COLUMN_SHEET);
    struct columns *columns = &listing->columns[1];
    done =
        read_columns(listing, columns, batch, sheet, err)
        && timeline_map(listing->registry, &scratch, listing->profile, batch, &map, &map_count, err)
        && reading_open(&scratch, listing->registry->codec, &listing->layout, map, map_count,
                        select, &statement, &asides, &aside_count, err);
    if (done) *written = put_together(listing->arena, columns, &statement, asides, aside_count);
    arena_free(&scratch);
    store_reset(select);
    return done;
}

/* Notes and rejects are in the same order, so the reject of a note is at hand or further on. */
static bool rejected_row(struct listing *listing, uint64_t sheet, uint64_t number, bool *seen,
                         struct str *written, struct err *err)
{
    struct store_statement *select = listing->reject_select;
    while (!listing->reject_at_hand || (uint64_t)store_i64(select, 1) != sheet
           || (uint64_t)store_i64(select, 2) != number) {
        if (!store_step_row(select, err)) return false;
        listing->reject_at_hand = true;
    }
    char table[LAYOUT_CONTEXT_BYTES], buffer[LAYOUT_CONTEXT_BYTES];
    layout_context("reject", listing->batch, table);
    *seen = asker_sees(listing->asker, store_str(select, 3));
    return codec_unseal(listing->registry->codec, listing->arena,
                        layout_context(table, store_i64(select, 0), buffer), store_str(select, 4),
                        written, err);
}

static bool find_sheet_name(struct listing *listing, uint64_t sheet, struct str *name,
                            struct err *err)
{
    store_bind_i64(listing->sheet_select, "$batch", listing->batch);
    store_bind_i64(listing->sheet_select, "$sheet", (int64_t)sheet);
    if (!store_step_row(listing->sheet_select, err)) return false;
    *name = str_copy(listing->arena, store_str(listing->sheet_select, 0));
    store_reset(listing->sheet_select);
    return true;
}

/* Several notes about one row share what is found here. */
static bool open_row(struct listing *listing, struct store_statement *note, struct err *err)
{
    int64_t sheet = store_i64(note, 0), row = store_i64(note, 1);
    if (listing->last.row == row && listing->last.sheet == sheet) return true;
    if (listing->last.row == 0 || listing->last.sheet != sheet) {
        if (!read_columns(listing, &listing->columns[0], listing->batch, (uint64_t)sheet, err)) {
            return false;
        }
        if (!find_sheet_name(listing, (uint64_t)sheet, &listing->last.sheet_name, err)) {
            return false;
        }
    }
    listing->last.sheet = sheet;
    listing->last.row = row;
    if (store_is_null(note, 2)) {
        return rejected_row(listing, (uint64_t)sheet, (uint64_t)row, &listing->last.seen,
                            &listing->last.written, err);
    }
    return warned_row(listing, store_i64(note, 2), &listing->last.seen, &listing->last.written,
                      err);
}

static bool add_note(struct listing *listing, struct store_statement *note, struct err *err)
{
    if (!open_row(listing, note, err)) return false;
    if (!listing->last.seen) return true;
    struct reject_row row = {
        .sheet = listing->last.sheet_name,
        .row = (uint64_t)listing->last.row,
        .rejected = store_is_null(note, 2),
        .code = str_copy(listing->arena, store_str(note, 4)),
        .written = listing->last.written,
    };
    if (!store_is_null(note, 3)) {
        size_t place = (size_t)store_i64(note, 3);
        if (place < listing->columns[0].count) row.column = listing->columns[0].headings[place];
    }
    *list_push(listing->arena, &listing->rows) = row;
    return true;
}

static bool find_register(struct listing *listing, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(listing->registry->store, &select,
                       "SELECT register_key FROM batch WHERE number = $number", err)) {
        return false;
    }
    store_bind_i64(select, "$number", listing->batch);
    bool row = false;
    bool done = store_step(select, &row, err);
    if (done && row)
        listing->profile = profile_find(listing->registry->profiles, store_str(select, 0));
    store_finish(select);
    if (!done) return false;
    if (listing->profile == NULL) {
        return err_set(err, ERR_NOT_FOUND,
                       "there is no batch %lld, \"import list\" shows those there are",
                       "没有批次 %lld，可用 import list 查看", (long long)listing->batch);
    }
    return true;
}

static bool list_notes(struct listing *listing, struct err *err)
{
    struct store *store = listing->registry->store;
    struct store_statement *notes = NULL;
    bool row = false;
    bool done = store_prepare(store, &listing->columns_select,
                              "SELECT heading, field FROM batch_column WHERE batch = $batch "
                              "AND sheet = $sheet ORDER BY place",
                              err)
                && store_prepare(
                    store, &listing->sheet_select,
                    "SELECT name FROM batch_sheet WHERE batch = $batch AND sheet = $sheet", err)
                && store_prepare(store, &listing->reject_select,
                                 "SELECT ordinal, sheet, row, area, sealed FROM reject "
                                 "WHERE batch = $batch ORDER BY ordinal",
                                 err)
                && store_prepare_table(store, &listing->statement_select,
                                       "SELECT @columns FROM @table WHERE statement = $number",
                                       listing->layout.table, listing->layout.names,
                                       listing->layout.count, err)
                && store_prepare(store, &notes,
                                 "SELECT sheet, row, statement, place, code FROM note "
                                 "WHERE batch = $batch ORDER BY ordinal",
                                 err);
    if (done) {
        store_bind_i64(listing->reject_select, "$batch", listing->batch);
        store_bind_i64(notes, "$batch", listing->batch);
        while ((done = store_step(notes, &row, err)) && row) {
            if (!(done = add_note(listing, notes, err))) break;
        }
    }
    store_finish(notes);
    return done;
}

bool registry_rejects(struct registry *registry, struct arena *arena, const struct asker *asker,
                      int64_t batch, struct reject_row **out, size_t *count, struct err *err)
{
    CHECK(registry != NULL);
    CHECK(asker != NULL);
    struct listing listing = {.registry = registry, .arena = arena, .asker = asker, .batch = batch};
    struct text object;
    text_init(&object, arena, 64);
    text_add_f(&object, "rejects of batch %lld", (long long)batch);
    if (!find_register(&listing, err)) return false;
    layout_make(&listing.layout, arena, listing.profile);
    bool done = list_notes(&listing, err)
                && audit_append(registry->store, &registry->clock, asker, STR("export"),
                                text_str(&object), STR_EMPTY, err);
    store_finish(listing.columns_select);
    store_finish(listing.sheet_select);
    store_finish(listing.reject_select);
    store_finish(listing.statement_select);
    if (!done) return false;
    *out = listing.rows.items;
    *count = listing.rows.count;
    return true;
}
