#include "placing/account.h"

#include "base/dict.h"
#include "base/list.h"
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
    struct dict lines; /* plan, county, group and programme of each line */
    LIST(struct place_count) counts;
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

static bool count_row(void *context, const struct place_row *row, struct err *err)
{
    struct accounting *accounting = context;
    const struct place_input *input = accounting->input;
    const struct place_applicant *applicant = &input->applicants[row->applicant];
    (void)err;
    struct place_count *line = line_of(accounting, &input->groups[row->group], applicant->county,
                                       input->programmes[row->programme].code);
    if (line->placed == 0 || applicant->total < line->lowest) line->lowest = applicant->total;
    if (line->placed == 0 || applicant->total > line->highest) line->highest = applicant->total;
    line->placed++;
    return true;
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
    dict_init(&accounting.lines, arena);
    count_seats(&accounting);
    count_applicants(&accounting);
    if (!place_read_result(arena, input, path, false, count_row, &accounting, err)) return false;
    sort_counts(&accounting, out, count);
    return true;
}
