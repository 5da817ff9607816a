#include "placing/read.h"

#include <string.h>

enum { C_APPLICANT, C_BATCH, C_RANK, C_GROUP, C_MAJORS, C_ADJUST, C_COLUMNS };
static const char *const columns[C_COLUMNS] = {"applicant", "batch",  "rank",
                                               "group",     "majors", "adjust"};

/* A choice as it comes, before it is put with the others of its applicant. */
struct loose {
    uint32_t applicant;
    struct place_choice choice;
};

struct choices {
    struct place_reading *reading;
    struct table *table;
    struct loose *items;
    size_t count, capacity;
    uint64_t *codes; /* by programme: code_of */
    uint16_t *majors;
    size_t major_count, major_capacity;
};

enum { CODE_BYTES = 7, SCAN_MAX = 40 };

/* Short codes as numbers that differ when they do: looking for a major reads one line of memory,
 * not a text for each programme of the group. 0 for a longer one. */
static uint64_t code_of(struct str code)
{
    uint64_t number = 0;
    if (code.len > CODE_BYTES) return 0;
    for (size_t i = 0; i < code.len; i++) number = number << 8 | (unsigned char)code.ptr[i];
    return number << 8 | code.len;
}

static void *grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    size_t bigger = *capacity + *capacity / 2 + 1024;
    void *fresh = arena_alloc_array(arena, bigger, size);
    if (count > 0) memcpy(fresh, items, count * size);
    arena_give_back(arena, items, *capacity * size);
    *capacity = bigger;
    return fresh;
}

/* The place of a programme in its group, or PLACE_NONE; they are sorted by code. */
static uint32_t programme_of(const struct choices *choices, const struct place_group *group,
                             struct str code)
{
    const struct place_input *input = choices->reading->input;
    const uint64_t *codes = &choices->codes[group->first];
    uint64_t number = code_of(code);
    if (number != 0 && group->count <= SCAN_MAX) {
        for (uint32_t p = 0; p < group->count; p++) {
            if (codes[p] == number) return p;
        }
        return PLACE_NONE;
    }
    uint32_t low = 0, high = group->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = str_compare(input->programmes[group->first + middle].code, code);
        if (order == 0) return middle;
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return PLACE_NONE;
}

static bool read_majors(struct choices *choices, struct str cell, const struct place_group *group,
                        struct place_choice *choice, struct err *err)
{
    const struct place_input *input = choices->reading->input;
    uint32_t most = input->rules.batches[choice->batch].majors_max, count = 0;
    struct str rest = cell, part;
    choice->first = (uint32_t)choices->major_count;
    while (rest.len > 0 && str_split(&rest, ';', &part)) {
        part = str_trim(part);
        if (part.len == 0) continue;
        uint32_t programme = programme_of(choices, group, part);
        if (programme == PLACE_NONE) {
            return place_refuse(choices->table, err, "the group has no programme \"%.*s\"",
                                "所填专业组里没有专业“%.*s”", part);
        }
        if (++count > most) {
            return place_refuse(choices->table, err,
                                "\"%.*s\" are more majors than the batch allows",
                                "“%.*s”超过了该批次允许的专业数", cell);
        }
        if (choices->major_count == choices->major_capacity) {
            choices->majors = grow(choices->reading->arena, choices->majors, choices->major_count,
                                   &choices->major_capacity, sizeof *choices->majors);
        }
        choices->majors[choices->major_count++] = (uint16_t)programme;
    }
    choice->major_count = (uint8_t)count;
    return choices->major_count < UINT32_MAX
           || err_set(err, ERR_LIMIT, "more than 4,294,967,295 majors", "专业志愿总数太多");
}

static bool read_adjust(const struct table *table, struct str cell, bool *out, struct err *err)
{
    bool yes = str_is(cell, "yes") || str_is(cell, "是");
    if (!yes && !str_is(cell, "no") && !str_is(cell, "否")) {
        return place_refuse(table, err, "adjust is \"%.*s\": write yes or no",
                            "是否服从调剂写成了“%.*s”：请写 yes 或 no", cell);
    }
    *out = yes;
    return true;
}

