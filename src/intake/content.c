#include "intake/content.h"

#include "base/dict.h"
#include "base/list.h"
#include "identity/id_number.h"
#include "intake/fold.h"
#include "intake/grade.h"
#include "intake/value.h"

#include <string.h>

enum { CHILD_YEARS = 19, DISTINCT_MAX = 64 };

bool sample_read(struct sample *out, struct arena *arena, struct workbook *workbook, size_t sheet,
                 struct err *err)
{
    LIST(struct sample_row) rows = {0};
    size_t columns = 0;
    if (!workbook_sheet(workbook, sheet, err)) return false;
    while (rows.count < SAMPLE_ROWS_MAX) {
        struct workbook_row row;
        bool more;
        if (!workbook_next(workbook, &row, &more, err)) return false;
        if (!more) break;
        struct sample_row *kept = list_push(arena, &rows);
        kept->number = row.number;
        kept->count = row.count;
        kept->cells = arena_array(arena, struct cell, row.count);
        for (size_t i = 0; i < row.count; i++) {
            kept->cells[i] = row.cells[i];
            kept->cells[i].text = str_copy(arena, fold_trim(row.cells[i].text));
        }
        if (row.count > columns) columns = row.count;
    }
    *out = (struct sample){rows.items, rows.count, columns};
    return true;
}

struct cell sample_cell(const struct sample *sample, size_t row, size_t column)
{
    const struct sample_row *at = &sample->rows[row];
    return column < at->count ? at->cells[column] : (struct cell){0};
}

/* 18 characters in the form of an ID number, right or wrong, or as many digits with some lost. */
static bool id_form(struct str text, struct id_number *id)
{
    size_t digits = 0;
    if (text.len < 15 || text.len > 60) return false;
    for (size_t i = 0; i < text.len; i++) digits += text.ptr[i] >= '0' && text.ptr[i] <= '9';
    if (digits < 12) return false;
    id_number_read(text, id);
    if (id->state == ID_VALID || id->state == ID_WRONG_CHECK) return true;
    return id->state == ID_DAMAGED && digits == text.len && digits <= 19;
}

day content_newest_birth(const struct sample *sample, size_t first)
{
    day newest = DAY_NONE;
    for (size_t row = first; row < sample->row_count; row++) {
        for (size_t column = 0; column < sample->rows[row].count; column++) {
            struct id_number id;
            struct cell cell = sample_cell(sample, row, column);
            if (!id_form(cell.text, &id) || id.state != ID_VALID) continue;
            if (id.birth.days > newest.days) newest = id.birth;
        }
    }
    return newest;
}

struct str content_place(struct arena *arena, const struct sample *sample, size_t first)
{
    enum { PREFECTURES_MAX = 32 };
    struct {
        char digits[5];
        size_t count;
    } seen[PREFECTURES_MAX];
    size_t kinds = 0, total = 0, best = 0;
    for (size_t row = first; row < sample->row_count; row++) {
        for (size_t column = 0; column < sample->rows[row].count; column++) {
            struct id_number id;
            if (!id_form(sample_cell(sample, row, column).text, &id) || id.state != ID_VALID)
                continue;
            size_t at = 0;
            while (at < kinds && memcmp(seen[at].digits, id.text, 4) != 0) at++;
            total++;
            if (at == PREFECTURES_MAX) continue;
            if (at == kinds) {
                memcpy(seen[kinds].digits, id.text, 4);
                seen[kinds++].count = 0;
            }
            if (++seen[at].count > seen[best].count) best = at;
        }
    }
    if (total == 0 || seen[best].count * 2 < total) return STR_EMPTY;
    struct text code;
    text_init(&code, arena, 8);
    text_add(&code, (struct str){seen[best].digits, 4});
    text_add_c(&code, "00");
    return text_str(&code);
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9') return false;
    }
    return s.len > 0;
}

