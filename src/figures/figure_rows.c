#include "figures/figure_rows.h"

#include "identity/id_number.h"

#include <string.h>

/* Where a query's columns go. */
enum place {
    PLACE_RECORD,
    PLACE_PERSON,
    PLACE_VALUE,
    PLACE_AREA,
    PLACE_SCHOOL,
    PLACE_NAME,
    PLACE_REGISTER,
    PLACE_RANK, /* sorts only */
    PLACES
};

static const char *const place_names[PLACES] = {"record", "person", "value",   "area",
                                                "school", "name",   "register", "rank"};

/* A listing on its way: the query, and the register whose statements go beside its rows. */
struct listing {
    struct figure_desk *desk;
    const struct figure *figure;
    enum figure_part part;
    const struct figure_listener *listener;
    struct store_statement *query;
    int columns[PLACES]; /* of the query; -1: none */
    int more[FIGURE_MORE_MAX];
    size_t more_count;
    bool row;                      /* the query stands at a row */
    struct str of;                 /* the table whose rows are listed now */
    const struct profile *profile; /* its register; NULL: none goes beside */
    int name_field, id_field;      /* of it; -1: none */
    struct arena scratch;          /* of one row */
    struct err *err;
    bool failed;
};

static int place_of(const char *name)
{
    for (int i = 0; i < PLACES; i++) {
        if (strcmp(name, place_names[i]) == 0) return i;
    }
    return -1;
}

static bool find_columns(struct listing *listing, struct err *err)
{
    for (int i = 0; i < PLACES; i++) listing->columns[i] = -1;
    for (size_t i = 0; i < store_column_count(listing->query); i++) {
        int place = place_of(store_column_name(listing->query, i));
        if (place >= 0) {
            listing->columns[place] = (int)i;
        } else if (listing->more_count < FIGURE_MORE_MAX) {
            listing->more[listing->more_count++] = (int)i;
        } else {
            err_set(err, ERR_LIMIT, "a query gives more than %d columns",
                    "查询语句给出的列超过 %d 个", (int)FIGURE_MORE_MAX);
            return figure_at(listing->figure, listing->part, err);
        }
    }
    return true;
}

bool figure_columns_read(struct figure_desk *desk, const struct figure *figure,
                         enum figure_part part, struct figure_columns *out, struct err *err)
{
    struct listing listing = {.desk = desk, .figure = figure, .part = part};
    struct figure_columns columns = {0};
    if (!figure_desk_prepare(desk, &listing.query, figure, part, "SELECT * FROM ", "", err)) {
        return false;
    }
    bool done = find_columns(&listing, err);
    for (size_t i = 0; done && i < listing.more_count; i++) {
        const char *name = store_column_name(listing.query, (size_t)listing.more[i]);
        columns.names[columns.count++] = str_copy(desk->arena, str_from(name));
    }
    store_finish(listing.query);
    if (done) *out = columns;
    return done;
}

static int64_t integer_of(const struct listing *listing, enum place place, bool *there)
{
    int column = listing->columns[place];
    *there = column >= 0 && !store_is_null(listing->query, column);
    return *there ? store_i64(listing->query, column) : 0;
}

static struct str text_of(const struct listing *listing, int column)
{
    return column < 0 ? STR_EMPTY : store_str(listing->query, column);
}

/* Hands over the row at which the query stands; `statement` is what its record says, or NULL. */
static bool hand_over(struct listing *listing, const struct statement *statement, struct err *err)
{
    struct figure_row row = {0};
    bool there = false;
    arena_reset(&listing->scratch);
    row.of = listing->of;
    row.record = integer_of(listing, PLACE_RECORD, &there);
    row.person = integer_of(listing, PLACE_PERSON, &there);
    row.value = integer_of(listing, PLACE_VALUE, &row.has_value);
    row.area = text_of(listing, listing->columns[PLACE_AREA]);
    row.school = text_of(listing, listing->columns[PLACE_SCHOOL]);
    row.name = text_of(listing, listing->columns[PLACE_NAME]);
    for (size_t i = 0; i < listing->more_count; i++) {
        row.more[i] = text_of(listing, listing->more[i]);
    }
    if (statement != NULL && listing->name_field >= 0 && row.name.len == 0) {
        row.name = statement->values[listing->name_field];
    }
    if (statement != NULL && listing->id_field >= 0) {
        row.id_number = id_number_mask(&listing->scratch, statement->values[listing->id_field]);
    }
    return listing->listener->each(listing->listener->context, &row, err);
}

static bool next_row(struct listing *listing, struct err *err)
{
    if (store_step(listing->query, &listing->row, err)) return true;
    return figure_at(listing->figure, listing->part, err);
}

/* The table that the row at hand is of. */
static struct str row_of(const struct listing *listing)
{
    int column = listing->columns[PLACE_REGISTER];
    if (column >= 0) return store_str(listing->query, column);
    return listing->figure->queries[listing->part].of;
}