static bool read_group(struct choices *choices, struct str batch, struct str code,
                       struct place_choice *choice, struct err *err)
{
    const struct place_input *input = choices->reading->input;
    uint32_t number = place_batch_of(&input->rules, batch);
    if (number == PLACE_NONE) {
        return place_refuse(choices->table, err, "the rules have no batch \"%.*s\"",
                            "规则里没有批次“%.*s”", batch);
    }
    choice->batch = (uint8_t)number;
    choice->group = dict_find(&choices->reading->groups, code);
    if (choice->group == DICT_NONE) {
        return place_refuse(choices->table, err, "there is no group \"%.*s\"", "没有专业组“%.*s”",
                            code);
    }
    if (input->groups[choice->group].batch != input->rules.batches[number].round_of) {
        return place_refuse(choices->table, err, "group \"%.*s\" is not of this batch",
                            "专业组“%.*s”不属于这个批次", code);
    }
    return true;
}

/* What follows the applicant's number. */
static bool read_rest(struct choices *choices, const struct table_row *row, struct loose *out,
                      struct err *err)
{
    const struct place_reading *reading = choices->reading;
    struct str *cells = row->cells;
    int64_t rank;
    bool adjust = false;
    if (!read_group(choices, cells[C_BATCH], cells[C_GROUP], &out->choice, err)) return false;
    if (!table_number(choices->table, row, C_RANK, &rank, err)) return false;
    if (rank < 1 || rank > reading->input->rules.batches[out->choice.batch].choices_max) {
        return place_refuse(choices->table, err, "rank %.*s is beyond choices_max, or below 1",
                            "志愿序号 %.*s 超过 choices_max，或小于 1", cells[C_RANK]);
    }
    if (!read_adjust(choices->table, cells[C_ADJUST], &adjust, err)) return false;
    out->choice.rank = (uint16_t)rank;
    out->choice.adjust = adjust;
    return read_majors(choices, cells[C_MAJORS], &reading->input->groups[out->choice.group],
                       &out->choice, err);
}

static bool read_choice(struct choices *choices, const struct table_row *row, struct loose *out,
                        struct err *err)
{
    const struct place_reading *reading = choices->reading;
    struct str *cells = row->cells;
    const struct loose *before = choices->count > 0 ? out - 1 : NULL;
    if (before != NULL
        && str_equal(reading->input->applicants[before->applicant].number, cells[C_APPLICANT])) {
        out->applicant = before->applicant;
        return read_rest(choices, row, out, err);
    }
    uint32_t applicant = dict_find(&reading->numbers, cells[C_APPLICANT]);
    if (applicant == DICT_NONE) {
        return place_refuse(choices->table, err, "there is no applicant \"%.*s\"", "没有考生“%.*s”",
                            cells[C_APPLICANT]);
    }
    out->applicant = reading->places[applicant];
    return read_rest(choices, row, out, err);
}

static bool read_rows(struct choices *choices, struct err *err)
{
    struct table_row row;
    bool more;
    choices->capacity = table_rows_most(choices->table);
    choices->items = arena_array(choices->reading->arena, struct loose, choices->capacity);
    for (;;) {
        if (!place_next(choices->table, &row, &more, err)) return false;
        if (!more) return true;
        if (choices->count == choices->capacity) {
            choices->items = grow(choices->reading->arena, choices->items, choices->count,
                                  &choices->capacity, sizeof *choices->items);
        }
        if (choices->count == UINT32_MAX - 1) {
            return err_set(err, ERR_LIMIT, "more than 4,294,967,294 choices", "志愿总数太多");
        }
        if (!read_choice(choices, &row, &choices->items[choices->count], err)) return false;
        choices->count++;
    }
}

static uint32_t order_of(const struct place_choice *choice)
{
    return (uint32_t)choice->batch << 16 | choice->rank;
}

