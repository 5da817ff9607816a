#include "registry/load.h"

#include "access/audit.h"
#include "identity/mask.h"

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
    if (!done) return false;
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
                       "repeated, replaced, ended, registers) VALUES ($number, $register, $file, "
                       "$hash, $at, $imported_ms, $user, $complete, '', $fields, $first, 0, 0, 0, "
                       "0, 0, 0, 0, 0, 0, 0, $registers)",
                       err)) {
        return false;
    }
    store_bind_i64(insert, "$number", load->batch);
    store_bind_str(insert, "$register", load->profile->key);
    store_bind_str(insert, "$file", mask_people(&load->job, load->result->file));
    store_bind_blob(insert, "$hash", load->file_hash);
    store_bind_day(insert, "$at", load->at);
    store_bind_i64(insert, "$imported_ms", load->now_ms);
    store_bind_str(insert, "$user", load->asker->name);
    store_bind_i64(insert, "$complete", load->options->complete ? 1 : 0);
    store_bind_str(insert, "$fields", field_keys(load));
    store_bind_i64(insert, "$first", load->statement_first);
    store_bind_i64(insert, "$registers", (int64_t)load->file->register_count);
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

/* The newest day that titles and names of sheets state; those of other registers too when the
 * register's own state none. */
static day day_of_sheets(const struct load *load, bool others)
{
    day newest = DAY_NONE;
    for (size_t i = 0; i < load->file->plan_count; i++) {
        const struct sheet_plan *plan = &load->file->plans[i];
        bool counts = others ? plan->profile != NULL : plan->profile == load->profile;
        if (!counts || day_is_none(plan->day_stated)) continue;
        if (day_is_none(newest) || plan->day_stated.days > newest.days) newest = plan->day_stated;
    }
    return newest;
}

static void find_day(struct load *load)
{
    load->at = load->options->intake.at;
    if (day_is_none(load->at)) load->at = day_of_sheets(load, false);
    if (day_is_none(load->at)) load->at = day_of_rows(load);
    if (day_is_none(load->at)) load->at = day_of_sheets(load, true);
    if (day_is_none(load->at)) load->at = clock_today(&load->registry->clock);
}

static bool read_before(struct load *load, struct err *err)
{
    struct registry *registry = load->registry;
    return timeline_read(&load->timeline, &load->job, registry, load->profile, INT64_MAX, err)
           && schools_read(&load->schools, &load->job, registry, err)
           && villages_read(&load->villages, &load->job, registry, err)
           && past_open(&load->past, &load->job, registry, &load->layout, &load->timeline,
                        &load->schools, load->at, err);
}

static bool append_audit(struct load *load, struct err *err)
{
    struct text object;
    /* A file is often named for the pupil whose papers it holds. */
    struct str file = mask_people(&load->job, load->result->file);
    text_init(&object, &load->job, 4096);
    text_add_f(&object, "batch %lld, %.*s, %.*s", (long long)load->batch,
               STR_ARG(load->profile->key), STR_ARG(file));
    return audit_append(load->registry->store, &load->registry->clock, load->asker, AUDIT_IMPORT,
                        text_str(&object), STR_EMPTY, err);
}

static void name_sheets(struct load *load)
{
    struct load_result *result = load->result;
    result->sheets = arena_array(load->arena, struct load_sheet, load->file->plan_count);
    result->sheet_count = load->file->plan_count;
    for (size_t i = 0; i < load->file->plan_count; i++) {
        const struct sheet_plan *plan = &load->file->plans[i];
        bool read = plan->profile == load->profile;
        result->sheets[i].number = i;
        result->sheets[i].name = str_copy(load->arena, plan->sheet_name);
        result->sheets[i].register_key = read ? load->profile->key : STR("");
        result->sheets[i].elsewhere = !read && plan->profile != NULL;
    }
}

static bool take_in(struct load *load, bool *refused, struct err *err)
{
    if (!give_numbers(load, err)) return false;
    intake_walk_start(&load->walk, load->file, load->registry->divisions);
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
        *refused = err->kind == ERR_CONFLICT || err->kind == ERR_DENIED;
        return false;
    }
    return append_audit(load, err);
}

bool load_register(struct load *load, bool *refused, struct err *err)
{
    CHECK(store_in_transaction(load->registry->store));
    *refused = false;
    load->file->profile = load->profile;
    load->result->register_key = load->profile->key;
    load->result->status = LOAD_LOADED;
    layout_make(&load->layout, &load->job, load->profile);
    name_sheets(load);
    if (!take_in(load, refused, err)) return false;
    load->result->batch = load->batch;
    return true;
}

void load_finish(struct load *load)
{
    store_finish(load->insert);
    store_finish(load->note);
    store_finish(load->reject);
    store_finish(load->ending);
    for (size_t i = 0; i < CONVEYOR_SLOTS; i++) arena_free(&load->slots[i].arena);
    struct arena job = load->job;
    arena_free(&job);
}
