#include "placing/explain.h"

#include "base/sheet_out.h"
#include "placing/allotted.h"

#include <string.h>

int64_t place_capacity(const struct place_batch *batch, int64_t seats)
{
    CHECK(seats >= 0);
    CHECK(batch->ratio_denominator > 0);
    int64_t product = seats * batch->ratio_numerator;
    return product / batch->ratio_denominator + (product % batch->ratio_denominator != 0);
}

/* The line that fits best: named track and plan before one of them, before neither. */
int64_t place_line_of(const struct place_input *input, const struct place_batch *batch,
                      const struct place_applicant *applicant, const struct place_group *group)
{
    int best = -1;
    int64_t total = INT64_MIN;
    for (size_t i = 0; i < batch->line_count; i++) {
        const struct place_line *line = &batch->lines[i];
        if (line->track.len > 0 && !str_equal(line->track, applicant->track)) continue;
        if (line->plan.len > 0 && !str_equal(line->plan, input->rules.plans[group->plan])) continue;
        int exact = (line->track.len > 0 ? 2 : 0) + (line->plan.len > 0 ? 1 : 0);
        if (exact < best) continue;
        best = exact;
        total = line->total - batch->lowered;
    }
    return total;
}

bool place_has_subjects(const struct place_applicant *applicant,
                        const struct place_programme *programme)
{
    struct str rest = programme->subjects, wanted;
    while (rest.len > 0 && str_split(&rest, ';', &wanted)) {
        struct str any = wanted, one, own = applicant->subjects, has;
        bool found = str_trim(wanted).len == 0;
        while (!found && any.len > 0 && str_split(&any, '|', &one)) {
            for (own = applicant->subjects; own.len > 0 && str_split(&own, ';', &has);) {
                if (str_equal(str_trim(one), str_trim(has))) found = true;
            }
        }
        if (!found) return false;
    }
    return true;
}

enum place_bar place_barred(const struct place_input *input, const struct place_batch *batch,
                            const struct place_applicant *applicant,
                            const struct place_group *group)
{
    enum { PLAN_GENERAL = 0 }; /* the first of the promised plans */
    if (group->track.len > 0 && !str_equal(group->track, applicant->track)) return PLACE_BAR_TRACK;
    if (group->county.len > 0 && !str_equal(group->county, applicant->county)) {
        return PLACE_BAR_COUNTY;
    }
    if (group->plan != PLAN_GENERAL && (applicant->plans >> group->plan & 1) == 0) {
        return PLACE_BAR_PLAN;
    }
    if (batch->allot.batch != PLACE_NONE
        && place_allotment_of(input, batch, applicant, group) == PLACE_NONE) {
        return PLACE_BAR_SOURCE;
    }
    if (applicant->total < place_line_of(input, batch, applicant, group)) return PLACE_BAR_LINE;
    if (!input->has_subjects) return PLACE_BAR_NONE;
    for (uint32_t p = 0; p < group->count; p++) {
        if (place_has_subjects(applicant, &input->programmes[group->first + p])) {
            return PLACE_BAR_NONE;
        }
    }
    return PLACE_BAR_SUBJECTS;
}

static const struct {
    const char *key, *zh, *en;
} outcomes[] =
    {
        [PLACE_NOT_REACHED] = {"not_reached", "未轮到", "not reached"},
        [PLACE_BARRED] = {"barred", "不符合条件", "barred"},
        [PLACE_FULL] = {"full", "已投满", "full"},
        [PLACE_SENT] = {"sent", "已投档", "sent"},
        [PLACE_ADMITTED] = {"admitted", "按专业志愿录取", "admitted to a wished major"},
        [PLACE_ADJUSTED] = {"adjusted", "调剂录取", "admitted by adjustment"},
        [PLACE_RETURNED] = {"returned", "退档", "returned"},
},
  bars[] = {
      [PLACE_BAR_NONE] = {"", "", ""},
      [PLACE_BAR_TRACK] = {"track", "科类不符", "another track"},
      [PLACE_BAR_COUNTY] = {"county", "不是本县计划", "another county's plan"},
      [PLACE_BAR_PLAN] = {"plan", "没有该专项计划资格", "not eligible for this plan"},
      [PLACE_BAR_LINE] = {"line", "低于最低控制分数线", "below the lowest line"},
      [PLACE_BAR_SUBJECTS] = {"subjects", "选考科目不符", "subjects do not fit"},
      [PLACE_BAR_SOURCE] = {"source", "没有分给所在初中的名额",
                            "no seats for the own junior school"},
      [PLACE_BAR_FLOOR] = {"floor", "低于统招线的分数超过规定", "too far below the general line"},
};

const char *place_outcome_key(enum place_outcome outcome)
{
    CHECK(outcome <= PLACE_RETURNED);
    return outcomes[outcome].key;
}

const char *place_outcome_text(enum place_outcome outcome, enum lang lang)
{
    CHECK(outcome <= PLACE_RETURNED);
    return lang == LANG_ZH ? outcomes[outcome].zh : outcomes[outcome].en;
}

