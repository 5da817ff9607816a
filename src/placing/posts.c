#include "placing/posts.h"

#include "base/dict.h"
#include "base/list.h"
#include "base/sheet_out.h"
#include "intake/table.h"
#include "placing/read.h"

#include <stdlib.h>

enum { SEATS_MAX = 1000000 };
enum { P_POST, P_COUNTY, P_SCHOOL, P_STAGE, P_SUBJECT, P_SEATS, P_COLUMNS };
enum { R_RECRUIT, R_STAGE, R_SUBJECT, R_SCORE, R_TIES };
enum { W_RECRUIT, W_RANK, W_POST, W_COLUMNS };

struct reading {
    struct arena *arena;
    const struct posts_paths *paths;
    struct dict posts, recruits, words;
    LIST(struct posts_post) post_rows;
    LIST(struct posts_recruit) recruit_rows;
    LIST(int64_t) ties; /* tie_count each */
    LIST(struct posts_wish) wish_rows;
    size_t tie_count;
};

static struct str keep(struct reading *reading, struct str word)
{
    return dict_text(&reading->words, dict_put(&reading->words, word));
}

static bool read_post(void *context, struct table *table, const struct table_row *row,
                      struct err *err)
{
    struct reading *reading = context;
    const struct str *cells = row->cells;
    struct posts_post post = {0};
    if (cells[P_POST].len == 0) {
        return place_refuse(table, err, "the post has no code%.*s", "岗位代码是空的%.*s",
                            STR_EMPTY);
    }
    if (dict_put(&reading->posts, cells[P_POST]) != reading->post_rows.count) {
        return place_refuse(table, err, "post \"%.*s\" stands in an earlier row too",
                            "岗位“%.*s”在前面的行里已经有了", cells[P_POST]);
    }
    if (cells[P_STAGE].len == 0 || cells[P_SUBJECT].len == 0) {
        return place_refuse(table, err, "post \"%.*s\" has no stage or no subject",
                            "岗位“%.*s”没有写学段或学科", cells[P_POST]);
    }
    if (!table_number(table, row, P_SEATS, &post.seats, err)) return false;
    if (post.seats < 0 || post.seats > SEATS_MAX) {
        return place_refuse(table, err, "%.*s seats are not possible", "岗位数 %.*s 不可能",
                            cells[P_SEATS]);
    }
    post.code = dict_text(&reading->posts, (uint32_t)reading->post_rows.count);
    post.county = keep(reading, cells[P_COUNTY]);
    post.school = keep(reading, cells[P_SCHOOL]);
    post.stage = keep(reading, cells[P_STAGE]);
    post.subject = keep(reading, cells[P_SUBJECT]);
    *list_push(reading->arena, &reading->post_rows) = post;
    return true;
}

static bool read_recruit(void *context, struct table *table, const struct table_row *row,
                         struct err *err)
{
    struct reading *reading = context;
    const struct str *cells = row->cells;
    struct posts_recruit recruit = {.placed = POSTS_NONE};
    if (cells[R_RECRUIT].len == 0) {
        return place_refuse(table, err, "the recruit has no number%.*s", "应聘者编号是空的%.*s",
                            STR_EMPTY);
    }
    if (dict_put(&reading->recruits, cells[R_RECRUIT]) != reading->recruit_rows.count) {
        return place_refuse(table, err, "recruit \"%.*s\" stands in an earlier row too",
                            "应聘者“%.*s”在前面的行里已经有了", cells[R_RECRUIT]);
    }
    if (!table_number(table, row, R_SCORE, &recruit.score, err)) return false;
    for (size_t t = 0; t < reading->tie_count; t++) {
        int64_t tie;
        if (!table_number(table, row, R_TIES + t, &tie, err)) return false;
        *list_push(reading->arena, &reading->ties) = tie;
    }
    recruit.number = dict_text(&reading->recruits, (uint32_t)reading->recruit_rows.count);
    recruit.stage = keep(reading, cells[R_STAGE]);
    recruit.subject = keep(reading, cells[R_SUBJECT]);
    *list_push(reading->arena, &reading->recruit_rows) = recruit;
    return true;
}

