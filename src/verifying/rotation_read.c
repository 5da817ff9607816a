#include "verifying/rotation_world.h"

#include <stdlib.h>

/* Posts, teachers and the rows of the result. */

enum { P_POST, P_SCHOOL, P_STAGE, P_SUBJECT, P_COUNTY, P_COLUMNS };
enum { T_TEACHER, T_POST, T_STAGE, T_SUBJECT, T_DUTY, T_WISHES, T_COLUMNS };
enum { R_TEACHER, R_POST, R_COLUMNS };
enum { WORD_BITS = 21 }; /* three of them are a key */

uint32_t swap_group_of(const struct swap_world *world, uint32_t county, uint32_t stage,
                       uint32_t subject)
{
    return u64_map_find(&world->group_of, ((uint64_t)county << 2 * WORD_BITS)
                                              | ((uint64_t)stage << WORD_BITS) | subject);
}

static bool word_of(struct swap_world *world, const struct table *table, struct str cell,
                    uint32_t *out, struct err *err)
{
    *out = dict_put(&world->words, cell);
    if (*out >> WORD_BITS == 0) return true;
    return verify_refuse(table, err, "there are too many different words, at \"%.*s\"",
                         "不同的词太多（到“%.*s”）", cell);
}

typedef LIST(struct swap_post) post_list;

static bool read_post(struct swap_world *world, post_list *posts, const struct table *table,
                      const struct str *cells, struct err *err)
{
    struct swap_post post = {.owner = VERIFY_NONE, .holder = VERIFY_NONE};
    for (size_t c = P_POST; c <= P_SUBJECT; c++) {
        if (cells[c].len > 0) continue;
        return verify_refuse(table, err, "post, school, stage or subject is empty (post \"%.*s\")",
                             "岗位、学校、学段或学科是空的（岗位“%.*s”）", cells[P_POST]);
    }
    if (dict_put(&world->posts_by_code, cells[P_POST]) != posts->count) {
        return verify_refuse(table, err, "post \"%.*s\" stands twice", "岗位“%.*s”出现两次",
                             cells[P_POST]);
    }
    post.code = dict_text(&world->posts_by_code, (uint32_t)posts->count);
    if (!word_of(world, table, cells[P_COUNTY], &post.county, err)
        || !word_of(world, table, cells[P_SCHOOL], &post.school, err)
        || !word_of(world, table, cells[P_STAGE], &post.stage, err)
        || !word_of(world, table, cells[P_SUBJECT], &post.subject, err)) {
        return false;
    }
    *list_push(world->arena, posts) = post;
    return true;
}

static int by_code(const void *a, const void *b)
{
    const struct swap_post *x = a, *y = b;
    return str_compare(x->code, y->code);
}

/* Sorts the posts, and puts those of one county, stage and subject into a group. */
static void keep_posts(struct swap_world *world, const post_list *posts)
{
    world->posts = posts->items;
    world->post_count = posts->count;
    world->post_of = arena_array(world->arena, uint32_t, posts->count);
    world->groups = arena_array(world->arena, struct swap_group, posts->count);
    u64_map_init(&world->group_of, world->arena);
    if (posts->count > 0) qsort(world->posts, posts->count, sizeof *world->posts, by_code);
    for (size_t p = 0; p < posts->count; p++) {
        struct swap_post *post = &world->posts[p];
        world->post_of[dict_find(&world->posts_by_code, post->code)] = (uint32_t)p;
        post->group = swap_group_of(world, post->county, post->stage, post->subject);
        if (post->group == DICT_NONE) {
            post->group = (uint32_t)world->group_count++;
            u64_map_put(&world->group_of,
                        ((uint64_t)post->county << 2 * WORD_BITS)
                            | ((uint64_t)post->stage << WORD_BITS) | post->subject,
                        post->group);
        }
        post->place = world->groups[post->group].count++;
    }
    for (size_t g = 0; g < world->group_count; g++) {
        world->groups[g].posts = arena_array(world->arena, uint32_t, world->groups[g].count);
    }
    for (size_t p = 0; p < posts->count; p++) {
        const struct swap_post *post = &world->posts[p];
        world->groups[post->group].posts[post->place] = (uint32_t)p;
    }
}

static bool read_posts(struct swap_world *world, struct err *err)
{
    static const char *const columns[P_COLUMNS] = {"post", "school", "stage", "subject", "county"};
    static const bool optional[P_COLUMNS] = {[P_COUNTY] = true};
    post_list posts = {0};
    struct table *table;
    struct table_row row;
    bool more, good;
    if (!table_open(&table, world->arena, world->paths->posts, columns, optional, P_COLUMNS, err)) {
        return false;
    }
    while ((good = verify_next(table, &row, &more, err)) && more) {
        if (!(good = read_post(world, &posts, table, row.cells, err))) break;
    }
    table_close(table);
    if (good) keep_posts(world, &posts);
    return good;
}

static bool read_words(struct swap_world *world, const struct table *table, struct str cell,
                       uint32_t **out, uint32_t *count, struct err *err)
{
    LIST(uint32_t) words = {0};
    struct str part;
    while (cell.len > 0 && str_split(&cell, ';', &part)) {
        uint32_t word;
        part = str_trim(part);
        if (part.len == 0) continue;
        if (!word_of(world, table, part, &word, err)) return false;
        *list_push(world->arena, &words) = word;
    }
    *out = words.items;
    *count = (uint32_t)words.count;
    return true;
}