/* Puts each choice with its applicant, then in order of batch and rank: there are few of each. */
static void settle(struct choices *choices)
{
    struct place_input *input = choices->reading->input;
    input->choices = arena_array(choices->reading->arena, struct place_choice, choices->count);
    input->choice_count = choices->count;
    for (size_t i = 0; i < choices->count; i++) {
        input->applicants[choices->items[i].applicant].count++;
    }
    uint32_t first = 0;
    for (size_t a = 0; a < input->applicant_count; a++) {
        input->applicants[a].first = first;
        first += input->applicants[a].count;
        input->applicants[a].count = 0;
    }
    for (size_t i = 0; i < choices->count; i++) {
        struct place_applicant *applicant = &input->applicants[choices->items[i].applicant];
        struct place_choice choice = choices->items[i].choice;
        uint32_t at = applicant->first + applicant->count++;
        for (; at > applicant->first && order_of(&input->choices[at - 1]) > order_of(&choice);
             at--) {
            input->choices[at] = input->choices[at - 1];
        }
        input->choices[at] = choice;
    }
    arena_give_back(choices->reading->arena, choices->items,
                    choices->capacity * sizeof *choices->items);
    input->majors = choices->majors;
    input->major_count = choices->major_count;
}

/* Refuses the second row of an applicant that has this batch and rank, or this batch and group. */
static bool refuse_second(struct place_reading *reading, const struct place_applicant *applicant,
                          const struct place_choice *choice, bool rank, struct err *err)
{
    struct table *table;
    struct table_row row;
    struct place_input *input = reading->input;
    bool more, good, before = false;
    if (!table_open(&table, &reading->scratch, reading->paths->choices, columns, NULL, C_COLUMNS,
                    err)) {
        return false;
    }
    while ((good = table_next(table, &row, &more, err)) && more) {
        int64_t number;
        struct str *cells = row.cells;
        if (!str_equal(cells[C_APPLICANT], applicant->number)
            || !str_equal(cells[C_BATCH], input->rules.batches[choice->batch].key)) {
            continue;
        }
        bool same = rank ? str_to_i64(cells[C_RANK], &number) && number == choice->rank
                         : str_equal(cells[C_GROUP], input->groups[choice->group].code);
        if (same && before) break;
        before = before || same;
    }
    if (good && rank) {
        place_refuse(table, err, "applicant \"%.*s\" uses this rank twice in the batch",
                     "考生“%.*s”在同一批次里重复使用这个志愿序号", applicant->number);
    } else if (good) {
        place_refuse(table, err, "applicant \"%.*s\" chooses this group twice in the batch",
                     "考生“%.*s”在同一批次里重复填报这个专业组", applicant->number);
    }
    table_close(table);
    return false;
}

static bool check_applicant(struct place_reading *reading, const struct place_applicant *applicant,
                            struct err *err)
{
    const struct place_choice *choices = reading->input->choices + applicant->first;
    for (uint32_t i = 0; i < applicant->count; i++) {
        if (i > 0 && order_of(&choices[i - 1]) == order_of(&choices[i])) {
            return refuse_second(reading, applicant, &choices[i], true, err);
        }
        for (uint32_t j = i; j > 0 && choices[j - 1].batch == choices[i].batch; j--) {
            if (choices[j - 1].group != choices[i].group) continue;
            return refuse_second(reading, applicant, &choices[i], false, err);
        }
    }
    return true;
}

bool place_read_choices(struct place_reading *reading, struct err *err)
{
    struct choices choices = {.reading = reading};
    struct place_input *input = reading->input;
    if (!table_open(&choices.table, reading->arena, reading->paths->choices, columns, NULL,
                    C_COLUMNS, err)) {
        return false;
    }
    choices.codes = arena_array(&reading->scratch, uint64_t, input->programme_count);
    for (size_t p = 0; p < input->programme_count; p++) {
        choices.codes[p] = code_of(input->programmes[p].code);
    }
    bool good = read_rows(&choices, err);
    table_close(choices.table);
    if (!good) return false;
    settle(&choices);
    for (size_t a = 0; a < input->applicant_count; a++) {
        if (!check_applicant(reading, &input->applicants[a], err)) return false;
    }
    return true;
}
