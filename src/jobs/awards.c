#include "jobs/awards.h"

#include "awards/roster.h"
#include "base/list.h"
#include "jobs/stages.h"
#include "ledger/booked.h"

bool job_rules(struct workspace *workspace, struct arena *arena, struct aid_rules *out,
               struct err *err)
{
    const struct pack_wish wish = {.policies = workspace->policies};
    struct pack_faults faults;
    struct pack_set set;
    if (!packs_load(arena, &wish, &faults, &set, err)) return false;
    struct policy_source *sources = arena_array(arena, struct policy_source, set.source_count + 1);
    memcpy(sources, set.sources, set.source_count * sizeof *sources);
    sources[set.source_count] =
        (struct policy_source){workspace->facts.source_name, workspace->facts.source};
    *out = (struct aid_rules){.policy = set.policy,
                              .text = &workspace->facts,
                              .sources = sources,
                              .source_count = set.source_count + 1};
    return true;
}

/* The clock has gone on since whoever asks for now looked at it; the texts have not changed since
 * the workspace was opened. */
static bool is_now(const struct workspace *workspace, int64_t known_ms, int64_t now_ms)
{
    return known_ms >= now_ms || (workspace->opened_ms > 0 && known_ms >= workspace->opened_ms);
}

bool job_rules_known(struct workspace *workspace, struct arena *arena, int64_t known_ms,
                     struct aid_rules *out, struct err *err)
{
    struct policy_source *sources;
    size_t count;
    int64_t now;
    if (!registry_now(&workspace->registry, &now, err)) return false;
    if (is_now(workspace, known_ms, now)) return job_rules(workspace, arena, out, err);
    if (!award_rules_known(workspace->store, arena, known_ms, &sources, &count, err)) return false;
    if (count == 0) return job_rules(workspace, arena, out, err);
    const struct policy_source *text = &sources[count - 1];
    struct facts_text *facts = arena_new(arena, struct facts_text);
    const struct policy *policy;
    if (!facts_text_read(facts, arena, &workspace->profiles, text->name, text->text, err)
        || !policy_read(arena, sources, count - 1, NULL, &policy, err)) {
        return false;
    }
    *out = (struct aid_rules){policy, facts, sources, count};
    return true;
}

void job_name_rows(struct arena *arena, struct aid_run *run)
{
    size_t count = run->facts.rows.count;
    struct str *ids = arena_array(arena, struct str, count);
    struct str *names = arena_array(arena, struct str, count);
    uint32_t *order = arena_array(arena, uint32_t, count);
    for (size_t row = 0; row < count; row++) {
        char digits[20];
        uint64_t number = (uint64_t)run->facts.people->persons[run->facts.persons[row]].number;
        ids[row] = str_copy(arena, (struct str){digits, u64_digits(number, digits)});
        names[row] = people_text(run->facts.people, run->facts.records[row], PERSON_NAME);
        order[row] = (uint32_t)row;
    }
    run->rows = (struct award_people){.rows = run->facts.rows,
                                      .ids = ids,
                                      .order = order,
                                      .names = names,
                                      .open = &run->facts.open,
                                      .facts = &run->facts};
}

static void hear_both(void *context, uint32_t register_number, const struct statement *statement,
                      bool set_aside)
{
    const struct listener_pair *pair = context;
    pair->first->row(pair->first->context, register_number, statement, set_aside);
    pair->second->row(pair->second->context, register_number, statement, set_aside);
}

const struct people_listener *listener_both(struct listener_pair *pair,
                                            const struct people_listener *first,
                                            const struct people_listener *second)
{
    if (second == NULL) return first;
    *pair = (struct listener_pair){first, second, {hear_both, pair}};
    return &pair->both;
}

bool job_facts_heard(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                     struct read_at when, const struct aid_rules *rules,
                     const struct people_listener *also, const struct progress *progress,
                     struct aid_run *out, struct err *err)
{
    struct fact_collector *collector =
        fact_collector_open(arena, rules->text, &workspace->profiles);
    struct listener_pair pair;
    const struct people_link_options options = {
        .progress = progress,
        .listener = listener_both(&pair, fact_collector_listener(collector), also)};
    if (!job_link(workspace, arena, asker, when, &options, false, &out->people, &out->link, err)
        || !fact_collector_close(collector, &workspace->registry, asker, when, &out->kept, err)) {
        return false;
    }
    facts_make(arena, rules->text, rules->policy, &out->people, &out->kept, &out->facts);
    job_name_rows(arena, out);
    return true;
}

