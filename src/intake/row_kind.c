#include "intake/row_kind.h"

#include "intake/fold.h"
#include "intake/head.h"
#include "intake/value.h"

#include <string.h>

enum { TEXTS_MAX = 6, TEXT_BYTES_MAX = 600, FEW_TEXTS = 3 };

/* The first distinct texts of a row, without the column that counts rows. */
struct row_texts {
    struct str texts[TEXTS_MAX];
    size_t columns[TEXTS_MAX];
    size_t count;  /* at most TEXTS_MAX */
    size_t filled; /* cells that hold something, merged repeats not counted */
};

static void collect(const struct sheet_plan *plan, const struct cell *cells, size_t count,
                    struct row_texts *out)
{
    *out = (struct row_texts){0};
    for (size_t column = 0; column < count; column++) {
        if (cells[column].kind == CELL_EMPTY) continue;
        struct str text = fold_trim(cells[column].text);
        if (text.len == 0) continue;
        bool serial = column < plan->column_count && plan->fields[column] == -2;
        if (serial && text.ptr[0] >= '0' && text.ptr[0] <= '9') continue;
        bool repeat = false;
        for (size_t i = 0; i < out->count && !repeat; i++) {
            repeat = cells[column].merged && str_equal(out->texts[i], text);
        }
        if (repeat) continue;
        out->filled++;
        if (out->count == TEXTS_MAX) continue;
        out->texts[out->count] = text;
        out->columns[out->count++] = column;
    }
}

static bool is_total(struct arena *arena, struct str text)
{
    static const char *const exact[] = {"合计",     "总计",     "小计",     "共计",     "累计",
                                        "总数",     "总人数",   "人数合计", "合计人数", "本页小计",
                                        "本页合计", "全校合计", "全县合计", "总合计",   "户数合计",
                                        "汇总",     "总和",     "人数",     "合",       "计",
                                        "合计数",   "total",    "sum",      "subtotal", NULL};
    static const char *const starts[] = {"合计",   "总计",   "小计", "共计",   "累计",   "本页",
                                         "以上共", "总人数", "共",   "全校共", "全班共", NULL};
    struct str folded = fold_text(arena, text);
    if (fold_is_one_of(folded, exact)) return true;
    size_t which;
    if (!fold_starts_one_of(folded, starts, &which)) return false;
    struct str rest = str_slice(folded, strlen(starts[which]), folded.len);
    return rest.len > 0 && ((rest.ptr[0] >= '0' && rest.ptr[0] <= '9') || rest.ptr[0] == ':');
}

/* A label of those who sign: with a colon, a bracket or a blank behind it, or alone. */
static bool is_signature(struct arena *arena, struct str text)
{
    static const char *const labels[] = {
        "填表人",     "审核人",     "负责人",       "单位负责人", "学校负责人", "单位盖章",
        "单位(盖章)", "单位公章",   "盖章",         "制表人",     "制表",       "制表单位",
        "填报人",     "填报单位",   "填表单位",     "填报日期",   "填报时间",   "填表日期",
        "填表时间",   "校长签字",   "校长签名",     "校长",       "经办人",     "复核人",
        "复核",       "审核",       "签字",         "签名",       "主管领导",   "分管领导",
        "领导签字",   "班主任签字", "班主任签名",   "联系人",     "联系电话",   "统计人",
        "上报人",     "上报单位",   "上报时间",     "核对人",     "登记人签字", "日期",
        "学校(盖章)", "学校盖章",   "学校公章",     "(盖章)",     "审批人",     "批准人",
        "园长签字",   "乡镇(盖章)", "村委会(盖章)", "打印时间",   "打印日期",   "导出时间",
        "制表时间",   "制表日期",   "操作员",       NULL};
    struct str folded = fold_text(arena, text);
    size_t which = 0;
    bool found = false;
    for (size_t i = 0; labels[i] != NULL; i++) {
        if (!str_starts(folded, str_from(labels[i]))) continue;
        if (!found || strlen(labels[i]) > strlen(labels[which])) which = i;
        found = true;
    }
    if (!found) return false;
    struct str rest = str_slice(folded, strlen(labels[which]), folded.len);
    return rest.len == 0 || strchr(":(_", rest.ptr[0]) != NULL || str_starts(rest, STR("签"));
}

static bool is_footnote(struct arena *arena, struct str text)
{
    static const char *const starts[] = {
        "注:",      "注1",        "备注:", "说明:", "附注",     "填表说明", "填报说明", "注意:",
        "注意事项", "以下空白",   "此表",  "本表",  "此处以下", "以下无",   "填表要求", "备注1",
        "说明1",    "(以下空白)", "*注",   "※",     "以下为空", NULL};
    return fold_starts_one_of(fold_text(arena, text), starts, NULL);
}

/* A word for the state of a place or a class where a person's name belongs. */
static bool is_section(struct str text)
{
    static const char *const ends[] = {"小学", "中学",   "学校", "幼儿园", "年级", "班",
                                       "村",   "镇",     "乡",   "县",     "社区", "街道",
                                       "名册", "花名册", "表",   "教学点", "完小", "校区",
                                       "学区", "初中",   "高中", "分校",   NULL};
    for (size_t i = 0; ends[i] != NULL; i++) {
        if (text.len >= 9 && str_ends(text, str_from(ends[i]))) return true;
    }
    return false;
}

/* One text in the row: a record when it stands in the column that says who, and reads as a name. */
static enum row_kind single(const struct row_texts *texts, size_t name_column, size_t number_column)
{
    if (texts->columns[0] == number_column) return ROW_RECORD;
    if (texts->columns[0] != name_column) return ROW_TITLE;
    bool all;
    size_t length = fold_count_hanzi(texts->texts[0], &all);
    return length <= 15 && !is_section(texts->texts[0]) ? ROW_RECORD : ROW_TITLE;
}

static bool merged_over(const struct cell *cells, size_t count)
{
    size_t merged = 0;
    for (size_t i = 0; i < count; i++) merged += cells[i].merged && cells[i].text.len > 0;
    return merged >= 2;
}

enum row_kind row_kind_of(const struct sheet_plan *plan, size_t name_column, size_t number_column,
                          const struct cell *cells, size_t count)
{
    if (number_column < count) {
        struct str number = cells[number_column].text;
        if (number.len >= 15 && number.ptr[0] >= '1' && number.ptr[0] <= '9') return ROW_RECORD;
    }
    struct row_texts texts;
    collect(plan, cells, count, &texts);
    if (texts.filled == 0) return ROW_BLANK;
    if (head_repeats(plan->headings, plan->column_count, cells, count)) return ROW_HEADINGS;
    bool named = name_column < count && value_is_name(fold_trim(cells[name_column].text));
    bool full = named && texts.filled > FEW_TEXTS;
    struct arena arena = {0};
    enum row_kind kind = ROW_RECORD;
    for (size_t i = 0; i < texts.count && kind == ROW_RECORD; i++) {
        struct str text = texts.texts[i];
        if (text.len > TEXT_BYTES_MAX) continue;
        bool front = i < FEW_TEXTS && (!full || texts.columns[i] == name_column);
        if (front && is_total(&arena, text)) kind = ROW_TOTAL;
        if (!full && is_signature(&arena, text)) kind = ROW_SIGNATURE;
        if (i == 0 && !full && is_footnote(&arena, text)) kind = ROW_FOOTNOTE;
    }
    arena_free(&arena);
    if (kind != ROW_RECORD) return kind;
    if (texts.filled == 1 && merged_over(cells, count)) return ROW_TITLE;
    return texts.filled == 1 ? single(&texts, name_column, number_column) : ROW_RECORD;
}
