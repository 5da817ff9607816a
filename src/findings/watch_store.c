#include "findings/watch_store.h"

#include "base/dict.h"
#include "base/list.h"

/* How a unit stood at the newest look. */
struct stood {
    bool bad, named;
    day since;
};

struct past {
    struct dict units;
    LIST(struct stood) stood; /* by number in units */
    day first, last;          /* DAY_NONE: there was no look yet */
};

static bool read_looks(struct store *store, struct str watch, struct past *past, struct err *err)
{
    struct store_statement *get = NULL;
    bool row = false;
    if (!store_prepare(store, &get, "SELECT first, last FROM watch_look WHERE watch = $watch", err))
        return false;
    store_bind_str(get, "$watch", watch);
    bool good = store_step(get, &row, err);
    past->first = good && row ? store_day(get, 0) : DAY_NONE;
    past->last = good && row ? store_day(get, 1) : DAY_NONE;
    store_finish(get);
    return good;
}

static bool read_units(struct store *store, struct arena *arena, struct str watch,
                       struct past *past, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = true, good;
    dict_init(&past->units, arena);
    *list_push(arena, &past->stood) = (struct stood){0}; /* the empty text is no unit */
    (void)dict_put(&past->units, STR_EMPTY);
    if (!store_prepare(store, &rows, "SELECT unit, bad, since FROM watch_unit WHERE watch = $watch",
                       err)) {
        return false;
    }
    store_bind_str(rows, "$watch", watch);
    for (;;) {
        good = store_step(rows, &row, err);
        if (!good || !row) break;
        (void)dict_put(&past->units, str_copy(arena, store_str(rows, 0)));
        *list_push(arena, &past->stood) =
            (struct stood){.bad = store_i64(rows, 1) != 0, .since = store_day(rows, 2)};
    }
    store_finish(rows);
    return good;
}

static bool has_become(const struct watch_look *look, const struct past *past,
                       const struct watch_unit *unit, const struct stood *stood)
{
    if (day_is_none(past->first)) return false;
    if (stood != NULL) return !stood->bad;
    return look->only_bad && (day_is_none(unit->stated) || unit->stated.days >= past->first.days);
}

/* A look at a day before the newest one sees only what had become so by then. */
static void tell(const struct watch_look *look, struct past *past, struct watch_unit *unit)
{
    uint32_t number = dict_find(&past->units, unit->unit);
    struct stood *stood = number == DICT_NONE ? NULL : &past->stood.items[number];
    unit->since = DAY_NONE;
    if (stood != NULL) stood->named = true;
    if (!unit->bad) return;
    if (has_become(look, past, unit, stood)) {
        unit->since = look->at;
    } else if (stood != NULL && !day_is_none(stood->since) && stood->since.days <= look->at.days) {
        unit->since = stood->since;
    }
}

static bool put_unit(struct store *store, struct str watch, const struct watch_unit *unit,
                     struct err *err)
{
    struct store_statement *put = NULL;
    bool good = store_prepare(store, &put,
                              "INSERT INTO watch_unit (watch, unit, bad, since) "
                              "VALUES ($watch, $unit, $bad, $since) ON CONFLICT (watch, unit) "
                              "DO UPDATE SET bad = $bad, since = $since",
                              err);
    if (!good) return false;
    store_bind_str(put, "$watch", watch);
    store_bind_str(put, "$unit", unit->unit);
    store_bind_i64(put, "$bad", unit->bad);
    store_bind_day(put, "$since", unit->since);
    good = store_run(put, err);
    store_finish(put);
    return good;
}

static bool forget_unit(struct store *store, struct str watch, struct str unit, struct err *err)
{
    struct store_statement *drop = NULL;
    bool good = store_prepare(store, &drop,
                              "DELETE FROM watch_unit WHERE watch = $watch AND unit = $unit", err);
    if (!good) return false;
    store_bind_str(drop, "$watch", watch);
    store_bind_str(drop, "$unit", unit);
    good = store_run(drop, err);
    store_finish(drop);
    return good;
}

static bool put_look(struct store *store, const struct watch_look *look, struct err *err)
{
    struct store_statement *put = NULL;
    bool good = store_prepare(store, &put,
                              "INSERT INTO watch_look (watch, first, last) "
                              "VALUES ($watch, $at, $at) ON CONFLICT (watch) "
                              "DO UPDATE SET last = $at",
                              err);
    if (!good) return false;
    store_bind_str(put, "$watch", look->watch);
    store_bind_day(put, "$at", look->at);
    good = store_run(put, err);
    store_finish(put);
    return good;
}

static bool keep(struct store *store, const struct watch_look *look, const struct past *past,
                 const struct watch_unit *units, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!put_unit(store, look->watch, &units[i], err)) return false;
    }
    for (size_t i = 1; look->only_bad && i < past->stood.count; i++) {
        if (past->stood.items[i].named) continue;
        if (!forget_unit(store, look->watch, dict_text(&past->units, (uint32_t)i), err)) {
            return false;
        }
    }
    return put_look(store, look, err);
}

bool watch_take(struct store *store, const struct watch_look *look, struct watch_unit *units,
                size_t count, struct err *err)
{
    struct arena arena = {0};
    struct past past = {0};
    CHECK(store_in_transaction(store));
    bool good = read_looks(store, look->watch, &past, err)
                && read_units(store, &arena, look->watch, &past, err);
    for (size_t i = 0; good && i < count; i++) tell(look, &past, &units[i]);
    bool newest = day_is_none(past.last) || look->at.days >= past.last.days;
    if (good && look->keep && newest) good = keep(store, look, &past, units, count, err);
    arena_free(&arena);
    return good;
}
