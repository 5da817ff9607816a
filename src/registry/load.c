#include "registry/load.h"

#include "access/audit.h"
#include "base/file.h"

static bool find_same_file(struct load *load, int64_t *batch, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(load->registry->store, &select,
                       "SELECT number FROM batch WHERE file_hash = $hash AND undone_ms IS NULL "
                       "ORDER BY number DESC LIMIT 1",
                       err)) {
        return false;
    }
    store_bind_blob(select, "$hash", load->file_hash);
    bool row = false;
    bool done = store_step(select, &row, err);
    *batch = done && row ? store_i64(select, 0) : 0;
    store_finish(select);
    return done;
}

static bool read_sheets(struct load *load, int64_t batch, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(load->registry->store, &select,
                       "SELECT name, register_key, rows, accepted, warned, rejected "
                       "FROM batch_sheet WHERE batch = $batch ORDER BY sheet",
                       err)) {
        return false;
    }
    store_bind_i64(select, "$batch", batch);
    LIST(struct load_sheet) list = {0};
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        *list_push(load->arena, &list) = (struct load_sheet){
            .name = str_copy(load->arena, store_str(select, 0)),
            .register_key = str_copy(load->arena, store_str(select, 1)),
            .rows = (uint64_t)store_i64(select, 2),
            .accepted = (uint64_t)store_i64(select, 3),
            .warned = (uint64_t)store_i64(select, 4),
            .rejected = (uint64_t)store_i64(select, 5),
        };
    }
    store_finish(select);
    load->result->sheets = list.items;
    load->result->sheet_count = list.count;
    return done;
}

