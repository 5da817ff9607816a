#include "jobs/person_told.h"

#include "awards/facts_known.h"
#include "cases/case_event.h"
#include "link/people_nearest.h"

enum { RESTS_BYTES_MAX = 512 };

bool job_check_state(struct workspace *workspace, struct check_state *out, struct err *err)
{
    struct store_statement *find = NULL;
    if (!registry_revision(&workspace->registry, &out->revision, err)
        || !store_prepare(workspace->store, &find,
                          "SELECT (SELECT coalesce(max(number), 0) FROM link_run), "
                          "(SELECT coalesce(max(number), 0) FROM award_run), "
                          "(SELECT coalesce(max(number), 0) FROM pay_line), "
                          "(SELECT coalesce(max(number), 0) FROM pay_event)",
                          err)) {
        return false;
    }
    bool good = store_step_row(find, err);
    if (good) {
        out->link_run = store_i64(find, 0);
        out->award_run = store_i64(find, 1);
        out->pay_line = store_i64(find, 2);
        out->pay_event = store_i64(find, 3);
    }
    store_finish(find);
    return good;
}

static bool same_state(const struct check_state *a, const struct check_state *b)
{
    return a->revision == b->revision && a->link_run == b->link_run && a->award_run == b->award_run
           && a->pay_line == b->pay_line && a->pay_event == b->pay_event;
}

/* Beside what the links rest on: by which rules aid is decided, and what was paid. */
static struct str rests_of(struct arena *arena, const struct check_state *state, struct str links)
{
    struct text text;
    text_init(&text, arena, RESTS_BYTES_MAX);
    text_add(&text, links);
    text_add_f(&text, " %lld %lld %lld", (long long)state->award_run, (long long)state->pay_line,
               (long long)state->pay_event);
    CHECK(!text.cut);
    return text_str(&text);
}

bool job_told_pack(struct workspace *workspace, struct arena *arena, const struct check_run *run,
                   struct told_packed **out, struct err *err)
{
    struct told_packed *packed = arena_new(arena, struct told_packed);
    if (run->aid != NULL) packed->facts = facts_pack(arena, workspace->codec, &run->aid->run.facts);
    *out = packed;
    return people_near_pack(&packed->near, arena, &workspace->registry, &run->people,
                            run->kept.weigher, 0, err);
}

bool job_told_forget(struct store *store, struct err *err)
{
    CHECK(store_in_transaction(store));
    return people_near_forget(store, err) && facts_known_forget(store, err);
}

static bool save_facts(struct store *store, struct arena *arena, const struct check_run *run,
                       struct str links, const struct facts_packed *packed, struct err *err)
{
    if (packed == NULL) return facts_known_forget(store, err);
    const struct facts *facts = &run->aid->run.facts;
    return facts_packed_save(store, facts_rests(arena, links, facts->policy, facts->text), packed,
                             err);
}

static bool save_all(struct workspace *workspace, struct arena *arena, const struct check_run *run,
                     const struct told_packed *packed, struct err *err)
{
    struct people_near *near = NULL;
    struct told_run told = {.aid = run->aid != NULL};
    struct store *store = workspace->store;
    if (!people_near_save(&workspace->registry, packed->near, err)
        || !people_near_open(&near, arena, &workspace->registry, run->people.when, err)) {
        return false;
    }
    if (near == NULL) return true;
    told.rests = rests_of(arena, &run->state, people_near_rests(near));
    return save_facts(store, arena, run, people_near_rests(near), packed->facts, err)
           && case_events_newest(store, &told.case_event, err)
           && told_save(store, &told, &run->people, run->findings, run->entries, run->count, err);
}

bool job_told_save(struct workspace *workspace, const struct check_run *run,
                   const struct told_packed *packed, struct err *err)
{
    struct arena arena = {0};
    struct check_state now;
    if (!job_check_state(workspace, &now, err)) return false;
    if (!same_state(&now, &run->state)) return true;
    bool good = save_all(workspace, &arena, run, packed, err);
    arena_free(&arena);
    return good;
}

bool job_open_kept(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                   struct read_at when, struct people_near **near, struct err *err)
{
    bool may;
    CHECK(store_in_transaction(workspace->store));
    *near = NULL;
    return registry_sees_all(&workspace->registry, asker, &may, err)
           && (!may || people_near_open(near, arena, &workspace->registry, when, err));
}

