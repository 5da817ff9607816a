#include "placing/read.h"

#include "base/file.h"
#include "base/list.h"

#include <stdlib.h>

/* Seats of senior schools that are given to junior schools by number. */

enum { Q_BATCH, Q_GROUP, Q_SOURCE, Q_SEATS, Q_COLUMNS };

struct allotments {
    struct place_reading *reading;
    LIST(struct place_allotment) items;
    LIST(uint64_t) lines; /* of each, in the file */
    int64_t *of_group;    /* seats so far, over all batches */
};

static bool read_batch_and_group(struct allotments *allotments, const struct table *table,
                                 const struct str *cells, struct place_allotment *out,
                                 struct err *err)
{
    const struct place_input *input = allotments->reading->input;
    out->batch = place_batch_of(&input->rules, cells[Q_BATCH]);
    if (out->batch == PLACE_NONE || input->rules.batches[out->batch].allot.batch != out->batch) {
        return place_refuse(table, err, "the rules have no batch \"%.*s\" that allots seats",
                            "规则里没有按初中分配名额的批次“%.*s”", cells[Q_BATCH]);
    }
    out->group = dict_find(&allotments->reading->groups, cells[Q_GROUP]);
    if (out->group == DICT_NONE
        || input->groups[out->group].batch != input->rules.batches[out->batch].round_of) {
        return place_refuse(table, err, "this batch fills no group \"%.*s\"",
                            "这个批次不招专业组（学校）“%.*s”", cells[Q_GROUP]);
    }
    if (input->groups[out->group].count > 1) {
        return place_refuse(table, err,
                            "group \"%.*s\" has several programmes: make a group of each one "
                            "whose seats are allotted",
                            "专业组（学校）“%.*s”有几个专业：名额要分配的，请各成一组",
                            cells[Q_GROUP]);
    }
    return true;
}

static bool read_row(void *context, struct table *table, const struct table_row *row,
                     struct err *err)
{
    struct allotments *allotments = context;
    const struct place_input *input = allotments->reading->input;
    const struct str *cells = row->cells;
    struct place_allotment allotment = {0};
    if (!read_batch_and_group(allotments, table, cells, &allotment, err)) return false;
    if (cells[Q_SOURCE].len == 0) {
        return place_refuse(table, err, "the junior school is empty%.*s", "初中学校是空的%.*s",
                            STR_EMPTY);
    }
    allotment.source = dict_put(&allotments->reading->sources, cells[Q_SOURCE]);
    if (!table_number(table, row, Q_SEATS, &allotment.seats, err)) return false;
    if (allotment.seats < 0) {
        return place_refuse(table, err, "%.*s seats are not possible", "名额数 %.*s 不可能",
                            cells[Q_SEATS]);
    }
    int64_t quota = input->groups[allotment.group].quota;
    if (allotment.seats > quota - allotments->of_group[allotment.group]) {
        return place_refuse(
            table, err, "with this row more seats of group \"%.*s\" are allotted than it has",
            "加上这一行，专业组（学校）“%.*s”分配的名额超过它的计划数", cells[Q_GROUP]);
    }
    allotments->of_group[allotment.group] += allotment.seats;
    *list_push(allotments->reading->arena, &allotments->items) = allotment;
    *list_push(allotments->reading->arena, &allotments->lines) = row->line;
    return true;
}

static bool fail_at(const struct place_reading *reading, uint64_t line, struct err *err)
{
    struct str name = file_name(reading->paths->allotments);
    return err_at(err, "%.*s: line %llu", "%.*s：第 %llu 行", STR_ARG(name),
                  (unsigned long long)line);
}

/* Where a row lies among the sorted ones, to find a second one of the same junior school. */
struct numbered {
    struct place_allotment allotment;
    uint64_t line;
};

static int by_place(const void *a, const void *b)
{
    const struct place_allotment *x = a, *y = b;
    if (x->batch != y->batch) return x->batch < y->batch ? -1 : 1;
    if (x->group != y->group) return x->group < y->group ? -1 : 1;
    return (x->source > y->source) - (x->source < y->source);
}