/* The counts of then. */
static bool tell_unchanged(struct load *load, int64_t batch, struct err *err)
{
    struct load_result *result = load->result;
    struct store_statement *select = NULL;
    if (!store_prepare(load->registry->store, &select,
                       "SELECT register_key, scope, rows, accepted, warned, rejected, "
                       "passed_over, fresh, repeated, replaced, ended FROM batch "
                       "WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(select, "$number", batch);
    bool done = store_step_row(select, err);
    if (done) {
        result->status = LOAD_UNCHANGED;
        result->batch = batch;
        result->register_key = str_copy(load->arena, store_str(select, 0));
        result->scope = str_copy(load->arena, store_str(select, 1));
        uint64_t *counts[] = {&result->rows,     &result->accepted,    &result->warned,
                              &result->rejected, &result->passed_over, &result->fresh,
                              &result->repeated, &result->replaced,    &result->ended};
        for (int i = 0; i < 9; i++) *counts[i] = (uint64_t)store_i64(select, i + 2);
    }
    store_finish(select);
    return done && read_sheets(load, batch, err);
}

static bool read_i64(struct store_statement *statement, int64_t *out, struct err *err)
{
    if (!store_step_row(statement, err)) return false;
    *out = store_i64(statement, 0);
    return true;
}

/* Numbers go on from the last ones; those of batches taken back are never used again. */
static bool give_numbers(struct load *load, struct err *err)
{
    struct store *store = load->registry->store;
    struct store_statement *batch = NULL, *statement = NULL;
    int64_t last_statement = 0, last_batch = 0;
    bool done = store_prepare(store, &batch, "SELECT coalesce(max(number), 0) FROM batch", err)
                && read_i64(batch, &last_batch, err)
                && store_prepare(store, &statement,
                                 "SELECT coalesce(max(last_statement), 0) FROM batch "
                                 "WHERE register_key = $register",
                                 err);
    if (done) {
        store_bind_str(statement, "$register", load->profile->key);
        done = read_i64(statement, &last_statement, err);
    }
    store_finish(batch);
    store_finish(statement);
    if (!done || !timeline_moment(load->registry, &load->now_ms, err)) return false;
    load->batch = last_batch + 1;
    load->statement_first = load->statement_next = last_statement + 1;
    load->reject_next = load->note_next = 1;
    return true;
}

static struct str field_keys(struct load *load)
{
    struct text text;
    text_init(&text, &load->job, 1 << 16);
    for (size_t i = 0; i < load->profile->field_count; i++) {
        if (i > 0) text_add_byte(&text, ' ');
        text_add(&text, load->profile->fields[i].key);
    }
    CHECK(!text.cut);
    return text_str(&text);
}

static bool insert_batch(struct load *load, struct err *err)
{
    struct store_statement *insert = NULL;
    if (!store_prepare(load->registry->store, &insert,
                       "INSERT INTO batch (number, register_key, file, file_hash, at, "
                       "imported_ms, user_name, complete, scope, fields, first_statement, "
                       "last_statement, rows, accepted, warned, rejected, passed_over, fresh, "
                       "repeated, replaced, ended) VALUES ($number, $register, $file, $hash, $at, "
                       "$imported_ms, $user, $complete, '', $fields, $first, 0, 0, 0, 0, 0, 0, 0, "
                       "0, 0, 0)",
                       err)) {
        return false;
    }
    store_bind_i64(insert, "$number", load->batch);
    store_bind_str(insert, "$register", load->profile->key);
    store_bind_str(insert, "$file", load->result->file);
    store_bind_blob(insert, "$hash", load->file_hash);
    store_bind_day(insert, "$at", load->at);
    store_bind_i64(insert, "$imported_ms", load->now_ms);
    store_bind_str(insert, "$user", load->asker->name);
    store_bind_i64(insert, "$complete", load->options->complete ? 1 : 0);
    store_bind_str(insert, "$fields", field_keys(load));
    store_bind_i64(insert, "$first", load->statement_first);
    bool done = store_run(insert, err);
    store_finish(insert);
    return done;
}

/* The day that most of the first rows state, the newest of several; DAY_NONE. */
static day day_of_rows(const struct load *load)
{
    int field = profile_field_number(load->profile, "day_stated");
    const struct load_slot *slot = &load->slots[0];
    day best = DAY_NONE;
    size_t best_count = 0;
    for (size_t i = 0; field >= 0 && i < slot->count; i++) {
        day stated;
        if (!day_parse(slot->rows[i].row.values[field], &stated)) continue;
        size_t count = 0;
        for (size_t j = 0; j < slot->count; j++) {
            count += str_equal(slot->rows[j].row.values[field], slot->rows[i].row.values[field]);
        }
        if (count < best_count || (count == best_count && stated.days <= best.days)) continue;
        best = stated;
        best_count = count;
    }
    return best;
}

static void find_day(struct load *load)
{
    load->at = load->options->intake.at;
    if (!day_is_none(load->at)) return;
    for (size_t i = 0; i < load->file.plan_count; i++) {
        const struct sheet_plan *plan = &load->file.plans[i];
        if (plan->profile != load->profile || day_is_none(plan->day_stated)) continue;
        if (plan->day_stated.days > load->at.days) load->at = plan->day_stated;
    }
    if (day_is_none(load->at)) load->at = day_of_rows(load);
    if (day_is_none(load->at)) load->at = clock_today(&load->registry->clock);
}

static bool read_before(struct load *load, struct err *err)
{
    struct registry *registry = load->registry;
    return timeline_read(&load->timeline, &load->job, registry, load->profile, INT64_MAX, err)
           && schools_read(&load->schools, &load->job, registry, err)
           && past_open(&load->past, &load->job, registry, &load->layout, &load->timeline,
                        &load->schools, load->at, err);
}

static bool append_audit(struct load *load, struct err *err)
{
    struct text object;
    text_init(&object, &load->job, 4096);
    text_add_f(&object, "batch %lld, %.*s, %.*s", (long long)load->batch,
               STR_ARG(load->profile->key), STR_ARG(load->result->file));
    return audit_append(load->registry->store, &load->registry->clock, load->asker, STR("import"),
                        text_str(&object), STR_EMPTY, err);
}

/* *refused is true when the failure is the file's. */
static bool take_in(struct load *load, bool *refused, struct err *err)
{
    if (!give_numbers(load, err)) return false;
    intake_walk_start(&load->walk, &load->file, load->registry->divisions);
    if (!load_read_slot(load, &load->slots[0], err)) {
        *refused = true;
        return false;
    }
    load->first_ready = true;
    find_day(load);
    /* The past is read first, or the new batch would be part of it. */
    if (!read_before(load, err) || !insert_batch(load, err)) return false;
    if (!load_rows(load, refused, err)) return false;
    if (!load_settle(load, err)) {
        *refused = err->kind == ERR_CONFLICT;
        return false;
    }
    return append_audit(load, err);
}

static void refuse(struct load *load, const struct err *err)
{
    struct load_result *result = load->result;
    struct str file = result->file, key = result->register_key;
    *result = (struct load_result){
        .file = file, .register_key = key, .status = LOAD_REFUSED, .error = *err};
}

static void name_sheets(struct load *load)
{
    struct load_result *result = load->result;
    result->sheets = arena_array(load->arena, struct load_sheet, load->file.plan_count);
    result->sheet_count = load->file.plan_count;
    for (size_t i = 0; i < load->file.plan_count; i++) {
        const struct sheet_plan *plan = &load->file.plans[i];
        bool read = plan->profile == load->profile;
        result->sheets[i].name = str_copy(load->arena, plan->sheet_name);
        result->sheets[i].register_key = read ? load->profile->key : STR("");
    }
}

/* Everything inside the transaction. Another program may have loaded the same bytes since they were
 * looked for, so they are looked for again, now that nobody else can write. */
static bool take_in_once(struct load *load, int64_t *same, bool *refused, struct err *err)
{
    return find_same_file(load, same, err)
           && (*same != 0 ? tell_unchanged(load, *same, err) : take_in(load, refused, err));
}

static bool load_file(struct load *load, const char *path, struct err *err)
{
    struct store *store = load->registry->store;
    if (!intake_open(&load->file, &load->intake, path, load->registry->profiles,
                     &load->options->intake, err)) {
        refuse(load, err);
        return true;
    }
    load->file_open = true;
    load->profile = load->file.profile;
    layout_make(&load->layout, &load->job, load->profile);
    load->result->register_key = load->profile->key;
    load->result->status = LOAD_LOADED;
    name_sheets(load);
    if (!store_begin(store, err)) return false;
    bool refused = false;
    int64_t same = 0;
    bool done = take_in_once(load, &same, &refused, err);
    store_finish(load->insert);
    store_finish(load->note);
    store_finish(load->reject);
    store_finish(load->ending);
    if (done && same == 0 && !load->options->dry_run) {
        load->result->batch = load->batch;
        return store_commit(store, err);
    }
    store_rollback(store);
    if (refused) refuse(load, err);
    return done || refused;
}

static bool run(struct load *load, const char *path, struct err *err)
{
    unsigned char hash[32];
    int64_t same = 0;
    struct err file_err = ERR_INIT;
    if (!sm3_file(path, hash, &file_err)) {
        refuse(load, &file_err);
        return true;
    }
    load->file_hash = (struct str){arena_copy(&load->job, hash, sizeof hash), sizeof hash};
    if (!find_same_file(load, &same, err)) return false;
    return same != 0 ? tell_unchanged(load, same, err) : load_file(load, path, err);
}

bool registry_load(struct registry *registry, struct arena *arena, const struct asker *asker,
                   const char *path, const struct load_options *options,
                   const struct progress *progress, struct load_result *result, struct err *err)
{
    CHECK(registry != NULL);
    CHECK(asker != NULL);
    CHECK(options != NULL);
    CHECK(!store_in_transaction(registry->store));
    struct str name = options->name.len > 0 ? options->name : file_name(path);
    struct load_result loaded = {.file = str_copy(arena, name)};
    struct err error = ERR_INIT;
    struct load *load = NULL;
    struct arena job = {0};
    load = arena_new(&job, struct load);
    load->registry = registry;
    load->asker = asker;
    load->options = options;
    load->progress = progress;
    load->result = &loaded;
    load->arena = arena;
    bool done = run(load, path, &error);
    if (load->file_open) intake_close(&load->file);
    for (size_t i = 0; i < CONVEYOR_SLOTS; i++) arena_free(&load->slots[i].arena);
    arena_free(&load->intake);
    arena_free(&load->job);
    arena_free(&job);
    if (done)
        *result = loaded;
    else if (err != NULL)
        *err = error;
    return done;
}
