#include "base/sheet_out.h"
#include "jobs/view_eligible.h"

enum { CELL_BYTES_MAX = 8192, SHEET_COLUMNS = 16 };

struct sheet_column {
    const char *zh;
    int width; /* characters */
    bool number;
};

static const struct sheet_column line_columns[] = {
    {"考生号", 16, false},   {"姓名", 10, false},     {"证件号码", 20, false},
    {"报名县区", 12, false}, {"毕业学校", 22, false}, {"专项", 18, false},
    {"申报", 6, false},      {"结论", 8, false},      {"理由", 50, false},
    {"向谁补证", 40, false}, {"依据", 60, false},     {"文件", 30, false},
};
static const struct sheet_column count_columns[] = {
    {"单位", 22, false},      {"专项", 18, false},      {"考生", 8, true},
    {"申报", 8, true},        {"符合", 8, true},        {"不符合", 8, true},
    {"待补证", 8, true},      {"申报且符合", 10, true}, {"申报而不符合", 12, true},
    {"申报待补证", 10, true},
};
static const struct sheet_column conflict_columns[] = {
    {"问题", 20, false}, {"考生号", 16, false}, {"另一考生号", 16, false}, {"报名县区", 12, false},
    {"学校", 22, false}, {"专项", 24, false},   {"说明", 50, false},
};
static const struct sheet_column public_columns[] = {
    {"姓名", 12, false}, {"学校", 26, false}, {"报名县区", 12, false}, {"专项", 18, false}};

#define COLUMNS_OF(columns) (columns), sizeof(columns) / sizeof *(columns)

static bool write_header(struct sheet_out *sheet, const struct sheet_column *columns, size_t count,
                         struct err *err)
{
    struct str cells[SHEET_COLUMNS];
    int widths[SHEET_COLUMNS];
    bool numbers[SHEET_COLUMNS];
    CHECK(count <= SHEET_COLUMNS);
    for (size_t c = 0; c < count; c++) {
        cells[c] = str_from(columns[c].zh);
        widths[c] = columns[c].width;
        numbers[c] = columns[c].number;
    }
    sheet_numbers(sheet, numbers, count);
    return sheet_header(sheet, cells, count, widths, err);
}

bool view_eligible_public(const struct view *view, const struct view_eligible *of, const char *path,
                          size_t *count, struct err *err)
{
    const struct eligible *eligible = of->eligible;
    struct sheet_out *sheet = NULL;
    *count = 0;
    if (!sheet_open(&sheet, path, "公示", true, err)) return false;
    bool good = write_header(sheet, COLUMNS_OF(public_columns), err);
    for (size_t i = 0; good && eligible != NULL && i < eligible->applicant_count; i++) {
        const struct eligible_candidate *who = eligible->applicants[i].who;
        for (size_t p = 0; good && of->seen[i] && p < eligible->known->plans.count; p++) {
            if (!eligible_is_public(eligible, i, p)) continue;
            const struct str cells[] = {who->name, who->school,
                                        view_eligible_county(view, who->area),
                                        eligible_plan_word(eligible->known, p, LANG_ZH)};
            good = sheet_row(sheet, cells, sizeof cells / sizeof *cells, err);
            ++*count;
        }
    }
    if (good) return sheet_close(sheet, err);
    sheet_abandon(sheet);
    return false;
}

struct exporting {
    const struct view *view;
    const struct view_eligible *of;
    const struct view_eligible_query *query;
    struct eligible_teller teller;
    struct sheet_out *sheet;
    size_t lines;
};

/* The wanted lines of one applicant; their sentences lie in `work`. */
static bool write_applicant(struct exporting *exporting, struct arena *work, size_t number,
                            struct err *err)
{
    const struct eligible *eligible = exporting->of->eligible;
    const struct eligible_known *known = eligible->known;
    const struct eligible_applicant *applicant = &eligible->applicants[number];
    struct eligible_told *told;
    struct view view = *exporting->view;
    struct view_line line;
    uint64_t mask = 0;
    view.arena = work;
    view_eligible_line(&view, applicant, &line);
    for (size_t p = 0; p < known->plans.count; p++) {
        if (view_eligible_wants(exporting->query, p, &applicant->lines[p])) {
            mask |= (uint64_t)1 << p;
        }
    }
    if (!eligible_tell(&exporting->teller, work, number, mask, LANG_ZH, &told, err)) return false;
    for (size_t p = 0; p < known->plans.count; p++) {
        const struct eligible_line *at = &applicant->lines[p];
        if ((mask >> p & 1) == 0) continue;
        const struct str cells[] = {applicant->who->number,
                                    line.name,
                                    line.id_number,
                                    line.area_name,
                                    line.school,
                                    eligible_plan_word(known, p, LANG_ZH),
                                    at->asked ? STR("是") : STR("否"),
                                    str_from(eligible_verdict_text(at->verdict, LANG_ZH)),
                                    told[p].reason,
                                    told[p].asks,
                                    told[p].evidence,
                                    told[p].cites};
        if (!sheet_row(exporting->sheet, cells, sizeof cells / sizeof *cells, err)) return false;
        exporting->lines++;
    }
    return true;
}