static bool has_surname(struct str name)
{
    static const char *const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓"
                                        "曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
                                        "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶"
                                        "黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢"
                                        "安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁"
                                        "尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游"
                                        "辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车"
                                        "项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧"
                                        "闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查"
                                        "麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢漆";
    return name.len >= 6 && (unsigned char)name.ptr[0] >= 0xE0
           && str_find(str_from(surnames), str_slice(name, 0, 3)) != SIZE_MAX;
}

static void count_words(struct arena *arena, struct str text, struct content *out)
{
    static const char *const school_ends[] = {"小学", "中学", "学校", "幼儿园", "教学点", "初中",
                                              "高中", "完小", "学院", "大学",   "一中",   "二中",
                                              "三中", "四中", "五中", "职专",   NULL};
    static const char *const place_ends[] = {"村", "社区", "居委会", "镇",     "乡", "县",
                                             "区", "街道", "市",     "村委会", NULL};
    static const char *const school_words[] = {"小学", "中学", "学校", "幼儿园", NULL};
    for (size_t i = 0; place_ends[i] != NULL; i++) {
        if (!str_ends(text, str_from(place_ends[i])) || text.len < 6) continue;
        out->places++;
        break;
    }
    bool school = fold_has_one_of(text, school_words);
    for (size_t i = 0; school_ends[i] != NULL && !school; i++) {
        school = str_ends(text, str_from(school_ends[i])) && text.len >= 9;
    }
    out->schools += school && text.len >= 9;
    bool all;
    size_t count = fold_count_hanzi(text, &all);
    out->hanzi += all;
    out->nations += str_ends(text, STR("族")) && count <= 6;
    struct str name = value_name(arena, text);
    count = fold_count_hanzi(name, &all);
    bool dotted = str_find(name, STR("·")) != SIZE_MAX && count <= 12;
    if (all && count >= 2 && (count <= 4 || dotted) && !school) {
        out->names++;
        out->surnames += has_surname(name) || dotted;
    }
}

static void count_date(const struct cell *cell, struct content *out)
{
    struct date date;
    if (cell->kind == CELL_DATE) {
        out->dates++;
        return;
    }
    if (cell->text.len < 4 || cell->text.len > 60) return;
    date_read(cell->text, cell->kind == CELL_NUMBER, DATE_ORDER_UNKNOWN, &date);
    if (date.state == DATE_UNREADABLE || date.state == DATE_UNREAL) return;
    out->month_first += date.order == DATE_MONTH_FIRST;
    out->day_first += date.order == DATE_DAY_FIRST;
    out->year_first += date.order == DATE_YEAR_FIRST;
    out->dates++;
}

static void count_numbers(const struct cell *cell, day newest, struct content *out)
{
    struct str text = cell->text;
    struct id_number id;
    if (id_form(text, &id)) {
        out->ids++;
        out->student_numbers += id.from_student_number;
        if (!day_is_none(id.birth) && !day_is_none(newest)) {
            bool child = day_age(id.birth, newest) < CHILD_YEARS;
            out->children += child;
            out->adults += !child;
        }
    } else if (cell->lost_digits) {
        out->ids++;
    }
    bool letter = text.len == 19 && strchr("GJLgjl", text.ptr[0]) != NULL;
    if (letter && all_digits(str_slice(text, 1, 18)) && !id.from_student_number) {
        out->student_numbers++;
    }
    if (!all_digits(text)) return;
    out->integers += text.len <= 4;
    out->phones += text.len == 11 && text.ptr[0] == '1' && text.ptr[1] >= '3';
    out->codes10 += text.len == 10 && strchr("1235", text.ptr[0]) != NULL;
    out->area_codes += (text.len == 6 || text.len == 9 || text.len == 12) && text.ptr[0] >= '1'
                       && text.ptr[0] <= '6';
}