/* A question that is answered from what is kept. */
struct asking {
    struct workspace *workspace;
    struct arena *arena;
    const struct asker *asker;
    const struct person_question *question;
    struct people_near *near;
    struct told_run told;
    struct person_told *out;
    bool whole; /* what is kept fits so far */
};

/* Whether what is kept is true of the state of the workspace. */
static bool open_kept(struct asking *asking, struct err *err)
{
    struct workspace *workspace = asking->workspace;
    struct check_state state;
    struct str rests;
    bool there = false;
    asking->whole = false;
    if (!job_open_kept(workspace, asking->arena, asking->asker, asking->question->when,
                       &asking->near, err)) {
        return false;
    }
    if (asking->near == NULL) return true;
    if (!told_read(workspace->store, asking->arena, &asking->told, &there, err)) return false;
    if (!there) return true;
    if (!job_check_state(workspace, &state, err)) return false;
    rests = rests_of(asking->arena, &state, people_near_rests(asking->near));
    asking->whole = str_equal(rests, asking->told.rests);
    return true;
}

/* A number in force; of one that ended all to which its records went, and so on. */
static bool follow(struct asking *asking, int64_t number, struct person_numbers *numbers,
                   struct err *err)
{
    enum { NUMBERS_MAX = 256 };
    person_numbers_add(asking->arena, numbers, number);
    for (size_t i = 0; i < numbers->count && numbers->count < NUMBERS_MAX; i++) {
        struct person_past past;
        bool in_force = false;
        if (!people_near_in_force(asking->near, numbers->items[i], &in_force, err)) return false;
        if (in_force) continue;
        if (!person_past(asking->arena, &asking->workspace->registry, numbers->items[i], &past,
                         err)) {
            return false;
        }
        for (size_t p = 0; p < past.part_count; p++) {
            bool listed = false;
            for (size_t k = 0; k < numbers->count; k++) {
                listed = listed || numbers->items[k] == past.parts[p].person;
            }
            if (!listed) person_numbers_add(asking->arena, numbers, past.parts[p].person);
        }
    }
    return true;
}

static bool find_person(struct asking *asking, int64_t *number, struct err *err)
{
    const struct person_question *question = asking->question;
    const struct person_wanted *wanted = &question->wanted;
    struct people *people = arena_new(asking->arena, struct people);
    struct person_numbers numbers = {0};
    uint32_t person;
    bool found = wanted->number != 0 ? follow(asking, wanted->number, &numbers, err)
                                     : people_near_meant(asking->near,
                                                         wanted->id_number.len > 0
                                                             ? weigher_id_key(wanted->id_number)
                                                             : weigher_name_key(wanted->name),
                                                         &numbers, err);
    if (!found || !people_near_read(asking->near, &numbers, people, &asking->whole, err)) {
        return false;
    }
    if (!asking->whole) return true;
    if (!question->find(question->context, people, &person, err)) return false;
    *number = people->persons[person].number;
    return true;
}

/* The place of the record that the first of the findings that names one names as nearest. */
static uint32_t told_nearest(const struct person_told *told)
{
    const struct people *people = told->people;
    for (size_t f = 0; f < told->finding_count; f++) {
        const struct told_finding *finding = &told->findings[f];
        if (finding->nearest_person == 0) continue;
        int at = people_register(people, str_cstr(people->arena, finding->nearest_register));
        for (uint32_t i = 0; i < people->record_count; i++) {
            const struct person_record *record = &people->records[i];
            if ((int)record->register_number == at
                && record->statement == finding->nearest_statement
                && record->part == finding->nearest_part) {
                return i;
            }
        }
    }
    return UINT32_MAX;
}

/* Reads these persons and a weigher of them, with whoever comes near where `around` is set. */
static bool read_people(struct asking *asking, struct person_numbers *numbers, bool around,
                        struct err *err)
{
    struct people *people = arena_new(asking->arena, struct people);
    struct weigher *weigher = NULL;
    if (!people_near_read(asking->near, numbers, people, &asking->whole, err)) return false;
    if (asking->whole
        && !people_near_weigher(asking->near, people, &weigher, &asking->whole, err)) {
        return false;
    }
    if (asking->whole && around) {
        return people_near_around(asking->near, people, weigher, numbers, err)
               && read_people(asking, numbers, false, err);
    }
    people->all_areas = asking->asker->all_areas;
    asking->out->people = people;
    asking->out->weigher = weigher;
    return true;
}

