#include "jobs/dossier.h"

#include "base/sheet_out.h"
#include "cases/duty_units.h"
#include "figures/publication.h"
#include "figures/report.h"
#include "figures/requirement.h"
#include "figures/standards.h"
#include "jobs/view_place.h"

#include <string.h>

enum { CELLS_MAX = 12, HASH_SHOWN = 8, ATTEMPTS_MAX = 4 };

struct writing {
    struct arena *arena;
    const struct dossier *dossier;
    struct sheet_out *sheet;
    /* Of the desk as it was when it was taken first. */
    const struct figures *figures; /* NULL: not yet */
    struct read_at when;
    struct figure_desk_version version;
    bool changed; /* it is not the same any more */
};

/* Does a piece of work on the desk, as long as it tells the same as at first. */
static bool on_desk(struct writing *writing,
                    bool (*work)(struct writing *writing, struct figure_desk *desk, void *context,
                                 struct err *err),
                    void *context, struct err *err)
{
    const struct dossier *dossier = writing->dossier;
    struct desk_taken taken;
    if (!desks_take(dossier->desks, writing->arena, dossier->asker, dossier->at, &taken, err)) {
        return false;
    }
    if (writing->figures == NULL) {
        writing->figures = taken.figures;
        writing->when = taken.desk->when;
        writing->version = taken.version;
    }
    writing->changed = memcmp(&writing->version, &taken.version, sizeof taken.version) != 0;
    bool good = !writing->changed && work(writing, taken.desk, context, err);
    desks_give(dossier->desks, &taken);
    if (!writing->changed) return good;
    return err_set(err, ERR_CONFLICT, "data came while the dossier was made, make it again",
                   "编制期间数据有变动，请重新编制");
}

static bool look(struct writing *writing, struct figure_desk *desk, void *context, struct err *err)
{
    (void)writing;
    (void)desk;
    (void)context;
    (void)err;
    return true;
}

static struct str say(const struct writing *writing, const char *zh, const char *en)
{
    return str_from(writing->dossier->lang == LANG_EN ? en : zh);
}

static struct str integer(const struct writing *writing, int64_t number)
{
    struct text text;
    text_init(&text, writing->arena, 32);
    text_add_f(&text, "%lld", (long long)number);
    return text_str(&text);
}

static struct str day_text(const struct writing *writing, day value)
{
    char text[DAY_TEXT_SIZE];
    if (day_is_none(value)) return STR_EMPTY;
    day_format(value, text);
    return str_copy(writing->arena, str_from(text));
}

/* A column: its words, and its width in characters; one of numbers has a negative width. */
struct column {
    const char *zh, *en;
    int width;
};

static bool begin(struct writing *writing, const char *zh, const char *en,
                  const struct column *columns, size_t count, struct err *err)
{
    struct str heads[CELLS_MAX];
    int widths[CELLS_MAX];
    bool numbers[CELLS_MAX];
    CHECK(count <= CELLS_MAX);
    for (size_t i = 0; i < count; i++) {
        heads[i] = say(writing, columns[i].zh, columns[i].en);
        numbers[i] = columns[i].width < 0;
        widths[i] = numbers[i] ? -columns[i].width : columns[i].width;
    }
    if (!progress_wanted(writing->dossier->progress, err)
        || !sheet_next(writing->sheet, say(writing, zh, en).ptr, err)) {
        return false;
    }
    sheet_numbers(writing->sheet, numbers, count);
    return sheet_header(writing->sheet, heads, count, widths, err);
}

