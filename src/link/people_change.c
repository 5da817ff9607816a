#include "link/people_store.h"

#include <stdlib.h>

/* What a run changed and why, for the clerk who has to answer for it; and the tombstones, so that a
 * number written down somewhere last year still leads to the child. The reason is the first that
 * holds of: another model; a decision made since about a record of the person before or after; a
 * statement of the person before that is gone; else a new or changed record. */

bool run_before_read(struct store *store, struct run_before *out, struct err *err)
{
    struct store_statement *last = NULL;
    struct run_before fresh = {0};
    bool row = false;
    if (!store_prepare(store, &last,
                       "SELECT number, model, decision FROM link_run ORDER BY number DESC LIMIT 1",
                       err)) {
        return false;
    }
    bool good = store_step(last, &row, err);
    if (good && row) {
        fresh = (struct run_before){.number = store_i64(last, 0),
                                    .model = store_i64(last, 1),
                                    .decision = store_i64(last, 2)};
    }
    store_finish(last);
    if (good) *out = fresh;
    return good;
}

struct reasons {
    const struct people *people;
    const struct record_keys *keys;
    const struct change_context *context;
    const struct record_changes *changes;
    struct u64_map decided, gone; /* persons' numbers */
    struct u64_map before;        /* by record of a change: its place in the list */
};

/* A record that a decision names speaks of the person it was of and of the one it is of now. */
static void note_decided(struct reasons *reasons, int64_t key)
{
    uint32_t at = u64_map_find(&reasons->before, (uint64_t)key);
    if (at != DICT_NONE) {
        const struct record_change *change = &reasons->changes->list.items[at];
        u64_map_put(&reasons->decided, (uint64_t)change->before, 1);
        u64_map_put(&reasons->decided, (uint64_t)change->after, 1);
        return;
    }
    uint32_t record = record_of_key(reasons->keys, reasons->people, key);
    if (record == UINT32_MAX) return;
    uint32_t person = reasons->people->records[record].person;
    u64_map_put(&reasons->decided, (uint64_t)reasons->people->persons[person].number, 1);
}