static bool read_wish(void *context, struct table *table, const struct table_row *row,
                      struct err *err)
{
    struct reading *reading = context;
    const struct str *cells = row->cells;
    struct posts_wish wish = {.recruit = dict_find(&reading->recruits, cells[W_RECRUIT]),
                              .post = dict_find(&reading->posts, cells[W_POST]),
                              .line = (uint32_t)row->line};
    int64_t rank;
    if (wish.recruit == DICT_NONE) {
        return place_refuse(table, err, "there is no recruit \"%.*s\"", "没有应聘者“%.*s”",
                            cells[W_RECRUIT]);
    }
    if (wish.post == DICT_NONE) {
        return place_refuse(table, err, "there is no post \"%.*s\"", "没有岗位“%.*s”",
                            cells[W_POST]);
    }
    if (!table_number(table, row, W_RANK, &rank, err)) return false;
    if (rank < 1 || rank > POSTS_RANK_MAX) {
        return place_refuse(table, err, "rank %.*s is not between 1 and 10000",
                            "志愿序号 %.*s 不在 1 至 10000 之间", cells[W_RANK]);
    }
    wish.rank = (uint32_t)rank;
    *list_push(reading->arena, &reading->wish_rows) = wish;
    return true;
}

static bool ties_fail(const struct reading *reading, struct err *err, int number)
{
    struct str name = file_name(reading->paths->recruits);
    err_set(err, ERR_INPUT, "columns of ties are tie1, tie2 … up to tie%d: \"tie%d\" does not fit",
            "同分比较项依次为 tie1、tie2…，最多到 tie%d：tie%d 不合", POSTS_TIES_MAX, number);
    return err_at(err, "%.*s", "%.*s", STR_ARG(name));
}