/* Both come by number of statement: the query runs up to the statement at hand. */
static bool beside(void *context, const struct statement *statement)
{
    struct listing *listing = context;
    struct err *err = listing->err;
    while (listing->row && str_equal(row_of(listing), listing->of)) {
        int64_t record = store_i64(listing->query, listing->columns[PLACE_RECORD]);
        if (record > statement->number) return true;
        if (!hand_over(listing, record == statement->number ? statement : NULL, err)
            || !next_row(listing, err)) {
            listing->failed = true;
            return false;
        }
    }
    return false; /* nothing is left to be listed */
}

/* Turns to the table of the row at hand. */
static void turn_to(struct listing *listing)
{
    struct str of = row_of(listing);
    if (listing->of.ptr != NULL && str_equal(listing->of, of)) return;
    const struct profile *profile = figure_desk_profile(listing->desk, of);
    listing->of = str_copy(listing->desk->arena, of);
    listing->profile = NULL;
    listing->name_field = listing->id_field = -1;
    if (profile == NULL) return;
    listing->name_field = profile_field_number(profile, "name");
    listing->id_field = profile_field_number(profile, "id_number");
    if (listing->name_field >= 0 || listing->id_field >= 0) listing->profile = profile;
}

/* Prepares the query again where it is not sorted by record alone, as figure_keep.c does. */
static bool sort(struct listing *listing, struct err *err)
{
    bool ranked = listing->columns[PLACE_RANK] >= 0;
    struct figure_desk *desk = listing->desk;
    if (!ranked && listing->columns[PLACE_REGISTER] < 0) return true;
    store_finish(listing->query);
    listing->query = NULL;
    if (!ranked) {
        return figure_desk_prepare(desk, &listing->query, listing->figure, listing->part,
                                   "SELECT * FROM ", " ORDER BY register, record", err);
    }
    return figure_desk_prepare(desk, &listing->query, listing->figure, listing->part,
                               "SELECT * FROM ", " ORDER BY rank, record", err);
}

/* A text that comes from several tables says so in a column `register`. Kept rows lie in the order
 * of the list. Goes to the first row after `skip`. */
static bool open_listing(struct listing *listing, uint64_t skip, struct err *err)
{
    struct figure_desk *desk = listing->desk;
    if (figure_desk_is_kept(desk, listing->figure, listing->part)) {
        if (!figure_desk_prepare(desk, &listing->query, listing->figure, listing->part,
                                 "SELECT * FROM ", " WHERE rowid > $skip ORDER BY rowid", err)) {
            return false;
        }
        store_bind_i64(listing->query, "$skip", (int64_t)skip);
        return find_columns(listing, err) && next_row(listing, err);
    }
    if (!figure_desk_prepare(desk, &listing->query, listing->figure, listing->part,
                             "SELECT * FROM ", " ORDER BY record", err)
        || !find_columns(listing, err)) {
        return false;
    }
    if (!sort(listing, err)) return false;
    bool done = next_row(listing, err);
    for (uint64_t i = 0; done && listing->row && i < skip; i++) done = next_row(listing, err);
    return done;
}

/* The statement of the row at hand, looked up by its number. */
static bool hand_over_alone(struct listing *listing, struct err *err)
{
    struct arena arena = {0};
    struct statement statement;
    turn_to(listing);
    if (listing->profile == NULL) return hand_over(listing, NULL, err);
    int64_t record = store_i64(listing->query, listing->columns[PLACE_RECORD]);
    bool done = registry_statement(listing->desk->registry, &arena, listing->desk->asker,
                                   listing->profile, record, &statement, err)
                && hand_over(listing, &statement, err);
    arena_free(&arena);
    return done;
}

bool figure_rows_all(struct figure_desk *desk, const struct figure *figure, enum figure_part part,
                     const struct figure_listener *listener, struct err *err)
{
    CHECK(listener->each != NULL);
    struct listing listing = {
        .desk = desk, .figure = figure, .part = part, .listener = listener, .err = err};
    bool done = open_listing(&listing, 0, err);
    while (done && listing.row) {
        turn_to(&listing);
        if (listing.columns[PLACE_RANK] >= 0) {
            done = hand_over_alone(&listing, err) && next_row(&listing, err);
            continue;
        }
        if (listing.profile != NULL) {
            struct read_at when = {.at = figure_desk_day(desk, listing.of),
                                   .known_ms = desk->when.known_ms};
            done = registry_read(desk->registry, desk->asker, listing.profile, when, beside,
                                 &listing, err)
                   && !listing.failed;
        }
        while (done && listing.row && str_equal(row_of(&listing), listing.of)) {
            done = hand_over(&listing, NULL, err) && next_row(&listing, err);
        }
    }
    store_finish(listing.query);
    arena_free(&listing.scratch);
    return done;
}

bool figure_rows_page(struct figure_desk *desk, const struct figure *figure, enum figure_part part,
                      uint64_t skip, uint64_t most, const struct figure_listener *listener,
                      struct err *err)
{
    CHECK(most <= FIGURE_ROWS_PAGE_MAX);
    struct listing listing = {
        .desk = desk, .figure = figure, .part = part, .listener = listener, .err = err};
    bool done = open_listing(&listing, skip, err);
    for (uint64_t i = 0; done && listing.row && i < most; i++) {
        done = hand_over_alone(&listing, err) && next_row(&listing, err);
    }
    store_finish(listing.query);
    arena_free(&listing.scratch);
    return done;
}