static bool find_reasons(struct reasons *reasons, struct store *store, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = true, good = false;
    for (size_t i = 0; i < reasons->changes->list.count; i++) {
        const struct record_change *change = &reasons->changes->list.items[i];
        u64_map_put(&reasons->before, (uint64_t)change->key, (uint32_t)i);
        if (change->after == 0) u64_map_put(&reasons->gone, (uint64_t)change->before, 1);
    }
    if (!store_prepare(store, &rows,
                       "SELECT d.record, d.other FROM decision v "
                       "JOIN link_doubt d ON d.number = v.doubt WHERE v.number > $number",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$number", reasons->context->before.decision);
    for (;;) {
        if (!store_step(rows, &row, err)) goto out;
        if (!row) break;
        note_decided(reasons, store_i64(rows, 0));
        note_decided(reasons, store_i64(rows, 1));
    }
    good = true;
out:
    store_finish(rows);
    return good;
}

static bool is_decided(const struct reasons *reasons, int64_t person)
{
    return person != 0 && u64_map_find(&reasons->decided, (uint64_t)person) != DICT_NONE;
}

static const char *why_of(const struct reasons *reasons, const struct record_change *change)
{
    const struct change_context *context = reasons->context;
    if (change->before == 0) return "new";
    if (change->after == 0) return "gone";
    if (context->before.model != context->model) return "model";
    if (is_decided(reasons, change->before) || is_decided(reasons, change->after)) {
        return "decision";
    }
    bool gone = u64_map_find(&reasons->gone, (uint64_t)change->before) != DICT_NONE;
    return gone ? "gone" : "pair";
}

static bool write_list(const struct reasons *reasons, struct store *store, struct err *err)
{
    struct store_statement *add = NULL;
    bool good = false;
    if (!store_prepare(store, &add,
                       "INSERT INTO link_change "
                       "(record, before, after, why, other, weight_millibits) "
                       "VALUES ($record, $before, $after, $why, $other, $weight)",
                       err)) {
        return false;
    }
    for (size_t i = 0; i < reasons->changes->list.count; i++) {
        const struct record_change *change = &reasons->changes->list.items[i];
        const struct person_tie *tie =
            change->record == UINT32_MAX ? NULL : &reasons->context->ties[change->record];
        store_bind_i64(add, "$record", change->key);
        store_bind_i64(add, "$before", change->before);
        store_bind_i64(add, "$after", change->after);
        store_bind_str(add, "$why", str_from(why_of(reasons, change)));
        if (tie == NULL || tie->other == UINT32_MAX) {
            store_bind_null(add, "$other");
            store_bind_null(add, "$weight");
        } else {
            store_bind_i64(add, "$other", record_key(reasons->keys, reasons->people, tie->other));
            store_bind_i64(add, "$weight", tie->weight_millibits);
        }
        if (!store_run(add, err)) goto out;
        store_reset(add);
    }
    good = true;
out:
    store_finish(add);
    return good;
}

static int compare_moves(const void *a, const void *b)
{
    const struct record_change *x = a, *y = b;
    if (x->before != y->before) return x->before < y->before ? -1 : 1;
    return x->after < y->after ? -1 : x->after > y->after;
}

static bool write_moves(const struct record_changes *changes, struct store *store, int64_t run,
                        struct err *err)
{
    struct store_statement *add = NULL;
    struct arena work = {0};
    bool good = false;
    size_t count = 0;
    struct record_change *moves = arena_array(&work, struct record_change, changes->list.count);
    for (size_t i = 0; i < changes->list.count; i++) {
        const struct record_change *change = &changes->list.items[i];
        if (change->before != 0 && change->after != 0) moves[count++] = *change;
    }
    if (count > 1) qsort(moves, count, sizeof *moves, compare_moves);
    if (!store_prepare(store, &add,
                       "INSERT INTO person_move (run, person, other, records) "
                       "VALUES ($run, $person, $other, $records)",
                       err)) {
        goto out;
    }
    for (size_t from = 0, end; from < count; from = end) {
        for (end = from + 1; end < count && compare_moves(&moves[from], &moves[end]) == 0;) end++;
        store_bind_i64(add, "$run", run);
        store_bind_i64(add, "$person", moves[from].before);
        store_bind_i64(add, "$other", moves[from].after);
        store_bind_i64(add, "$records", (int64_t)(end - from));
        if (!store_run(add, err)) goto out;
        store_reset(add);
    }
    good = true;
out:
    store_finish(add);
    arena_free(&work);
    return good;
}

bool changes_write(const struct people *people, const struct record_keys *keys, struct store *store,
                   const struct change_context *context, const struct record_changes *changes,
                   struct err *err)
{
    if (!store_exec(store, "DELETE FROM link_change", err)) return false;
    if (context->before.number == 0) return true;
    struct arena work = {0};
    struct reasons reasons = {people, keys, context, changes, {0}, {0}, {0}};
    u64_map_init(&reasons.decided, &work);
    u64_map_init(&reasons.gone, &work);
    u64_map_init(&reasons.before, &work);
    bool good = find_reasons(&reasons, store, err) && write_list(&reasons, store, err)
                && write_moves(changes, store, context->run, err);
    arena_free(&work);
    return good;
}

/* The key of a register by its number in the workspace. */
static bool register_key(struct arena *arena, struct store *store, int64_t number, struct str *out,
                         struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(store, &find, "SELECT key FROM link_register WHERE number = $number", err)) {
        return false;
    }
    store_bind_i64(find, "$number", number);
    bool good = store_step_row(find, err);
    if (good) *out = str_copy(arena, store_str(find, 0));
    store_finish(find);
    return good;
}

static bool read_change(struct people *people, const struct record_keys *keys, struct store *store,
                        struct store_statement *rows, struct link_change *out, struct err *err)
{
    int64_t key = store_i64(rows, 0);
    struct record_place place = record_place_of(key);
    *out = (struct link_change){
        .statement = place.statement,
        .part = place.part,
        .record = record_of_key(keys, people, key),
        .before = store_i64(rows, 1),
        .after = store_i64(rows, 2),
        .why = str_copy(people->arena, store_str(rows, 3)),
        .other =
            store_is_null(rows, 4) ? UINT32_MAX : record_of_key(keys, people, store_i64(rows, 4)),
        .weight_millibits = (int32_t)store_i64(rows, 5),
    };
    return register_key(people->arena, store, place.register_number, &out->register_key, err);
}

static int compare_changes(const void *a, const void *b)
{
    const struct link_change *x = a, *y = b;
    int order = str_compare(x->register_key, y->register_key);
    if (order != 0) return order;
    if (x->statement != y->statement) return x->statement < y->statement ? -1 : 1;
    return x->part < y->part ? -1 : x->part > y->part;
}

bool link_changes(struct people *people, struct registry *registry, const struct asker *asker,
                  struct link_change **out, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    struct record_keys keys;
    LIST(struct link_change) list = {0};
    bool row = true, good = false;
    if (!record_keys_open(&keys, people->arena, people, registry->store, false, err)) return false;
    if (!store_prepare(registry->store, &rows,
                       "SELECT record, before, after, why, other, weight_millibits "
                       "FROM link_change ORDER BY record",
                       err)) {
        return false;
    }
    for (;;) {
        struct link_change change;
        if (!store_step(rows, &row, err)) goto out;
        if (!row) break;
        if (!read_change(people, &keys, registry->store, rows, &change, err)) goto out;
        bool seen = asker->all_areas;
        if (!seen && change.record != UINT32_MAX) {
            seen = asker_sees(asker, people_text(people, change.record, PERSON_AREA));
        }
        if (seen) *list_push(people->arena, &list) = change;
    }
    if (list.count > 1) qsort(list.items, list.count, sizeof *list.items, compare_changes);
    *out = list.items;
    *count = list.count;
    good = true;
out:
    store_finish(rows);
    return good;
}

static bool read_number(struct registry *registry, int64_t number, struct person_past *out,
                        struct err *err)
{
    struct store_statement *find = NULL;
    bool row = false;
    if (!store_prepare(registry->store, &find,
                       "SELECT p.ended_run IS NOT NULL, coalesce(r.made_ms, 0) FROM person p "
                       "LEFT JOIN link_run r ON r.number = p.ended_run WHERE p.number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$number", number);
    bool good = store_step(find, &row, err);
    if (good && row) {
        out->known = true;
        out->ended = store_i64(find, 0) != 0;
        out->ended_ms = store_i64(find, 1);
    }
    store_finish(find);
    return good;
}

bool person_past(struct arena *arena, struct registry *registry, int64_t number,
                 struct person_past *out, struct err *err)
{
    struct store_statement *rows = NULL;
    struct person_past past = {0};
    LIST(struct person_part) parts = {0};
    bool row = true, good = false;
    if (!read_number(registry, number, &past, err)) return false;
    if (!store_prepare(registry->store, &rows,
                       "SELECT m.other, m.records, r.made_ms, r.at FROM person_move m "
                       "JOIN link_run r ON r.number = m.run WHERE m.person = $number "
                       "ORDER BY m.run, m.other",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$number", number);
    for (;;) {
        if (!store_step(rows, &row, err)) goto out;
        if (!row) break;
        *list_push(arena, &parts) = (struct person_part){.person = store_i64(rows, 0),
                                                         .records = (uint64_t)store_i64(rows, 1),
                                                         .at_ms = store_i64(rows, 2),
                                                         .at = store_day(rows, 3)};
    }
    past.parts = parts.items;
    past.part_count = parts.count;
    *out = past;
    good = true;
out:
    store_finish(rows);
    return good;
}

/* Where most records went in the run that ended the number; 0: nowhere. */
static int64_t went_to(const struct person_past *past)
{
    int64_t person = 0;
    uint64_t most = 0;
    for (size_t i = 0; past->ended && i < past->part_count; i++) {
        const struct person_part *part = &past->parts[i];
        if (part->at_ms != past->ended_ms || part->records <= most) continue;
        most = part->records;
        person = part->person;
    }
    return person;
}

bool person_now(struct arena *arena, struct registry *registry, int64_t number, int64_t *now,
                struct err *err)
{
    enum { STEPS_MAX = 64 };
    int64_t at = number;
    for (int step = 0; step < STEPS_MAX; step++) {
        struct person_past past;
        if (!person_past(arena, registry, at, &past, err)) return false;
        int64_t next = went_to(&past);
        if (next == 0) break;
        at = next;
    }
    *now = at;
    return true;
}

/* Those of whose records some went to it, whenever and through whichever others; itself first. */
static bool read_sources(struct arena *arena, struct registry *registry, int64_t number,
                         int64_t **out, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(int64_t) list = {0};
    bool row = false, good = false;
    if (!store_prepare(registry->store, &rows,
                       "WITH RECURSIVE source (person) AS (SELECT $number UNION SELECT m.person "
                       "FROM source AS s JOIN person_move AS m ON m.other = s.person) SELECT "
                       "person FROM source ORDER BY person",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$number", number);
    while ((good = store_step(rows, &row, err)) && row) {
        *list_push(arena, &list) = store_i64(rows, 0);
    }
    store_finish(rows);
    *out = list.items;
    *count = list.count;
    return good;
}

bool person_numbers(struct arena *arena, struct registry *registry, int64_t number, int64_t **out,
                    size_t *count, struct err *err)
{
    int64_t now, *numbers;
    size_t all, kept = 0;
    if (!person_now(arena, registry, number, &now, err)
        || !read_sources(arena, registry, now, &numbers, &all, err)) {
        return false;
    }
    for (size_t i = 0; i < all; i++) {
        int64_t then;
        if (!person_now(arena, registry, numbers[i], &then, err)) return false;
        if (then == now) numbers[kept++] = numbers[i];
    }
    *out = numbers;
    *count = kept;
    return true;
}
