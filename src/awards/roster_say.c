#include "awards/roster_internal.h"

enum { COUNTY_DIGITS = 6, GUARDIANS_WHO_SETTLE = 2 };

/* One clause about one member. */
struct saying {
    const struct fact_maker *maker;
    uint32_t member;
    const struct roster_rows *rows;
    const struct bound_clause *bound;
    const struct roster_hearer *hearer;
};

static void tell(const struct saying *saying, struct fact_source source, bool counts)
{
    source.register_number = (uint32_t)saying->bound->clause->register_number;
    saying->hearer->hear(saying->hearer->context, &source, counts);
}

/* The county that `within` names; false where it is not known. */
static bool county_of(const struct saying *saying, int64_t *out)
{
    const struct fact_maker *maker = saying->maker;
    uint16_t input =
        policy_find_input(maker->policy, maker->facts->subject, saying->bound->clause->within);
    if (input == POLICY_NONE || input == saying->bound->input) return false;
    return roster_state_of(maker, saying->member, saying->rows, input, out) == POLICY_KNOWN;
}

/* What the clause says of a row, and whether it is stale; false where it says nothing. */
static bool value_of(const struct saying *saying, uint32_t row, int64_t *value, bool *stale)
{
    const struct fact_maker *maker = saying->maker;
    const struct fact_clause *clause = saying->bound->clause;
    int64_t county, own;
    if (!fact_clause_holds(maker, clause, row, stale) && !*stale) return false;
    if (clause->within.len == 0) return fact_clause_value(maker, saying->bound, row, value);
    const struct fact_register *reg = &maker->text->registers[clause->register_number];
    struct str area = fact_text_at(maker->kept, row, reg->area);
    if (area.len < COUNTY_DIGITS || !str_to_i64(str_slice(area, 0, COUNTY_DIGITS), &own)
        || !county_of(saying, &county)) {
        return false;
    }
    *value = 0;
    return own != county || fact_clause_value(maker, saying->bound, row, value);
}

static void tell_row(const struct saying *saying, uint32_t row, int64_t value, bool stale,
                     bool of_household)
{
    tell(saying,
         (struct fact_source){.kind = stale ? FACT_STALE : FACT_STATED,
                              .value = value,
                              .row = row,
                              .record = UINT32_MAX,
                              .of_household = of_household},
         true);
}

/* Of several rows of a register the newest speaks. */
static void say_own(const struct saying *saying)
{
    const struct fact_row *kept = saying->maker->kept->rows;
    uint32_t best = UINT32_MAX;
    int64_t best_value = 0;
    bool best_stale = false, of_household = false;
    for (size_t i = 0; i < saying->rows->own_count + saying->rows->household_count; i++) {
        bool own = i < saying->rows->own_count, stale;
        uint32_t row =
            own ? saying->rows->own[i] : saying->rows->household[i - saying->rows->own_count];
        int64_t value;
        if (kept[row].register_number != saying->bound->clause->register_number) continue;
        /* A candidate's second row is another candidate: one row of the list is one member. */
        if (kept[row].register_number == kept[saying->member].register_number
            && row != saying->member) {
            continue;
        }
        if (!own && best != UINT32_MAX) break;
        if (!value_of(saying, row, &value, &stale)) continue;
        if (best != UINT32_MAX && kept[row].valid_from.days <= kept[best].valid_from.days) continue;
        best = row;
        best_value = value;
        best_stale = stale;
        of_household = !own;
    }
    if (best != UINT32_MAX) tell_row(saying, best, best_value, best_stale, of_household);
}

/* The school that the member's own row names, or the newest row of another register. */
static void say_school(const struct saying *saying)
{
    const struct fact_maker *maker = saying->maker;
    const struct fact_row *kept = maker->kept->rows;
    int through = saying->bound->clause->through;
    uint32_t best = through < 0 ? saying->member : UINT32_MAX;
    for (size_t i = 0; i < saying->rows->own_count && through >= 0; i++) {
        uint32_t row = saying->rows->own[i];
        if (kept[row].register_number != (uint32_t)through) continue;
        if (best == UINT32_MAX || kept[row].valid_from.days > kept[best].valid_from.days) {
            best = row;
        }
    }
    uint32_t school = best == UINT32_MAX ? UINT32_MAX : fact_school_row(maker, best);
    int64_t value;
    bool stale;
    if (school == UINT32_MAX
        || kept[school].register_number != saying->bound->clause->register_number) {
        return;
    }
    if (value_of(saying, school, &value, &stale)) tell_row(saying, school, value, stale, false);
}

