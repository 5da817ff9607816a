#include "base/list.h"
#include "placing/read.h"
#include "placing/rotate.h"

#include <stdlib.h>

enum { P_POST, P_SCHOOL, P_STAGE, P_SUBJECT, P_COUNTY, P_COLUMNS };
enum { T_TEACHER, T_POST, T_STAGE, T_SUBJECT, T_MUST_MOVE, T_WISHES, T_POINTS, T_COLUMNS };

struct teacher_row {
    struct rotate_teacher teacher; /* posts are numbers of the file until they are sorted */
    struct str stages, subjects;
};

struct reading {
    struct arena *arena;
    struct dict posts, teachers, words;
    LIST(struct rotate_post) post_rows;
    LIST(struct teacher_row) teacher_rows;
    uint32_t *wished_by; /* by post: the teacher who wished it last, and one */
};

static struct str keep(struct reading *reading, struct str word)
{
    return dict_text(&reading->words, dict_put(&reading->words, word));
}

static bool take_post(void *context, struct table *table, const struct table_row *row,
                      struct err *err)
{
    struct reading *reading = context;
    const struct str *cells = row->cells;
    struct rotate_post post = {.owner = ROTATE_NONE};
    if (cells[P_POST].len == 0) {
        return place_refuse(table, err, "the post has no code%.*s", "岗位代码是空的%.*s",
                            STR_EMPTY);
    }
    if (dict_put(&reading->posts, cells[P_POST]) != reading->post_rows.count) {
        return place_refuse(table, err, "post \"%.*s\" stands in an earlier row too",
                            "岗位“%.*s”在前面的行里已经有了", cells[P_POST]);
    }
    if (cells[P_SCHOOL].len == 0 || cells[P_STAGE].len == 0 || cells[P_SUBJECT].len == 0) {
        return place_refuse(table, err, "post \"%.*s\" has no school, no stage or no subject",
                            "岗位“%.*s”没有写学校、学段或学科", cells[P_POST]);
    }
    post.code = dict_text(&reading->posts, (uint32_t)reading->post_rows.count);
    post.county = keep(reading, cells[P_COUNTY]);
    post.school = keep(reading, cells[P_SCHOOL]);
    post.stage = keep(reading, cells[P_STAGE]);
    post.subject = keep(reading, cells[P_SUBJECT]);
    *list_push(reading->arena, &reading->post_rows) = post;
    return true;
}

static bool take_wishes(struct reading *reading, const struct table *table, struct str cell,
                        struct rotate_teacher *teacher, struct err *err)
{
    struct str rest = cell, part;
    LIST(struct rotate_wish) wishes = {0};
    uint32_t mark = (uint32_t)reading->teacher_rows.count + 1;
    while (rest.len > 0 && str_split(&rest, ';', &part)) {
        part = str_trim(part);
        if (part.len == 0) continue;
        uint32_t post = dict_find(&reading->posts, part);
        if (post == DICT_NONE) {
            return place_refuse(table, err, "there is no post \"%.*s\"", "没有岗位“%.*s”", part);
        }
        if (reading->wished_by[post] == mark) {
            return place_refuse(table, err, "post \"%.*s\" is wished twice", "岗位“%.*s”重复填报",
                                part);
        }
        if (wishes.count == ROTATE_WISHES_MAX) {
            return place_refuse(table, err, "there are more than 1000 wishes%.*s",
                                "志愿超过 1000 个%.*s", STR_EMPTY);
        }
        reading->wished_by[post] = mark;
        list_push(reading->arena, &wishes)->post = post;
    }
    teacher->wishes = wishes.items;
    teacher->wish_count = (uint32_t)wishes.count;
    return true;
}

static bool take_duty(const struct table *table, struct str cell, bool *out, struct err *err)
{
    *out = str_is(cell, "yes");
    if (*out || cell.len == 0 || str_is(cell, "no")) return true;
    return place_refuse(table, err, "must_move is \"%.*s\", neither yes nor no",
                        "must_move 是“%.*s”，应为 yes 或 no", cell);
}

static uint32_t parts(struct str cell)
{
    uint32_t count = 0;
    struct str part;
    while (cell.len > 0 && str_split(&cell, ';', &part)) count += str_trim(part).len > 0;
    return count;
}

