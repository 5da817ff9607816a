#include "verifying/world.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    const char *key, *zh, *en;
} codes[VERIFY_CODES] = {
    [VERIFY_UNSORTED] = {"unsorted", "没有按考生号排序", "not sorted by applicant"},
    [VERIFY_UNKNOWN_APPLICANT] = {"unknown_applicant", "没有这名考生", "nobody has this number"},
    [VERIFY_UNKNOWN_BATCH] = {"unknown_batch", "没有这个批次", "there is no such batch"},
    [VERIFY_UNKNOWN_GROUP] = {"unknown_group", "没有这个专业组", "there is no such group"},
    [VERIFY_UNKNOWN_PROGRAMME] = {"unknown_programme", "组里没有这个专业",
                                  "the group has no such programme"},
    [VERIFY_PLACED_TWICE] = {"placed_twice", "重复录取", "placed twice"},
    [VERIFY_NOT_CHOSEN] = {"not_chosen", "没有填报", "not chosen"},
    [VERIFY_WRONG_RANK] = {"wrong_rank", "志愿序号不对", "wrong rank of the choice"},
    [VERIFY_WRONG_VIA] = {"wrong_via", "录取方式不对", "wrong way of placing"},
    [VERIFY_OVERFILLED] = {"overfilled", "超计划录取", "more placed than seats"},
    [VERIFY_BARRED] = {"barred", "不符合报考条件", "may not be placed there"},
    [VERIFY_NOT_SENT] = {"not_sent", "档案没有投到这里", "the file did not come there"},
    [VERIFY_PASSED_OVER] = {"passed_over", "该录未录", "passed over"},
    [VERIFY_WISH_PASSED_OVER] = {"wish_passed_over", "越过了靠前的专业志愿",
                                 "an earlier wish was passed over"},
    [VERIFY_ADJUSTED_UNASKED] = {"adjusted_unasked", "不服从调剂却被调剂",
                                 "adjusted without having agreed"},
    [VERIFY_ADJUSTED_ELSEWHERE] = {"adjusted_elsewhere", "没有调剂到第一个有名额的专业",
                                   "adjusted, but not to the first free programme"},
    [VERIFY_NOT_ALLOTTED] = {"not_allotted", "没有分给所在初中的名额",
                             "no seats for the own junior school"},
    [VERIFY_BELOW_FLOOR] = {"below_floor", "低于统招线的分数超过规定",
                            "too far below the general line"},
    [VERIFY_ALLOTMENT_OVERFILLED] = {"allotment_overfilled", "超过分给初中的名额",
                                     "more placed than the junior school was given"},
    [VERIFY_RESERVED_TAKEN] = {"reserved_taken", "占用了分给初中的名额",
                               "seats of junior schools were given to all"},
    [VERIFY_SHARE] = {"share", "分给初中的名额低于规定比例",
                      "too few seats are given to junior schools"},
};

const char *verify_code_key(enum verify_code code)
{
    CHECK(code < VERIFY_CODES);
    return codes[code].key;
}

const char *verify_code_text(enum verify_code code, enum lang lang)
{
    CHECK(code < VERIFY_CODES);
    return lang == LANG_ZH ? codes[code].zh : codes[code].en;
}

static const char *put_words(struct arena *arena, const char *format, va_list arguments)
{
    char text[ERR_TEXT_MAX];
    int length = vsnprintf(text, sizeof text, format, arguments);
    CHECK(length >= 0);
    size_t kept = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    while (kept < (size_t)length && kept > 0 && ((unsigned char)text[kept] & 0xC0) == 0x80) kept--;
    return str_cstr(arena, (struct str){text, kept});
}

struct verify_words verify_say(struct arena *arena, const char *zh, const char *en, ...)
{
    struct verify_words words;
    va_list arguments, again;
    va_start(arguments, en);
    va_copy(again, arguments);
    words.zh = put_words(arena, zh, arguments);
    words.en = put_words(arena, en, again);
    va_end(again);
    va_end(arguments);
    return words;
}

struct verify_violation *verify_note(struct verify_world *world, enum verify_code code,
                                     const struct verify_row *row, uint32_t applicant,
                                     struct verify_words words)
{
    struct verify_violation violation = {.code = code,
                                         .zh = words.zh,
                                         .en = words.en,
                                         .component = VERIFY_NONE,
                                         .batch_place = VERIFY_NONE};
    if (applicant != VERIFY_NONE) {
        violation.applicant = dict_text(&world->applicants_by_number, applicant);
    }
    if (row != NULL) {
        violation.batch = world->batches[row->batch].key;
        violation.batch_place = row->batch;
        violation.group = dict_text(&world->groups_by_code, row->group);
        violation.programme = world->programmes[row->programme].code;
        violation.line = row->line;
    }
    struct verify_violation *kept = list_push(world->arena, &world->violations);
    *kept = violation;
    return kept;
}

/* Batch by batch, with the seats that the result leaves free. */
static uint64_t check_batches(struct verify_world *world)
{
    struct arena scratch = {0};
    size_t takers = world->programme_count + world->allotment_count;
    int64_t *free = arena_array(&scratch, int64_t, takers);
    int64_t *open = arena_array(&scratch, int64_t, takers);
    uint64_t *sent = arena_array(&scratch, uint64_t, world->applicant_count), files = 0;
    for (size_t p = 0; p < world->programme_count; p++) free[p] = world->programmes[p].quota;
    for (size_t i = 0; i < world->allotment_count; i++) {
        free[world->programme_count + i] = world->allotments[i].seats;
    }
    for (uint32_t batch = 0; batch < world->batch_count; batch++) {
        verify_floors(world, batch);
        verify_open(world, batch, free, open);
        verify_send(world, batch, open, sent);
        verify_majors(world, batch, open, sent);
        for (size_t a = 0; a < world->applicant_count; a++) files += sent[a] != SIZE_MAX;
        for (size_t r = 0; r < world->rows.count; r++) {
            const struct verify_row *row = &world->rows.items[r];
            if (row->batch != batch || !row->counts) continue;
            free[row->programme] -= free[row->programme] > 0;
            size_t seat = verify_seat(world, batch, row->applicant, row->programme);
            if (seat != SIZE_MAX && seat != row->programme) free[seat] -= free[seat] > 0;
        }
    }
    arena_free(&scratch);
    return files;
}

bool verify_run(struct arena *arena, const struct verify_paths *paths, struct verify_report *out,
                struct err *err)
{
    struct verify_world *world = arena_new(arena, struct verify_world);
    struct verify_report report = {0};
    world->arena = arena;
    world->paths = paths;
    dict_init(&world->words, arena);
    dict_init(&world->plans, arena);
    dict_init(&world->subjects, arena);
    dict_init(&world->groups_by_code, arena);
    dict_init(&world->applicants_by_number, arena);
    dict_init(&world->sources, arena);
    CHECK(dict_put(&world->words, STR_EMPTY) == VERIFY_ANY);
    if (!verify_read_rules(world, err) || !verify_read_programmes(world, err)
        || !verify_read_allotments(world, err) || !verify_read_applicants(world, err)
        || !verify_read_choices(world, err) || !verify_read_result(world, err)) {
        return false;
    }
    verify_shares(world);
    report.files = check_batches(world);
    verify_components(world, &report);
    report.applicants = world->applicant_count;
    report.choices = world->choice_count;
    report.groups = world->group_count;
    report.rows = world->result_rows;
    *out = report;
    return true;
}
