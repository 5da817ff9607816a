#include "jobs/person_facts.h"

#include "awards/facts_known.h"
#include "jobs/person_told.h"

struct asking {
    struct workspace *workspace;
    struct arena *arena;
    const struct asker *asker;
    const struct facts_question *question;
    const struct aid_rules *rules;
    bool around; /* whoever shares a key is read too */
    struct people_near *near;
    struct facts_known known;
    struct aid_run *out;
    bool whole; /* what is kept fits so far */
    bool damaged;
};

static bool open_kept(struct asking *asking, struct err *err)
{
    struct workspace *workspace = asking->workspace;
    const struct aid_rules *rules = asking->rules;
    asking->whole = false;
    if (!job_open_kept(workspace, asking->arena, asking->asker, asking->question->when,
                       &asking->near, err)) {
        return false;
    }
    if (asking->near == NULL) return true;
    struct str rests =
        facts_rests(asking->arena, people_near_rests(asking->near), rules->policy, rules->text);
    return facts_known_read(workspace->store, workspace->codec, rests, asking->question->person,
                            &asking->known, &asking->whole, &asking->damaged, err);
}

static bool read_people(struct asking *asking, struct err *err)
{
    struct people *people = &asking->out->people;
    struct person_numbers numbers = {0};
    struct weigher *weigher;
    person_numbers_add(asking->arena, &numbers, asking->question->person);
    if (!people_near_read(asking->near, &numbers, people, &asking->whole, err)) return false;
    if (!asking->whole || !asking->around) return true;
    if (!people_near_weigher(asking->near, people, &weigher, &asking->whole, err)) return false;
    return !asking->whole
           || (people_near_around(asking->near, people, weigher, &numbers, err)
               && people_near_read(asking->near, &numbers, people, &asking->whole, err));
}

static bool is_record(void *context, uint32_t register_number, int64_t statement, bool *out,
                      struct err *err)
{
    const struct people_near *near = context;
    return people_near_is_record(near, register_number, statement, out, err);
}

static bool read_rows(struct asking *asking, struct err *err)
{
    struct workspace *workspace = asking->workspace;
    const struct people *people = &asking->out->people;
    size_t person = people_find(people, asking->question->person);
    struct fact_collector *collector =
        fact_collector_open(asking->arena, asking->rules->text, &workspace->profiles);
    const struct fact_taking taking = {.people = people,
                                       .person = (uint32_t)person,
                                       .known = &asking->known,
                                       .is_record = is_record,
                                       .context = asking->near};
    return (person == SIZE_MAX
            || fact_collector_take(collector, &workspace->registry, &taking, err))
           && fact_collector_close(collector, &workspace->registry, asking->asker,
                                   asking->question->when, &asking->out->kept, err);
}

/* asking->whole is false when all have to be read. In one transaction. */
static bool answer_of_state(struct asking *asking, struct err *err)
{
    struct aid_run *out = asking->out;
    if (!open_kept(asking, err)) return false;
    if (!asking->whole) return true;
    if (!read_people(asking, err)) return false;
    if (!asking->whole) return true;
    if (!read_rows(asking, err)) return false;
    facts_make_known(asking->arena, asking->rules->text, asking->rules->policy, &out->people,
                     &out->kept, &asking->known, &out->facts);
    /* Whom the check found to be a student these rows say to be one. */
    out->people.all_areas = asking->asker->all_areas;
    asking->whole = out->facts.rows.count == (asking->known.student ? 1 : 0);
    if (asking->whole) job_name_rows(asking->arena, out);
    return true;
}

/* What is kept and cannot be opened is thrown away. */
static bool answer_kept(struct asking *asking, struct err *err)
{
    struct store *store = asking->workspace->store;
    struct err why = ERR_INIT;
    if (!store_begin_read(store, err)) return false;
    bool good = answer_of_state(asking, &why);
    store_rollback(store);
    if (asking->damaged) {
        return store_begin(store, err) && store_end(store, facts_known_forget(store, err), err);
    }
    if (good) return true;
    asking->whole = false;
    return job_forget_damaged(store, asking->near, &why, err);
}

static bool ask(struct asking *asking, const struct progress *progress, bool *by_index,
                struct err *err)
{
    const struct facts_question *question = asking->question;
    *asking->out = (struct aid_run){0};
    if (question->now && !answer_kept(asking, err)) return false;
    *by_index = asking->whole;
    return asking->whole
           || job_facts(asking->workspace, asking->arena, asking->asker, question->when,
                        asking->rules, progress, asking->out, err);
}

bool job_facts_of_person(struct workspace *workspace, struct arena *arena,
                         const struct asker *asker, const struct facts_question *question,
                         const struct aid_rules *rules, const struct progress *progress,
                         struct aid_run *out, bool *by_index, struct err *err)
{
    struct asking asking = {.workspace = workspace,
                            .arena = arena,
                            .asker = asker,
                            .question = question,
                            .rules = rules,
                            .out = out};
    return ask(&asking, progress, by_index, err);
}

bool job_risk_of_person(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                        const struct facts_question *question, const struct casework *work,
                        const struct progress *progress, struct risk_list *out, bool *by_index,
                        struct err *err)
{
    struct aid_rules rules;
    struct aid_run *run = arena_new(arena, struct aid_run);
    struct asking asking = {.workspace = workspace,
                            .arena = arena,
                            .asker = asker,
                            .question = question,
                            .rules = &rules,
                            .around = true,
                            .out = run};
    return job_rules_known(workspace, arena, question->when.known_ms, &rules, err)
           && ask(&asking, progress, by_index, err)
           && job_risk_of(workspace, arena, &run->facts, work, out, err);
}
