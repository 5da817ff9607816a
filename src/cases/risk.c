#include "cases/risk.h"

#include "cases/household.h"

#include <stdlib.h>

enum { TOWNSHIP_DIGITS = 9 };

bool risk_known_read(struct risk_known *out, struct arena *arena, const struct casework *work,
                     const struct risk_text *text, const struct people *people, day at,
                     struct err *err)
{
    const struct asker all = asker_local();
    const struct case_filter filter = {.procedure = text->procedure,
                                       .role = -1,
                                       .status = -2,
                                       .due = DAY_NONE,
                                       .at = at,
                                       .bare = true};
    struct arena scratch = {0};
    struct case_row *rows;
    size_t count;
    bool *away = arena_array(&scratch, bool, people->person_count);
    out->left_before = arena_array(arena, bool, people->person_count);
    out->sibling_out = arena_array(arena, uint32_t, people->person_count);
    bool good = case_list(work, &scratch, &all, &filter, &rows, &count, err);
    for (size_t i = 0; good && i < count; i++) {
        size_t person = people_find(people, rows[i].person);
        if (rows[i].person == 0 || person == SIZE_MAX) continue;
        if (rows[i].status == CASE_SUSPECTED || rows[i].status == CASE_CONFIRMED) {
            away[person] = true;
        }
        if (!day_is_none(rows[i].confirmed) || rows[i].relapses > 0) {
            out->left_before[person] = true;
        }
    }
    if (good) household_around(people, away, out->sibling_out);
    arena_free(&scratch);
    return good;
}

static day birth_of(const struct facts *facts, uint32_t row)
{
    const struct people *people = facts->people;
    const struct person_record *shown = &people->records[people_shown(people, facts->persons[row])];
    return day_is_none(shown->birth) ? people->records[facts->records[row]].birth : shown->birth;
}

static const struct risk_stage *stage_of(const struct risk_text *text, const struct facts *facts,
                                         uint32_t row)
{
    int64_t word;
    if (!policy_states(&facts->rows, text->stage_input, row, &word)) return NULL;
    for (size_t i = 0; i < text->stage_count; i++) {
        if (text->stages[i].word == word) return &text->stages[i];
    }
    return NULL;
}

/* Years above those of the grade. */
static bool years_over(const struct risk_text *text, const struct facts *facts, uint32_t row,
                       int64_t *out)
{
    const struct risk_stage *stage = stage_of(text, facts, row);
    day birth = birth_of(facts, row);
    int64_t grade;
    if (stage == NULL || day_is_none(birth)
        || !policy_states(&facts->rows, text->grade_input, row, &grade)) {
        return false;
    }
    *out = day_age(birth, day_school_cutoff(facts->at)) - (stage->first_age + grade - 1);
    return true;
}

static bool in_other_township(const struct facts *facts, uint32_t row, int64_t *out)
{
    struct str home = facts->areas[row], school = facts->school_areas[row];
    if (home.len < TOWNSHIP_DIGITS || school.len < TOWNSHIP_DIGITS) return false;
    *out = !str_equal(str_slice(home, 0, TOWNSHIP_DIGITS), str_slice(school, 0, TOWNSHIP_DIGITS));
    return true;
}

static bool stated(const struct facts *facts, const struct risk_point *point, uint32_t row,
                   int64_t *out)
{
    const struct policy_input *input = &facts->policy->inputs[point->input];
    bool known = policy_states(&facts->rows, point->input, row, out);
    if (input->type == POLICY_SET) {
        const struct policy_column *column = &facts->rows.columns[point->input];
        if (column->states == NULL) return false;
        /* Words that are known stand there also while others are not. */
        *out = column->values[policy_place_in(&facts->rows, point->input, row)] & point->words;
        return known || *out != 0;
    }
    return known;
}