static void count_cell(struct arena *arena, const struct cell *cell, day newest,
                       struct content *out)
{
    static const char *const sexes[] = {"男", "女", "男性", "女性", "M", "F", "m", "f", NULL};
    static const char *const yes_nos[] = {"是", "否", "有", "无", "√", "×",
                                          "Y",  "N",  "y",  "n",  NULL};
    struct grade grade;
    out->sexes += fold_is_one_of(cell->text, sexes);
    out->yes_nos += fold_is_one_of(cell->text, yes_nos);
    count_date(cell, out);
    count_numbers(cell, newest, out);
    count_words(arena, cell->text, out);
    grade_read(cell->text, false, &grade);
    bool word = grade.kind == GRADE_COHORT || (grade.kind == GRADE_NUMBERED && cell->text.len >= 3);
    out->grades += word && cell->text.len <= 40;
}

void content_read(struct arena *arena, const struct sample *sample, size_t first, size_t column,
                  day newest, struct content *out)
{
    struct dict seen;
    dict_init(&seen, arena);
    *out = (struct content){0};
    for (size_t row = first; row < sample->row_count; row++) {
        struct cell cell = sample_cell(sample, row, column);
        bool heading =
            first > 0 && str_equal(cell.text, sample_cell(sample, first - 1, column).text);
        if (heading || fold_is_blank(cell.text)) continue;
        out->filled++;
        if (seen.count < DISTINCT_MAX) dict_put(&seen, cell.text);
        count_cell(arena, &cell, newest, out);
    }
    out->distinct = seen.count;
}

static int share(size_t part, size_t whole)
{
    return whole == 0 ? 0 : (int)(part * 100 / whole);
}

/* Yes from `yes` per cent on; no below `no`, when there is enough to look at. */
static int judge(size_t part, size_t whole, int yes, int no)
{
    if (whole == 0) return 0;
    if (share(part, whole) >= yes) return 1;
    return whole >= 4 && share(part, whole) < no ? -1 : 0;
}

int content_fits(const struct content *content, const struct profile_field *field)
{
    size_t filled = content->filled;
    switch (field->type) {
    case FIELD_ID_NUMBER: return judge(content->ids, filled, 50, 10);
    case FIELD_STUDENT_NUMBER:
        if (judge(content->student_numbers, filled, 50, 0) > 0) return 1;
        return judge(content->ids + content->student_numbers + content->integers, filled, 101, 1)
                           < 0
                       && content->hanzi > filled / 2
                   ? -1
                   : 0;
    case FIELD_NAME:
        if (share(content->ids + content->dates + content->phones, filled) >= 60) return -1;
        return judge(content->names, filled, 60, 5);
    case FIELD_DATE: return judge(content->dates, filled, 50, 10);
    case FIELD_SEX:
        return judge(content->sexes, filled, 60, 1) > 0             ? 1
               : share(content->ids + content->dates, filled) >= 50 ? -1
                                                                    : 0;
    case FIELD_PHONE:
        return share(content->ids + content->names, filled) >= 60
                   ? -1
                   : judge(content->phones, filled, 50, 0);
    case FIELD_DIVISION: return judge(content->area_codes, filled, 50, 0);
    case FIELD_SCHOOL_CODE: return judge(content->codes10, filled, 50, 0);
    case FIELD_GRADE:
        return judge(content->grades, filled, 50, 0) > 0 ? 1
               : share(content->ids + content->names, filled) >= 80
                       && content->surnames * 2 > filled
                   ? -1
                   : 0;
    case FIELD_INTEGER:
    case FIELD_MONEY:
    case FIELD_DECIMAL: return share(content->hanzi, filled) >= 80 && filled >= 4 ? -1 : 0;
    default: return share(content->ids, filled) >= 80 && filled >= 4 ? -1 : 0;
    }
}

bool content_is_data(struct str text)
{
    struct date date;
    if (text.len == 0) return false;
    size_t digits = 0;
    for (size_t i = 0; i < text.len; i++) digits += text.ptr[i] >= '0' && text.ptr[i] <= '9';
    if (digits < 4) return false;
    if (digits >= 6 && digits * 2 >= text.len) return true;
    date_read(text, false, DATE_ORDER_UNKNOWN, &date);
    return date.state == DATE_READ && text.len >= 6 && !date.span;
}
