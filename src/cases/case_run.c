#include "cases/case_run_internal.h"

enum { FACT_BYTES_MAX = 4000, KEY_BYTES_MAX = 1024 };

/* "dropout/6" of a person, "data_repair//KEY" of a school or office. */
static struct str subject_key(struct arena *arena, struct str procedure, int64_t person,
                              struct str unit)
{
    struct text text;
    text_init(&text, arena, KEY_BYTES_MAX + CASE_VALUE_BYTES_MAX);
    text_add(&text, procedure);
    if (person != 0) text_add_f(&text, "/%lld", (long long)person);
    if (person == 0) text_add_f(&text, "//%.*s", STR_ARG(unit));
    return text_str(&text);
}

static void add_part(struct text *text, struct str part, char between)
{
    struct str rest = text_str(text), known;
    while (str_split(&rest, between, &known)) {
        if (str_equal(known, part)) return;
    }
    if (text->len > 0) text_add_byte(text, between);
    text_add(text, part);
}

/* One subject with what was found of it. */
static struct subject *subject_at(struct case_runner *run, const struct procedure *procedure,
                                  uint32_t person, struct str unit)
{
    int64_t number = person == UINT32_MAX ? 0 : run->check->people->persons[person].number;
    struct str key = subject_key(run->arena, procedure->key, number, unit);
    uint32_t before = run->keys.count, place = dict_put(&run->keys, key);
    list_grow(run->arena, (void **)&run->subjects, &run->subject_capacity, place,
              sizeof *run->subjects);
    if (place == before) {
        run->subjects[place] = (struct subject){.procedure = procedure,
                                                .row = SIZE_MAX,
                                                .person = person,
                                                .number = number,
                                                .unit = unit,
                                                .first = SIZE_MAX};
        run->subject_count++;
    }
    return &run->subjects[place];
}

static void group_findings(struct case_runner *run)
{
    const struct case_check *check = run->check;
    run->next = arena_array(run->arena, size_t, check->count);
    for (size_t i = check->count; i-- > 0;) {
        const struct finding *finding = &check->findings[i];
        const struct procedure *procedure =
            procedure_of_finding(run->work->procedures, finding->kind, finding->queue);
        if (procedure == NULL) continue;
        bool of_unit = finding->person == UINT32_MAX;
        struct subject *subject =
            subject_at(run, procedure, finding->person, of_unit ? finding->key : STR_EMPTY);
        run->next[i] = subject->first;
        subject->first = i;
    }
}

static bool opens_lawful(const struct case_check *check, const struct procedure *procedure,
                         uint32_t person)
{
    return check->kept->standings[person] != STANDING_NOT_ASKED
           && case_is_lawful(check, person, procedure->lawful, procedure->lawful_count);
}

/* Children who have a lawful reason that asks for work of its own. */
static void group_lawful(struct case_runner *run)
{
    const struct case_check *check = run->check;
    for (size_t p = 0; p < run->work->procedures->count; p++) {
        const struct procedure *procedure = &run->work->procedures->items[p];
        if (procedure->lawful_count == 0) continue;
        for (uint32_t person = 0; person < check->people->person_count; person++) {
            if (!opens_lawful(check, procedure, person)) continue;
            subject_at(run, procedure, person, STR_EMPTY)->lawful = true;
        }
    }
}

size_t case_run_subject(const struct case_runner *run, struct str procedure, int64_t person)
{
    struct arena arena = {0};
    uint32_t number = dict_find(&run->keys, subject_key(&arena, procedure, person, STR_EMPTY));
    arena_free(&arena);
    return number == DICT_NONE ? SIZE_MAX : number;
}

/* Cases that there are, each tied to what was found of its subject. */
static bool read_rows(struct case_runner *run, struct err *err)
{
    const struct asker all = asker_local();
    struct case_filter filter = {
        .role = -1, .status = -2, .due = DAY_NONE, .at = run->check->at, .bare = true};
    if (!case_list(run->work, run->arena, &all, &filter, &run->rows, &run->row_count, err)) {
        return false;
    }
    run->subject_of = arena_array(run->arena, uint32_t, run->row_count);
    for (size_t i = 0; i < run->row_count; i++) {
        const struct case_row *row = &run->rows[i];
        struct str key = subject_key(run->arena, row->procedure_key, row->person, row->unit);
        run->subject_of[i] = dict_find(&run->keys, key);
        if (run->subject_of[i] != DICT_NONE) run->subjects[run->subject_of[i]].row = i;
    }
    return true;
}

