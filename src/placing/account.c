#include "placing/account.h"

#include "base/list.h"
#include "intake/table.h"
#include "placing/read.h"

#include <stdlib.h>

static const char *const keys[] = {"plan", "county", "group", "programme"};
enum { BY_COUNT = sizeof keys / sizeof *keys, KEY_BYTES_MAX = 1024 };

const char *place_by_key(enum place_by by)
{
    CHECK((int)by < BY_COUNT);
    return keys[by];
}

int place_by_of(struct str key)
{
    for (int i = 0; i < BY_COUNT; i++) {
        if (str_is(key, keys[i])) return i;
    }
    return -1;
}

struct accounting {
    struct arena *arena;
    const struct place_input *input;
    enum place_by by;
    struct dict groups, numbers; /* codes of groups and numbers of applicants, as in the input */
    struct dict lines;           /* plan, county, group and programme of each line */
    LIST(struct place_count) counts;

    bool *seen; /* by applicant */
};

static struct place_count *line_of(struct accounting *accounting, const struct place_group *group,
                                   struct str county, struct str programme)
{
    const struct place_rules *rules = &accounting->input->rules;
    enum place_by by = accounting->by;
    struct text key;
    struct place_count line = {.plan = rules->plans[group->plan]};
    if (by == PLACE_BY_COUNTY) line.county = county;
    if (by >= PLACE_BY_GROUP) line.group = group->code;
    if (by == PLACE_BY_PROGRAMME) line.programme = programme;
    text_init(&key, accounting->arena, KEY_BYTES_MAX);
    text_add_f(&key, "%u\n", group->plan);
    text_add(&key, line.county);
    text_add_byte(&key, '\n');
    text_add(&key, line.group);
    text_add_byte(&key, '\n');
    text_add(&key, line.programme);
    uint32_t number = dict_put(&accounting->lines, text_str(&key));
    if (number == accounting->counts.count) {
        *list_push(accounting->arena, &accounting->counts) = line;
    }
    return &accounting->counts.items[number];
}

static void count_seats(struct accounting *accounting)
{
    const struct place_input *input = accounting->input;
    for (size_t g = 0; g < input->group_count; g++) {
        const struct place_group *group = &input->groups[g];
        for (uint32_t p = 0; p < group->count; p++) {
            const struct place_programme *programme = &input->programmes[group->first + p];
            line_of(accounting, group, group->county, programme->code)->seats += programme->quota;
        }
    }
}

/* Who may take a place of the plan at all. */
static void count_applicants(struct accounting *accounting)
{
    const struct place_input *input = accounting->input;
    if (accounting->by != PLACE_BY_PLAN) return;
    for (size_t i = 0; i < accounting->counts.count; i++) {
        struct place_count *line = &accounting->counts.items[i];
        uint64_t bit = UINT64_C(1) << place_plan_of(&input->rules, line->plan);
        for (size_t a = 0; a < input->applicant_count; a++) {
            line->applicants += (input->applicants[a].plans & bit) != 0;
        }
    }
}

enum { R_APPLICANT, R_GROUP, R_PROGRAMME, R_COUNT };

static const struct place_programme *programme_of(const struct place_input *input,
                                                  const struct place_group *group, struct str code)
{
    for (uint32_t p = 0; p < group->count; p++) {
        const struct place_programme *programme = &input->programmes[group->first + p];
        if (str_equal(programme->code, code)) return programme;
    }
    return NULL;
}

static bool count_row(struct accounting *accounting, const struct table *table,
                      const struct table_row *row, struct err *err)
{
    const struct place_input *input = accounting->input;
    uint32_t a = dict_find(&accounting->numbers, row->cells[R_APPLICANT]);
    uint32_t g = dict_find(&accounting->groups, row->cells[R_GROUP]);
    if (a == DICT_NONE) {
        return place_refuse(table, err, "there is no applicant \"%.*s\"", "没有考生“%.*s”",
                            row->cells[R_APPLICANT]);
    }
    if (g == DICT_NONE) {
        return place_refuse(table, err, "there is no group \"%.*s\"", "没有专业组“%.*s”",
                            row->cells[R_GROUP]);
    }
    if (accounting->seen[a]) {
        return place_refuse(table, err, "applicant \"%.*s\" is placed twice",
                            "考生“%.*s”被录取两次", row->cells[R_APPLICANT]);
    }
    const struct place_group *group = &input->groups[g];
    const struct place_applicant *applicant = &input->applicants[a];
    const struct place_programme *programme = programme_of(input, group, row->cells[R_PROGRAMME]);
    if (programme == NULL) {
        return place_refuse(table, err, "the group has no programme \"%.*s\"",
                            "该专业组没有专业“%.*s”", row->cells[R_PROGRAMME]);
    }
    accounting->seen[a] = true;
    struct place_count *line = line_of(accounting, group, applicant->county, programme->code);
    if (line->placed == 0 || applicant->total < line->lowest) line->lowest = applicant->total;
    if (line->placed == 0 || applicant->total > line->highest) line->highest = applicant->total;
    line->placed++;
    return true;
}

static bool read_result(struct accounting *accounting, const char *path, struct err *err)
{
    static const char *const columns[R_COUNT] = {"applicant", "group", "programme"};
    struct table *table;
    struct table_row row;
    bool more = true, good;
    if (!table_open(&table, accounting->arena, path, columns, NULL, R_COUNT, err)) return false;
    while ((good = place_next(table, &row, &more, err)) && more) {
        good = count_row(accounting, table, &row, err);
        if (!good) break;
    }
    table_close(table);
    return good;
}

/* Where the plan stands in the rules, then by text. */
struct ordered {
    uint32_t plan;
    struct place_count count;
};

static int compare(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    if (x->plan != y->plan) return x->plan < y->plan ? -1 : 1;
    int by = str_compare(x->count.county, y->count.county);
    if (by == 0) by = str_compare(x->count.group, y->count.group);
    return by != 0 ? by : str_compare(x->count.programme, y->count.programme);
}

static void sort_counts(struct accounting *accounting, struct place_count **out, size_t *count)
{
    size_t lines = accounting->counts.count;
    struct ordered *ordered = arena_array(accounting->arena, struct ordered, lines);
    for (size_t i = 0; i < lines; i++) {
        const struct place_count *line = &accounting->counts.items[i];
        ordered[i] = (struct ordered){place_plan_of(&accounting->input->rules, line->plan), *line};
    }
    if (lines > 1) qsort(ordered, lines, sizeof *ordered, compare);
    for (size_t i = 0; i < lines; i++) accounting->counts.items[i] = ordered[i].count;
    *out = accounting->counts.items;
    *count = lines;
}

bool place_account(struct arena *arena, const struct place_input *input, const char *path,
                   enum place_by by, struct place_count **out, size_t *count, struct err *err)
{
    struct accounting accounting = {.arena = arena, .input = input, .by = by};
    dict_init(&accounting.groups, arena);
    dict_init(&accounting.numbers, arena);
    dict_init(&accounting.lines, arena);
    accounting.seen = arena_array(arena, bool, input->applicant_count);
    for (size_t g = 0; g < input->group_count; g++) {
        (void)dict_put(&accounting.groups, input->groups[g].code);
    }
    for (size_t a = 0; a < input->applicant_count; a++) {
        (void)dict_put(&accounting.numbers, input->applicants[a].number);
    }
    count_seats(&accounting);
    count_applicants(&accounting);
    if (!read_result(&accounting, path, err)) return false;
    sort_counts(&accounting, out, count);
    return true;
}