static bool write_lines(struct exporting *exporting, struct err *err)
{
    struct view_eligible_query all = *exporting->query;
    struct arena work = {0};
    size_t *rows, count, total;
    all.page = (struct view_page){.page = 1, .size = SIZE_MAX};
    view_eligible_rows(exporting->view, exporting->of, &all, &rows, &count, &total);
    bool good = write_header(exporting->sheet, COLUMNS_OF(line_columns), err);
    for (size_t i = 0; good && i < count; i++) {
        arena_reset(&work);
        good = write_applicant(exporting, &work, rows[i], err);
    }
    arena_free(&work);
    return good;
}

static bool write_counts(struct exporting *exporting, enum view_eligible_by by, struct err *err)
{
    const struct view *view = exporting->view;
    const struct eligible_known *known = exporting->of->eligible->known;
    struct view_eligible_count *counts;
    size_t count;
    view_eligible_counts(view, exporting->of, by, exporting->query->plan, &counts, &count);
    if (!write_header(exporting->sheet, COLUMNS_OF(count_columns), err)) return false;
    for (size_t i = 0; i < count; i++) {
        const struct view_eligible_count *at = &counts[i];
        const int64_t numbers[] = {at->applicants,
                                   at->asked,
                                   at->verdicts[POLICY_ENTITLED],
                                   at->verdicts[POLICY_NO],
                                   at->verdicts[POLICY_UNKNOWN],
                                   at->asked_verdicts[POLICY_ENTITLED],
                                   at->asked_verdicts[POLICY_NO],
                                   at->asked_verdicts[POLICY_UNKNOWN]};
        enum { NUMBERS = sizeof numbers / sizeof *numbers };
        struct str cells[2 + NUMBERS] = {at->name, eligible_plan_word(known, at->plan, LANG_ZH)};
        for (size_t n = 0; n < NUMBERS; n++) cells[2 + n] = str_i64(view->arena, numbers[n]);
        if (!sheet_row(exporting->sheet, cells, 2 + NUMBERS, err)) return false;
    }
    return true;
}

static struct str plan_words(const struct view *view, const struct eligible_known *known,
                             uint64_t plans)
{
    struct text text;
    text_init(&text, view->arena, CELL_BYTES_MAX);
    for (size_t p = 0; p < known->plans.count; p++) {
        if ((plans >> p & 1) == 0) continue;
        if (text.len > 0) text_add_c(&text, "、");
        text_add(&text, eligible_plan_word(known, p, LANG_ZH));
    }
    return text_str(&text);
}

static bool write_conflicts(struct exporting *exporting, struct err *err)
{
    const struct view *view = exporting->view;
    const struct eligible_finding **rows;
    size_t count;
    view_eligible_conflicts(view, exporting->of, -1, &rows, &count);
    if (!write_header(exporting->sheet, COLUMNS_OF(conflict_columns), err)) return false;
    for (size_t i = 0; i < count; i++) {
        const struct str cells[] = {
            str_from(eligible_conflict_text(rows[i]->kind, LANG_ZH)),
            rows[i]->number,
            rows[i]->other,
            view_eligible_county(view, rows[i]->area),
            rows[i]->school,
            plan_words(view, exporting->of->eligible->known, rows[i]->plans),
            rows[i]->detail_zh};
        if (!sheet_row(exporting->sheet, cells, sizeof cells / sizeof *cells, err)) return false;
    }
    return true;
}

bool view_eligible_export(const struct view *view, const struct view_eligible *of,
                          const struct view_eligible_query *query, const char *path, size_t *count,
                          struct err *err)
{
    struct exporting exporting = {.view = view, .of = of, .query = query};
    CHECK(of->eligible != NULL);
    CHECK(str_ends(str_from(path), STR(".xlsx")));
    view_eligible_teller(view, of, &exporting.teller);
    if (!sheet_open(&exporting.sheet, path, "资格", false, err)) return false;
    struct sheet_out *sheet = exporting.sheet;
    if (write_lines(&exporting, err) && sheet_next(sheet, "按县区", err)
        && write_counts(&exporting, ELIGIBLE_BY_COUNTY, err) && sheet_next(sheet, "按学校", err)
        && write_counts(&exporting, ELIGIBLE_BY_SCHOOL, err) && sheet_next(sheet, "矛盾", err)
        && write_conflicts(&exporting, err)) {
        *count = exporting.lines;
        return sheet_close(sheet, err);
    }
    sheet_abandon(sheet);
    return false;
}
