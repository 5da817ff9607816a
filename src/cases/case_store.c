#include "cases/case_store.h"

#include "base/asset.h"
#include "cases/case_event.h"

/* A day on which nothing is due: behind all days, so that it stands last. */
static const struct str never = {"~", 1};

bool case_migrate(struct store *store, struct err *err)
{
    struct str scripts[3];
    CHECK(asset_find("src/cases/schema.sql", &scripts[0]));
    CHECK(asset_find("src/cases/schema_2.sql", &scripts[1]));
    CHECK(asset_find("src/cases/schema_3.sql", &scripts[2]));
    return store_migrate(store, "cases", scripts, 3, err);
}

bool casework_open(struct casework *out, struct arena *arena, struct registry *registry,
                   const struct procedures *procedures, const struct chains *chains,
                   struct read_at when, struct err *err)
{
    /* Who answers for a child is told to everybody who sees its case. */
    const struct asker all = asker_local();
    struct casework work = {registry, procedures, chains, {0}};
    if (!holders_read(&work.holders, arena, registry, &all, chains, when, err)) return false;
    *out = work;
    return true;
}

bool case_is_seen(const struct asker *asker, struct str area, struct str stated_area,
                  struct str school_code)
{
    return asker_sees(asker, area) || asker_sees(asker, stated_area)
           || (asker->school.len > 0 && str_equal(asker->school, school_code));
}

static void bind_state(struct store_statement *put, int64_t number, const struct case_state *state)
{
    int step;
    day due = duty_next(state, &step);
    store_bind_i64(put, "$number", number);
    store_bind_i64(put, "$person", state->person);
    store_bind_text(put, "$unit", state->unit);
    store_bind_i64(put, "$version", state->version);
    store_bind_str(put, "$status", str_from(case_status_key(state->status)));
    store_bind_str(put, "$state", state->state->key);
    store_bind_text(put, "$name", state->name);
    store_bind_text(put, "$id_masked", state->id_masked);
    store_bind_text(put, "$birth", state->birth);
    store_bind_text(put, "$area", state->area);
    store_bind_text(put, "$stated_area", state->stated_area);
    store_bind_text(put, "$school", state->school);
    store_bind_text(put, "$school_code", state->school_code);
    store_bind_text(put, "$kinds", state->kinds);
    store_bind_text(put, "$queue", state->queue);
    store_bind_text(put, "$reason", state->reason);
    store_bind_text(put, "$findings", state->findings);
    store_bind_day(put, "$opened", state->opened);
    store_bind_day(put, "$reopened", state->reopened);
    store_bind_day(put, "$confirmed", state->confirmed);
    store_bind_day(put, "$returned", state->returned);
    store_bind_day(put, "$closed", state->closed);
    store_bind_text(put, "$outcome", state->outcome);
    store_bind_text(put, "$settle", state->settle);
    store_bind_i64(put, "$found", state->found);
    store_bind_i64(put, "$unfound", state->unfound);
    store_bind_i64(put, "$relapses", state->relapses);
    store_bind_i64(put, "$contacts", state->contacts);
    store_bind_day(put, "$last_contact", state->last_contact);
    if (step < 0) {
        store_bind_str(put, "$due", never);
    } else {
        store_bind_day(put, "$due", due);
    }
    store_bind_str(put, "$step", step < 0 ? STR("") : state->procedure->steps[step].key);
}

static bool write_row(struct store *store, int64_t number, const struct case_state *state,
                      struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(
            store, &put,
            "UPDATE case_file SET person = $person, unit = $unit, version = $version, "
            "status = $status, state = $state, name = $name, id_masked = $id_masked, "
            "birth = $birth, area = $area, stated_area = $stated_area, school = $school, "
            "school_code = $school_code, kinds = $kinds, queue = $queue, reason = $reason, "
            "findings = $findings, opened = $opened, reopened = $reopened, "
            "confirmed = $confirmed, returned = $returned, closed = $closed, "
            "outcome = $outcome, settle = $settle, found = $found, unfound = $unfound, "
            "relapses = $relapses, contacts = $contacts, last_contact = $last_contact, "
            "due = $due, step = $step WHERE number = $number",
            err)) {
        return false;
    }
    bind_state(put, number, state);
    return store_run_once(put, err);
}

static bool write_duty(struct store_statement *put, const struct casework *work,
                       const struct case_state *state, const struct duty *duty, struct err *err)
{
    const struct position *position = &work->chains->positions[duty->position];
    char since[DAY_TEXT_SIZE], due[DAY_TEXT_SIZE];
    store_bind_text(put, "$step", state->procedure->steps[duty->step].key);
    store_bind_text(put, "$position", position->key);
    store_bind_str(put, "$role",
                   position->role < 0 ? STR("") : str_from(role_key((enum role)position->role)));
    store_bind_i64(put, "$level", duty->level);
    store_bind_i64(put, "$covers", duty->covers);
    store_bind_str(put, "$since", str_from(day_format(duty->since, since)));
    store_bind_str(put, "$due", str_from(day_format(duty->due, due)));
    store_bind_text(put, "$area", state->area);
    store_bind_text(put, "$school_code", state->school_code);
    return store_run(put, err);
}