static int by_place_and_line(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;
    int order = by_place(&x->allotment, &y->allotment);
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

/* The first row, in the order of the file, that says again what an earlier one says. */
static bool check_twice(const struct allotments *allotments, struct err *err)
{
    struct place_reading *reading = allotments->reading;
    size_t count = allotments->items.count;
    struct numbered *rows = arena_array(&reading->scratch, struct numbered, count);
    const struct numbered *twice = NULL;
    for (size_t i = 0; i < count; i++) {
        rows[i] = (struct numbered){allotments->items.items[i], allotments->lines.items[i]};
    }
    if (count > 0) qsort(rows, count, sizeof *rows, by_place_and_line);
    for (size_t i = 1; i < count; i++) {
        if (by_place(&rows[i - 1].allotment, &rows[i].allotment) != 0) continue;
        if (twice == NULL || rows[i].line < twice->line) twice = &rows[i];
    }
    if (twice == NULL) return true;
    err_set(err, ERR_INPUT,
            "group \"%.*s\" gives seats to junior school \"%.*s\" in an earlier row too",
            "专业组（学校）“%.*s”在前面的行里已经给初中“%.*s”分了名额",
            STR_ARG(reading->input->groups[twice->allotment.group].code),
            STR_ARG(dict_text(&reading->sources, twice->allotment.source)));
    return fail_at(reading, twice->line, err);
}

/* Of one batch and group: what is allotted, and where it was said last. */
struct share {
    uint32_t batch, group;
    int64_t seats;
    uint64_t line; /* 0: in no row */
};

/* A group gives no fewer than the least share, and one that is named by the rules at least a seat.
 */
static bool check_share(const struct place_reading *reading, const struct share *share, bool named,
                        struct err *err)
{
    const struct place_batch *batch = &reading->input->rules.batches[share->batch];
    const struct place_allot *allot = &batch->allot;
    const struct place_group *group = &reading->input->groups[share->group];
    int64_t product = group->quota * allot->least_numerator;
    int64_t needed = product / allot->least_denominator + (product % allot->least_denominator != 0);
    if (named && needed == 0 && group->quota > 0) needed = 1;
    if (share->seats >= needed) return true;
    err_set(
        err, ERR_INPUT,
        "group \"%.*s\" gives %lld of its %lld seats to junior schools in batch \"%.*s\"; the "
        "rules ask for at least %lld",
        "专业组（学校）“%.*s”分给初中 %lld 名（计划 %lld 名，批次“%.*s”）；规则要求至少 %lld 名",
        STR_ARG(group->code), (long long)share->seats, (long long)group->quota, STR_ARG(batch->key),
        (long long)needed);
    if (share->line > 0) return fail_at(reading, share->line, err);
    struct str name = file_name(reading->paths->allotments);
    return err_at(err, "%.*s", "%.*s", STR_ARG(name));
}

/* Groups that the rules name in a batch and of which the file says nothing, or too little. */
static bool check_named(const struct place_reading *reading, const struct share *shares,
                        size_t count, uint32_t number, struct err *err)
{
    const struct place_batch *batch = &reading->input->rules.batches[number];
    for (size_t i = 0; i < batch->allot.group_count; i++) {
        struct str code = batch->allot.groups[i];
        struct share share = {.batch = number, .group = dict_find(&reading->groups, code)};
        if (share.group == DICT_NONE
            || reading->input->groups[share.group].batch != batch->round_of) {
            struct str name = file_name(reading->paths->rules);
            err_set(err, ERR_INPUT, "batch \"%.*s\" fills no group \"%.*s\", which it allots",
                    "批次“%.*s”不招专业组（学校）“%.*s”，却写明要分配它的名额", STR_ARG(batch->key),
                    STR_ARG(code));
            return err_at(err, "%.*s", "%.*s", STR_ARG(name));
        }
        for (size_t k = 0; k < count; k++) {
            if (shares[k].batch == number && shares[k].group == share.group) share = shares[k];
        }
        if (!check_share(reading, &share, true, err)) return false;
    }
    return true;
}

static bool check_shares(const struct allotments *allotments, struct err *err)
{
    struct place_reading *reading = allotments->reading;
    const struct place_rules *rules = &reading->input->rules;
    LIST(struct share) shares = {0};
    for (size_t i = 0; i < allotments->items.count; i++) {
        const struct place_allotment *allotment = &allotments->items.items[i];
        struct share *share = NULL;
        for (size_t k = shares.count; k > 0 && share == NULL; k--) {
            struct share *own = &shares.items[k - 1];
            if (own->batch == allotment->batch && own->group == allotment->group) share = own;
        }
        if (share == NULL) {
            share = list_push(&reading->scratch, &shares);
            *share = (struct share){.batch = allotment->batch, .group = allotment->group};
        }
        share->seats += allotment->seats;
        share->line = allotments->lines.items[i];
    }
    for (size_t i = 0; i < shares.count; i++) {
        if (!check_share(reading, &shares.items[i], false, err)) return false;
    }
    for (uint32_t b = 0; b < rules->batch_count; b++) {
        if (rules->batches[b].allot.batch != b) continue;
        if (!check_named(reading, shares.items, shares.count, b, err)) return false;
    }
    return true;
}

static bool needs_no_file(const struct place_rules *rules, struct err *err)
{
    for (size_t b = 0; b < rules->batch_count; b++) {
        if (rules->batches[b].allot.batch == PLACE_NONE) continue;
        err_set(err, ERR_USAGE,
                "batch \"%.*s\" allots seats to junior schools, and no file says to which",
                "批次“%.*s”按初中分配名额，却没有给出分配表", STR_ARG(rules->batches[b].key));
        return err_hint(err, "--allotments Q.csv", "--allotments Q.csv");
    }
    return true;
}

bool place_read_allotments(struct place_reading *reading, struct err *err)
{
    static const char *const columns[Q_COLUMNS] = {"batch", "group", "source", "seats"};
    struct place_input *input = reading->input;
    struct allotments allotments = {.reading = reading};
    if (reading->paths->allotments == NULL) return needs_no_file(&input->rules, err);
    allotments.of_group = arena_array(&reading->scratch, int64_t, input->group_count);
    if (!place_rows(reading->arena, reading->paths->allotments, columns, NULL, Q_COLUMNS, read_row,
                    &allotments, err)
        || !check_twice(&allotments, err) || !check_shares(&allotments, err)) {
        return false;
    }
    input->allotments = allotments.items.items;
    input->allotment_count = allotments.items.count;
    input->has_sources = input->allotment_count > 0;
    return true;
}

/* A junior school and the number it came with. */
struct named {
    struct str name;
    uint32_t number;
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    return str_compare(x->name, y->name);
}

void place_settle_sources(struct place_reading *reading)
{
    struct place_input *input = reading->input;
    uint32_t count = reading->sources.count;
    if (!input->has_sources || count == 0) return;
    struct named *order = arena_array(&reading->scratch, struct named, count);
    uint32_t *moved = arena_array(&reading->scratch, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        order[i] = (struct named){dict_text(&reading->sources, i), i};
    }
    qsort(order, count, sizeof *order, by_name);
    input->sources = arena_array(reading->arena, struct str, count);
    input->source_count = count;
    for (uint32_t i = 0; i < count; i++) {
        input->sources[i] = order[i].name;
        moved[order[i].number] = i;
    }
    for (size_t a = 0; a < input->applicant_count; a++) {
        uint32_t *source = &input->applicants[a].source;
        if (*source != PLACE_NONE) *source = moved[*source];
    }
    for (size_t i = 0; i < input->allotment_count; i++) {
        input->allotments[i].source = moved[input->allotments[i].source];
    }
    if (input->allotment_count == 0) return;
    qsort(input->allotments, input->allotment_count, sizeof *input->allotments, by_place);
}
