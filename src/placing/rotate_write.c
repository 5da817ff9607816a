#include "base/sheet_out.h"
#include "placing/rotate.h"

bool rotate_find(const struct rotate *rotate, struct str number, uint32_t *teacher, struct err *err)
{
    size_t low = 0, high = rotate->teacher_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = str_compare(rotate->teachers[middle].number, number);
        if (order == 0) {
            *teacher = (uint32_t)middle;
            return true;
        }
        *(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
    }
    return err_set(err, ERR_NOT_FOUND, "there is no teacher \"%.*s\"", "没有教师“%.*s”",
                   STR_ARG(number));
}

static struct str digits_of(uint32_t number, char digits[20])
{
    return (struct str){digits, u64_digits(number, digits)};
}

static bool finish(struct sheet_out *sheet, bool good, struct err *err)
{
    if (good) return sheet_close(sheet, err);
    sheet_abandon(sheet);
    return false;
}

bool rotate_write(const char *path, const struct rotate *rotate, struct err *err)
{
    static const struct str header[] = {{"teacher", 7}, {"from", 4},  {"post", 4},
                                        {"choice", 6},  {"cycle", 5}, {"reason", 6}};
    enum { COLUMNS = sizeof header / sizeof *header };
    struct sheet_out *sheet = NULL;
    char choice[20], cycle[20];
    if (!sheet_open(&sheet, path, "rotation", false, err)) return false;
    bool good = sheet_header(sheet, header, COLUMNS, NULL, err);
    for (size_t t = 0; good && t < rotate->teacher_count; t++) {
        const struct rotate_teacher *who = &rotate->teachers[t];
        struct str cells[COLUMNS] = {
            who->number,
            rotate->posts[who->post].code,
            rotate->posts[who->placed].code,
            who->choice > 0 ? digits_of(who->choice, choice) : STR_EMPTY,
            digits_of(who->cycle, cycle),
            str_from(rotate_reason_key(rotate_reason_of(rotate, (uint32_t)t))),
        };
        good = sheet_row(sheet, cells, COLUMNS, err);
    }
    return finish(sheet, good, err);
}

bool rotate_write_cycles(const char *path, const struct rotate *rotate, struct err *err)
{
    static const struct str header[] = {{"cycle", 5},   {"step", 4}, {"kind", 4},
                                        {"teacher", 7}, {"from", 4}, {"to", 2}};
    enum { COLUMNS = sizeof header / sizeof *header };
    struct sheet_out *sheet = NULL;
    uint32_t number = 0, cycle_before = 0;
    char cycle[20], place[20];
    if (!sheet_open(&sheet, path, "cycles", false, err)) return false;
    bool good = sheet_header(sheet, header, COLUMNS, NULL, err);
    for (size_t s = 0; good && s < rotate->teacher_count; s++) {
        const struct rotate_step *step = &rotate->steps[s];
        const struct rotate_teacher *who = &rotate->teachers[step->teacher];
        number = step->cycle == cycle_before ? number + 1 : 1;
        cycle_before = step->cycle;
        if (who->placed == who->post) continue;
        struct str cells[COLUMNS] = {
            digits_of(step->cycle, cycle),
            digits_of(number, place),
            step->chain ? STR("chain") : STR("cycle"),
            who->number,
            rotate->posts[who->post].code,
            rotate->posts[who->placed].code,
        };
        good = sheet_row(sheet, cells, COLUMNS, err);
    }
    return finish(sheet, good, err);
}