static bool take_teacher(void *context, struct table *table, const struct table_row *row,
                         struct err *err)
{
    struct reading *reading = context;
    const struct str *cells = row->cells;
    uint32_t number = (uint32_t)reading->teacher_rows.count;
    uint32_t own = dict_find(&reading->posts, cells[T_POST]);
    struct teacher_row read = {.teacher = {.post = own, .placed = ROTATE_NONE}};
    if (cells[T_TEACHER].len == 0) {
        return place_refuse(table, err, "the teacher has no number%.*s", "教师编号是空的%.*s",
                            STR_EMPTY);
    }
    if (dict_put(&reading->teachers, cells[T_TEACHER]) != number) {
        return place_refuse(table, err, "teacher \"%.*s\" stands in an earlier row too",
                            "教师“%.*s”在前面的行里已经有了", cells[T_TEACHER]);
    }
    if (own == DICT_NONE) {
        return place_refuse(table, err, "there is no post \"%.*s\"", "没有岗位“%.*s”",
                            cells[T_POST]);
    }
    if (reading->post_rows.items[own].owner != ROTATE_NONE) {
        return place_refuse(table, err, "post \"%.*s\" is another teacher's own post too",
                            "岗位“%.*s”已经是另一名教师的原岗", cells[T_POST]);
    }
    uint32_t stages = parts(cells[T_STAGE]), subjects = parts(cells[T_SUBJECT]);
    if (stages > ROTATE_QUALIFIED_MAX / (subjects > 0 ? subjects : 1)) {
        return place_refuse(table, err, "there are too many stages and subjects: \"%.*s\"",
                            "学段和学科太多：“%.*s”", cells[T_SUBJECT]);
    }
    if (!take_duty(table, cells[T_MUST_MOVE], &read.teacher.must_move, err)) return false;
    if (cells[T_POINTS].len > 0 && !table_number(table, row, T_POINTS, &read.teacher.points, err)) {
        return false;
    }
    if (!take_wishes(reading, table, cells[T_WISHES], &read.teacher, err)) return false;
    reading->post_rows.items[own].owner = number;
    read.teacher.number = dict_text(&reading->teachers, number);
    read.stages = keep(reading, cells[T_STAGE]);
    read.subjects = keep(reading, cells[T_SUBJECT]);
    *list_push(reading->arena, &reading->teacher_rows) = read;
    return true;
}

struct by_text {
    struct str text;
    uint32_t place;
};

static int compare_texts(const void *a, const void *b)
{
    const struct by_text *x = a, *y = b;
    return str_compare(x->text, y->text);
}

/* Brings posts and teachers into the order of their texts. */
static void sort_all(struct reading *reading, struct rotate *out, struct str **stages,
                     struct str **subjects)
{
    struct arena *arena = reading->arena;
    size_t post_count = reading->post_rows.count, count = reading->teacher_rows.count;
    struct by_text *order = arena_array(arena, struct by_text, post_count + count);
    uint32_t *place = arena_array(arena, uint32_t, post_count);
    *stages = arena_array(arena, struct str, count);
    *subjects = arena_array(arena, struct str, count);
    out->posts = arena_array(arena, struct rotate_post, post_count);
    out->teachers = arena_array(arena, struct rotate_teacher, count);
    out->post_count = post_count;
    out->teacher_count = count;
    for (size_t p = 0; p < post_count; p++) {
        order[p] = (struct by_text){reading->post_rows.items[p].code, (uint32_t)p};
    }
    if (post_count > 0) qsort(order, post_count, sizeof *order, compare_texts);
    for (size_t p = 0; p < post_count; p++) {
        out->posts[p] = reading->post_rows.items[order[p].place];
        out->posts[p].owner = ROTATE_NONE;
        place[order[p].place] = (uint32_t)p;
    }
    for (size_t t = 0; t < count; t++) {
        order[t] = (struct by_text){reading->teacher_rows.items[t].teacher.number, (uint32_t)t};
    }
    if (count > 0) qsort(order, count, sizeof *order, compare_texts);
    for (size_t t = 0; t < count; t++) {
        const struct teacher_row *row = &reading->teacher_rows.items[order[t].place];
        struct rotate_teacher *teacher = &out->teachers[t];
        *teacher = row->teacher;
        (*stages)[t] = row->stages;
        (*subjects)[t] = row->subjects;
        teacher->post = place[teacher->post];
        out->posts[teacher->post].owner = (uint32_t)t;
        for (uint32_t w = 0; w < teacher->wish_count; w++) {
            teacher->wishes[w].post = place[teacher->wishes[w].post];
        }
    }
}

static bool among(struct str list, struct str word)
{
    struct str part;
    while (list.len > 0 && str_split(&list, ';', &part)) {
        if (str_equal(str_trim(part), word)) return true;
    }
    return false;
}

/* The number of words that are parted by a byte that no cell holds. */
static uint32_t joined(struct dict *dict, struct arena *scratch, const struct str *words,
                       size_t count, bool put)
{
    struct text text;
    text_init(&text, scratch, 1 << 20);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_add_byte(&text, 0x1f);
        text_add(&text, words[i]);
    }
    return put ? dict_put(dict, text_str(&text)) : dict_find(dict, text_str(&text));
}

