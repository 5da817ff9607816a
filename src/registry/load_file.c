#include "registry/load.h"

#include "base/file.h"

/* A list may say again what it said before another one: the bytes of September's are those of
 * May's, and both are news. A batch of the same bytes is the same file unless a later day is given,
 * and another file spoke of one of its units in between. */
#define NOT_SPOKEN_OVER                                                                            \
    "AND NOT EXISTS (SELECT 1 FROM batch o JOIN batch_scope p ON p.batch = o.number "              \
    "JOIN batch_scope q ON q.batch = b.number AND q.unit = p.unit "                                \
    "WHERE o.register_key = b.register_key AND o.undone_ms IS NULL "                               \
    "AND o.file_hash <> b.file_hash AND o.at > b.at AND o.at <= $at) "

/* A live batch of the same bytes. */
struct same_batch {
    int64_t number, registers;
};

/* A file on its way in. */
struct opening {
    struct registry *registry;
    const struct asker *asker;
    const struct load_options *options;
    const struct progress *progress;
    struct arena *arena; /* the caller's, for the results */
    struct arena job;
    struct arena intake; /* of the opened file: its walk adds to it, from the thread that reads */
    struct str name, hash;
    struct intake_file file;
    LIST(struct same_batch) same;
    LIST(struct load_result) results;
};

static void bind_same(const struct opening *opening, struct store_statement *select)
{
    store_bind_blob(select, "$hash", opening->hash);
    store_bind_day(select, "$at", opening->options->intake.at);
}

static bool find_same(struct opening *opening, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(opening->registry->store, &select,
                       "SELECT b.number, b.registers FROM batch b WHERE b.file_hash = $hash "
                       "AND b.undone_ms IS NULL " NOT_SPOKEN_OVER "ORDER BY b.number",
                       err)) {
        return false;
    }
    bind_same(opening, select);
    bool row = false, done = false;
    opening->same.count = 0;
    while ((done = store_step(select, &row, err)) && row) {
        *list_push(&opening->job, &opening->same) =
            (struct same_batch){store_i64(select, 0), store_i64(select, 1)};
    }
    store_finish(select);
    return done;
}

/* Whether all registers of the file are there, so that it need not be opened to know. */
static bool all_there(const struct opening *opening)
{
    for (size_t i = 0; i < opening->same.count; i++) {
        int64_t registers = opening->same.items[i].registers;
        if (registers == 0 || registers > (int64_t)opening->same.count) return false;
    }
    return opening->same.count > 0;
}

static bool read_sheets(struct opening *opening, int64_t batch, struct load_result *result,
                        struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(opening->registry->store, &select,
                       "SELECT name, register_key, rows, accepted, warned, rejected, sheet "
                       "FROM batch_sheet WHERE batch = $batch ORDER BY sheet",
                       err)) {
        return false;
    }
    store_bind_i64(select, "$batch", batch);
    LIST(struct load_sheet) list = {0};
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        *list_push(opening->arena, &list) = (struct load_sheet){
            .number = (size_t)store_i64(select, 6),
            .name = str_copy(opening->arena, store_str(select, 0)),
            .register_key = str_copy(opening->arena, store_str(select, 1)),
            .rows = (uint64_t)store_i64(select, 2),
            .accepted = (uint64_t)store_i64(select, 3),
            .warned = (uint64_t)store_i64(select, 4),
            .rejected = (uint64_t)store_i64(select, 5),
        };
    }
    store_finish(select);
    result->sheets = list.items;
    result->sheet_count = list.count;
    return done;
}

/* The counts of then. */
static bool add_unchanged(struct opening *opening, int64_t batch, struct err *err)
{
    struct load_result result = {.file = opening->name, .status = LOAD_UNCHANGED, .batch = batch};
    struct store_statement *select = NULL;
    for (size_t i = 0; i < opening->results.count; i++) {
        if (opening->results.items[i].batch == batch) return true;
    }
    if (!store_prepare(opening->registry->store, &select,
                       "SELECT register_key, scope, rows, accepted, warned, rejected, "
                       "passed_over, fresh, repeated, replaced, ended FROM batch "
                       "WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(select, "$number", batch);
    bool done = store_step_row(select, err);
    if (done) {
        result.register_key = str_copy(opening->arena, store_str(select, 0));
        result.scope = str_copy(opening->arena, store_str(select, 1));
        uint64_t *counts[] = {&result.rows,     &result.accepted,    &result.warned,
                              &result.rejected, &result.passed_over, &result.fresh,
                              &result.repeated, &result.replaced,    &result.ended};
        for (int i = 0; i < 9; i++) *counts[i] = (uint64_t)store_i64(select, i + 2);
    }
    store_finish(select);
    if (!done || !read_sheets(opening, batch, &result, err)) return false;
    *list_push(opening->arena, &opening->results) = result;
    return true;
}

static bool all_unchanged(struct opening *opening, struct err *err)
{
    for (size_t i = 0; i < opening->same.count; i++) {
        if (!add_unchanged(opening, opening->same.items[i].number, err)) return false;
    }
    return true;
}

static void add_refused(struct opening *opening, struct str register_key, const struct err *err)
{
    *list_push(opening->arena, &opening->results) = (struct load_result){
        .file = opening->name, .register_key = register_key, .status = LOAD_REFUSED, .error = *err};
}

/* Which live batch of the same bytes holds each sheet; 0: none does. */
static bool find_covered(struct opening *opening, int64_t *covered, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(opening->registry->store, &select,
                       "SELECT b.number, s.sheet FROM batch b JOIN batch_sheet s "
                       "ON s.batch = b.number WHERE b.file_hash = $hash "
                       "AND b.undone_ms IS NULL AND s.register_key <> '' " NOT_SPOKEN_OVER
                       "ORDER BY b.number",
                       err)) {
        return false;
    }
    bind_same(opening, select);
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        size_t sheet = (size_t)store_i64(select, 1);
        if (sheet < opening->file.plan_count) covered[sheet] = store_i64(select, 0);
    }
    store_finish(select);
    return done;
}