static bool read_wishes(struct swap_world *world, const struct table *table, struct str cell,
                        struct swap_teacher *teacher, struct err *err)
{
    LIST(struct swap_wish) wishes = {0};
    struct str part;
    bool behind = false;
    while (cell.len > 0 && str_split(&cell, ';', &part)) {
        part = str_trim(part);
        if (part.len == 0) continue;
        uint32_t row = dict_find(&world->posts_by_code, part);
        if (row == DICT_NONE || wishes.count == RANK_DUTY) {
            return verify_refuse(table, err, "there is no post \"%.*s\"", "没有岗位“%.*s”", part);
        }
        uint32_t post = world->post_of[row];
        const struct swap_post *asked = &world->posts[post];
        if (post == teacher->own && !teacher->must_move) behind = true;
        bool usable =
            !behind && swap_qualified(teacher, asked)
            && !(teacher->must_move && swap_same_school(asked, &world->posts[teacher->own]));
        *list_push(world->arena, &wishes) = (struct swap_wish){post, usable};
    }
    teacher->wishes = wishes.items;
    teacher->wish_count = (uint32_t)wishes.count;
    return true;
}

typedef LIST(struct swap_teacher) teacher_list;

static bool read_teacher(struct swap_world *world, teacher_list *teachers,
                         const struct table *table, const struct str *cells, struct err *err)
{
    struct swap_teacher teacher = {.got = VERIFY_NONE};
    uint32_t number = (uint32_t)teachers->count,
             own = dict_find(&world->posts_by_code, cells[T_POST]);
    if (cells[T_TEACHER].len == 0
        || dict_put(&world->teachers_by_number, cells[T_TEACHER]) != number) {
        return verify_refuse(table, err, "the number is empty or stands twice: \"%.*s\"",
                             "教师编号是空的或出现两次：“%.*s”", cells[T_TEACHER]);
    }
    if (own == DICT_NONE || world->posts[world->post_of[own]].owner != VERIFY_NONE) {
        return verify_refuse(table, err, "the own post does not exist or has an owner: \"%.*s\"",
                             "原岗不存在或已有人：“%.*s”", cells[T_POST]);
    }
    teacher.number = dict_text(&world->teachers_by_number, number);
    teacher.own = world->post_of[own];
    teacher.must_move = str_is(cells[T_DUTY], "yes");
    world->posts[teacher.own].owner = number;
    if (!read_words(world, table, cells[T_STAGE], &teacher.stages, &teacher.stage_count, err)
        || !read_words(world, table, cells[T_SUBJECT], &teacher.subjects, &teacher.subject_count,
                       err)
        || !read_wishes(world, table, cells[T_WISHES], &teacher, err)) {
        return false;
    }
    *list_push(world->arena, teachers) = teacher;
    return true;
}

static bool read_teachers(struct swap_world *world, struct err *err)
{
    static const char *const columns[T_COLUMNS] = {"teacher", "post",      "stage",
                                                   "subject", "must_move", "wishes"};
    teacher_list teachers = {0};
    struct table *table;
    struct table_row row;
    bool more, good;
    if (!table_open(&table, world->arena, world->paths->teachers, columns, NULL, T_COLUMNS, err)) {
        return false;
    }
    while ((good = verify_next(table, &row, &more, err)) && more) {
        if (!(good = read_teacher(world, &teachers, table, row.cells, err))) break;
    }
    table_close(table);
    world->teachers = teachers.items;
    world->teacher_count = teachers.count;
    return good;
}

static void keep_row(struct swap_world *world, const struct str *cells, uint64_t line)
{
    struct str number = verify_as_was(cells[R_TEACHER]), code = verify_as_was(cells[R_POST]);
    uint32_t who = dict_find(&world->teachers_by_number, number);
    uint32_t row = dict_find(&world->posts_by_code, code);
    struct verify_words none = {"", ""};
    number = str_copy(world->arena, number);
    code = str_copy(world->arena, code);
    if (who == DICT_NONE) {
        swap_note(world, ROTATION_UNKNOWN_TEACHER, number, code, line, none);
        return;
    }
    struct swap_teacher *teacher = &world->teachers[who];
    if (teacher->placed) {
        swap_note(world, ROTATION_PLACED_TWICE, number, code, line, none);
        return;
    }
    teacher->placed = true;
    if (row == DICT_NONE) {
        swap_note(world, ROTATION_UNKNOWN_POST, number, code, line, none);
        return;
    }
    struct swap_post *post = &world->posts[world->post_of[row]];
    if (post->holder != VERIFY_NONE) {
        struct str other = world->teachers[post->holder].number;
        swap_note(
            world, ROTATION_FILLED_TWICE, number, code, line,
            verify_say(world->arena, "已由教师 %.*s 取得", "teacher %.*s has it", STR_ARG(other)));
        return;
    }
    post->holder = who;
    teacher->got = world->post_of[row];
}

static bool read_result(struct swap_world *world, struct err *err)
{
    static const char *const columns[R_COLUMNS] = {"teacher", "post"};
    struct table *table;
    struct table_row row;
    bool more, good;
    if (!table_open(&table, world->arena, world->paths->result, columns, NULL, R_COLUMNS, err)) {
        return false;
    }
    while ((good = verify_next(table, &row, &more, err)) && more) {
        keep_row(world, row.cells, row.line);
    }
    table_close(table);
    return good;
}

bool swap_read(struct swap_world *world, struct err *err)
{
    dict_init(&world->words, world->arena);
    dict_init(&world->posts_by_code, world->arena);
    dict_init(&world->teachers_by_number, world->arena);
    return read_posts(world, err) && read_teachers(world, err) && read_result(world, err);
}
