#include "access/audit.h"
#include "base/list.h"
#include "identity/mask.h"
#include "intake/heading.h"
#include "registry/reading.h"

/* Which columns a sheet of a batch had. */
struct columns {
    int64_t batch;
    uint64_t sheet;
    struct str *headings;
    int *fields;  /* -1: kept aside */
    bool *sealed; /* what stands in it identifies */
    size_t count;
};

struct listing {
    struct registry *registry;
    struct arena *arena; /* the caller's */
    const struct asker *asker;
    const struct profile *profile;
    struct layout layout;
    int64_t batch;
    bool reveal; /* rows whole, not masked */
    bool silent; /* nothing is audited */
    struct store_statement *columns_select, *statement_select, *reject_select, *sheet_select;
    struct columns
        columns[2]; /* of the batch itself, and of the one that a repeated row stands in */
    LIST(struct reject_row) rows;
    struct {
        int64_t sheet;             /* that the last note was about; -1 at first */
        int64_t statement, reject; /* one is 0 */
        bool seen;                 /* by the asker */
        struct str sheet_name, written;
    } last;
};

/* A column kept aside may still be one that other registers seal. */
static bool heading_identifies(struct listing *listing, struct str heading)
{
    const struct profiles *profiles = listing->registry->profiles;
    struct heading read;
    heading_read(listing->arena, profiles, heading, STR_EMPTY, &read);
    for (size_t i = 0; i < read.text_count; i++) {
        struct str rest;
        (void)heading_person(profiles, read.texts[i].text, &rest);
        int common = profile_common_field(profiles, rest);
        if (common >= 0 && profiles->common[common].identifying) return true;
    }
    return false;
}

