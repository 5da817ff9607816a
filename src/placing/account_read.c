#include "base/dict.h"
#include "placing/account.h"
#include "placing/read.h"

/* The rows of a result that is no more than read: that of place_run, or one that an office sent. */

enum { R_APPLICANT, R_GROUP, R_PROGRAMME, R_BATCH, R_COUNT };

struct result_reading {
    const struct place_input *input;
    struct dict groups, numbers; /* codes of groups and numbers of applicants, as in the input */
    bool *seen;                  /* by applicant */
    bool batches;
    place_take_row *take;
    void *context;
};

static uint32_t programme_of(const struct place_input *input, uint32_t group, struct str code)
{
    const struct place_group *own = &input->groups[group];
    for (uint32_t p = own->first; p < own->first + own->count; p++) {
        if (str_equal(input->programmes[p].code, code)) return p;
    }
    return PLACE_NONE;
}

static bool read_row(void *context, struct table *table, const struct table_row *read,
                     struct err *err)
{
    struct result_reading *reading = context;
    const struct str *cells = read->cells;
    struct place_row row = {.batch = PLACE_NONE};
    row.applicant = dict_find(&reading->numbers, cells[R_APPLICANT]);
    row.group = dict_find(&reading->groups, cells[R_GROUP]);
    if (row.applicant == DICT_NONE) {
        return place_refuse(table, err, "there is no applicant \"%.*s\"", "没有考生“%.*s”",
                            cells[R_APPLICANT]);
    }
    if (row.group == DICT_NONE) {
        return place_refuse(table, err, "there is no group \"%.*s\"", "没有专业组“%.*s”",
                            cells[R_GROUP]);
    }
    if (reading->seen[row.applicant]) {
        return place_refuse(table, err, "applicant \"%.*s\" is placed twice",
                            "考生“%.*s”被录取两次", cells[R_APPLICANT]);
    }
    row.programme = programme_of(reading->input, row.group, cells[R_PROGRAMME]);
    if (row.programme == PLACE_NONE) {
        return place_refuse(table, err, "the group has no programme \"%.*s\"",
                            "该专业组没有专业“%.*s”", cells[R_PROGRAMME]);
    }
    if (reading->batches) row.batch = place_batch_of(&reading->input->rules, cells[R_BATCH]);
    if (reading->batches && row.batch == PLACE_NONE) {
        return place_refuse(table, err, "the rules have no batch \"%.*s\"", "规则里没有批次“%.*s”",
                            cells[R_BATCH]);
    }
    reading->seen[row.applicant] = true;
    return reading->take(reading->context, &row, err);
}

bool place_read_result(struct arena *arena, const struct place_input *input, const char *path,
                       bool batches, place_take_row *take, void *context, struct err *err)
{
    static const char *const columns[R_COUNT] = {"applicant", "group", "programme", "batch"};
    const bool optional[R_COUNT] = {[R_BATCH] = !batches};
    struct result_reading reading = {
        .input = input, .batches = batches, .take = take, .context = context};
    dict_init(&reading.groups, arena);
    dict_init(&reading.numbers, arena);
    reading.seen = arena_array(arena, bool, input->applicant_count);
    for (size_t g = 0; g < input->group_count; g++) {
        (void)dict_put(&reading.groups, input->groups[g].code);
    }
    for (size_t a = 0; a < input->applicant_count; a++) {
        (void)dict_put(&reading.numbers, input->applicants[a].number);
    }
    return place_rows(arena, path, columns, optional, R_COUNT, read_row, &reading, err);
}
