#include "base/dict.h"
#include "base/sheet_out.h"
#include "placing/duty.h"

/* From the registers to the two files of `place rotate`. */

/* "2162900004/primary/chinese/1": of the same place the first, second … by record. A teacher who
 * exchanged, or of whom no school, stage or subject is known, brings no post. */
static bool has_post(const struct duty_teacher *teacher)
{
    return !teacher->exchanged && teacher->stage.len > 0 && teacher->subject.len > 0
           && (teacher->school_code.len > 0 || teacher->school.len > 0);
}

static struct str post_of(struct arena *arena, struct dict *places, uint32_t *seats,
                          const struct duty_teacher *teacher)
{
    struct text text;
    struct str school = teacher->school_code.len > 0 ? teacher->school_code : teacher->school;
    text_init(&text, arena, 1024);
    text_add_f(&text, "%.*s/%.*s/%.*s", STR_ARG(school), STR_ARG(teacher->stage),
               STR_ARG(teacher->subject));
    uint32_t place = dict_put(places, text_str(&text));
    text_add_f(&text, "/%u", ++seats[place]);
    return text_str(&text);
}

typedef bool write_one(struct sheet_out *sheet, struct arena *arena,
                       const struct duty_teacher *teacher, bool must_move, struct str post,
                       struct err *err);

static bool write_teacher(struct sheet_out *sheet, struct arena *arena,
                          const struct duty_teacher *teacher, bool must_move, struct str post,
                          struct err *err)
{
    struct str cells[] = {
        str_i64(arena, teacher->record),
        post,
        teacher->stage,
        teacher->subject,
        must_move ? STR("yes") : STR("no"),
        STR_EMPTY,
        str_i64(arena, teacher->years < 0 ? 0 : teacher->years),
    };
    return sheet_row(sheet, cells, sizeof cells / sizeof *cells, err);
}

static bool write_post(struct sheet_out *sheet, struct arena *arena,
                       const struct duty_teacher *teacher, bool must_move, struct str post,
                       struct err *err)
{
    struct str county = teacher->area.len >= 6 ? str_slice(teacher->area, 0, 6) : teacher->county;
    struct str cells[] = {
        post,           teacher->school_code.len > 0 ? teacher->school_code : teacher->school,
        teacher->stage, teacher->subject,
        county,
    };
    (void)arena;
    (void)must_move;
    return sheet_row(sheet, cells, sizeof cells / sizeof *cells, err);
}

static bool write_all(const char *path, const char *name, const struct str *header, size_t columns,
                      const struct duty_found *found, bool all, struct arena *arena,
                      write_one *write, size_t *left_out, struct err *err)
{
    struct sheet_out *sheet = NULL;
    struct dict places;
    uint32_t *seats = arena_array(arena, uint32_t, found->teacher_count + 1);
    dict_init(&places, arena);
    *left_out = 0;
    if (!sheet_open(&sheet, path, name, false, err)) return false;
    bool good = sheet_header(sheet, header, columns, NULL, err);
    for (size_t t = 0; good && t < found->teacher_count; t++) {
        const struct duty_teacher *teacher = &found->teachers[t];
        if (has_post(teacher)) {
            bool must_move = all ? teacher->state == DUTY_ELIGIBLE : teacher->due;
            good = write(sheet, arena, teacher, must_move, post_of(arena, &places, seats, teacher),
                         err);
        } else {
            *left_out += !teacher->exchanged;
        }
    }
    if (good) return sheet_close(sheet, err);
    sheet_abandon(sheet);
    return false;
}

bool duty_write_teachers(const char *path, const struct duty_found *found, bool all,
                         struct arena *arena, size_t *left_out, struct err *err)
{
    static const struct str header[] = {{"teacher", 7}, {"post", 4},      {"stage", 5},
                                        {"subject", 7}, {"must_move", 9}, {"wishes", 6},
                                        {"points", 6}};
    return write_all(path, "teachers", header, sizeof header / sizeof *header, found, all, arena,
                     write_teacher, left_out, err);
}

bool duty_write_posts(const char *path, const struct duty_found *found, struct arena *arena,
                      struct err *err)
{
    static const struct str header[] = {
        {"post", 4}, {"school", 6}, {"stage", 5}, {"subject", 7}, {"county", 6}};
    size_t left_out;
    return write_all(path, "posts", header, sizeof header / sizeof *header, found, false, arena,
                     write_post, &left_out, err);
}