static bool read_columns(struct listing *listing, struct columns *columns, int64_t batch,
                         uint64_t sheet, struct err *err)
{
    if (columns->batch == batch && columns->sheet == sheet) return true;
    LIST(struct str) headings = {0};
    LIST(int) fields = {0};
    LIST(bool) sealed = {0};
    store_bind_i64(listing->columns_select, "$batch", batch);
    store_bind_i64(listing->columns_select, "$sheet", (int64_t)sheet);
    bool row = false, done = false;
    while ((done = store_step(listing->columns_select, &row, err)) && row) {
        struct str key = store_str(listing->columns_select, 1);
        struct str heading = str_copy(listing->arena, store_str(listing->columns_select, 0));
        int field = key.ptr == NULL
                        ? -1
                        : profile_field_number(listing->profile, str_cstr(listing->arena, key));
        *list_push(listing->arena, &headings) = heading;
        *list_push(listing->arena, &fields) = field;
        *list_push(listing->arena, &sealed) = field >= 0
                                                  ? listing->profile->fields[field].identifying
                                                  : heading_identifies(listing, heading);
    }
    if (!done) return false;
    *columns =
        (struct columns){batch, sheet, headings.items, fields.items, sealed.items, headings.count};
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

/* Values slip into columns that are not theirs, so what looks like a number of a person is hidden
 * wherever it stands. */
static struct str shown_cell(const struct listing *listing, struct str cell, bool sealed)
{
    if (listing->reveal) return cell;
    return sealed ? mask_value(listing->arena, cell) : mask_numbers(listing->arena, cell);
}

/* The cells of a row that was taken, in the order of its columns. */
static struct str put_together(const struct listing *listing, const struct columns *columns,
                               const struct statement *statement, const struct layout_aside *asides,
                               size_t aside_count)
{
    struct text text;
    text_init(&text, listing->arena, (size_t)WORKBOOK_COLUMNS_MAX * WORKBOOK_CELL_BYTES_MAX);
    for (size_t place = 0; place < columns->count; place++) {
        int field = columns->fields[place];
        struct str cell = field < 0 ? aside_of(asides, aside_count, place, columns->headings[place])
                          : statement->written[field].ptr != NULL ? statement->written[field]
                                                                  : statement->values[field];
        if (place > 0) text_add_byte(&text, '\t');
        text_add(&text, shown_cell(listing, cell, columns->sealed[place]));
    }
    return text_str(&text);
}

/* A row that was not taken, of cells with tabs between. A cell with a tab inside would move those
 * behind it under other headings: then all count as sealed. */
static struct str shown_row(const struct listing *listing, struct str written)
{
    const struct columns *columns = &listing->columns[0];
    struct text text;
    struct str rest = written, cell;
    size_t cells = 0;
    while (str_split(&rest, '\t', &cell)) cells++;
    if (listing->reveal) return written;
    text_init(&text, listing->arena, 3 * written.len + 3 * cells + 1);
    rest = written;
    for (size_t place = 0; str_split(&rest, '\t', &cell); place++) {
        bool sealed = cells != columns->count || columns->sealed[place];
        if (place > 0) text_add_byte(&text, '\t');
        text_add(&text, shown_cell(listing, cell, sealed));
    }
    CHECK(!text.cut);
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
    if (done) *written = put_together(listing, columns, &statement, asides, aside_count);
    arena_free(&scratch);
    store_reset(select);
    return done;
}

static bool rejected_row(struct listing *listing, int64_t number, bool *seen, struct str *written,
                         struct err *err)
{
    struct store_statement *select = listing->reject_select;
    char table[LAYOUT_CONTEXT_BYTES], buffer[LAYOUT_CONTEXT_BYTES];
    struct str whole;
    store_bind_i64(select, "$batch", listing->batch);
    store_bind_i64(select, "$ordinal", number);
    if (!store_step_row(select, err)) return false;
    layout_context("reject", listing->batch, table);
    *seen = asker_sees(listing->asker, store_str(select, 0));
    if (store_str(select, 1).len == 0) {
        *written = STR_EMPTY; /* erased: it was kept for its time */
        store_reset(select);
        return true;
    }
    if (!codec_unseal(listing->registry->codec, listing->arena,
                      layout_context(table, number, buffer), store_str(select, 1), &whole, err)) {
        return false;
    }
    *written = shown_row(listing, whole);
    store_reset(select);
    return true;
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

/* Several notes about one record share what is found here. Its row does not tell it: in lists that
 * stand side by side a row holds several. */
static bool open_record(struct listing *listing, struct store_statement *note, bool *again,
                        struct err *err)
{
    int64_t sheet = store_i64(note, 0), statement = store_i64(note, 2), reject = store_i64(note, 5);
    bool same_sheet = listing->last.sheet == sheet;
    *again = same_sheet && listing->last.statement == statement && listing->last.reject == reject;
    if (*again) return true;
    if (!same_sheet
        && (!read_columns(listing, &listing->columns[0], listing->batch, (uint64_t)sheet, err)
            || !find_sheet_name(listing, (uint64_t)sheet, &listing->last.sheet_name, err))) {
        return false;
    }
    listing->last.sheet = sheet;
    listing->last.statement = statement;
    listing->last.reject = reject;
    return statement == 0
               ? rejected_row(listing, reject, &listing->last.seen, &listing->last.written, err)
               : warned_row(listing, statement, &listing->last.seen, &listing->last.written, err);
}

static bool add_note(struct listing *listing, struct store_statement *note, struct err *err)
{
    bool again = false;
    if (!open_record(listing, note, &again, err)) return false;
    if (!listing->last.seen) return true;
    struct reject_row row = {
        .sheet = listing->last.sheet_name,
        .row = (uint64_t)store_i64(note, 1),
        .again = again,
        .rejected = store_is_null(note, 2),
        .code = str_copy(listing->arena, store_str(note, 4)),
        .written = listing->last.written,
        .place = store_is_null(note, 3) ? SIZE_MAX : (size_t)store_i64(note, 3),
        .headings = listing->columns[0].headings,
        .heading_count = listing->columns[0].count,
    };
    if (!store_is_null(note, 3)) {
        if (row.place < row.heading_count) row.column = row.headings[row.place];
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
                                 "SELECT area, sealed FROM reject "
                                 "WHERE batch = $batch AND ordinal = $ordinal",
                                 err)
                && store_prepare_table(store, &listing->statement_select,
                                       "SELECT @columns FROM @table WHERE statement = $number",
                                       listing->layout.table, listing->layout.names,
                                       listing->layout.count, err)
                && store_prepare(store, &notes,
                                 "SELECT sheet, row, statement, place, code, reject FROM note "
                                 "WHERE batch = $batch ORDER BY ordinal",
                                 err);
    if (done) {
        store_bind_i64(notes, "$batch", listing->batch);
        while ((done = store_step(notes, &row, err)) && row) {
            if (!(done = add_note(listing, notes, err))) break;
        }
    }
    store_finish(notes);
    return done;
}

static bool list_rejects(struct listing *listing, struct str reason, struct err *err)
{
    struct registry *registry = listing->registry;
    struct text object;
    text_init(&object, listing->arena, 64);
    text_add_f(&object, "rejects of batch %lld", (long long)listing->batch);
    if (!find_register(listing, err)) return false;
    layout_make(&listing->layout, listing->arena, listing->profile);
    bool done = list_notes(listing, err)
                && (listing->silent
                    || audit_append(registry->store, &registry->clock, listing->asker,
                                    listing->reveal ? AUDIT_REVEAL : AUDIT_EXPORT,
                                    text_str(&object), reason, err));
    store_finish(listing->columns_select);
    store_finish(listing->sheet_select);
    store_finish(listing->reject_select);
    store_finish(listing->statement_select);
    return done;
}

bool registry_rejects(struct registry *registry, struct arena *arena, const struct asker *asker,
                      int64_t batch, struct reject_row **out, size_t *count, struct err *err)
{
    CHECK(registry != NULL);
    CHECK(asker != NULL);
    struct listing listing = {
        .registry = registry, .arena = arena, .asker = asker, .batch = batch, .last.sheet = -1};
    if (!list_rejects(&listing, STR_EMPTY, err)) return false;
    *out = listing.rows.items;
    *count = listing.rows.count;
    return true;
}

bool registry_rejects_look(struct registry *registry, struct arena *arena,
                           const struct asker *asker, int64_t batch, struct reject_row **out,
                           size_t *count, struct err *err)
{
    CHECK(registry != NULL);
    CHECK(asker != NULL);
    struct listing listing = {.registry = registry,
                              .arena = arena,
                              .asker = asker,
                              .batch = batch,
                              .silent = true,
                              .last.sheet = -1};
    if (!list_rejects(&listing, STR_EMPTY, err)) return false;
    *out = listing.rows.items;
    *count = listing.rows.count;
    return true;
}

bool registry_rejects_reveal(struct registry *registry, struct arena *arena,
                             const struct asker *asker, int64_t batch, struct str reason,
                             struct reject_row **out, size_t *count, struct err *err)
{
    CHECK(registry != NULL);
    CHECK(asker != NULL);
    CHECK(reason.len > 0);
    struct listing listing = {.registry = registry,
                              .arena = arena,
                              .asker = asker,
                              .batch = batch,
                              .reveal = true,
                              .last.sheet = -1};
    if (!list_rejects(&listing, reason, err)) return false;
    *out = listing.rows.items;
    *count = listing.rows.count;
    return true;
}

bool registry_rejects_old(struct store *store, int64_t before_ms, int64_t *all, int64_t *old,
                          struct err *err)
{
    struct store_statement *count = NULL;
    if (!store_prepare(store, &count,
                       "SELECT count(*), coalesce(sum(b.imported_ms < $before), 0) FROM reject r "
                       "JOIN batch b ON b.number = r.batch WHERE length(r.sealed) > 0",
                       err)) {
        return false;
    }
    store_bind_i64(count, "$before", before_ms);
    bool done = store_step_row(count, err);
    if (done) {
        *all = store_i64(count, 0);
        *old = store_i64(count, 1);
    }
    store_finish(count);
    return done;
}

bool registry_rejects_erase(struct store *store, int64_t before_ms, struct err *err)
{
    struct store_statement *erase = NULL;
    if (!store_prepare(store, &erase,
                       "UPDATE reject SET sealed = zeroblob(0) WHERE length(sealed) > 0 AND batch "
                       "IN (SELECT number FROM batch WHERE imported_ms < $before)",
                       err)) {
        return false;
    }
    store_bind_i64(erase, "$before", before_ms);
    return store_run_once(erase, err);
}
