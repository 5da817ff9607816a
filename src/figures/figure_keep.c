#include "figures/figure_desk_internal.h"

#include <stdio.h>
#include <string.h>

/* Rows that are kept, and whether they still may be. */

static bool gives(const struct store_statement *query, const char *column)
{
    for (size_t i = 0; i < store_column_count(query); i++) {
        if (strcmp(store_column_name(query, i), column) == 0) return true;
    }
    return false;
}

/* The order in which a query's rows are listed. */
static bool order_of(struct figure_desk *desk, const struct figure *figure, enum figure_part part,
                     const char **out, struct err *err)
{
    struct store_statement *query = NULL;
    if (!figure_desk_prepare(desk, &query, figure, part, "SELECT * FROM ", "", err)) return false;
    *out = gives(query, "rank")       ? "rank, record"
           : gives(query, "register") ? "register, record"
                                      : "record";
    store_finish(query);
    return true;
}

static bool fill(struct figure_desk *desk, struct desk_query *query, const char *table,
                 const char *order, bool *kept, struct err *err)
{
    struct store_statement *keep = NULL;
    const struct figure *figure = query->figure;
    if (!store_desk_keep(desk->registry->store, &keep, table,
                         figure_query_text(figure, query->part), order, FIGURE_STEPS_MAX, kept,
                         err)) {
        return false;
    }
    if (!*kept) return true;
    figure_desk_bind(desk, keep, figure);
    return store_run_once(keep, err);
}

bool figure_desk_keep(struct figure_desk *desk, const struct figure *figure, enum figure_part part,
                      struct err *err)
{
    struct store *store = desk->registry->store;
    struct desk_query *query = figure_desk_query(desk, figure, part);
    char name[FIGURE_KEPT_SIZE];
    const char *order;
    bool kept = false;
    if (query->kept[0] != '\0') return true;
    if (!order_of(desk, figure, part, &order, err) || !store_desk_begin(store, err)) return false;
    snprintf(name, sizeof name, "kept_%u", (unsigned)(query - desk->queries));
    bool done = fill(desk, query, name, order, &kept, err);
    if (!store_desk_end(store, done, err)) return figure_at(figure, part, err);
    if (kept) memcpy(query->kept, name, sizeof name);
    return true;
}

bool figure_desk_is_kept(const struct figure_desk *desk, const struct figure *figure,
                         enum figure_part part)
{
    return figure_desk_query(desk, figure, part)->kept[0] != '\0';
}

/* Mixes the texts of all rows into the number. */
static bool add_rows(uint64_t *number, struct store_statement *select, struct err *err)
{
    enum { SPREAD = 31 };
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        *number = *number * SPREAD + str_hash(store_str(select, 0));
    }
    store_finish(select);
    return done;
}

static bool read_registers(struct registry *registry, uint64_t *out, struct err *err)
{
    struct store_statement *runs = NULL;
    int64_t revision = 0;
    if (!registry_revision(registry, &revision, err)
        || !store_prepare(registry->store, &runs,
                          "SELECT (SELECT count(*) || ' ' || coalesce(max(number), 0) || ' ' || "
                          "coalesce(max(made_ms), 0) FROM link_run) || ' ' || "
                          "coalesce((SELECT number || ' ' || at FROM check_run), '')",
                          err)) {
        return false;
    }
    *out = (uint64_t)revision;
    return add_rows(out, runs, err);
}

/* Findings and cases are few, and are read; a change of one leaves no other trace. Payments only
 * grow. */
static bool prepare_work(struct store *store, enum figure_work kind, struct store_statement **out,
                         struct err *err)
{
    switch (kind) {
    case FIGURE_FINDINGS:
        return store_prepare(store, out,
                             "SELECT number || ' ' || kind || ' ' || status || ' ' || opened || "
                             "' ' || coalesce(closed, '') || ' ' || area || ' ' || person || ' ' "
                             "|| queue || ' ' || reason FROM finding ORDER BY number",
                             err);
    case FIGURE_CASES:
        return store_prepare(store, out,
                             "SELECT number || ' ' || procedure || ' ' || person || ' ' || area "
                             "|| ' ' || status || ' ' || coalesce(outcome, '') || ' ' || opened "
                             "|| ' ' || coalesce(returned, '') || ' ' || coalesce(closed, '') "
                             "|| ' ' || coalesce(contacts, '') || ' ' || coalesce(kinds, '') "
                             "FROM case_file ORDER BY number",
                             err);
    case FIGURE_PAYMENTS:
    case FIGURE_WORKS: break;
    }
    return store_prepare(store, out,
                         "SELECT (SELECT coalesce(max(number), 0) FROM pay_line) || ' ' || "
                         "(SELECT coalesce(max(number), 0) FROM pay_event)",
                         err);
}

bool figure_desk_version(struct registry *registry, struct figure_desk_version *out,
                         struct err *err)
{
    *out = (struct figure_desk_version){0};
    if (!read_registers(registry, &out->registers, err)) return false;
    for (int kind = 0; kind < FIGURE_WORKS; kind++) {
        struct store_statement *select = NULL;
        if (!prepare_work(registry->store, (enum figure_work)kind, &select, err)
            || !add_rows(&out->work[kind], select, err)) {
            return false;
        }
    }
    return true;
}