/* What the point reads of a row; false: nobody tells. */
static bool read_value(const struct risk_text *text, const struct facts *facts,
                       const struct risk_known *known, const struct risk_point *point, uint32_t row,
                       int64_t *out)
{
    uint32_t person = facts->persons[row];
    switch (point->source) {
    case RISK_OF_INPUT: return stated(facts, point, row, out);
    case RISK_OVER_GRADE: return years_over(text, facts, row, out);
    case RISK_OTHER_TOWNSHIP: return in_other_township(facts, row, out);
    case RISK_SIBLING_OUT: *out = known->sibling_out[person] != UINT32_MAX; return true;
    case RISK_LEFT_BEFORE: *out = known->left_before[person]; return true;
    case RISK_SOURCE_COUNT: break;
    }
    CHECK(false);
    return false;
}

static bool holds(const struct facts *facts, const struct risk_point *point, int64_t value)
{
    if (point->words == 0) return value >= point->least && value < point->below;
    bool set = facts->policy->inputs[point->input].type == POLICY_SET;
    return set ? value != 0 : (point->words >> value & 1) != 0;
}

bool risk_of(const struct risk_text *text, const struct facts *facts,
             const struct risk_known *known, uint32_t row, struct risk_child *out)
{
    if (stage_of(text, facts, row) == NULL) return false;
    *out = (struct risk_child){.row = row, .person = facts->persons[row]};
    for (size_t i = 0; i < text->point_count; i++) {
        const struct risk_point *point = &text->points[i];
        int64_t value;
        if (!read_value(text, facts, known, point, row, &value)) {
            out->unknown |= 1u << i;
        } else if (holds(facts, point, value)) {
            out->holds |= 1u << i;
            out->points += point->points;
        }
    }
    return true;
}

/* Rows stand by person's number, so among equals the row tells. */
static int by_points(const void *a, const void *b)
{
    const struct risk_child *x = a, *y = b;
    if (x->points != y->points) return x->points > y->points ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

void risk_find(struct arena *arena, const struct risk_text *text, const struct facts *facts,
               const struct risk_known *known, struct risk_child **out, size_t *count)
{
    LIST(struct risk_child) list = {0};
    for (uint32_t row = 0; row < facts->rows.count; row++) {
        struct risk_child child;
        if (!risk_of(text, facts, known, row, &child) || child.points == 0) continue;
        *list_push(arena, &list) = child;
    }
    if (list.count > 1) qsort(list.items, list.count, sizeof *list.items, by_points);
    *out = list.items;
    *count = list.count;
}

/* The row that states it, with the day of its list. */
static void find_source(const struct facts *facts, uint32_t row, struct risk_reason *reason)
{
    struct arena scratch = {0};
    struct fact_source *sources;
    size_t count;
    bool set = facts->policy->inputs[reason->point->input].type == POLICY_SET;
    facts_sources(facts, &scratch, row, reason->point->input, &sources, &count);
    for (size_t i = 0; i < count && reason->profile == NULL; i++) {
        const struct fact_source *source = &sources[i];
        if (source->kind != FACT_STATED || source->row == UINT32_MAX) continue;
        if (set ? (source->value & reason->value) == 0 : source->value != reason->value) continue;
        reason->profile = facts->text->registers[source->register_number].profile;
        reason->on = facts->kept->rows[source->row].valid_from;
    }
    arena_free(&scratch);
}

void risk_reasons(struct arena *arena, const struct risk_text *text, const struct facts *facts,
                  const struct risk_known *known, const struct risk_child *child,
                  struct risk_reason **out, size_t *count)
{
    *out = arena_array(arena, struct risk_reason, RISK_POINTS_MAX);
    *count = 0;
    for (size_t i = 0; i < text->point_count; i++) {
        if ((child->holds >> i & 1) == 0) continue;
        struct risk_reason *reason = &(*out)[(*count)++];
        *reason =
            (struct risk_reason){.point = &text->points[i], .person = UINT32_MAX, .on = DAY_NONE};
        (void)read_value(text, facts, known, reason->point, child->row, &reason->value);
        if (reason->point->source == RISK_OF_INPUT) find_source(facts, child->row, reason);
        if (reason->point->source == RISK_SIBLING_OUT) {
            reason->person = known->sibling_out[child->person];
        }
    }
}