const char *place_bar_key(enum place_bar bar)
{
    CHECK(bar < PLACE_BARS);
    return bars[bar].key;
}

const char *place_bar_text(enum place_bar bar, enum lang lang)
{
    CHECK(bar < PLACE_BARS);
    return lang == LANG_ZH ? bars[bar].zh : bars[bar].en;
}

static struct str number_text(char buffer[20], uint64_t number)
{
    return (struct str){buffer, u64_digits(number, buffer)};
}

static bool write_placed(struct sheet_out *sheet, const struct place_input *input,
                         const struct place_result *result, size_t applicant, struct err *err)
{
    char rank[20], digits[20], via[32] = "adjusted";
    const struct place_choice *choice = &input->choices[result->placed[applicant]];
    size_t length = sizeof "adjusted" - 1;
    if (result->wishes[applicant] > 0) {
        size_t count = u64_digits(result->wishes[applicant], digits);
        memcpy(via, "wish", 4);
        memcpy(via + 4, digits, count);
        length = 4 + count;
    }
    struct str cells[] = {
        input->applicants[applicant].number, input->rules.batches[choice->batch].key,
        input->groups[choice->group].code,   input->programmes[result->programmes[applicant]].code,
        number_text(rank, choice->rank),     {via, length},
    };
    return sheet_row(sheet, cells, sizeof cells / sizeof *cells, err);
}

bool place_write(const char *path, const struct place_input *input,
                 const struct place_result *result, struct err *err)
{
    static const struct str header[] = {{"applicant", 9}, {"batch", 5},        {"group", 5},
                                        {"programme", 9}, {"choice_rank", 11}, {"via", 3}};
    struct sheet_out *sheet = NULL;
    if (!sheet_open(&sheet, path, "placed", false, err)) return false;
    bool good = sheet_header(sheet, header, sizeof header / sizeof *header, NULL, err);
    for (size_t a = 0; good && a < input->applicant_count; a++) {
        if (result->placed[a] == PLACE_NONE) continue;
        good = write_placed(sheet, input, result, a, err);
    }
    if (good) return sheet_close(sheet, err);
    sheet_abandon(sheet);
    return false;
}

/* "track" for a bar; the major, and "number" where a number decided, for what a group did. */
static struct str detail_of(const struct place_input *input, const struct place_fate *fate,
                            struct text *text)
{
    text_clear(text);
    if (fate->outcome == PLACE_BARRED) text_add_c(text, place_bar_key(fate->bar));
    if (fate->programme != PLACE_NONE) text_add(text, input->programmes[fate->programme].code);
    if (fate->wish > 0 && fate->programme != PLACE_NONE) text_add_f(text, " wish%u", fate->wish);
    if (fate->number_decided) text_add_c(text, text->len > 0 ? " number" : "number");
    return text_str(text);
}

static bool write_fate(struct sheet_out *sheet, const struct place_input *input, size_t applicant,
                       uint32_t number, const struct place_fate *fate, struct text *text,
                       struct err *err)
{
    char rank[20];
    const struct place_choice *choice = &input->choices[number];
    bool went = fate->outcome >= PLACE_ADMITTED;
    struct str cells[] = {
        input->applicants[applicant].number,
        input->rules.batches[choice->batch].key,
        number_text(rank, choice->rank),
        input->groups[choice->group].code,
        str_from(place_outcome_key(went ? PLACE_SENT : fate->outcome)),
        went ? STR_EMPTY : detail_of(input, fate, text),
    };
    if (!sheet_row(sheet, cells, 6, err)) return false;
    if (!went) return true;
    cells[4] = str_from(place_outcome_key(fate->outcome));
    cells[5] = detail_of(input, fate, text);
    return sheet_row(sheet, cells, 6, err);
}

bool place_write_trace(const char *path, const struct place_input *input,
                       const struct place_result *result, struct err *err)
{
    static const struct str header[] = {{"applicant", 9}, {"batch", 5},   {"rank", 4},
                                        {"group", 5},     {"outcome", 7}, {"detail", 6}};
    struct sheet_out *sheet = NULL;
    struct arena arena = {0};
    struct text text;
    CHECK(result->fates != NULL);
    text_init(&text, &arena, 1 << 16);
    if (!sheet_open(&sheet, path, "trace", false, err)) return false;
    bool good = sheet_header(sheet, header, sizeof header / sizeof *header, NULL, err);
    for (size_t a = 0; good && a < input->applicant_count; a++) {
        const struct place_applicant *who = &input->applicants[a];
        for (uint32_t c = who->first; good && c < who->first + who->count; c++) {
            const struct place_fate *fate = &result->fates[c];
            if (fate->outcome == PLACE_NOT_REACHED) continue;
            good = write_fate(sheet, input, a, c, fate, &text, err);
        }
    }
    if (good)
        good = sheet_close(sheet, err);
    else
        sheet_abandon(sheet);
    arena_free(&arena);
    return good;
}
