#include "base/file.h"
#include "base/sheet_form.h"
#include "cases/case_sheet.h"

/* The workbook: rows to be filled in, the words to choose from (hidden), and how to fill it in. */

enum { ABOVE_ROWS = 2, WORDS_BYTES_MAX = 4096, LISTS_MAX = 2 + PROCEDURES_MAX };

static const char *const lists_sheet = "词表";

static const int widths[SHEET_COLUMN_COUNT] = {6,  8, 20, 12, 12, 10, 16, 12, 11, 6,
                                               11, 9, 8,  18, 10, 10, 14, 10, 6};

static const char *const how_to[] = {
    "1. 只填白色的格子；灰色的格子是系统写出的，改动过的行会被退回。",
    "   Fill in the white cells only; grey cells were written by the program, and a row in which "
    "one was changed is sent back.",
    "2. 做了什么就在那一行写：联系日期（如 2020-09-17）、方式、见了谁、联系结果；没见到人也写，"
    "联系结果选“家中无人”等。",
    "   Write what you did in its row: the day, the way, who was met, what came of it; also when "
    "nobody was met.",
    "3. 有核查结论的选“核查结果”；能销号的结果必须写佐证（文书名称、编号或照片存放处）。",
    "   Choose an outcome where there is a verdict; one that closes the case needs its evidence.",
    "4. 书面报告、责令改正等步骤：写联系日期和佐证即为办完。",
    "   Steps such as a written report: the day and the evidence say that it is done.",
    "5. 没做的行留空。行可以删除、排序（先撤销工作表保护，无密码），不能自行加行。",
    "   Leave a row empty where nothing was done. Rows may be deleted and sorted (unprotect the "
    "sheet, there is no password), but none can be added.",
    "6. 填好后交回导入：baoxue cases unpack 文件.xlsx。同一份导入两次不会重复记录；其间案卷"
    "已有新进展的行不会覆盖，会列出双方内容。",
    "   Hand it back to be read in. The same workbook read twice adds nothing; where the case went "
    "on since, nothing is overwritten and both sides are shown.",
    "7. 本表含儿童信息，用完即交回，不得转发。",
    "   It holds data of children: hand it back when you are done, and do not pass it on.",
};

struct writing {
    struct arena *arena;
    const struct procedures *procedures;
    const struct case_sheet_head *head;
    const struct case_sheet_row *rows;
    size_t count;
    struct sheet_out *sheet;
};

static struct str both(const struct writing *writing, struct str zh, struct str en,
                       const char *between)
{
    struct text text;
    text_init(&text, writing->arena, WORDS_BYTES_MAX);
    text_add(&text, zh);
    text_add_c(&text, between);
    text_add(&text, en);
    return text_str(&text);
}

static struct str outcome_text(const struct writing *writing,
                               const struct procedure_outcome *outcome)
{
    return both(writing, outcome->code, both(writing, outcome->zh, outcome->en, " "), " ");
}

static bool write_title(const struct writing *writing, struct err *err)
{
    const struct case_sheet_head *head = writing->head;
    struct text text;
    char at[DAY_TEXT_SIZE];
    text_init(&text, writing->arena, WORDS_BYTES_MAX);
    text_add_f(&text, "%.*s 离线工作簿 case sheet　%s　%.*s　只填白格，说明见后页 white cells only",
               STR_ARG(head->area_name), day_format(head->at, at), STR_ARG(head->by));
    struct str title = text_str(&text);
    return sheet_row(writing->sheet, &title, 1, err);
}

