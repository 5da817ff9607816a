#include "figures/figure_count.h"

#include "base/list.h"
#include "figures/figure_desk_internal.h"

#include <string.h>

static bool query_has(struct figure_desk *desk, const struct figure *figure, enum figure_part part,
                      const char *column, bool *has, struct err *err)
{
    struct store_statement *query = NULL;
    if (!figure_desk_prepare(desk, &query, figure, part, "SELECT * FROM ", "", err)) return false;
    *has = false;
    for (size_t i = 0; i < store_column_count(query); i++) {
        if (strcmp(store_column_name(query, i), column) == 0) *has = true;
    }
    store_finish(query);
    return true;
}

static bool not_whole(const struct figure *figure, enum figure_part part, struct err *err)
{
    err_set(err, ERR_INPUT, "a value is not a whole number", "有的 value 不是整数");
    return figure_at(figure, part, err);
}

static bool count_query(struct figure_desk *desk, const struct figure *figure,
                        enum figure_part part, struct figure_tally *out, struct err *err)
{
    struct store_statement *query = NULL;
    bool done = query_has(desk, figure, part, "value", &out->has_sum, err);
    if (done && out->has_sum) {
        done = figure_desk_prepare(desk, &query, figure, part,
                                   "SELECT count(*), coalesce(sum(value), 0), "
                                   "max(typeof(value) NOT IN ('integer', 'null')) FROM ",
                                   "", err);
    } else if (done) {
        done = figure_desk_prepare(desk, &query, figure, part, "SELECT count(*) FROM ", "", err);
    }
    if (!done) return false;
    done = store_step_row(query, err);
    if (done) {
        out->rows = store_i64(query, 0);
        out->sum = out->has_sum ? store_i64(query, 1) : out->rows;
        bool whole = !out->has_sum || store_i64(query, 2) == 0;
        done = whole || not_whole(figure, part, err);
    }
    store_finish(query);
    return done || figure_at(figure, part, err);
}

/* A query of the same text and period that was counted already; NULL when there is none. */
static const struct desk_query *find_counted(const struct figure_desk *desk,
                                             const struct desk_query *query)
{
    const struct figure_query *text = &query->figure->queries[query->part];
    for (size_t i = 0; i < desk->query_count; i++) {
        const struct desk_query *other = &desk->queries[i];
        if (other->counted && other->figure->period == query->figure->period
            && str_equal(other->figure->queries[other->part].sql, text->sql)) {
            return other;
        }
    }
    return NULL;
}

/* A desk does not change: what was counted once stays. */
static bool tally_query(struct figure_desk *desk, const struct figure *figure,
                        enum figure_part part, struct figure_tally *out, struct err *err)
{
    struct desk_query *query = figure_desk_query(desk, figure, part);
    const struct desk_query *counted = find_counted(desk, query);
    if (counted != NULL) {
        query->tally = counted->tally;
    } else if (!count_query(desk, figure, part, &query->tally, err)) {
        return false;
    }
    query->counted = true;
    *out = query->tally;
    return true;
}

static int64_t amount_of(const struct figure *figure, const struct figure_tally *tally)
{
    return figure->measure == FIGURE_COUNT ? tally->rows : tally->sum;
}

bool figure_count(struct figure_desk *desk, const struct figure *figure, struct figure_value *out,
                  struct err *err)
{
    CHECK(desk != NULL);
    CHECK(figure != NULL);
    struct figure_tally rows = {0}, over = {0};
    if (!tally_query(desk, figure, FIGURE_ROWS, &rows, err)
        || (figure->measure == FIGURE_SHARE
            && !tally_query(desk, figure, FIGURE_OVER, &over, err))) {
        return false;
    }
    bool known =
        figure_desk_is_stated(desk, figure, FIGURE_ROWS)
        && (figure->measure != FIGURE_SHARE || figure_desk_is_stated(desk, figure, FIGURE_OVER));
    *out = (struct figure_value){
        .known = known, .rows = rows.rows, .amount = amount_of(figure, &rows), .over = over.sum};
    return true;
}