/* What a case states of its subject now. */
static void read_facts(struct case_runner *run, const struct subject *subject,
                       struct subject_facts *out)
{
    const struct case_check *check = run->check;
    const struct finding *first =
        subject->first == SIZE_MAX ? NULL : &check->findings[subject->first];
    struct text kinds, queue, reason, findings;
    text_init(&kinds, run->arena, FACT_BYTES_MAX);
    text_init(&queue, run->arena, FACT_BYTES_MAX);
    text_init(&reason, run->arena, FACT_BYTES_MAX);
    text_init(&findings, run->arena, FACT_BYTES_MAX);
    for (size_t i = subject->first; i != SIZE_MAX; i = run->next[i]) {
        struct text number;
        text_init(&number, run->arena, 32);
        text_add_f(&number, "%lld", (long long)check->entries[i].number);
        add_part(&kinds, str_from(finding_kind_key(check->findings[i].kind)), ';');
        add_part(&queue, str_from(queue_key(check->findings[i].queue)), ';');
        add_part(&reason, check->findings[i].reason, '\n');
        add_part(&findings, text_str(&number), ';');
    }
    *out = (struct subject_facts){.kinds = text_str(&kinds),
                                  .queue = text_str(&queue),
                                  .reason = text_str(&reason),
                                  .findings = text_str(&findings)};
    if (subject->person == UINT32_MAX) {
        out->who.area = first->area;
        out->who.school = first->school;
        return;
    }
    case_facts_of(run->arena, check, subject->person, first == NULL ? UINT32_MAX : first->record,
                  first == NULL ? STR_EMPTY : first->area,
                  first == NULL ? STR_EMPTY : first->school, &out->who);
}

static void add_changed(struct case_fields *fields, const char *key, struct str before,
                        struct str now)
{
    if (!str_equal(before, now)) case_fields_put(fields, str_from(key), now);
}

/* Fields that differ from what the case states. */
static void compare_facts(struct case_fields *fields, const struct case_row *row,
                          const struct subject_facts *now)
{
    add_changed(fields, "name", row->name, now->who.name);
    add_changed(fields, "id", row->id_masked, now->who.id_masked);
    add_changed(fields, "birth", row->birth, now->who.birth);
    add_changed(fields, "area", row->stated_area, now->who.area);
    add_changed(fields, "school", row->school, now->who.school);
    add_changed(fields, "school_code", row->school_code, now->who.school_code);
    add_changed(fields, "kinds", row->kinds, now->kinds);
    add_changed(fields, "queue", row->queue, now->queue);
    add_changed(fields, "reason", row->reason, now->reason);
    add_changed(fields, "findings", row->findings, now->findings);
}

struct case_event case_run_event(const struct case_runner *run, enum case_event_kind kind,
                                 const struct case_fields *fields)
{
    return (struct case_event){.kind = kind,
                               .on = run->check->at,
                               .recorded_ms = run->now_ms,
                               .user = STR("check"),
                               .fields = fields == NULL ? NULL : fields->items.items,
                               .field_count = fields == NULL ? 0 : fields->items.count};
}

bool case_run_append(struct case_runner *run, struct case_row *row, struct case_event *events,
                     size_t count, struct err *err)
{
    arena_reset(&run->scratch);
    return case_append(run->work, &run->scratch, row->procedure, &row->number, events, count, err);
}

static bool open_case(struct case_runner *run, struct subject *subject, struct err *err)
{
    struct subject_facts now;
    struct case_fields fields = {.arena = run->arena};
    struct case_row row = {.procedure = subject->procedure};
    read_facts(run, subject, &now);
    if (subject->number != 0) case_fields_add_number(&fields, "person", subject->number);
    if (subject->number == 0) case_fields_add(&fields, "unit", subject->unit);
    compare_facts(&fields, &row, &now);
    struct case_event event = case_run_event(run, EVENT_OPENED, &fields);
    if (!case_run_append(run, &row, &event, 1, err)) return false;
    subject->status = CASE_SUSPECTED;
    run->out->opened++;
    return true;
}