static bool cover(struct writing *writing, struct err *err)
{
    const struct dossier *dossier = writing->dossier;
    static const int widths[] = {20, 90};
    const struct str heads[] = {say(writing, "迎检资料", "Dossier for inspection"), dossier->place};
    const struct str rows[][2] = {
        {say(writing, "截至", "as of"), day_text(writing, writing->when.at)},
        {say(writing, "编制人", "made by"), dossier->asker->name},
        {say(writing, "事由", "reason"), dossier->reason},
        {say(writing, "内容", "in it"),
         say(writing,
             "指标（口径、明细代码）和按县区、差距清单、均衡差距、台账汇总、未销号案卷、责任人和逾"
             "期"
             "、已发布的指标",
             "figures (definition, code of the rows) and by county, gaps one by one, gaps to "
             "balance, the ledger by area, open cases, who has what overdue, publications")},
        {say(writing, "核对", "checking"),
         say(writing, "每个数都有明细代码；在控制台“指标”页点进去，逐条列出所计的记录",
             "every number has the code of its rows; the page Figures lists them one by one")},
    };
    if (!sheet_header(writing->sheet, heads, 2, widths, err)) return false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!sheet_row(writing->sheet, rows[i], 2, err)) return false;
    }
    return true;
}

struct collecting {
    const struct report_options *options; /* of all */
    size_t number;                        /* in their list */
    struct report_line *line;
};

static bool collect_one(struct writing *writing, struct figure_desk *desk, void *context,
                        struct err *err)
{
    struct collecting *collecting = context;
    struct report_options one = *collecting->options;
    struct report_data data;
    one.list += collecting->number;
    one.count = 1;
    one.progress = NULL;
    if (!report_collect(desk, writing->arena, &one, &data, err)) return false;
    *collecting->line = data.lines[0];
    return true;
}

static bool write_figures(struct writing *writing, struct err *err)
{
    const struct dossier *dossier = writing->dossier;
    size_t count = writing->figures->count;
    const struct figure **list = arena_array(writing->arena, const struct figure *, count);
    for (size_t i = 0; i < count; i++) list[i] = &writing->figures->items[i];
    const struct report_options options = {.figures = writing->figures,
                                           .list = list,
                                           .count = count,
                                           .divisions = dossier->workspace->divisions,
                                           .place = dossier->place,
                                           .lang = dossier->lang,
                                           .progress = dossier->progress};
    struct report_data data = {.options = &options,
                               .at = writing->when.at,
                               .lines = arena_array(writing->arena, struct report_line, count),
                               .count = count};
    for (size_t i = 0; i < count; i++) {
        struct collecting collecting = {&options, i, &data.lines[i]};
        progress_report(dossier->progress, "counting figures", "计算指标", i, count);
        if (!progress_wanted(dossier->progress, err)
            || !on_desk(writing, collect_one, &collecting, err)) {
            return false;
        }
    }
    return report_sheets(writing->sheet, writing->arena, &data, err);
}

static bool find_gaps(struct writing *writing, struct figure_desk *desk, void *context,
                      struct err *err)
{
    return requirement_find(desk, writing->arena, writing->figures, NULL, context, err);
}

static bool write_requirements(struct writing *writing, struct err *err)
{
    static const struct column columns[] = {{"涉及孩子", "children", -10},
                                            {"要求", "requirement", 40},
                                            {"地区", "area", 20},
                                            {"学校或村", "school or village", 30},
                                            {"现有", "has", -8},
                                            {"标准", "standard", -8},
                                            {"补什么", "what would close it", 30},
                                            {"费用（元）", "cost (yuan)", -14},
                                            {"依据", "source", 40}};
    const struct dossier *dossier = writing->dossier;
    struct requirement_gaps found;
    if (!on_desk(writing, find_gaps, &found, err)
        || !begin(writing, "差距清单", "gaps", columns, sizeof columns / sizeof *columns, err)) {
        return false;
    }
    for (size_t i = 0; i < found.count; i++) {
        const struct requirement_gap *gap = &found.items[i];
        struct str cost = requirement_cost(writing->arena, gap->cost_fen);
        const struct str cells[] = {integer(writing, gap->children),
                                    dossier->lang == LANG_EN ? gap->rule->en : gap->rule->zh,
                                    division_name_of(dossier->workspace->divisions, gap->area),
                                    gap->name,
                                    gap->has,
                                    gap->bound,
                                    requirement_close(writing->arena, gap, dossier->lang),
                                    cost.len > 0 ? cost
                                                 : say(writing, "未给单价", "no price given"),
                                    gap->rule->cites};
        if (!sheet_row(writing->sheet, cells, sizeof cells / sizeof *cells, err)) return false;
    }
    return true;
}