bool figure_count_everyone(struct figure_desk *desk, const struct figure *figure,
                           struct figure_everyone *out, struct err *err)
{
    CHECK(figure->everyone);
    struct figure_tally expected = {0}, verified = {0}, open = {0};
    if (!tally_query(desk, figure, FIGURE_EXPECTED, &expected, err)
        || !tally_query(desk, figure, FIGURE_VERIFIED, &verified, err)
        || !tally_query(desk, figure, FIGURE_OPEN, &open, err)) {
        return false;
    }
    *out = (struct figure_everyone){.expected = expected.rows,
                                    .verified = verified.rows,
                                    .open = open.rows,
                                    .unreported = expected.rows - verified.rows - open.rows};
    return true;
}

static const char *const by_keys[FIGURE_BY_COUNT] = {"county", "township", "school"};

const char *figure_by_key(enum figure_by by)
{
    CHECK(by < FIGURE_BY_COUNT);
    return by_keys[by];
}

int figure_by_of(struct str key)
{
    for (int i = 0; i < FIGURE_BY_COUNT; i++) {
        if (str_is(key, by_keys[i])) return i;
    }
    return -1;
}

/* Rows of one query by place. */
struct place_tally {
    struct str place;
    struct figure_tally tally;
};

struct place_tallies {
    LIST(struct place_tally) items;
};

#define BY_PLACE(place, sum) "SELECT coalesce(" place ", ''), count(*), " sum " FROM "

static bool prepare_by(struct figure_desk *desk, const struct figure *figure, enum figure_part part,
                       enum figure_by by, bool sums, struct store_statement **out, struct err *err)
{
#define PREPARE(place)                                                                             \
    (sums ? figure_desk_prepare(desk, out, figure, part,                                           \
                                BY_PLACE(place, "coalesce(sum(value), 0)"),                        \
                                " GROUP BY 1 ORDER BY 1", err)                                     \
          : figure_desk_prepare(desk, out, figure, part, BY_PLACE(place, "count(*)"),              \
                                " GROUP BY 1 ORDER BY 1", err))
    switch (by) {
    case FIGURE_BY_COUNTY: return PREPARE("substr(area, 1, 6)");
    case FIGURE_BY_TOWNSHIP: return PREPARE("substr(area, 1, 9)");
    case FIGURE_BY_SCHOOL:
    case FIGURE_BY_COUNT: break;
    }
    return PREPARE("school");
#undef PREPARE
}

static bool tally_by(struct figure_desk *desk, struct arena *arena, const struct figure *figure,
                     enum figure_part part, enum figure_by by, struct place_tallies *out,
                     struct err *err)
{
    bool there = false, sums = false, row = false, done = false;
    struct store_statement *query = NULL;
    const char *column = by == FIGURE_BY_SCHOOL ? "school" : "area";
    if (!query_has(desk, figure, part, column, &there, err)
        || !query_has(desk, figure, part, "value", &sums, err)) {
        return false;
    }
    if (!there) {
        return err_set(err, ERR_USAGE, "the figure \"%.*s\" cannot be split by %s",
                       "指标“%.*s”不能按 %s 分列", STR_ARG(figure->key), by_keys[by]);
    }
    if (!prepare_by(desk, figure, part, by, sums, &query, err)) return false;
    while ((done = store_step(query, &row, err)) && row) {
        *list_push(arena, &out->items) = (struct place_tally){
            str_copy(arena, store_str(query, 0)),
            {.rows = store_i64(query, 1), .sum = store_i64(query, 2), .has_sum = sums}};
    }
    store_finish(query);
    return done || figure_at(figure, part, err);
}

/* A desk does not change: what was split by county once stays, where there are not too many. */
static void keep_counties(struct desk_query *query, const struct place_tallies *found)
{
    if (found->items.count > FIGURE_COUNTIES_MAX) return;
    for (size_t i = 0; i < found->items.count; i++) {
        const struct place_tally *part = &found->items.items[i];
        struct desk_county *county = &query->counties[i];
        if (part->place.len >= FIGURE_COUNTY_SIZE) return;
        *county = (struct desk_county){.tally = part->tally};
        for (size_t k = 0; k < part->place.len; k++) county->code[k] = part->place.ptr[k];
    }
    query->county_count = found->items.count;
    query->split = true;
}