/* Whether what a person said ended the case still explains that the findings stand. What has gone
 * and come back is explained by nothing but what holds for ever. */
static bool explains(const struct case_runner *run, const struct case_row *row, day since)
{
    const struct procedure_outcome *outcome = procedure_outcome_find(row->procedure, row->outcome);
    if (outcome == NULL || row->settle.len > 0) return false;
    if (outcome->holds_days < 0) return true;
    return row->found && run->check->at.days <= since.days + outcome->holds_days;
}

/* What the case becomes of which findings stand: the event that brings it there, EVENT_KIND_COUNT
 * where it is there already. */
static enum case_event_kind event_of_standing(const struct case_runner *run,
                                              const struct case_row *row, const char **cause)
{
    *cause = NULL;
    if (row->status == CASE_SUSPECTED || row->status == CASE_CONFIRMED) {
        return row->found ? EVENT_KIND_COUNT : EVENT_FOUND;
    }
    bool closed = row->status == CASE_CLOSED;
    if (explains(run, row, closed ? row->closed : row->returned)) return EVENT_KIND_COUNT;
    if (!closed && !row->found) return EVENT_FOUND; /* a relapse while it was watched */
    *cause = row->found ? "not_shown" : day_is_none(row->confirmed) ? "again" : "relapse";
    return EVENT_REOPENED;
}

static bool keep_case(struct case_runner *run, struct subject *subject, struct err *err)
{
    struct case_row *row = &run->rows[subject->row];
    struct case_fields fields = {.arena = run->arena}, causes = {.arena = run->arena};
    struct case_event events[2];
    struct subject_facts now;
    size_t count = 0;
    const char *cause;
    enum case_event_kind kind = event_of_standing(run, row, &cause);
    subject->status = row->status;
    if (kind != EVENT_KIND_COUNT) {
        if (cause != NULL) case_fields_add(&causes, "cause", str_from(cause));
        events[count++] = case_run_event(run, kind, &causes);
        bool begins = kind == EVENT_REOPENED || row->status == CASE_RETURNED;
        if (begins) subject->status = CASE_SUSPECTED;
        run->out->reopened += begins;
        run->out->relapsed += begins && (cause == NULL || str_is(str_from(cause), "relapse"));
    }
    read_facts(run, subject, &now);
    /* A case that stays closed is left as it was. */
    if (subject->status != CASE_CLOSED) compare_facts(&fields, row, &now);
    if (fields.items.count > 0) events[count++] = case_run_event(run, EVENT_FACTS, &fields);
    return count == 0 || case_run_append(run, row, events, count, err);
}

static bool take_subjects(struct case_runner *run, struct err *err)
{
    for (size_t i = 0; i < run->subject_count; i++) {
        struct subject *subject = &run->subjects[i];
        bool there = subject->row != SIZE_MAX;
        if (there && run->rows[subject->row].procedure == NULL) continue;
        if (!(there ? keep_case : open_case)(run, subject, err)) return false;
    }
    return true;
}

static enum finding_status finding_status_of(enum case_status status)
{
    if (status == CASE_CLOSED) return FINDING_CLOSED;
    return status == CASE_SUSPECTED ? FINDING_SUSPECTED : FINDING_CONFIRMED;
}

/* The findings stand as their cases do. */
static bool mark_findings(struct case_runner *run, struct err *err)
{
    const struct case_check *check = run->check;
    for (size_t s = 0; s < run->subject_count; s++) {
        const struct subject *subject = &run->subjects[s];
        enum finding_status status = finding_status_of(subject->status);
        day closed = subject->row == SIZE_MAX ? check->at : run->rows[subject->row].closed;
        for (size_t i = subject->first; i != SIZE_MAX; i = run->next[i]) {
            if (check->entries[i].status == status) continue;
            if (!finding_mark(run->work->registry->store, check->entries[i].number, status, closed,
                              err)) {
                return false;
            }
            check->entries[i].status = status;
        }
    }
    return true;
}