/* One guardian of whom it is so is enough; that it is not so takes two. */
static void say_guardians(const struct saying *saying)
{
    const struct fact_maker *maker = saying->maker;
    const struct roster *roster = maker->roster;
    size_t against = 0;
    bool any = false;
    uint32_t rows[ROSTER_GUARDIANS_MAX];
    int64_t values[ROSTER_GUARDIANS_MAX];
    size_t count = 0;
    for (size_t g = 0; g < saying->rows->guardian_count; g++) {
        for (uint32_t row = roster_row_of_id(roster, saying->rows->guardians[g]); row != UINT32_MAX;
             row = roster->same_id[row]) {
            bool stale;
            if (maker->kept->rows[row].register_number != saying->bound->clause->register_number
                || !value_of(saying, row, &values[count], &stale)) {
                continue;
            }
            any |= values[count] != 0;
            against += values[count] == 0;
            rows[count++] = row;
            break;
        }
    }
    for (size_t i = 0; i < count; i++) {
        tell(saying,
             (struct fact_source){.kind = FACT_STATED,
                                  .value = values[i],
                                  .row = rows[i],
                                  .record = UINT32_MAX,
                                  .of_guardian = true},
             values[i] != 0 || (!any && against >= GUARDIANS_WHO_SETTLE));
    }
}

static bool is_listed(const struct saying *saying)
{
    const struct fact_row *kept = saying->maker->kept->rows;
    size_t reg = saying->bound->clause->register_number;
    for (size_t i = 0; i < saying->rows->own_count; i++) {
        if (kept[saying->rows->own[i]].register_number == reg) return true;
    }
    for (size_t i = 0; i < saying->rows->household_count; i++) {
        if (kept[saying->rows->household[i]].register_number == reg) return true;
    }
    return false;
}

/* "On no list" says something where the list came from the person's county. */
static void say_silence(const struct saying *saying)
{
    struct bound_clause stated = *saying->bound;
    struct fact_clause clause = *stated.clause;
    int64_t county, value = 0;
    if (is_listed(saying) || !county_of(saying, &county)) return;
    clause.value = clause.silent;
    stated.clause = &clause;
    bool sent = roster_was_sent(saying->maker, clause.register_number, county);
    if (sent && !fact_clause_value(saying->maker, &stated, saying->member, &value)) return;
    tell(saying,
         (struct fact_source){.kind = sent ? FACT_SILENT : FACT_NOT_SENT,
                              .value = value,
                              .row = UINT32_MAX,
                              .record = UINT32_MAX},
         sent);
}

void roster_say(const struct fact_maker *maker, uint32_t member, const struct roster_rows *rows,
                uint16_t input, const struct roster_hearer *hearer)
{
    const struct bound_list *list = &maker->by_input[input];
    for (size_t i = 0; i < list->items.count; i++) {
        const struct bound_clause *bound = list->items.items[i];
        const struct fact_clause *clause = bound->clause;
        const struct saying saying = {maker, member, rows, bound, hearer};
        uint32_t own = maker->kept->rows[member].register_number;
        if (clause->silent.len > 0) {
            say_silence(&saying);
        } else if (clause->of_guardian) {
            say_guardians(&saying);
        } else if (clause->register_number != own
                   && !maker->text->registers[clause->register_number].profile->people) {
            say_school(&saying);
        } else {
            say_own(&saying);
        }
    }
}

struct heard_first {
    enum policy_state state;
    int64_t value;
};

static void hear_first(void *context, const struct fact_source *source, bool counts)
{
    struct heard_first *heard = context;
    if (!counts || heard->state == POLICY_KNOWN) return;
    if (source->kind == FACT_STALE) {
        heard->state = POLICY_STALE;
        return;
    }
    *heard = (struct heard_first){POLICY_KNOWN, source->value};
}

enum policy_state roster_state_of(const struct fact_maker *maker, uint32_t member,
                                  const struct roster_rows *rows, uint16_t input, int64_t *value)
{
    struct heard_first heard = {.state = POLICY_MISSING};
    const struct roster_hearer hearer = {hear_first, &heard};
    roster_say(maker, member, rows, input, &hearer);
    *value = heard.value;
    return heard.state;
}