/* tie1, tie2 … as many as the file has, without a gap. */
static bool count_ties(struct reading *reading, const char **columns, struct err *err)
{
    struct str *headings;
    size_t count, highest = 0;
    bool has[POSTS_TIES_MAX + 1] = {false};
    if (!table_read_headings(reading->arena, reading->paths->recruits, &headings, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        int64_t number;
        struct str heading = str_trim(headings[i]);
        if (!str_starts(heading, STR("tie"))) continue;
        if (!str_to_i64(str_slice(heading, 3, heading.len), &number)) continue;
        if (number < 1 || number > POSTS_TIES_MAX) {
            return ties_fail(reading, err, (int)(number > 0 && number < 100000 ? number : 0));
        }
        has[number] = true;
        if ((size_t)number > highest) highest = (size_t)number;
    }
    for (size_t t = 1; t <= highest; t++) {
        struct text name;
        if (!has[t]) {
            return ties_fail(reading, err, (int)highest);
        }
        text_init(&name, reading->arena, 16);
        text_add_f(&name, "tie%d", (int)t);
        columns[R_TIES + t - 1] = text_str(&name).ptr;
    }
    reading->tie_count = highest;
    return true;
}

static bool read_all(struct reading *reading, struct err *err)
{
    static const char *const post_columns[P_COLUMNS] = {"post",  "county",  "school",
                                                        "stage", "subject", "seats"};
    static const char *const wish_columns[W_COLUMNS] = {"recruit", "rank", "post"};
    const char *recruit_columns[R_TIES + POSTS_TIES_MAX] = {"recruit", "stage", "subject", "score"};
    const struct posts_paths *paths = reading->paths;
    struct arena *arena = reading->arena;
    return place_rows(arena, paths->posts, post_columns, NULL, P_COLUMNS, read_post, reading, err)
           && count_ties(reading, recruit_columns, err)
           && place_rows(arena, paths->recruits, recruit_columns, NULL, R_TIES + reading->tie_count,
                         read_recruit, reading, err)
           && place_rows(arena, paths->wishes, wish_columns, NULL, W_COLUMNS, read_wish, reading,
                         err);
}

static int compare_wishes(const void *a, const void *b)
{
    const struct posts_wish *x = a, *y = b;
    if (x->recruit != y->recruit) return x->recruit < y->recruit ? -1 : 1;
    if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static int compare_posts(const void *a, const void *b)
{
    const struct posts_wish *x = a, *y = b;
    if (x->recruit != y->recruit) return x->recruit < y->recruit ? -1 : 1;
    if (x->post != y->post) return x->post < y->post ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static bool refuse_wish(const struct reading *reading, const struct posts_wish *wish,
                        struct err *err, const char *en, const char *zh)
{
    struct str name = file_name(reading->paths->wishes);
    err_set(err, ERR_INPUT, en, zh, STR_ARG(dict_text(&reading->recruits, wish->recruit)));
    return err_at(err, "%.*s: line %lu", "%.*s：第 %lu 行", STR_ARG(name),
                  (unsigned long)wish->line);
}

/* Sorts the wishes by recruit and rank, having looked for posts that are wished twice. */
static bool sort_wishes(struct reading *reading, struct err *err)
{
    struct posts_wish *wishes = reading->wish_rows.items;
    size_t count = reading->wish_rows.count;
    if (count > 0) qsort(wishes, count, sizeof *wishes, compare_posts);
    for (size_t i = 1; i < count; i++) {
        if (wishes[i].recruit != wishes[i - 1].recruit || wishes[i].post != wishes[i - 1].post) {
            continue;
        }
        return refuse_wish(reading, &wishes[i], err, "recruit \"%.*s\" wishes this post twice",
                           "应聘者“%.*s”重复填报这个岗位");
    }
    if (count > 0) qsort(wishes, count, sizeof *wishes, compare_wishes);
    for (size_t i = 1; i < count; i++) {
        if (wishes[i].recruit != wishes[i - 1].recruit || wishes[i].rank != wishes[i - 1].rank) {
            continue;
        }
        return refuse_wish(reading, &wishes[i], err, "recruit \"%.*s\" uses this rank twice",
                           "应聘者“%.*s”重复使用这个志愿序号");
    }
    for (size_t i = count; i > 0; i--) {
        struct posts_recruit *recruit = &reading->recruit_rows.items[wishes[i - 1].recruit];
        recruit->first = i - 1;
        recruit->count++;
    }
    return true;
}

/* A recruit with what it is ordered by: qsort hands on no context. */
struct standing {
    int64_t score;
    const int64_t *ties;
    size_t tie_count;
    struct str number;
    uint32_t recruit;
};

static int compare_standings(const void *a, const void *b)
{
    const struct standing *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    for (size_t t = 0; t < x->tie_count; t++) {
        if (x->ties[t] != y->ties[t]) return x->ties[t] > y->ties[t] ? -1 : 1;
    }
    return str_compare(x->number, y->number);
}

static bool qualified(const struct posts_recruit *recruit, const struct posts_post *post)
{
    return str_equal(recruit->stage, post->stage) && str_equal(recruit->subject, post->subject);
}

static void place_one(struct posts *posts, struct posts_recruit *recruit)
{
    for (uint32_t w = 0; w < recruit->count; w++) {
        struct posts_post *post = &posts->posts[posts->wishes[recruit->first + w].post];
        if (!qualified(recruit, post) || post->taken == post->seats) continue;
        post->taken++;
        post->lowest = recruit->score;
        recruit->placed = w;
        posts->placed_count++;
        return;
    }
}

static void place_all(const struct reading *reading, struct posts *posts)
{
    struct arena scratch = {0};
    size_t count = posts->recruit_count;
    struct standing *standings = arena_array(&scratch, struct standing, count);
    for (size_t r = 0; r < count; r++) {
        const struct posts_recruit *recruit = &posts->recruits[r];
        standings[r] = (struct standing){.score = recruit->score,
                                         .tie_count = reading->tie_count,
                                         .number = recruit->number,
                                         .recruit = (uint32_t)r};
        if (reading->tie_count > 0) {
            standings[r].ties = &reading->ties.items[r * reading->tie_count];
        }
    }
    if (count > 0) qsort(standings, count, sizeof *standings, compare_standings);
    for (size_t i = 0; i < count; i++) {
        struct posts_recruit *recruit = &posts->recruits[standings[i].recruit];
        recruit->place = (uint32_t)(i + 1);
        place_one(posts, recruit);
    }
    arena_free(&scratch);
}

bool posts_run(struct arena *arena, const struct posts_paths *paths, struct posts *out,
               struct err *err)
{
    struct reading reading = {.arena = arena, .paths = paths};
    dict_init(&reading.posts, arena);
    dict_init(&reading.recruits, arena);
    dict_init(&reading.words, arena);
    if (!read_all(&reading, err) || !sort_wishes(&reading, err)) return false;
    struct posts posts = {.posts = reading.post_rows.items,
                          .post_count = reading.post_rows.count,
                          .recruits = reading.recruit_rows.items,
                          .recruit_count = reading.recruit_rows.count,
                          .wishes = reading.wish_rows.items,
                          .wish_count = reading.wish_rows.count};
    for (size_t p = 0; p < posts.post_count; p++) posts.seats += posts.posts[p].seats;
    place_all(&reading, &posts);
    *out = posts;
    return true;
}

struct by_number {
    struct str number;
    uint32_t recruit;
};

static int compare_numbers(const void *a, const void *b)
{
    const struct by_number *x = a, *y = b;
    return str_compare(x->number, y->number);
}

static bool write_sorted(struct sheet_out *sheet, const struct posts *posts,
                         const struct by_number *order, struct err *err)
{
    static const struct str header[] = {{"recruit", 7}, {"post", 4}, {"choice_rank", 11}};
    if (!sheet_header(sheet, header, 3, NULL, err)) return false;
    for (size_t i = 0; i < posts->recruit_count; i++) {
        const struct posts_recruit *recruit = &posts->recruits[order[i].recruit];
        if (recruit->placed == POSTS_NONE) continue;
        const struct posts_wish *wish = &posts->wishes[recruit->first + recruit->placed];
        char digits[20];
        struct str cells[] = {recruit->number,
                              posts->posts[wish->post].code,
                              {digits, u64_digits(wish->rank, digits)}};
        if (!sheet_row(sheet, cells, 3, err)) return false;
    }
    return true;
}

bool posts_write(const char *path, const struct posts *posts, struct err *err)
{
    struct arena scratch = {0};
    struct sheet_out *sheet = NULL;
    size_t count = posts->recruit_count;
    struct by_number *order = arena_array(&scratch, struct by_number, count);
    for (size_t r = 0; r < count; r++) {
        order[r] = (struct by_number){posts->recruits[r].number, (uint32_t)r};
    }
    if (count > 0) qsort(order, count, sizeof *order, compare_numbers);
    bool good = sheet_open(&sheet, path, "posts", false, err);
    if (good) {
        good = write_sorted(sheet, posts, order, err);
        if (good) {
            good = sheet_close(sheet, err);
        } else {
            sheet_abandon(sheet);
        }
    }
    arena_free(&scratch);
    return good;
}

bool posts_find(const struct posts *posts, struct str number, uint32_t *recruit, struct err *err)
{
    for (size_t r = 0; r < posts->recruit_count; r++) {
        if (!str_equal(posts->recruits[r].number, number)) continue;
        *recruit = (uint32_t)r;
        return true;
    }
    return err_set(err, ERR_NOT_FOUND, "there is no recruit \"%.*s\"", "没有应聘者“%.*s”",
                   STR_ARG(number));
}

enum posts_outcome posts_outcome_of(const struct posts *posts, uint32_t recruit, uint32_t wish)
{
    const struct posts_recruit *who = &posts->recruits[recruit];
    CHECK(wish < who->count);
    if (wish == who->placed) return POSTS_PLACED;
    if (who->placed != POSTS_NONE && wish > who->placed) return POSTS_NOT_REACHED;
    const struct posts_post *post = &posts->posts[posts->wishes[who->first + wish].post];
    return qualified(who, post) ? POSTS_FULL : POSTS_UNQUALIFIED;
}

static const struct {
    const char *key, *zh, *en;
} outcomes[] = {
    [POSTS_PLACED] = {"placed", "聘用", "placed"},
    [POSTS_UNQUALIFIED] = {"unqualified", "学段或学科不符",
                           "not qualified for its stage or subject"},
    [POSTS_FULL] = {"full", "名额已由名次在前的人占满", "its seats went to those ahead"},
    [POSTS_NOT_REACHED] = {"not_reached", "已由靠前的志愿聘用", "an earlier wish was fulfilled"},
};

const char *posts_outcome_key(enum posts_outcome outcome)
{
    CHECK(outcome <= POSTS_NOT_REACHED);
    return outcomes[outcome].key;
}

const char *posts_outcome_text(enum posts_outcome outcome, enum lang lang)
{
    CHECK(outcome <= POSTS_NOT_REACHED);
    return lang == LANG_ZH ? outcomes[outcome].zh : outcomes[outcome].en;
}