static bool forget_duties(struct store *store, int64_t number, struct err *err)
{
    struct store_statement *gone = NULL;
    if (!store_prepare(store, &gone, "DELETE FROM case_step WHERE case_number = $number", err)) {
        return false;
    }
    store_bind_i64(gone, "$number", number);
    return store_run_once(gone, err);
}

static bool write_duties(const struct casework *work, int64_t number,
                         const struct case_state *state, struct err *err)
{
    struct arena arena = {0};
    struct store_statement *put = NULL;
    struct duty *duties;
    size_t count;
    duties_of(&arena, work->procedures, work->chains, &work->holders, state, &duties, &count);
    bool good = store_prepare(work->registry->store, &put,
                              "INSERT INTO case_step (case_number, step, position, role, level, "
                              "covers, since, due, area, school_code) VALUES ($number, $step, "
                              "$position, $role, $level, $covers, $since, $due, $area, "
                              "$school_code)",
                              err);
    if (good) store_bind_i64(put, "$number", number);
    for (size_t i = 0; good && i < count; i++) {
        good = write_duty(put, work, state, &duties[i], err);
    }
    store_finish(put);
    arena_free(&arena);
    return good;
}

/* Behind every day that an event speaks of. */
static day last_day(const struct case_event *events, size_t count)
{
    day last = events[0].on;
    for (size_t i = 1; i < count; i++) {
        if (events[i].on.days > last.days) last = events[i].on;
    }
    return last;
}

/* Writes down what the events come to. */
static bool project(const struct casework *work, const struct procedure *procedure, int64_t number,
                    const struct case_event *events, size_t count, struct err *err)
{
    struct case_state state;
    return case_replay(work->procedures, procedure, events, count, last_day(events, count), &state,
                       err)
           && write_row(work->registry->store, number, &state, err)
           && forget_duties(work->registry->store, number, err)
           && write_duties(work, number, &state, err);
}

static bool new_row(struct store *store, const struct procedure *procedure,
                    const struct case_event *opening, int64_t *number, struct err *err)
{
    struct store_statement *put = NULL;
    int64_t person = 0;
    (void)str_to_i64(case_event_get(opening, "person"), &person);
    if (!store_prepare(store, &put,
                       "INSERT INTO case_file (procedure, person, unit, version, status, state, "
                       "name, id_masked, birth, area, stated_area, school, school_code, kinds, "
                       "queue, reason, findings, opened, reopened, outcome, settle, found, "
                       "unfound, relapses, contacts, due, step) VALUES ($procedure, $person, "
                       "$unit, 0, 'suspected', '', '', '', '', '', '', '', '', '', '', '', '', "
                       "$opened, $opened, '', '', 1, 0, 0, 0, '~', '')",
                       err)) {
        return false;
    }
    store_bind_str(put, "$procedure", procedure->key);
    store_bind_i64(put, "$person", person);
    store_bind_text(put, "$unit", case_event_get(opening, "unit"));
    store_bind_day(put, "$opened", opening->on);
    if (!store_run_once(put, err)) return false;
    *number = store_last_id(store);
    return true;
}

bool case_append(const struct casework *work, struct arena *arena,
                 const struct procedure *procedure, int64_t *number, struct case_event *events,
                 size_t count, struct err *err)
{
    struct store *store = work->registry->store;
    struct codec *codec = work->registry->codec;
    struct case_event *before = NULL;
    size_t before_count = 0;
    CHECK(count > 0);
    CHECK(store_in_transaction(store));
    int64_t into = *number;
    if (into == 0) {
        CHECK(events[0].kind == EVENT_OPENED);
        if (!new_row(store, procedure, &events[0], &into, err)) return false;
    } else if (!case_events_read(store, codec, arena, into, &before, &before_count, err)) {
        return false;
    }
    if (before_count + count > CASE_EVENTS_MAX) {
        return err_set(err, ERR_LIMIT, "case %lld would have more than %d events",
                       "案卷 %lld 的记录将超过 %d 条", (long long)into, (int)CASE_EVENTS_MAX);
    }
    struct case_event *all = arena_array(arena, struct case_event, before_count + count);
    for (size_t i = 0; i < before_count; i++) all[i] = before[i];
    for (size_t i = 0; i < count; i++) {
        events[i].version = (int64_t)(before_count + i + 1);
        all[before_count + i] = events[i];
        if (!case_event_write(store, codec, into, &events[i], err)) return false;
    }
    if (!project(work, procedure, into, all, before_count + count, err)) return false;
    *number = into;
    return true;
}

