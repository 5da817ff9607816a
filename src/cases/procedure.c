#include "cases/procedure.h"

#include "base/dict.h"

static const char *const status_keys[CASE_STATUS_COUNT] = {"suspected", "confirmed", "returned",
                                                           "closed"};

const char *case_status_key(enum case_status status)
{
    CHECK(status < CASE_STATUS_COUNT);
    return status_keys[status];
}

const char *case_status_text(enum case_status status, enum lang lang)
{
    static const char *const zh[CASE_STATUS_COUNT] = {"疑似", "已确认", "已复学", "已销号"};
    CHECK(status < CASE_STATUS_COUNT);
    return lang == LANG_EN ? status_keys[status] : zh[status];
}

int case_status_of(struct str key)
{
    for (int i = 0; i < CASE_STATUS_COUNT; i++) {
        if (str_is(key, status_keys[i])) return i;
    }
    return -1;
}

const struct procedure *procedure_find(const struct procedures *procedures, struct str key)
{
    for (size_t i = 0; i < procedures->count; i++) {
        if (str_equal(procedures->items[i].key, key)) return &procedures->items[i];
    }
    return NULL;
}

const struct procedure_state *procedure_state_find(const struct procedure *procedure,
                                                   struct str key)
{
    for (size_t i = 0; i < procedure->state_count; i++) {
        if (str_equal(procedure->states[i].key, key)) return &procedure->states[i];
    }
    return NULL;
}

const struct procedure_outcome *procedure_outcome_find(const struct procedure *procedure,
                                                       struct str code)
{
    for (size_t i = 0; i < procedure->outcome_count; i++) {
        if (str_equal(procedure->outcomes[i].code, code)) return &procedure->outcomes[i];
    }
    return NULL;
}

int procedure_step_find(const struct procedure *procedure, struct str key)
{
    for (size_t i = 0; i < procedure->step_count; i++) {
        if (str_equal(procedure->steps[i].key, key)) return (int)i;
    }
    return -1;
}

const struct procedure_state *procedure_state_of(const struct procedure *procedure,
                                                 enum case_status status)
{
    for (size_t i = 0; i < procedure->state_count; i++) {
        if (procedure->states[i].is == status) return &procedure->states[i];
    }
    CHECK(false); /* procedures_load asks for a state of each status */
    return NULL;
}

const struct procedure *procedure_of_finding(const struct procedures *procedures,
                                             enum finding_kind kind, enum queue queue)
{
    for (size_t i = 0; i < procedures->count; i++) {
        const struct procedure *procedure = &procedures->items[i];
        for (size_t k = 0; k < procedure->opening_count; k++) {
            const struct procedure_opening *opening = &procedure->openings[k];
            if (opening->kind != kind) continue;
            if (opening->queues == 0 || (opening->queues >> queue & 1) != 0) return procedure;
        }
    }
    return NULL;
}

const struct procedure_word *procedure_word_find(const struct procedure_words *words,
                                                 struct str key)
{
    for (size_t i = 0; i < words->count; i++) {
        if (str_equal(words->items[i].key, key)) return &words->items[i];
    }
    return NULL;
}

static bool is_working(const struct procedures *procedures, day on)
{
    for (size_t i = 0; i < procedures->workday_count; i++) {
        const struct workday_change *change = &procedures->workdays[i];
        if (on.days >= change->from.days && on.days <= change->to.days) return change->works;
    }
    /* 1970-01-01 was a Thursday: 0 is Monday. */
    int weekday = (int)((((int64_t)on.days + 3) % 7 + 7) % 7);
    return weekday < 5;
}

day procedure_day_after(const struct procedures *procedures, day from, int64_t count, bool working)
{
    CHECK(!day_is_none(from));
    CHECK(count >= 0);
    CHECK(count <= PROCEDURE_DAYS_MAX);
    day at = from;
    if (!working) return (day){at.days + (int32_t)count};
    while (count > 0) {
        at.days++;
        if (is_working(procedures, at)) count--;
    }
    return at;
}