/* "12.50"; hundredths. */
static struct str decimal(const struct writing *writing, int64_t value)
{
    struct text text;
    text_init(&text, writing->arena, 32);
    text_add_f(&text, "%lld.%02lld", (long long)(value / 100), (long long)(value % 100));
    return text_str(&text);
}

/* A coefficient with four places; a mark where it is above the limit. */
static struct str uneven(const struct writing *writing, const struct standard_line_stage *stage)
{
    struct text text;
    if (stage->schools == 0) return STR_EMPTY;
    text_init(&text, writing->arena, 32);
    int64_t shown = (stage->coefficient + 50) / 100;
    text_add_f(&text, "%lld.%04lld%s", (long long)(shown / 10000), (long long)(shown % 10000),
               stage->uneven ? " >" : "");
    return text_str(&text);
}

static bool write_line(struct writing *writing, const struct standard_set *set,
                       const struct standard_line *line, struct err *err)
{
    const struct dossier *dossier = writing->dossier;
    const struct standard_indicator *one = &set->indicators[line->indicator];
    bool en = dossier->lang == LANG_EN;
    struct str none = say(writing, "未给单价", "no price given");
    const struct str cells[] = {line->name.len > 0
                                    ? line->name
                                    : division_name_of(dossier->workspace->divisions, line->code),
                                en ? one->en : one->zh,
                                uneven(writing, &line->stages[0]),
                                uneven(writing, &line->stages[1]),
                                integer(writing, (int64_t)line->below),
                                decimal(writing, line->lacking),
                                line->lacking_fen < 0 ? none : decimal(writing, line->lacking_fen),
                                integer(writing, (int64_t)line->raised),
                                decimal(writing, line->added),
                                line->added_fen < 0 ? none : decimal(writing, line->added_fen),
                                en ? one->unit_en : one->unit_zh};
    return sheet_row(writing->sheet, cells, sizeof cells / sizeof *cells, err);
}

static bool write_balance(struct writing *writing, struct err *err)
{
    static const struct column columns[] = {
        {"县区", "county", 20},
        {"指标", "indicator", 40},
        {"小学差异系数（> 超上限）", "primary (> too high)", 14},
        {"初中差异系数", "junior", 14},
        {"不达标学校", "schools below", -10},
        {"达标缺", "lacking to the standard", -14},
        {"达标费用（元）", "its cost (yuan)", -14},
        {"须补学校", "schools to raise", -10},
        {"均衡须补", "to be even", -14},
        {"均衡费用（元）", "its cost (yuan)", -14},
        {"单位", "unit", 10}};
    const struct dossier *dossier = writing->dossier;
    struct registry registry = dossier->workspace->registry;
    struct standards standards;
    const struct standard_set *set;
    struct standards_found found;
    struct standard_line *lines;
    size_t count;
    if (!standards_load(&standards, writing->arena, dossier->workspace->policies,
                        &dossier->workspace->profiles, err)
        || !standard_set_find(&standards, STR_EMPTY, &set, err)
        || !standards_find(&found, writing->arena, set, &registry, dossier->asker, writing->when, 0,
                           err)
        || !begin(writing, "均衡差距", "gaps to balance", columns, sizeof columns / sizeof *columns,
                  err)) {
        return false;
    }
    standards_lines(&found, writing->arena, set, &lines, &count);
    for (size_t i = 0; i < count; i++) {
        if (!asker_sees(dossier->asker, lines[i].code)) continue;
        if (!write_line(writing, set, &lines[i], err)) return false;
    }
    return true;
}