static void number_posts(struct arena *arena, struct arena *scratch, struct rotate *rotate,
                         struct dict *kinds)
{
    struct dict sites;
    dict_init(&sites, scratch);
    for (size_t p = 0; p < rotate->post_count; p++) {
        struct rotate_post *post = &rotate->posts[p];
        struct str kind[] = {post->county, post->stage, post->subject};
        struct str site[] = {post->county, post->school};
        post->site = joined(&sites, scratch, site, 2, true);
        post->kind = joined(kinds, scratch, kind, 3, true);
    }
    rotate->kind_count = kinds->count;
    rotate->kinds = arena_array(arena, struct rotate_kind, kinds->count);
    for (size_t p = 0; p < rotate->post_count; p++) {
        struct rotate_post *post = &rotate->posts[p];
        post->place = rotate->kinds[post->kind].count++;
    }
    for (size_t k = 0; k < kinds->count; k++) {
        rotate->kinds[k].posts = arena_array(arena, uint32_t, rotate->kinds[k].count);
    }
    for (size_t p = 0; p < rotate->post_count; p++) {
        struct rotate_post *post = &rotate->posts[p];
        rotate->kinds[post->kind].posts[post->place] = (uint32_t)p;
    }
}

/* The kinds in the own county that the teacher is qualified for. */
static void find_kinds(struct arena *arena, struct arena *scratch, const struct rotate *rotate,
                       struct dict *kinds, struct rotate_teacher *teacher, struct str stages,
                       struct str subjects)
{
    LIST(uint32_t) found = {0};
    struct str words[3] = {rotate->posts[teacher->post].county}, of_subjects;
    while (stages.len > 0 && str_split(&stages, ';', &words[1])) {
        words[1] = str_trim(words[1]);
        for (of_subjects = subjects;
             of_subjects.len > 0 && str_split(&of_subjects, ';', &words[2]);) {
            words[2] = str_trim(words[2]);
            uint32_t kind = joined(kinds, scratch, words, 3, false);
            if (kind != DICT_NONE) *list_push(arena, &found) = kind;
        }
    }
    teacher->kinds = found.items;
    teacher->kind_count = (uint32_t)found.count;
}

void rotate_prepare(struct arena *arena, struct rotate *rotate, const struct str *stages,
                    const struct str *subjects)
{
    struct arena scratch = {0};
    struct dict kinds;
    dict_init(&kinds, &scratch);
    number_posts(arena, &scratch, rotate, &kinds);
    for (size_t t = 0; t < rotate->teacher_count; t++) {
        struct rotate_teacher *who = &rotate->teachers[t];
        bool behind = false;
        for (uint32_t w = 0; w < who->wish_count; w++) {
            struct rotate_wish *wish = &who->wishes[w];
            const struct rotate_post *post = &rotate->posts[wish->post];
            behind = behind || (!who->must_move && wish->post == who->post);
            if (behind) {
                wish->bar = ROTATE_BEHIND_OWN;
            } else if (who->must_move && post->site == rotate->posts[who->post].site) {
                wish->bar = ROTATE_OWN_SCHOOL;
            } else if (!among(stages[t], post->stage) || !among(subjects[t], post->subject)) {
                wish->bar = ROTATE_UNQUALIFIED;
            } else {
                wish->bar = ROTATE_USABLE;
            }
        }
        if (!who->must_move) continue;
        find_kinds(arena, &scratch, rotate, &kinds, who, stages[t], subjects[t]);
    }
    arena_free(&scratch);
}

bool rotate_read(struct arena *arena, const struct rotate_paths *paths, struct rotate *out,
                 struct err *err)
{
    static const char *const post_columns[P_COLUMNS] = {"post", "school", "stage", "subject",
                                                        "county"};
    static const char *const teacher_columns[T_COLUMNS] = {
        "teacher", "post", "stage", "subject", "must_move", "wishes", "points"};
    static const bool post_optional[P_COLUMNS] = {[P_COUNTY] = true};
    static const bool teacher_optional[T_COLUMNS] = {[T_POINTS] = true};
    struct reading reading = {.arena = arena};
    struct rotate read = {0};
    struct str *stages, *subjects;
    dict_init(&reading.posts, arena);
    dict_init(&reading.teachers, arena);
    dict_init(&reading.words, arena);
    if (!place_rows(arena, paths->posts, post_columns, post_optional, P_COLUMNS, take_post,
                    &reading, err)) {
        return false;
    }
    reading.wished_by = arena_array(arena, uint32_t, reading.post_rows.count);
    if (!place_rows(arena, paths->teachers, teacher_columns, teacher_optional, T_COLUMNS,
                    take_teacher, &reading, err)) {
        return false;
    }
    sort_all(&reading, &read, &stages, &subjects);
    rotate_prepare(arena, &read, stages, subjects);
    *out = read;
    return true;
}
