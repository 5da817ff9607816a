#include "placing/apportion.h"

#include "base/list.h"
#include "placing/read.h"

#include <stdlib.h>

/* One junior school's part of a group's seats. */
struct part {
    uint32_t source;
    int64_t applicants, weight; /* the weight of all its applicants */
    int64_t seats, rest;        /* of the division: seats × weight mod all weights */
};

struct apportioning {
    struct arena *arena;
    const struct place_input *input;
    const struct place_apportioning *asked;
    int64_t *weights; /* by source, of one applicant */
    struct part *parts;
    LIST(struct place_allotment) out;
};

enum { W_SOURCE, W_WEIGHT, W_COLUMNS };

static bool read_weight(void *context, struct table *table, const struct table_row *row,
                        struct err *err)
{
    struct apportioning *apportioning = context;
    const struct place_input *input = apportioning->input;
    int64_t weight;
    uint32_t source = 0;
    while (source < input->source_count && !str_equal(input->sources[source], row->cells[W_SOURCE]))
        source++;
    if (source == input->source_count) {
        return place_refuse(table, err, "no applicant is of junior school \"%.*s\"",
                            "没有考生在初中“%.*s”", row->cells[W_SOURCE]);
    }
    if (!table_number(table, row, W_WEIGHT, &weight, err)) return false;
    if (weight < 1 || weight > PLACE_WEIGHT_MAX) {
        return place_refuse(table, err, "a weight of %.*s is not from 1 to 1000",
                            "权重 %.*s 不在 1 到 1000 之间", row->cells[W_WEIGHT]);
    }
    if (apportioning->weights[source] < 0) {
        return place_refuse(table, err, "junior school \"%.*s\" has a weight in an earlier row too",
                            "初中“%.*s”在前面的行里已有权重", row->cells[W_SOURCE]);
    }
    apportioning->weights[source] = -weight; /* negative: set by the file */
    return true;
}

static bool read_weights(struct apportioning *apportioning, struct err *err)
{
    static const char *const columns[W_COLUMNS] = {"source", "weight"};
    size_t count = apportioning->input->source_count;
    apportioning->weights = arena_array(apportioning->arena, int64_t, count);
    for (size_t s = 0; s < count; s++) apportioning->weights[s] = PLACE_WEIGHT;
    if (apportioning->asked->weights == NULL) return true;
    if (!place_rows(apportioning->arena, apportioning->asked->weights, columns, NULL, W_COLUMNS,
                    read_weight, apportioning, err)) {
        return false;
    }
    for (size_t s = 0; s < count; s++) {
        if (apportioning->weights[s] < 0) apportioning->weights[s] = -apportioning->weights[s];
    }
    return true;
}

/* Junior schools with applicants who may go to the group. */
static size_t count_parts(struct apportioning *apportioning, const struct place_group *group)
{
    const struct place_input *input = apportioning->input;
    struct part *parts = apportioning->parts;
    size_t count = 0;
    for (uint32_t s = 0; s < input->source_count; s++) parts[s] = (struct part){.source = s};
    for (size_t a = 0; a < input->applicant_count; a++) {
        const struct place_applicant *who = &input->applicants[a];
        if (who->source == PLACE_NONE) continue;
        if (group->track.len > 0 && !str_equal(group->track, who->track)) continue;
        if (group->county.len > 0 && !str_equal(group->county, who->county)) continue;
        parts[who->source].applicants++;
    }
    for (uint32_t s = 0; s < input->source_count; s++) {
        if (parts[s].applicants == 0) continue;
        parts[count] = parts[s];
        parts[count].weight = parts[s].applicants * apportioning->weights[s];
        count++;
    }
    return count;
}

static int by_rest(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    if (x->rest != y->rest) return x->rest > y->rest ? -1 : 1;
    if (x->applicants != y->applicants) return x->applicants > y->applicants ? -1 : 1;
    return (x->source > y->source) - (x->source < y->source);
}

static int by_source(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    return (x->source > y->source) - (x->source < y->source);
}

/* So many seats to the parts by weight, besides what they have. */
static bool divide(struct part *parts, size_t count, int64_t seats, struct err *err)
{
    int64_t weights = 0, given = 0;
    for (size_t i = 0; i < count; i++) weights += parts[i].weight;
    if (seats > INT64_MAX / weights) {
        return err_set(err, ERR_LIMIT, "too many seats and applicants to divide",
                       "名额和考生太多，无法分配");
    }
    for (size_t i = 0; i < count; i++) {
        int64_t product = seats * parts[i].weight;
        parts[i].seats += product / weights;
        parts[i].rest = product % weights;
        given += product / weights;
    }
    qsort(parts, count, sizeof *parts, by_rest);
    CHECK(seats - given <= (int64_t)count);
    for (int64_t i = 0; i < seats - given; i++) parts[i].seats++;
    qsort(parts, count, sizeof *parts, by_source);
    return true;
}

static bool refuse(struct err *err, const struct place_group *group, const char *en, const char *zh)
{
    return err_set(err, ERR_INPUT, en, zh, STR_ARG(group->code));
}

static bool apportion_group(struct apportioning *apportioning, uint32_t number, struct err *err)
{
    const struct place_apportioning *asked = apportioning->asked;
    const struct place_group *group = &apportioning->input->groups[number];
    struct part *parts = apportioning->parts;
    if (group->count > 1) {
        return refuse(err, group,
                      "group \"%.*s\" has several programmes: make a group of each one whose seats "
                      "are allotted",
                      "专业组（学校）“%.*s”有几个专业：名额要分配的，请各成一组");
    }
    size_t count = count_parts(apportioning, group);
    int64_t product = group->quota * asked->share_numerator;
    int64_t seats = product / asked->share_denominator + (product % asked->share_denominator != 0);
    if (count == 0 && seats > 0) {
        return refuse(err, group, "nobody of a junior school may go to group \"%.*s\"",
                      "没有初中的考生可以报专业组（学校）“%.*s”");
    }
    if (count == 0) return true;
    if (asked->each > seats / (int64_t)count) {
        return refuse(err, group,
                      "group \"%.*s\" has too few seats for every junior school to get that many",
                      "专业组（学校）“%.*s”的名额不够每所初中都分到这么多");
    }
    for (size_t i = 0; i < count; i++) parts[i].seats = asked->each;
    if (!divide(parts, count, seats - asked->each * (int64_t)count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].seats == 0) continue;
        *list_push(apportioning->arena, &apportioning->out) =
            (struct place_allotment){asked->batch, number, parts[i].source, parts[i].seats};
    }
    return true;
}

static bool is_named(const struct place_batch *batch, struct str code)
{
    for (size_t i = 0; i < batch->allot.group_count; i++) {
        if (str_equal(batch->allot.groups[i], code)) return true;
    }
    return batch->allot.group_count == 0;
}

bool place_apportion(struct arena *arena, const struct place_input *input,
                     const struct place_apportioning *asked, struct place_allotment **out,
                     size_t *count, struct err *err)
{
    struct apportioning apportioning = {.arena = arena, .input = input, .asked = asked};
    const struct place_batch *batch = &input->rules.batches[asked->batch];
    apportioning.parts = arena_array(arena, struct part, input->source_count);
    if (!read_weights(&apportioning, err)) return false;
    for (uint32_t g = 0; g < input->group_count; g++) {
        if (input->groups[g].batch != batch->round_of) continue;
        if (!is_named(batch, input->groups[g].code)) continue;
        if (!apportion_group(&apportioning, g, err)) return false;
    }
    *out = apportioning.out.items;
    *count = apportioning.out.count;
    return true;
}