static bool write_rows(const struct writing *writing, struct err *err)
{
    static const enum sheet_cell kinds[SHEET_COLUMN_COUNT + 1] = {
        [SHEET_DAY] = SHEET_CELL_OPEN_DAY,  [SHEET_WAY] = SHEET_CELL_OPEN,
        [SHEET_WHO] = SHEET_CELL_OPEN,      [SHEET_SAID] = SHEET_CELL_OPEN,
        [SHEET_RESULT] = SHEET_CELL_OPEN,   [SHEET_OUTCOME] = SHEET_CELL_OPEN,
        [SHEET_EVIDENCE] = SHEET_CELL_OPEN, [SHEET_NOTE] = SHEET_CELL_OPEN,
        [SHEET_SEAL] = SHEET_CELL_HIDDEN,
    };
    const bool numbers[SHEET_COLUMN_COUNT] = {[SHEET_CASE] = true, [SHEET_OVERDUE] = true};
    size_t count = SHEET_COLUMN_COUNT + (writing->head->problems ? 1 : 0);
    struct str cells[SHEET_COLUMN_COUNT + 1];
    int all_widths[SHEET_COLUMN_COUNT + 1];
    for (int c = 0; c < SHEET_COLUMN_COUNT; c++) {
        cells[c] = both(writing, str_from(case_sheet_heading((enum case_sheet_column)c, LANG_ZH)),
                        str_from(case_sheet_heading((enum case_sheet_column)c, LANG_EN)), "\n");
        all_widths[c] = widths[c];
    }
    cells[SHEET_COLUMN_COUNT] = STR("问题\nwhat is wrong");
    all_widths[SHEET_COLUMN_COUNT] = 40;
    if (!write_title(writing, err)) return false;
    sheet_form(writing->sheet, kinds, count);
    sheet_numbers(writing->sheet, numbers, SHEET_COLUMN_COUNT);
    if (!sheet_header(writing->sheet, cells, count, all_widths, err)) return false;
    sheet_form_hide_columns(writing->sheet, kinds, count);
    for (size_t i = 0; i < writing->count; i++) {
        const struct case_sheet_row *row = &writing->rows[i];
        for (int c = 0; c < SHEET_COLUMN_COUNT; c++) cells[c] = row->cells[c];
        cells[SHEET_COLUMN_COUNT] = row->problem_zh.len == 0
                                        ? STR_EMPTY
                                        : both(writing, row->problem_zh, row->problem_en, "\n");
        if (!sheet_row(writing->sheet, cells, count, err)) return false;
    }
    return true;
}

/* What can be chosen in the cells: ways and results everywhere, outcomes by the procedure of each
 * run of rows. */
static void add_choices(const struct writing *writing)
{
    const struct procedures *procedures = writing->procedures;
    if (writing->count == 0) return;
    uint64_t last = ABOVE_ROWS + writing->count - 1;
    sheet_form_choices(writing->sheet, SHEET_WAY, ABOVE_ROWS, last, lists_sheet, 0,
                       procedures->ways.count);
    sheet_form_choices(writing->sheet, SHEET_RESULT, ABOVE_ROWS, last, lists_sheet, 1,
                       procedures->results.count);
    for (size_t from = 0, to; from < writing->count; from = to) {
        const struct procedure *procedure = writing->rows[from].procedure;
        for (to = from + 1; to < writing->count && writing->rows[to].procedure == procedure;) to++;
        if (procedure == NULL) continue;
        sheet_form_choices(writing->sheet, SHEET_OUTCOME, ABOVE_ROWS + from, ABOVE_ROWS + to - 1,
                           lists_sheet, 2 + (size_t)(procedure - procedures->items),
                           procedure->outcome_count);
    }
}

static struct str word_at(const struct writing *writing, const struct procedure_words *words,
                          size_t at)
{
    if (at >= words->count) return STR_EMPTY;
    return case_sheet_choice(writing->arena, &words->items[at]);
}

