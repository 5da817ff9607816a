#include "papers/grade.h"

struct str grade_text(struct arena *arena, struct str grade)
{
    static const char *const numerals[] = {"",   "一", "二", "三", "四",
                                           "五", "六", "七", "八", "九"};
    static const struct {
        const char *stage, *zh;
        int64_t years, before; /* how many there are; how many a grade of it counts already */
    } stages[] = {{"primary", "小学", 6, 0},
                  {"junior", "", 3, 6},
                  {"senior", "高中", 3, 0},
                  {"vocational", "中职", 3, 0}};
    struct str stage, rest = grade;
    struct text text;
    int64_t year;
    if (!str_split(&rest, ':', &stage) || !str_to_i64(rest, &year) || year < 1) return grade;
    if (str_is(stage, "preschool")) return STR("幼儿园");
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        if (!str_is(stage, stages[i].stage) || year > stages[i].years) continue;
        text_init(&text, arena, 64);
        text_add_f(&text, "%s%s年级", stages[i].zh, numerals[year + stages[i].before]);
        return text_str(&text);
    }
    return grade;
}