bool job_facts(struct workspace *workspace, struct arena *arena, const struct asker *asker,
               struct read_at when, const struct aid_rules *rules, const struct progress *progress,
               struct aid_run *out, struct err *err)
{
    return job_facts_heard(workspace, arena, asker, when, rules, NULL, progress, out, err);
}

bool job_roster(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                struct read_at when, const struct policy *policy, const char *subject,
                struct award_people *out, struct err *err)
{
    struct facts_text *text = arena_new(arena, struct facts_text);
    struct fact_rows *kept = arena_new(arena, struct fact_rows);
    if (!facts_text_load(text, arena, &workspace->profiles, workspace->policies, subject, err)) {
        return false;
    }
    if (!roster_is_of(text)) {
        return err_set(err, ERR_CONFLICT,
                       "\"%s\" are linked people: their facts are gathered, not read row by row",
                       "“%s”是归并的人员：情况由各名册归集，不逐行读取", subject);
    }
    struct fact_collector *collector = fact_collector_open(arena, text, &workspace->profiles);
    struct people *people = NULL;
    if (roster_is_joined(text)) {
        struct people_link_result linked;
        const struct people_link_options options = {.listener = fact_collector_listener(collector)};
        people = arena_new(arena, struct people);
        if (!job_link(workspace, arena, asker, when, &options, false, people, &linked, err)) {
            return false;
        }
    }
    if (!fact_collector_close(collector, &workspace->registry, asker, when, kept, err)) {
        return false;
    }
    roster_make(arena, text, policy, people, kept, when.at, out);
    return true;
}

/* What the books paid, under the numbers by which people are known now. */
static bool read_booked(struct workspace *workspace, struct arena *arena,
                        const struct people *people, struct payment_booked **out, size_t *count,
                        struct err *err)
{
    if (!booked_payments(workspace->store, arena, out, count, err)) return false;
    for (size_t i = 0; i < *count; i++) {
        int64_t *person = &(*out)[i].person;
        if (people_find(people, *person) != SIZE_MAX) continue;
        if (!person_now(arena, &workspace->registry, *person, person, err)) return false;
    }
    return true;
}

bool job_aid_check(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                   const struct people *people, struct fact_collector *collector,
                   struct aid_check **out, struct err *err)
{
    struct aid_check *made = arena_new(arena, struct aid_check);
    const struct fact_paid *paid = &workspace->facts.paid;
    struct fact_rows *kept = &made->run.kept;
    *out = NULL;
    if (!fact_collector_close(collector, &workspace->registry, asker, people->when, kept, err)) {
        return false;
    }
    if (workspace->facts.member_count == 0) return true; /* the text says nothing of students */
    struct payment_booked *booked;
    size_t booked_count;
    int number = paid->register_number;
    if (!read_booked(workspace, arena, people, &booked, &booked_count, err)
        || !job_rules_known(workspace, arena, people->when.known_ms, &made->rules, err)) {
        return false;
    }
    bool stated = number >= 0 && kept->firsts[number] < kept->firsts[number + 1];
    struct facts *facts = &made->run.facts;
    facts_make(arena, &workspace->facts, made->rules.policy, people, kept, facts);
    if (facts->subject == POLICY_NONE || facts->rows.count == 0) return true;
    job_name_rows(arena, &made->run);
    if (stated || booked_count > 0) {
        payments_read(arena, facts, &made->payments);
        payments_add(arena, facts, booked, booked_count, &made->payments);
    }
    made->paid = made->payments.count > 0;
    const struct policy_decide_options options = {.subject = facts->subject, .at = facts->at};
    const struct policy_program *program = policy_compile(arena, facts->policy, &options);
    award_decide_kinds(arena, program, &facts->rows, &facts->open, 0, &made->kinds);
    made->check = (struct check_aid){facts, program, &made->kinds, &made->payments};
    *out = made;
    return true;
}

bool job_award_save(struct workspace *workspace, const struct asker *asker,
                    const struct aid_rules *rules, const struct aid_run *run,
                    const struct award_kinds *kinds, int64_t known_ms, struct award_saved *out,
                    struct err *err)
{
    const struct award_run saved = {.facts = &run->facts,
                                    .kinds = kinds,
                                    .at = run->facts.at,
                                    .known_ms = known_ms,
                                    .sources = rules->sources,
                                    .source_count = rules->source_count};
    *out = (struct award_saved){0};
    if (!asker->all_areas) return true;
    return award_save(&workspace->registry, asker, &saved, out, err);
}
