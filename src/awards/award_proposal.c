#include "awards/award_store_internal.h"

static const char *const keys[] = {"back_pay", "recovery", "review"};
static const char *const zh[] = {"补发", "追回", "复核"};
static const char *const en[] = {"pay in arrears", "claim back", "look again"};

const char *award_proposal_key(enum award_proposal_kind kind)
{
    CHECK(kind <= AWARD_REVIEW);
    return keys[kind];
}

const char *award_proposal_text(enum award_proposal_kind kind, enum lang lang)
{
    CHECK(kind <= AWARD_REVIEW);
    return lang == LANG_EN ? en[kind] : zh[kind];
}

struct verdict {
    struct str scheme, period, verdict;
    int64_t fen;
};

/* A run as it stands in the workspace. */
struct side {
    int64_t run;           /* 0: there is none */
    LIST(int64_t) persons; /* ascending */
    LIST(uint32_t) kinds;
    LIST(size_t) firsts;           /* by kind: its first verdict; one more at the end */
    LIST(struct verdict) verdicts; /* by kind, then scheme */
};

static bool read_verdicts(struct store *store, struct arena *arena, struct side *side,
                          struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = true, good = false;
    if (!store_prepare(store, &rows,
                       "SELECT k.kind, v.scheme, v.period, v.verdict, v.fen FROM award_kind k "
                       "LEFT JOIN award_verdict v ON v.run = k.run AND v.kind = k.kind "
                       "WHERE k.run = $run ORDER BY k.kind, v.scheme",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$run", side->run);
    while ((good = store_step(rows, &row, err)) && row) {
        while ((int64_t)side->firsts.count <= store_i64(rows, 0)) {
            *list_push(arena, &side->firsts) = side->verdicts.count;
        }
        if (store_is_null(rows, 1)) continue;
        *list_push(arena, &side->verdicts) = (struct verdict){
            str_copy(arena, store_str(rows, 1)), str_copy(arena, store_str(rows, 2)),
            str_copy(arena, store_str(rows, 3)), store_i64(rows, 4)};
    }
    *list_push(arena, &side->firsts) = side->verdicts.count;
    store_finish(rows);
    return good;
}

static bool read_side(struct store *store, struct arena *arena, int64_t run, struct side *out,
                      struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = true, good = false;
    *out = (struct side){.run = run};
    if (!store_prepare(store, &rows,
                       "SELECT person, kind FROM award_person WHERE run = $run ORDER BY person",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$run", run);
    while ((good = store_step(rows, &row, err)) && row) {
        *list_push(arena, &out->persons) = store_i64(rows, 0);
        *list_push(arena, &out->kinds) = (uint32_t)store_i64(rows, 1);
    }
    store_finish(rows);
    return good && read_verdicts(store, arena, out, err);
}

static bool find_before(struct store *store, const struct award_run *run, int64_t number,
                        enum period_kind kind, int64_t *out, struct err *err)
{
    struct store_statement *find = NULL;
    char period[PERIOD_TEXT_SIZE];
    bool row = false;
    if (!store_prepare(store, &find,
                       "SELECT max(number) FROM award_run WHERE number < $number AND "
                       "CASE $by_term WHEN 1 THEN term ELSE school_year END = $period",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$number", number);
    store_bind_i64(find, "$by_term", kind == PERIOD_TERM);
    store_bind_str(find, "$period", str_from(period_format(period_of(kind, run->at), period)));
    bool good = store_step(find, &row, err);
    *out = good && row ? store_i64(find, 0) : 0;
    store_finish(find);
    return good;
}

/* What writing proposals needs at hand. */
struct proposer {
    struct registry *registry;
    struct arena *arena;
    const struct award_run *run;
    const struct side *before, *after;
    bool by_term; /* verdicts of which schemes are compared */
    struct store_statement *get, *close, *put;
    uint64_t changed;
};

struct change {
    int64_t person;
    struct str scheme, period;
    struct str was_verdict, now_verdict;
    int64_t was_fen, now_fen, was_run;
};

static enum award_proposal_kind kind_of(const struct change *change)
{
    bool now = str_is(change->now_verdict, "yes"), unknown = str_is(change->now_verdict, "unknown");
    if (!now && unknown) return AWARD_REVIEW;
    return change->now_fen > change->was_fen ? AWARD_BACK_PAY : AWARD_RECOVERY;
}

/* What was first decided stays the one side of a proposal, however often the other changes. */
static bool take_open(struct proposer *proposer, struct change *change, int64_t *open,
                      struct err *err)
{
    bool row = false;
    store_reset(proposer->get);
    store_bind_i64(proposer->get, "$person", change->person);
    store_bind_str(proposer->get, "$scheme", change->scheme);
    store_bind_str(proposer->get, "$period", change->period);
    if (!store_step(proposer->get, &row, err)) return false;
    *open = row ? store_i64(proposer->get, 0) : 0;
    if (!row) return true;
    change->was_verdict = str_copy(proposer->arena, store_str(proposer->get, 1));
    change->was_fen = store_i64(proposer->get, 2);
    change->was_run = store_i64(proposer->get, 3);
    return true;
}

static bool put_proposal(struct proposer *proposer, const struct change *change, struct err *err)
{
    struct store_statement *put = proposer->put;
    const struct facts *facts = proposer->run->facts;
    size_t row = facts_row_of(facts, change->person);
    store_reset(put);
    store_bind_i64(put, "$person", change->person);
    store_bind_str(put, "$scheme", change->scheme);
    store_bind_str(put, "$period", change->period);
    store_bind_text(put, "$area", row == SIZE_MAX ? STR_EMPTY : facts->areas[row]);
    store_bind_str(put, "$kind", str_from(award_proposal_key(kind_of(change))));
    store_bind_str(put, "$was_verdict", change->was_verdict);
    store_bind_i64(put, "$was_fen", change->was_fen);
    store_bind_i64(put, "$was_run", change->was_run);
    store_bind_str(put, "$now_verdict", change->now_verdict);
    store_bind_i64(put, "$now_fen", change->now_fen);
    store_bind_i64(put, "$now_run", proposer->after->run);
    return store_run(put, err);
}

static bool propose(struct proposer *proposer, struct change *change, struct err *err)
{
    int64_t open;
    proposer->changed++;
    if (!take_open(proposer, change, &open, err)) return false;
    bool money = change->was_fen != change->now_fen;
    if (open != 0) {
        store_reset(proposer->close);
        store_bind_str(proposer->close, "$status", money ? STR("replaced") : STR("withdrawn"));
        store_bind_i64(proposer->close, "$number", open);
        if (!store_run(proposer->close, err)) return false;
    }
    return !money || put_proposal(proposer, change, err);
}

static const struct verdict *find_verdict(const struct side *side, uint32_t kind, struct str scheme)
{
    for (size_t i = side->firsts.items[kind]; i < side->firsts.items[kind + 1]; i++) {
        if (str_equal(side->verdicts.items[i].scheme, scheme)) return &side->verdicts.items[i];
    }
    return NULL;
}

static bool of_term(const struct verdict *verdict)
{
    return str_ends(verdict->period, STR("spring")) || str_ends(verdict->period, STR("autumn"));
}

static bool compare_verdict(struct proposer *proposer, int64_t person, const struct verdict *was,
                            const struct verdict *now, struct err *err)
{
    static const struct verdict none = {{"", 0}, {"", 0}, {"none", 4}, 0};
    const struct verdict *named = now != NULL ? now : was;
    if (of_term(named) != proposer->by_term) return true;
    if (was == NULL) was = &none;
    if (now == NULL) now = &none;
    if (was->fen == now->fen && str_equal(was->verdict, now->verdict)) return true;
    struct change change = {.person = person,
                            .scheme = named->scheme,
                            .period = named->period,
                            .was_verdict = was->verdict,
                            .was_fen = was->fen,
                            .was_run = proposer->before->run,
                            .now_verdict = now->verdict,
                            .now_fen = now->fen};
    return propose(proposer, &change, err);
}

/* kinds of UINT32_MAX: no student on that side. */
static bool compare_kinds(struct proposer *proposer, int64_t person, uint32_t was, uint32_t now,
                          struct err *err)
{
    const struct side *before = proposer->before, *after = proposer->after;
    if (was != UINT32_MAX) {
        for (size_t i = before->firsts.items[was]; i < before->firsts.items[was + 1]; i++) {
            const struct verdict *one = &before->verdicts.items[i];
            const struct verdict *other =
                now == UINT32_MAX ? NULL : find_verdict(after, now, one->scheme);
            if (!compare_verdict(proposer, person, one, other, err)) return false;
        }
    }
    if (now == UINT32_MAX) return true;
    for (size_t i = after->firsts.items[now]; i < after->firsts.items[now + 1]; i++) {
        const struct verdict *one = &after->verdicts.items[i];
        if (was != UINT32_MAX && find_verdict(before, was, one->scheme) != NULL) continue;
        if (!compare_verdict(proposer, person, NULL, one, err)) return false;
    }
    return true;
}

static size_t find_person(const struct side *side, int64_t person)
{
    size_t low = 0, high = side->persons.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (side->persons.items[middle] < person) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < side->persons.count && side->persons.items[low] == person ? low : SIZE_MAX;
}

/* Whom linking found to be somebody else of the list is not gone: what was decided of the number
 * that ended is that person's. */
static bool follow(struct proposer *proposer, int64_t person, int64_t *out, struct err *err)
{
    return person_now(proposer->arena, proposer->registry, person, out, err);
}

static bool compare_person_before(struct proposer *proposer, size_t at, struct err *err)
{
    int64_t person = proposer->before->persons.items[at];
    uint32_t was = proposer->before->kinds.items[at];
    size_t now = find_person(proposer->after, person);
    if (now == SIZE_MAX) {
        if (!follow(proposer, person, &person, err)) return false;
        now = find_person(proposer->after, person);
        /* Two numbers that became one: the one that stayed is compared by itself. */
        if (now != SIZE_MAX && find_person(proposer->before, person) != SIZE_MAX) return true;
    }
    return compare_kinds(proposer, person, was,
                         now == SIZE_MAX ? UINT32_MAX : proposer->after->kinds.items[now], err);
}

/* Who is new has nothing to be compared with: what is due to them is paid like anybody's. */
static bool compare_all(struct proposer *proposer, struct err *err)
{
    bool good = true;
    for (size_t i = 0; good && i < proposer->before->persons.count; i++) {
        good = compare_person_before(proposer, i, err);
    }
    return good;
}

static bool open_statements(struct proposer *proposer, struct err *err)
{
    struct store *store = proposer->registry->store;
    return store_prepare(store, &proposer->get,
                         "SELECT number, was_verdict, was_fen, was_run FROM award_proposal "
                         "WHERE person = $person AND scheme = $scheme AND period = $period "
                         "AND status = 'open'",
                         err)
           && store_prepare(store, &proposer->close,
                            "UPDATE award_proposal SET status = $status WHERE number = $number",
                            err)
           && store_prepare(store, &proposer->put,
                            "INSERT INTO award_proposal (person, scheme, period, area, kind, "
                            "was_verdict, was_fen, was_run, now_verdict, now_fen, now_run, status) "
                            "VALUES ($person, $scheme, $period, $area, $kind, $was_verdict, "
                            "$was_fen, $was_run, $now_verdict, $now_fen, $now_run, 'open')",
                            err);
}

bool award_propose(struct registry *registry, struct arena *arena, const struct award_run *run,
                   int64_t number, uint64_t *changed, struct err *err)
{
    static const enum period_kind kinds[] = {PERIOD_TERM, PERIOD_YEAR};
    struct side before = {0}, after = {0};
    struct proposer proposer = {.registry = registry, .arena = arena, .run = run};
    bool good = true;
    *changed = 0;
    for (size_t k = 0; good && k < sizeof kinds / sizeof *kinds; k++) {
        int64_t earlier;
        good = find_before(registry->store, run, number, kinds[k], &earlier, err);
        if (!good || earlier == 0) continue;
        if (after.run == 0) good = read_side(registry->store, arena, number, &after, err);
        if (good && before.run != earlier) {
            good = read_side(registry->store, arena, earlier, &before, err);
        }
        if (good && proposer.put == NULL) good = open_statements(&proposer, err);
        if (!good) break;
        proposer.before = &before;
        proposer.after = &after;
        proposer.by_term = kinds[k] == PERIOD_TERM;
        good = compare_all(&proposer, err);
    }
    store_finish(proposer.get);
    store_finish(proposer.close);
    store_finish(proposer.put);
    *changed = proposer.changed;
    return good;
}

bool award_count_open(struct store *store, uint64_t *out, struct err *err)
{
    struct store_statement *count = NULL;
    if (!store_prepare(store, &count, "SELECT count(*) FROM award_proposal WHERE status = 'open'",
                       err)) {
        return false;
    }
    bool good = store_step_row(count, err);
    if (good) *out = (uint64_t)store_i64(count, 0);
    store_finish(count);
    return good;
}

static enum award_proposal_kind read_kind(struct str key)
{
    for (int i = 0; i <= AWARD_REVIEW; i++) {
        if (str_is(key, keys[i])) return (enum award_proposal_kind)i;
    }
    return AWARD_REVIEW;
}

bool award_proposals(struct store *store, struct arena *arena, const struct asker *asker,
                     struct award_proposal **out, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct award_proposal) list = {0};
    bool row = true, good = false;
    if (!store_prepare(store, &rows,
                       "SELECT number, person, scheme, period, area, kind, was_verdict, was_fen, "
                       "was_run, now_verdict, now_fen, now_run FROM award_proposal "
                       "WHERE status = 'open' ORDER BY scheme, period, kind, person",
                       err)) {
        return false;
    }
    while ((good = store_step(rows, &row, err)) && row) {
        if (!asker_sees(asker, store_str(rows, 4))) continue;
        *list_push(arena, &list) =
            (struct award_proposal){.number = store_i64(rows, 0),
                                    .person = store_i64(rows, 1),
                                    .scheme = str_copy(arena, store_str(rows, 2)),
                                    .period = str_copy(arena, store_str(rows, 3)),
                                    .area = str_copy(arena, store_str(rows, 4)),
                                    .kind = read_kind(store_str(rows, 5)),
                                    .was_verdict = str_copy(arena, store_str(rows, 6)),
                                    .was_fen = store_i64(rows, 7),
                                    .was_run = store_i64(rows, 8),
                                    .now_verdict = str_copy(arena, store_str(rows, 9)),
                                    .now_fen = store_i64(rows, 10),
                                    .now_run = store_i64(rows, 11)};
    }
    store_finish(rows);
    if (!good) return false;
    *out = list.items;
    *count = list.count;
    return true;
}

bool award_history(struct store *store, struct arena *arena, int64_t person,
                   struct award_past **out, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct award_past) list = {0};
    bool row = true, good = false;
    if (!store_prepare(store, &rows,
                       "SELECT r.number, r.at, v.scheme, v.period, v.verdict, v.needs, k.inputs, "
                       "v.fen FROM award_person p "
                       "JOIN award_run r ON r.number = p.run "
                       "JOIN award_kind k ON k.run = p.run AND k.kind = p.kind "
                       "JOIN award_verdict v ON v.run = p.run AND v.kind = p.kind "
                       "WHERE p.person = $person AND r.number IN "
                       "(SELECT max(number) FROM award_run GROUP BY term) "
                       "ORDER BY v.scheme, r.number DESC",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$person", person);
    while ((good = store_step(rows, &row, err)) && row) {
        *list_push(arena, &list) =
            (struct award_past){.run = store_i64(rows, 0),
                                .at = store_day(rows, 1),
                                .scheme = str_copy(arena, store_str(rows, 2)),
                                .period = str_copy(arena, store_str(rows, 3)),
                                .verdict = str_copy(arena, store_str(rows, 4)),
                                .needs = str_copy(arena, store_str(rows, 5)),
                                .inputs = str_copy(arena, store_str(rows, 6)),
                                .fen = store_i64(rows, 7)};
    }
    store_finish(rows);
    if (!good) return false;
    *out = list.items;
    *count = list.count;
    return true;
}

static bool newest_run(struct store *store, struct period period, int64_t *run, struct err *err)
{
    struct store_statement *find = NULL;
    char name[PERIOD_TEXT_SIZE];
    if (!store_prepare(store, &find,
                       "SELECT coalesce(max(number), 0) FROM award_run WHERE CASE $by_term WHEN 1 "
                       "THEN term ELSE school_year END = $period",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$by_term", period.kind == PERIOD_TERM);
    store_bind_str(find, "$period", str_from(period_format(period, name)));
    bool good = store_step_row(find, err);
    if (good) *run = store_i64(find, 0);
    store_finish(find);
    return good;
}

bool award_due(struct store *store, struct arena *arena, struct str scheme, struct period period,
               struct award_due **out, size_t *count, int64_t *run, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct award_due) list = {0};
    char name[PERIOD_TEXT_SIZE];
    bool row = false, good = false;
    if (!newest_run(store, period, run, err)
        || !store_prepare(store, &rows,
                          "SELECT p.person, v.fen FROM award_person AS p JOIN award_verdict AS v "
                          "ON v.run = p.run AND v.kind = p.kind WHERE p.run = $run AND v.scheme = "
                          "$scheme AND v.period = $period AND v.verdict = 'yes' AND v.fen > 0 "
                          "ORDER BY p.person",
                          err)) {
        return false;
    }
    store_bind_i64(rows, "$run", *run);
    store_bind_str(rows, "$scheme", scheme);
    store_bind_str(rows, "$period", str_from(period_format(period, name)));
    while ((good = store_step(rows, &row, err)) && row) {
        *list_push(arena, &list) = (struct award_due){store_i64(rows, 0), store_i64(rows, 1)};
    }
    store_finish(rows);
    if (!good) return false;
    *out = list.items;
    *count = list.count;
    return true;
}

bool award_days(struct store *store, struct arena *arena, day **out, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(day) list = {0};
    bool row = false, good = false;
    if (!store_prepare(store, &rows,
                       "SELECT at FROM award_run GROUP BY at ORDER BY max(number) DESC", err)) {
        return false;
    }
    while ((good = store_step(rows, &row, err)) && row) {
        *list_push(arena, &list) = store_day(rows, 0);
    }
    store_finish(rows);
    if (!good) return false;
    *out = list.items;
    *count = list.count;
    return true;
}
