#include "sample/form.h"

struct str form_day(struct arena *arena, struct str canonical, enum date_form form)
{
    int year = 0, month = 0, day_of_month = 0;
    int64_t number;
    struct text out;
    if (canonical.len < 7) return canonical;
    if (str_to_i64(str_slice(canonical, 0, 4), &number)) year = (int)number;
    if (str_to_i64(str_slice(canonical, 5, 7), &number)) month = (int)number;
    if (canonical.len == 10 && str_to_i64(str_slice(canonical, 8, 10), &number))
        day_of_month = (int)number;
    text_init(&out, arena, 40);
    bool whole = day_of_month > 0;
    switch (form) {
    case DATE_SLASH:
        text_add_f(&out, whole ? "%d/%d/%d" : "%d/%d", year, month, day_of_month);
        return text_str(&out);
    case DATE_DOT:
        text_add_f(&out, whole ? "%d.%02d.%02d" : "%d.%02d", year, month, day_of_month);
        return text_str(&out);
    case DATE_COMPACT:
        text_add_f(&out, whole ? "%d%02d%02d" : "%d%02d", year, month, day_of_month);
        return text_str(&out);
    case DATE_CHINESE:
        text_add_f(&out, whole ? "%d年%d月%d日" : "%d年%d月", year, month, day_of_month);
        return text_str(&out);
    default: return canonical;
    }
}

static struct str grade_in(struct arena *arena, enum stage stage, int grade, enum grade_form form)
{
    static const char *const numerals[] = {"零", "一", "二", "三", "四", "五",
                                           "六", "七", "八", "九", "十"};
    static const char *const preschool[] = {"小班", "小班", "中班", "大班"};
    struct text out;
    if (grade < 1 || grade > 9) return STR_EMPTY;
    text_init(&out, arena, 40);
    switch (stage) {
    case STAGE_PRESCHOOL: return str_from(preschool[grade & 3]);
    case STAGE_SENIOR: text_add_f(&out, "高%s", numerals[grade]); break;
    case STAGE_VOCATIONAL: text_add_f(&out, "中职%s年级", numerals[grade]); break;
    case STAGE_JUNIOR:
        if (grade > 3) grade = 3;
        if (form == GRADE_WORDS)
            text_add_f(&out, "%s年级", numerals[grade + 6]);
        else if (form == GRADE_STAGE_WORDS)
            text_add_f(&out, "初中%s年级", numerals[grade]);
        else if (form == GRADE_NUMBER)
            text_add_f(&out, "%d", grade + 6);
        else
            text_add_f(&out, "初%s", numerals[grade]);
        break;
    default:
        if (form == GRADE_STAGE_WORDS)
            text_add_f(&out, "小学%s年级", numerals[grade]);
        else if (form == GRADE_NUMBER)
            text_add_f(&out, "%d", grade);
        else
            text_add_f(&out, "%s年级", numerals[grade]);
    }
    return text_str(&out);
}

static bool is_date(enum column column)
{
    return column == COLUMN_BIRTH_DATE || column == COLUMN_FROM || column == COLUMN_TO
           || column == COLUMN_DAY || column == COLUMN_YEAR || column == COLUMN_PAID_ON
           || column == COLUMN_OPENED_ON || column == COLUMN_EXITED_ON
           || column == COLUMN_ASSURED_ON;
}

static bool is_count(enum column column)
{
    return column == COLUMN_SEQ || column == COLUMN_AGE || column == COLUMN_TIMES
           || column == COLUMN_MEMBERS || column == COLUMN_STUDENTS || column == COLUMN_TEACHERS
           || column == COLUMN_POPULATION || column == COLUMN_PRESCHOOLERS
           || column == COLUMN_AMOUNT || column == COLUMN_FEE;
}

static bool all_digits(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
    return text.len > 0;
}

static struct clerk_cell form_cell(const struct layout *layout, const struct row *row,
                                   enum column column, struct arena *arena)
{
    struct clerk_cell cell = {.text = row->cells[column]};
    if (column == COLUMN_GRADE) {
        cell.text = grade_in(arena, row->stage, row->grade, layout->grades);
    } else if (column == COLUMN_SEX) {
        bool male = str_is(cell.text, "M");
        if (cell.text.len > 0)
            cell.text = layout->sex_code ? male ? STR("1") : STR("2")
                        : male ? STR("男")
                                         : STR("女");
    } else if (is_date(column)) {
        bool odd = column == COLUMN_BIRTH_DATE && row->birth_odd;
        if (!odd && layout->dates == DATE_CELL) cell.form = CELL_DAY;
        cell.text = form_day(arena, cell.text, odd ? (enum date_form)row->date_odd : layout->dates);
    } else if (column == COLUMN_ID_NUMBER && layout->id_as_number && all_digits(cell.text)) {
        cell.form = CELL_NUMBER;
    } else if (is_count(column) && all_digits(cell.text)) {
        cell.form = CELL_NUMBER;
    }
    return cell;
}

void form_row(const struct layout *layout, const struct row *row, uint64_t sequence,
              struct arena *arena, struct clerk_cell *out)
{
    for (size_t i = 0; i < layout->column_count; i++) {
        out[i] = form_cell(layout, row, layout->columns[i], arena);
        if (layout->columns[i] != COLUMN_SEQ) continue;
        struct text number;
        text_init(&number, arena, 24);
        text_add_f(&number, "%llu", (unsigned long long)sequence);
        out[i] = (struct clerk_cell){.text = text_str(&number), .form = CELL_NUMBER};
    }
}