static int64_t covering(const struct opening *opening, const int64_t *covered,
                        const struct profile *profile)
{
    for (size_t i = 0; i < opening->file.plan_count; i++) {
        if (opening->file.plans[i].profile == profile && covered[i] != 0) return covered[i];
    }
    return 0;
}

static bool load_one(struct opening *opening, const struct profile *profile, int64_t now_ms,
                     bool *refused, struct err *err)
{
    struct arena own = {0};
    struct load_result result = {.file = opening->name};
    struct load *load = arena_new(&own, struct load);
    load->registry = opening->registry;
    load->asker = opening->asker;
    load->options = opening->options;
    load->progress = opening->progress;
    load->arena = opening->arena;
    load->file = &opening->file;
    load->file_hash = opening->hash;
    load->result = &result;
    load->profile = profile;
    load->now_ms = now_ms;
    bool done = load_register(load, refused, err);
    load_finish(load);
    arena_free(&own);
    if (!done) return false;
    if (opening->options->dry_run) result.batch = 0;
    *list_push(opening->arena, &opening->results) = result;
    return true;
}

/* Everything inside the transaction. Another program may have loaded the same bytes since they were
 * looked for, so they are looked for again, now that nobody else can write. */
static bool load_registers(struct opening *opening, const int64_t *covered, bool *refused,
                           struct err *err)
{
    int64_t now_ms = 0;
    const struct intake_file *file = &opening->file;
    if (!timeline_moment(opening->registry, &now_ms, err)) return false;
    for (size_t i = 0; i < file->register_count; i++) {
        const struct profile *profile = file->registers[i];
        int64_t same = covering(opening, covered, profile);
        bool done = same != 0 ? add_unchanged(opening, same, err)
                              : load_one(opening, profile, now_ms, refused, err);
        if (done) continue;
        if (file->register_count > 1) {
            err_at(err, "register %s%.0s", "%.0s%s", str_cstr(&opening->job, profile->key),
                   str_cstr(&opening->job, profile->zh));
        }
        return false;
    }
    return true;
}

/* One register that cannot be taken refuses the file: what was taken of the others is taken back.
 */
static bool refuse_all(struct opening *opening, const int64_t *covered, const struct err *refusal,
                       struct err *err)
{
    opening->results.count = 0;
    for (size_t i = 0; i < opening->file.register_count; i++) {
        const struct profile *profile = opening->file.registers[i];
        int64_t same = covering(opening, covered, profile);
        if (same == 0) add_refused(opening, profile->key, refusal);
        if (same != 0 && !add_unchanged(opening, same, err)) return false;
    }
    return true;
}

static bool load_opened(struct opening *opening, struct err *err)
{
    struct store *store = opening->registry->store;
    int64_t *covered = arena_array(&opening->job, int64_t, opening->file.plan_count);
    bool refused = false;
    if (!store_begin(store, err)) return false;
    bool done =
        find_covered(opening, covered, err) && load_registers(opening, covered, &refused, err);
    if (done && !opening->options->dry_run) return store_commit(store, err);
    store_rollback(store);
    if (!refused) return done;
    struct err refusal = *err;
    return refuse_all(opening, covered, &refusal, err);
}

static bool open_file(struct opening *opening, const char *path, struct err *err)
{
    unsigned char hash[32];
    if (!sm3_file(path, hash, err)) {
        add_refused(opening, STR_EMPTY, err);
        return true;
    }
    opening->hash = (struct str){arena_copy(&opening->job, hash, sizeof hash), sizeof hash};
    if (!find_same(opening, err)) return false;
    if (all_there(opening)) return all_unchanged(opening, err);
    if (!intake_open(&opening->file, &opening->intake, path, opening->registry->profiles,
                     &opening->options->intake, err)) {
        /* Recognised once, it is the same file whatever profiles say today. */
        if (opening->same.count > 0) return all_unchanged(opening, err);
        add_refused(opening, STR_EMPTY, err);
        return true;
    }
    bool done = load_opened(opening, err);
    intake_close(&opening->file);
    return done;
}

bool registry_load(struct registry *registry, struct arena *arena, const struct asker *asker,
                   const char *path, const struct load_options *options,
                   const struct progress *progress, struct load_result **results, size_t *count,
                   struct err *err)
{
    CHECK(registry != NULL);
    CHECK(asker != NULL);
    CHECK(options != NULL);
    CHECK(!store_in_transaction(registry->store));
    struct err error = ERR_INIT;
    struct opening opening = {
        .registry = registry,
        .asker = asker,
        .options = options,
        .progress = progress,
        .arena = arena,
        .name = str_copy(arena, options->name.len > 0 ? options->name : file_name(path))};
    bool done = open_file(&opening, path, &error);
    arena_free(&opening.intake);
    arena_free(&opening.job);
    if (done) {
        *results = opening.results.items;
        *count = opening.results.count;
    } else if (err != NULL) {
        *err = error;
    }
    return done;
}