static bool read_nearest(struct asking *asking, int64_t number, struct err *err)
{
    struct person_told *out = asking->out;
    struct person_numbers numbers = {0};
    bool named = false;
    person_numbers_add(asking->arena, &numbers, number);
    for (size_t f = 0; f < out->finding_count; f++) {
        if (out->findings[f].nearest_person == 0) continue;
        person_numbers_add(asking->arena, &numbers, out->findings[f].nearest_person);
        named = true;
    }
    if (!read_people(asking, &numbers, !named, err)) return false;
    if (!asking->whole) return true;
    size_t person = people_find(out->people, number);
    CHECK(person != SIZE_MAX);
    out->person = (uint32_t)person;
    out->nearest =
        named ? told_nearest(out) : people_nearest(out->people, out->weigher, out->person, 1);
    asking->whole = !named || out->nearest != UINT32_MAX;
    return true;
}

/* A check of some areas gives no numbers, though these areas be all. */
static void hide_numbers(struct asking *asking)
{
    struct person_told *out = asking->out;
    for (size_t f = 0; f < out->finding_count && !asking->asker->all_areas; f++) {
        out->findings[f].number = 0;
    }
}

static bool read_policy(struct asking *asking, struct err *err)
{
    struct aid_rules rules;
    asking->out->policy = NULL;
    if (!asking->told.aid || asking->out->finding_count == 0) return true;
    if (!job_rules_known(asking->workspace, asking->arena, asking->question->when.known_ms, &rules,
                         err)) {
        return false;
    }
    asking->out->policy = rules.policy;
    return true;
}

/* asking->whole is false when the question needs a check. In one transaction. */
static bool answer_of_state(struct asking *asking, struct err *err)
{
    struct store *store = asking->workspace->store;
    int64_t number = 0;
    bool went_on = false;
    if (!open_kept(asking, err)) return false;
    if (!asking->whole) return true;
    if (!find_person(asking, &number, err)) return false;
    if (!asking->whole) return true;
    if (!case_events_since(store, number, asking->told.case_event, &went_on, err)) return false;
    asking->whole = !went_on;
    if (went_on) return true;
    asking->out->by_index = true;
    return told_findings(store, asking->arena, number, &asking->out->findings,
                         &asking->out->finding_count, err)
           && read_nearest(asking, number, err) && read_policy(asking, err);
}

bool job_forget_damaged(struct store *store, const struct people_near *near, const struct err *why,
                        struct err *err)
{
    if (near == NULL || !people_near_damaged(near)) {
        *err = *why;
        return false;
    }
    return store_begin(store, err) && store_end(store, job_told_forget(store, err), err);
}

/* Whoever checks meanwhile puts what is kept of another day or state in its place. */
static bool answer_kept(struct asking *asking, struct err *err)
{
    struct store *store = asking->workspace->store;
    struct err why = ERR_INIT;
    if (!store_begin_read(store, err)) return false;
    bool good = answer_of_state(asking, &why);
    store_rollback(store);
    if (good) return true;
    asking->whole = false;
    return job_forget_damaged(store, asking->near, &why, err);
}

static struct told_finding tell(const struct people *people, const struct finding *finding,
                                const struct finding_entry *entry)
{
    struct told_finding told = {.number = entry->number,
                                .kind = finding->kind,
                                .queue = finding->queue,
                                .probability_ppm = finding->probability_ppm,
                                .reason = finding->reason};
    if (finding->nearest == UINT32_MAX) return told;
    const struct person_record *record = &people->records[finding->nearest];
    told.nearest_person = people->persons[record->person].number;
    told.nearest_register = people->registers[record->register_number]->key;
    told.nearest_statement = record->statement;
    told.nearest_part = record->part;
    return told;
}

void job_person_of_check(struct arena *arena, const struct check_run *run, uint32_t person,
                         struct person_told *out)
{
    CHECK(person < run->people.person_count);
    *out = (struct person_told){.people = &run->people,
                                .person = person,
                                .weigher = run->kept.weigher,
                                .policy = run->aid == NULL ? NULL : run->aid->rules.policy};
    out->findings = arena_array(arena, struct told_finding, run->count);
    for (size_t i = 0; i < run->count; i++) {
        if (run->findings[i].person != person) continue;
        out->findings[out->finding_count++] =
            tell(&run->people, &run->findings[i], &run->entries[i]);
    }
    out->nearest = told_nearest(out);
    if (out->nearest == UINT32_MAX) {
        out->nearest = people_nearest(out->people, out->weigher, person, 0);
    }
}

