#include "awards/roster.h"
#include "jobs/eligible_internal.h"
#include "jobs/stages.h"

#include <stdlib.h>

struct eligible_hearing {
    struct arena *arena;
    struct facts_text text;
    struct fact_collector *collector;
    struct dict ids; /* of all candidates */
    int id_field;    /* of the register */
    struct listener_pair pair;
};

static bool is_sent(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                    bool *sent, struct err *err)
{
    struct batch *batches;
    size_t count;
    *sent = false;
    if (!registry_batches(&workspace->registry, arena, asker, &batches, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        *sent |= batches[i].undone_ms == 0 && str_is(batches[i].register_key, "candidates");
    }
    return true;
}

static bool keep_id(void *context, const struct statement *statement)
{
    struct eligible_hearing *hearing = context;
    struct str id = hearing->id_field < 0 ? STR_EMPTY : statement->values[hearing->id_field];
    if (id.len > 0) dict_put(&hearing->ids, id);
    return true;
}

/* Few are candidates: what registers say of all others is not kept. */
static bool read_ids(struct eligible_hearing *hearing, struct workspace *workspace,
                     const struct asker *asker, struct read_at when, struct err *err)
{
    const struct profile *profile = profile_find(&workspace->profiles, STR("candidates"));
    dict_init(&hearing->ids, hearing->arena);
    hearing->id_field = profile_field_number(profile, "id_number");
    return registry_read(&workspace->registry, asker, profile, when, keep_id, hearing, err);
}

bool eligible_hear(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                   struct read_at when, struct eligible_hearing **out, struct err *err)
{
    bool sent;
    *out = NULL;
    if (!is_sent(workspace, arena, asker, &sent, err)) return false;
    if (!sent) return true;
    struct eligible_hearing *hearing = arena_new(arena, struct eligible_hearing);
    hearing->arena = arena;
    if (!facts_text_load(&hearing->text, arena, &workspace->profiles, workspace->policies,
                         "applicant", err)
        || !read_ids(hearing, workspace, asker, when, err)) {
        return false;
    }
    hearing->collector = fact_collector_open(arena, &hearing->text, &workspace->profiles);
    fact_collector_narrow(hearing->collector, &hearing->ids);
    *out = hearing;
    return true;
}

const struct people_listener *eligible_listener(struct eligible_hearing *hearing,
                                                const struct people_listener *also)
{
    if (hearing == NULL) return also;
    const struct people_listener *own = fact_collector_listener(hearing->collector);
    return listener_both(&hearing->pair, own, also);
}

static int compare_candidates(const void *a, const void *b)
{
    const struct eligible_candidate *x = a, *y = b;
    int by_number = str_compare(x->number, y->number);
    if (by_number != 0) return by_number;
    return x->record < y->record ? -1 : x->record > y->record;
}

/* Which row of the roster a record is. */
struct member {
    int64_t record;
    size_t row;
};

static int compare_members(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    return x->record < y->record ? -1 : x->record > y->record;
}

static void join_rows(struct arena *arena, struct eligible_known *known)
{
    const struct facts *facts = known->people.facts;
    size_t count = facts == NULL ? 0 : known->people.rows.count;
    struct member *members = arena_array(arena, struct member, count);
    for (size_t row = 0; row < count; row++) {
        members[row] = (struct member){facts->kept->rows[roster_member(facts, row)].statement, row};
    }
    if (count > 1) qsort(members, count, sizeof *members, compare_members);
    for (size_t i = 0; i < known->candidate_count; i++) {
        struct eligible_candidate *who = &known->candidates[i];
        const struct member wanted = {.record = who->record};
        const struct member *found =
            count == 0 ? NULL : bsearch(&wanted, members, count, sizeof *members, compare_members);
        who->row = found == NULL ? SIZE_MAX : found->row;
        who->person = found == NULL ? UINT32_MAX : roster_person(facts, found->row);
    }
}

static void add_year(struct arena *arena, struct eligible_known *known, int year)
{
    size_t at = 0;
    while (at < known->year_count && known->years[at] > year) at++;
    if (year == 0 || (at < known->year_count && known->years[at] == year)) return;
    int *years = arena_array(arena, int, known->year_count + 1);
    for (size_t i = 0; i <= known->year_count; i++) {
        years[i] = i == at ? year : known->years[i < at ? i : i - 1];
    }
    known->years = years;
    known->year_count++;
}

static bool read_known(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                       struct read_at when, const struct policy *policy,
                       struct eligible_known *known, struct err *err)
{
    static const char subject[] = "applicant";
    known->policy = policy;
    if (!plans_text_load(&known->plans, arena, policy, workspace->policies, subject, err)
        || !eligible_read(known, workspace, arena, asker, when, err)) {
        return false;
    }
    if (known->candidate_count > 1) {
        qsort(known->candidates, known->candidate_count, sizeof *known->candidates,
              compare_candidates);
    }
    for (size_t i = 0; i < known->candidate_count; i++) {
        add_year(arena, known, known->candidates[i].year);
    }
    join_rows(arena, known);
    return true;
}

bool eligible_known_of(struct eligible_hearing *hearing, struct workspace *workspace,
                       struct arena *arena, const struct asker *asker, const struct policy *policy,
                       const struct people *people, struct eligible_known *out, struct err *err)
{
    struct eligible_known known = {.policy = policy};
    struct fact_rows *kept = arena_new(arena, struct fact_rows);
    if (!fact_collector_fetch(hearing->collector, &workspace->registry, asker, people, err)
        || !fact_collector_close(hearing->collector, &workspace->registry, asker, people->when,
                                 kept, err)) {
        return false;
    }
    roster_make(arena, &hearing->text, policy, people, kept, people->when.at, &known.people);
    if (!read_known(workspace, arena, asker, people->when, policy, &known, err)) return false;
    *out = known;
    return true;
}

bool eligible_known_read(struct workspace *workspace, struct arena *arena,
                         const struct asker *asker, struct read_at when,
                         const struct policy *policy, struct eligible_known *out, struct err *err)
{
    struct eligible_known nobody = {.policy = policy};
    struct eligible_hearing *hearing;
    struct people_link_result linked;
    if (!eligible_hear(workspace, arena, asker, when, &hearing, err)) return false;
    if (hearing == NULL) {
        if (!read_known(workspace, arena, asker, when, policy, &nobody, err)) return false;
        *out = nobody;
        return true;
    }
    struct people *people = arena_new(arena, struct people);
    const struct people_link_options options = {.listener = eligible_listener(hearing, NULL)};
    return job_link(workspace, arena, asker, when, &options, false, people, &linked, err)
           && eligible_known_of(hearing, workspace, arena, asker, policy, people, out, err);
}