/* The texts and names by which duties were worked out, in hexadecimal. */
static struct str holders_hash(struct arena *arena, const struct holders *holders)
{
    struct text all;
    unsigned char sum[32];
    char *hex = arena_alloc(arena, sizeof sum * 2 + 1);
    text_init(&all, arena, SIZE_MAX / 2);
    for (size_t i = 0; i < holders->count; i++) {
        text_add_f(&all, "%zu|%.*s|", holders->items[i].position, STR_ARG(holders->items[i].unit));
    }
    sm3_hash(text_str(&all), sum);
    hex_of(sum, sizeof sum, hex);
    return str_from(hex);
}

/* Reads the last run and writes this one down; duties are worked out anew when what they rest on
 * has changed. */
static bool turn_run(struct case_runner *run, struct err *err)
{
    struct store *store = run->work->registry->store;
    struct store_statement *get = NULL, *put = NULL;
    struct str texts = run->work->procedures->hash;
    struct str holders = holders_hash(run->arena, &run->work->holders);
    bool row = false, same = true;
    run->out->skipped = run->check->past;
    if (!store_prepare(store, &get, "SELECT at, texts, holders FROM case_run", err)) return false;
    bool good = store_step(get, &row, err);
    if (good && row) {
        run->out->skipped |= store_day(get, 0).days > run->check->at.days;
        same = str_equal(store_str(get, 1), texts) && str_equal(store_str(get, 2), holders);
    }
    store_finish(get);
    uint64_t changed;
    if (!good) return false;
    if (!same && !case_rebuild(run->work, run->arena, &changed, err)) return false;
    if (run->out->skipped) return true;
    if (!store_prepare(store, &put,
                       "INSERT INTO case_run (only, at, texts, holders) VALUES (1, $at, $texts, "
                       "$holders) ON CONFLICT (only) DO UPDATE SET at = excluded.at, "
                       "texts = excluded.texts, holders = excluded.holders",
                       err)) {
        return false;
    }
    store_bind_day(put, "$at", run->check->at);
    store_bind_str(put, "$texts", texts);
    store_bind_str(put, "$holders", holders);
    return store_run_once(put, err);
}

static void index_persons(struct case_runner *run)
{
    const struct people *people = run->check->people;
    u64_map_init(&run->persons, run->arena);
    for (uint32_t i = 0; i < people->person_count; i++) {
        u64_map_put(&run->persons, (uint64_t)people->persons[i].number, i);
    }
}

static bool count_open(struct case_runner *run, struct err *err)
{
    struct store_statement *get = NULL;
    if (!store_prepare(run->work->registry->store, &get,
                       "SELECT count(*) FROM case_file WHERE status <> 'closed'", err)) {
        return false;
    }
    bool good = store_step_row(get, err);
    if (good) run->out->open = (uint64_t)store_i64(get, 0);
    store_finish(get);
    return good;
}

static bool run_all(struct case_runner *run, struct err *err)
{
    if (!turn_run(run, err)) return false;
    group_findings(run);
    group_lawful(run);
    index_persons(run);
    if (!read_rows(run, err)) return false;
    if (run->out->skipped) {
        /* What is asked of the past changes nothing: findings stand as their cases do now. */
        for (size_t i = 0; i < run->subject_count; i++) {
            struct subject *subject = &run->subjects[i];
            if (subject->row != SIZE_MAX) subject->status = run->rows[subject->row].status;
        }
        return mark_findings(run, err) && count_open(run, err);
    }
    return case_run_move(run, err) && take_subjects(run, err) && case_run_settle(run, err)
           && mark_findings(run, err) && count_open(run, err);
}

bool case_run(const struct casework *work, struct arena *arena, const struct case_check *check,
              struct case_run_result *out, struct err *err)
{
    struct case_run_result result = {0};
    struct arena own = {0};
    struct case_runner run = {.work = work,
                              .arena = &own,
                              .check = check,
                              .out = &result,
                              .now_ms = clock_now_ms(&work->registry->clock)};
    CHECK(store_in_transaction(work->registry->store));
    CHECK(!day_is_none(check->at));
    (void)arena;
    dict_init(&run.keys, &own);
    bool good = run_all(&run, err);
    arena_free(&run.scratch);
    arena_free(&own);
    if (good) *out = result;
    return good;
}