static bool write_ledger(struct writing *writing, struct err *err)
{
    static const struct column columns[] = {{"地区", "area", 24},
                                            {"应在学", "of age", -10},
                                            {"有学籍", "on a roll", -10},
                                            {"已毕业", "finished", -10},
                                            {"合法理由", "lawful reason", -10},
                                            {"称在读", "said to be at school", -10},
                                            {"无学籍", "in no school", -10},
                                            {"失学线索", "suspected of not being in school", -10},
                                            {"辍学线索", "suspected dropouts", -10}};
    struct view_summary summary;
    if (!begin(writing, "台账汇总", "ledger", columns, sizeof columns / sizeof *columns, err)) {
        return false;
    }
    view_summary(writing->dossier->view, STR_EMPTY, &summary);
    for (size_t i = 0; i < summary.area_count; i++) {
        const struct view_area *area = &summary.areas[i];
        const struct str cells[] = {
            area->name,
            integer(writing, (int64_t)area->expected),
            integer(writing, (int64_t)area->standings[STANDING_ON_ROLL]),
            integer(writing, (int64_t)area->standings[STANDING_FINISHED]),
            integer(writing, (int64_t)area->standings[STANDING_LAWFUL]),
            integer(writing, (int64_t)area->standings[STANDING_REPORTED_SCHOOLED]),
            integer(writing, (int64_t)area->standings[STANDING_NOT_ENROLLED]),
            integer(writing, (int64_t)area->findings[FINDING_NOT_ENROLLED]),
            integer(writing, (int64_t)area->findings[FINDING_NOT_ATTENDING])};
        if (!sheet_row(writing->sheet, cells, sizeof cells / sizeof *cells, err)) return false;
    }
    return true;
}