static bool split_query(struct figure_desk *desk, struct arena *arena, const struct figure *figure,
                        enum figure_part part, enum figure_by by, struct place_tallies *out,
                        struct err *err)
{
    struct desk_query *query = figure_desk_query(desk, figure, part);
    if (by != FIGURE_BY_COUNTY) return tally_by(desk, arena, figure, part, by, out, err);
    if (!query->split) {
        if (!tally_by(desk, arena, figure, part, by, out, err)) return false;
        keep_counties(query, out);
        return true;
    }
    for (size_t i = 0; i < query->county_count; i++) {
        const struct desk_county *county = &query->counties[i];
        *list_push(arena, &out->items) =
            (struct place_tally){str_copy(arena, str_from(county->code)), county->tally};
    }
    return true;
}

/* Two lists by place as one. */
static void merge(const struct figure *figure, struct arena *arena,
                  const struct place_tallies *rows, const struct place_tallies *over,
                  struct figure_part_value **out, size_t *count)
{
    LIST(struct figure_part_value) list = {0};
    size_t i = 0, k = 0;
    while (i < rows->items.count || k < over->items.count) {
        const struct place_tally *a = i < rows->items.count ? &rows->items.items[i] : NULL;
        const struct place_tally *b = k < over->items.count ? &over->items.items[k] : NULL;
        int order = a == NULL ? 1 : b == NULL ? -1 : str_compare(a->place, b->place);
        struct figure_part_value *part = list_push(arena, &list);
        part->place = order <= 0 ? a->place : b->place;
        part->value.known = true;
        if (order <= 0) {
            part->value.rows = a->tally.rows;
            part->value.amount = amount_of(figure, &a->tally);
            i++;
        }
        if (order >= 0) {
            part->value.over = b->tally.sum;
            k++;
        }
    }
    *out = list.items;
    *count = list.count;
}

bool figure_count_by(struct figure_desk *desk, struct arena *arena, const struct figure *figure,
                     enum figure_by by, struct figure_part_value **out, size_t *count,
                     struct err *err)
{
    struct place_tallies rows = {0}, over = {0};
    if (!split_query(desk, arena, figure, FIGURE_ROWS, by, &rows, err)
        || (figure->measure == FIGURE_SHARE
            && !split_query(desk, arena, figure, FIGURE_OVER, by, &over, err))) {
        return false;
    }
    merge(figure, arena, &rows, &over, out, count);
    return true;
}

/* amount * 10^digits / over, halves away from zero; amounts stay far below what this can hold
 * (a share's lines count things). */
static bool quotient(int64_t amount, int64_t over, int digits, int64_t *out)
{
    int64_t scaled = amount;
    if (over <= 0) return false;
    for (int i = 0; i < digits; i++) {
        if (__builtin_mul_overflow(scaled, 10, &scaled)) return false;
    }
    int64_t half = scaled >= 0 ? over / 2 : -(over / 2);
    if (__builtin_add_overflow(scaled, half, &scaled)) return false;
    *out = scaled / over;
    return true;
}

bool figure_value_e4(const struct figure *figure, const struct figure_value *value, int64_t *out)
{
    int64_t number = 0;
    if (!value->known) return false;
    if (figure->measure == FIGURE_SHARE) return quotient(value->amount, value->over, 6, out);
    int64_t factor = figure->unit == FIGURE_YUAN ? 100 : 10000;
    if (__builtin_mul_overflow(value->amount, factor, &number)) return false;
    *out = number;
    return true;
}

static void add_hundredths(struct text *text, int64_t hundredths)
{
    uint64_t size = hundredths < 0 ? (uint64_t)-hundredths : (uint64_t)hundredths;
    text_add_f(text, "%s%llu", hundredths < 0 ? "-" : "", (unsigned long long)(size / 100));
    unsigned rest = (unsigned)(size % 100);
    if (rest == 0) return;
    if (rest % 10 == 0) {
        text_add_f(text, ".%u", rest / 10);
    } else {
        text_add_f(text, ".%02u", rest);
    }
}

struct str figure_value_text(struct arena *arena, const struct figure *figure,
                             const struct figure_value *value)
{
    struct text text;
    int64_t hundredths = 0;
    if (!value->known) return STR_EMPTY;
    text_init(&text, arena, 64);
    if (figure->measure == FIGURE_SHARE) {
        if (!quotient(value->amount, value->over, 4, &hundredths)) return STR_EMPTY;
        add_hundredths(&text, hundredths);
    } else if (figure->unit == FIGURE_YUAN) {
        add_hundredths(&text, value->amount);
    } else {
        text_add_f(&text, "%lld", (long long)value->amount);
    }
    return text_str(&text);
}