static bool answer_checked(struct asking *asking, const struct asker *asker,
                           const struct progress *progress, struct err *err)
{
    struct check_run *run = arena_new(asking->arena, struct check_run);
    const struct person_question *question = asking->question;
    uint32_t person;
    if (!job_check(asking->workspace, asking->arena, asker, question->when, progress, run, err)
        || !question->find(question->context, &run->people, &person, err)) {
        return false;
    }
    job_person_of_check(asking->arena, run, person, asking->out);
    return true;
}

bool job_person_told(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                     const struct person_question *question, const struct progress *progress,
                     struct person_told *out, struct err *err)
{
    struct person_told told = {0};
    struct asking asking = {
        .workspace = workspace, .arena = arena, .asker = asker, .question = question, .out = &told};
    if (question->now && !answer_kept(&asking, err)) return false;
    if (asking.whole) hide_numbers(&asking);
    if (!asking.whole && !answer_checked(&asking, asker, progress, err)) return false;
    *out = told;
    return true;
}

/* Who is read for a question about a few. */
typedef bool choose_people(const struct people_near *near, struct arena *arena, int64_t person,
                           struct person_numbers *numbers, bool *whole, struct err *err);

static bool choose_around(const struct people_near *near, struct arena *arena, int64_t person,
                          struct person_numbers *numbers, bool *whole, struct err *err)
{
    struct people *people = arena_new(arena, struct people);
    struct weigher *weigher;
    person_numbers_add(arena, numbers, person);
    if (!people_near_read(near, numbers, people, whole, err)) return false;
    if (!*whole) return true;
    if (!people_near_weigher(near, people, &weigher, whole, err)) return false;
    return !*whole || people_near_around(near, people, weigher, numbers, err);
}

static bool choose_doubtful(const struct people_near *near, struct arena *arena, int64_t person,
                            struct person_numbers *numbers, bool *whole, struct err *err)
{
    (void)arena;
    (void)person;
    *whole = true;
    return people_near_doubts(near, numbers, err);
}

/* In one transaction; *whole is false when all have to be read. */
static bool read_of_state(struct workspace *workspace, struct arena *arena,
                          const struct asker *asker, const struct people_question *question,
                          choose_people *choose, struct people_near **near, struct people *out,
                          bool *whole, struct err *err)
{
    struct person_numbers numbers = {0};
    if (!job_open_kept(workspace, arena, asker, question->when, near, err)) return false;
    if (*near == NULL) return true;
    if (!choose(*near, arena, question->person, &numbers, whole, err)) return false;
    return !*whole || people_near_read(*near, &numbers, out, whole, err);
}

static bool read_kept(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                      const struct people_question *question, choose_people *choose,
                      struct people *out, bool *whole, struct err *err)
{
    struct people_near *near = NULL;
    struct err why = ERR_INIT;
    if (!store_begin_read(workspace->store, err)) return false;
    bool good = read_of_state(workspace, arena, asker, question, choose, &near, out, whole, &why);
    store_rollback(workspace->store);
    if (good) return true;
    *whole = false;
    return job_forget_damaged(workspace->store, near, &why, err);
}

static bool read_few(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                     const struct people_question *question, const struct progress *progress,
                     choose_people *choose, struct people *out, struct err *err)
{
    struct people_link_result linked;
    const struct people_link_options options = {.progress = progress};
    bool whole = false;
    if (question->now && !read_kept(workspace, arena, asker, question, choose, out, &whole, err)) {
        return false;
    }
    if (whole) out->all_areas = asker->all_areas;
    return whole
           || job_link(workspace, arena, asker, question->when, &options, false, out, &linked, err);
}

bool job_people_around(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                       const struct people_question *question, const struct progress *progress,
                       struct people *out, struct err *err)
{
    return read_few(workspace, arena, asker, question, progress, choose_around, out, err);
}

bool job_people_doubtful(struct workspace *workspace, struct arena *arena,
                         const struct asker *asker, const struct people_question *question,
                         const struct progress *progress, struct people *out, struct err *err)
{
    return read_few(workspace, arena, asker, question, progress, choose_doubtful, out, err);
}