static bool write_cases(struct writing *writing, const struct casework *work, struct err *err)
{
    static const struct column columns[] = {{"案卷", "case", -8},   {"程序", "procedure", 24},
                                            {"地区", "area", 30},   {"学校", "school", 30},
                                            {"立案", "opened", 12}, {"应办", "due", 12},
                                            {"逾期", "overdue", 8}, {"联系次数", "contacts", -8}};
    const struct dossier *dossier = writing->dossier;
    const struct case_filter filter = {.role = -1, .status = -1, .at = writing->when.at};
    struct case_row *rows;
    size_t count;
    if (!case_list(work, writing->arena, dossier->asker, &filter, &rows, &count, err)
        || !begin(writing, "未销号案卷", "open cases", columns, sizeof columns / sizeof *columns,
                  err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct case_row *row = &rows[i];
        bool late = !day_is_none(row->due) && row->due.days < writing->when.at.days;
        struct str procedure = row->procedure_key;
        if (row->procedure != NULL) {
            procedure = dossier->lang == LANG_EN ? row->procedure->en : row->procedure->zh;
        }
        const struct str cells[] = {integer(writing, row->number),
                                    procedure,
                                    division_name_of(dossier->workspace->divisions, row->area),
                                    row->school,
                                    day_text(writing, row->opened),
                                    day_text(writing, row->due),
                                    late ? say(writing, "是", "yes") : STR_EMPTY,
                                    integer(writing, row->contacts)};
        if (!sheet_row(writing->sheet, cells, sizeof cells / sizeof *cells, err)) return false;
    }
    return true;
}

static bool write_owners(struct writing *writing, const struct casework *work, struct err *err)
{
    static const struct column columns[] = {{"逾期", "overdue", -8},
                                            {"未销号案卷", "open cases", -10},
                                            {"职务", "position", 24},
                                            {"单位", "unit", 30},
                                            {"责任人", "who", 14}};
    const struct dossier *dossier = writing->dossier;
    struct duty_unit *units;
    size_t count;
    if (!duty_units(work, writing->arena, dossier->asker, STR_EMPTY, writing->when.at, &units,
                    &count, err)
        || !begin(writing, "责任人和逾期", "who has what overdue", columns,
                  sizeof columns / sizeof *columns, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct duty_unit *unit = &units[i];
        const struct position *position = &work->chains->positions[unit->position];
        if (unit->cases == 0) continue;
        const struct str cells[] = {
            integer(writing, (int64_t)unit->overdue), integer(writing, (int64_t)unit->cases),
            dossier->lang == LANG_EN ? position->en : position->zh,
            position->level == LEVEL_SCHOOL
                ? unit->unit
                : division_name_of(dossier->workspace->divisions, unit->unit),
            unit->holder == NULL ? say(writing, "（未指定）", "(nobody named)")
                                 : unit->holder->name};
        if (!sheet_row(writing->sheet, cells, sizeof cells / sizeof *cells, err)) return false;
    }
    return true;
}

static bool write_publications(struct writing *writing, struct err *err)
{
    static const struct column columns[] = {{"发布号", "number", -8},
                                            {"指标", "figure", 36},
                                            {"数值", "value", -18},
                                            {"截至", "as of", 12},
                                            {"明细校验值", "hash of the members", 14},
                                            {"发布人", "by", 14},
                                            {"事由", "reason", 40}};
    const struct dossier *dossier = writing->dossier;
    struct publication *items;
    size_t count;
    if (!publication_list(dossier->workspace->store, writing->arena, dossier->asker, STR_EMPTY,
                          &items, &count, err)
        || !begin(writing, "已发布的指标", "publications", columns,
                  sizeof columns / sizeof *columns, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        char hash[2 * PUBLICATION_HASH_BYTES + 1];
        const struct figure *figure = figure_find(writing->figures, items[i].figure);
        hex_of(items[i].members_hash, PUBLICATION_HASH_BYTES, hash);
        const struct str cells[] = {
            integer(writing, items[i].number),
            figure == NULL             ? items[i].figure
            : dossier->lang == LANG_EN ? figure->en
                                       : figure->zh,
            items[i].value,
            day_text(writing, items[i].at),
            str_copy(writing->arena, str_slice(str_from(hash), 0, HASH_SHOWN)),
            items[i].user_name,
            items[i].reason};
        if (!sheet_row(writing->sheet, cells, sizeof cells / sizeof *cells, err)) return false;
    }
    return true;
}

static bool write_work(struct writing *writing, struct err *err)
{
    struct casework work;
    const struct workspace *workspace = writing->dossier->workspace;
    struct registry registry = workspace->registry;
    return casework_open(&work, writing->arena, &registry, &workspace->procedures,
                         &workspace->chains, writing->when, err)
           && write_cases(writing, &work, err) && write_owners(writing, &work, err);
}

static bool write_sheets(struct writing *writing, struct err *err)
{
    static bool (*const steps[])(struct writing * writing, struct err * err) = {
        cover,        write_figures, write_requirements, write_balance,
        write_ledger, write_work,    write_publications};
    enum { STEPS = sizeof steps / sizeof *steps };
    for (size_t i = 0; i < STEPS; i++) {
        if (!steps[i](writing, err)) return false;
        progress_report(writing->dossier->progress, "writing the sheets", "写入各表", i + 1, STEPS);
    }
    return progress_wanted(writing->dossier->progress, err);
}

static bool write_once(struct writing *writing, const char *path, struct err *err)
{
    const char *name = writing->dossier->lang == LANG_EN ? "about" : "封面";
    if (!on_desk(writing, look, NULL, err)
        || !sheet_open(&writing->sheet, path, name, false, err)) {
        return false;
    }
    if (write_sheets(writing, err)) return sheet_close(writing->sheet, err);
    sheet_abandon(writing->sheet);
    return false;
}

bool dossier_write(struct arena *arena, const struct dossier *dossier, const char *path,
                   struct err *err)
{
    for (int attempt = 1;; attempt++) {
        struct writing writing = {.arena = arena, .dossier = dossier};
        struct err failed = ERR_INIT;
        if (write_once(&writing, path, &failed)) return true;
        if (writing.changed && attempt < ATTEMPTS_MAX) continue;
        *err = failed;
        return false;
    }
}