static bool find_row(const struct casework *work, const struct asker *asker, int64_t number,
                     const struct procedure **procedure, struct err *err)
{
    struct store_statement *get = NULL;
    bool row = false;
    if (!store_prepare(work->registry->store, &get,
                       "SELECT procedure, area, stated_area, school_code FROM case_file "
                       "WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(get, "$number", number);
    bool good = store_step(get, &row, err);
    bool seen =
        good && row && case_is_seen(asker, store_str(get, 1), store_str(get, 2), store_str(get, 3));
    *procedure = seen ? procedure_find(work->procedures, store_str(get, 0)) : NULL;
    store_finish(get);
    if (!good) return false;
    if (!seen) {
        return err_set(err, ERR_NOT_FOUND, "there is no case %lld", "没有案卷 %lld",
                       (long long)number);
    }
    if (*procedure != NULL) return true;
    return err_set(err, ERR_CONFLICT,
                   "the procedure of case %lld is not among the policies any more",
                   "案卷 %lld 所属程序已不在政策文本中", (long long)number);
}

bool case_read(const struct casework *work, struct arena *arena, const struct asker *asker,
               int64_t number, day at, struct case_file *out, struct err *err)
{
    struct case_file file = {.number = number};
    if (!find_row(work, asker, number, &file.procedure, err)
        || !case_events_read(work->registry->store, work->registry->codec, arena, number,
                             &file.events, &file.event_count, err)
        || !case_replay(work->procedures, file.procedure, file.events, file.event_count, at,
                        &file.state, err)) {
        return false;
    }
    *out = file;
    return true;
}

/* What a line says, in one text, to see whether it changes. */
static bool line_of(struct store *store, int64_t number, struct arena *arena, struct str *out,
                    struct err *err)
{
    struct store_statement *get = NULL;
    if (!store_prepare(
            store, &get,
            "SELECT person || '|' || unit || '|' || version || '|' || status || '|' || state || "
            "'|' || area || '|' || school_code || '|' || findings || '|' || outcome || '|' || due "
            "|| '|' || step || '|' || found || unfound || '|' || relapses || '|' || contacts || "
            "'|' || coalesce(closed, '') || coalesce(returned, '') || coalesce(confirmed, '') "
            "|| (SELECT coalesce(group_concat(step || position || role || level || covers || since "
            "|| due), '') FROM (SELECT * FROM case_step WHERE case_number = $number "
            "ORDER BY step, position)) FROM case_file WHERE number = $number",
            err)) {
        return false;
    }
    store_bind_i64(get, "$number", number);
    bool good = store_step_row(get, err);
    if (good) *out = str_copy(arena, store_str(get, 0));
    store_finish(get);
    return good;
}

static bool rebuild_one(const struct casework *work, struct arena *arena, int64_t number,
                        struct str procedure_key, bool *changed, struct err *err)
{
    const struct procedure *procedure = procedure_find(work->procedures, procedure_key);
    struct case_event *events;
    size_t count;
    struct str before, after;
    *changed = false;
    if (procedure == NULL) return true;
    if (!line_of(work->registry->store, number, arena, &before, err)
        || !case_events_read(work->registry->store, work->registry->codec, arena, number, &events,
                             &count, err)) {
        return false;
    }
    if (count == 0) {
        return err_set(err, ERR_STORE, "case %lld has lost what happened in it",
                       "案卷 %lld 的记录已缺失", (long long)number);
    }
    if (!project(work, procedure, number, events, count, err)
        || !line_of(work->registry->store, number, arena, &after, err)) {
        return false;
    }
    *changed = !str_equal(before, after);
    return true;
}

bool case_rebuild(const struct casework *work, struct arena *arena, uint64_t *changed,
                  struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct case_row) list = {0};
    bool row = true;
    if (!store_prepare(work->registry->store, &rows,
                       "SELECT number, procedure FROM case_file ORDER BY number", err)) {
        return false;
    }
    bool good = true;
    while (good && (good = store_step(rows, &row, err)) && row) {
        *list_push(arena, &list) = (struct case_row){
            .number = store_i64(rows, 0), .procedure_key = str_copy(arena, store_str(rows, 1))};
    }
    store_finish(rows);
    *changed = 0;
    struct arena scratch = {0};
    for (size_t i = 0; good && i < list.count; i++) {
        bool other = false;
        arena_reset(&scratch);
        good = rebuild_one(work, &scratch, list.items[i].number, list.items[i].procedure_key,
                           &other, err);
        if (other) (*changed)++;
    }
    arena_free(&scratch);
    return good;
}