static bool write_lists(const struct writing *writing, struct err *err)
{
    const struct procedures *procedures = writing->procedures;
    size_t longest = procedures->ways.count > procedures->results.count ? procedures->ways.count
                                                                        : procedures->results.count;
    for (size_t p = 0; p < procedures->count; p++) {
        size_t count = procedures->items[p].outcome_count;
        if (count > longest) longest = count;
    }
    if (!sheet_next(writing->sheet, lists_sheet, err)) return false;
    sheet_form_hide(writing->sheet);
    for (size_t i = 0; i < longest; i++) {
        struct str cells[LISTS_MAX] = {word_at(writing, &procedures->ways, i),
                                       word_at(writing, &procedures->results, i)};
        for (size_t p = 0; p < procedures->count; p++) {
            const struct procedure *procedure = &procedures->items[p];
            if (i < procedure->outcome_count)
                cells[2 + p] = outcome_text(writing, &procedure->outcomes[i]);
        }
        if (!sheet_row(writing->sheet, cells, 2 + procedures->count, err)) return false;
    }
    return true;
}

static bool write_line(const struct writing *writing, struct str a, struct str b, struct err *err)
{
    struct str cells[] = {a, b};
    return sheet_row(writing->sheet, cells, 2, err);
}

static bool write_codes(const struct writing *writing, const struct procedure *procedure,
                        struct err *err)
{
    if (procedure->outcome_count == 0) return true;
    struct str name = both(writing, procedure->zh, procedure->en, " ");
    if (!write_line(writing, STR_EMPTY, STR_EMPTY, err)
        || !write_line(writing, both(writing, name, STR("核查结果 outcomes"), "："),
                       STR("须有的佐证 evidence that it needs"), err)) {
        return false;
    }
    for (size_t i = 0; i < procedure->outcome_count; i++) {
        const struct procedure_outcome *outcome = &procedure->outcomes[i];
        struct str needs = outcome->closes
                               ? both(writing, outcome->evidence_zh, outcome->evidence_en, " ")
                               : STR("不销号，即确认属实 does not close: it confirms");
        if (!write_line(writing, outcome_text(writing, outcome), needs, err)) return false;
    }
    return true;
}

static bool write_how_to(const struct writing *writing, struct err *err)
{
    const struct case_sheet_head *head = writing->head;
    struct str header[] = {STR("怎样填写 how to fill in"), STR("")};
    const int how_widths[] = {110, 60};
    char at[DAY_TEXT_SIZE];
    if (!sheet_next(writing->sheet, "说明 how to", err)
        || !sheet_header(writing->sheet, header, 2, how_widths, err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof how_to / sizeof *how_to; i++) {
        if (!write_line(writing, str_from(how_to[i]), STR_EMPTY, err)) return false;
    }
    for (size_t p = 0; p < writing->procedures->count; p++) {
        if (!write_codes(writing, &writing->procedures->items[p], err)) return false;
    }
    return write_line(writing, STR_EMPTY, STR_EMPTY, err)
           && write_line(writing, STR("工作区 workspace"), head->workspace, err)
           && write_line(writing, STR("工作簿 workbook"), head->pack, err)
           && write_line(writing, STR("日期 day"), str_from(day_format(head->at, at)), err)
           && write_line(writing, STR("写出人 packed by"), head->by, err);
}

bool case_sheet_write(struct arena *arena, const struct procedures *procedures,
                      const struct case_sheet_head *head, const struct case_sheet_row *rows,
                      size_t count, const char *path, struct err *err)
{
    struct writing writing = {arena, procedures, head, rows, count, NULL};
    if (!str_ends(str_from(path), STR(".xlsx"))) {
        return err_set(err, ERR_USAGE, "a case sheet is a workbook: name a file that ends in .xlsx",
                       "离线工作簿应写成 .xlsx 结尾的文件");
    }
    if (!sheet_open(&writing.sheet, path, "案卷 cases", false, err)) return false;
    bool good = write_rows(&writing, err);
    if (good) add_choices(&writing);
    if (good && write_how_to(&writing, err) && write_lists(&writing, err)) {
        return sheet_close(writing.sheet, err);
    }
    sheet_abandon(writing.sheet);
    return false;
}
