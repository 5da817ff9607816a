#include "base/rng.h"
#include "jobs/search.h"
#include "jobs/town_testing.h"

/* What is found for `typed`: "name match;" for each person, then "|", then the schools. */
static struct str found(const struct view *view, const char *typed, size_t limit)
{
    struct search_found found;
    struct text text;
    text_init(&text, view->arena, 1 << 16);
    search_find(view, str_from(typed), limit, &found);
    for (size_t i = 0; i < found.person_count; i++) {
        const struct search_hit *hit = &found.persons[i];
        assert_true(view_sees_record(view, hit->record));
        text_add(&text, people_text(&view->snapshot->run.people, hit->record, PERSON_NAME));
        text_add_f(&text, " %s;", search_match_key(hit->match));
    }
    text_add_byte(&text, '|');
    for (size_t i = 0; i < found.school_count; i++) {
        text_add(&text, view->snapshot->schools[found.schools[i]].name);
        text_add_byte(&text, ';');
    }
    return text_str(&text);
}

static void finds_as_people_type(void **state)
{
    static const struct {
        const char *typed, *want;
    } cases[] = {
        {"曾重庆", "曾重庆 name;|"},
        {"曾", "曾重庆 name;|"},
        {"重庆", "曾重庆 name;|"},
        {" 曾 重庆 ", "曾重庆 name;|"},
        {"曾从庆", "|"},
        /* One character typed for another of the same sound. */
        {"增重庆", "曾重庆 pinyin;|"},
        /* A surname by its reading as a surname and by the other; a polyphone both ways. */
        {"zengchongqing", "曾重庆 pinyin;|"},
        {"cengzhongqing", "曾重庆 pinyin;|"},
        {"Zeng Chong", "曾重庆 pinyin;|"},
        {"zengzh", "曾重庆 pinyin;|"},
        {"chongqing", "曾重庆 pinyin;|"},
        {"zcq", "曾重庆 initials;|"},
        {"czq", "曾重庆 initials;|"},
        {"zengcq", "曾重庆 pinyin;|"},
        {"zchongq", "曾重庆 pinyin;|"},
        {"曾cq", "曾重庆 name;|"},
        {"曾zhong", "曾重庆 name;|"},
        {"chanyufei", "单于飞 pinyin;|"},
        {"shanyufei", "单于飞 pinyin;|"},
        {"danyufei", "单于飞 pinyin;|"},
        {ID_A, "单于飞 id;|"},
        {"620422 20120305 0013", "单于飞 id;|"},
        {"0021", "曾重庆 id;|"},
        {"6204222012", "单于飞 id;曾重庆 id;|"},
        {"013", "|"},
        {"郭城", "|郭城小学;"},
        {"小学", "|郭城小学;白塔小学;"},
        {"guocheng", "|郭城小学;"},
        {"btxx", "|白塔小学;"},
        {"郭cxx", "|郭城小学;"},
        {"2162000002", "|白塔小学;"},
        {"z", "|"},
        {"", "|"},
        {"%_'\";--", "|"},
        {"不存在的人名", "|"},
    };
    struct town town = town_open(state);
    struct arena arena = {0};
    struct asker all = asker_local();
    struct view view = town_look(&town, &arena, &all);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str got = found(&view, cases[i].typed, SEARCH_LIMIT);
        if (!str_is(got, cases[i].want)) print_message("%s: %s\n", cases[i].typed, got.ptr);
        assert_str_is(got, cases[i].want);
    }
    town_leave(&town, &view);
    arena_free(&arena);
    town_close(&town);
}

/* By area, then number, and no more than asked for. */
static void many_stand_by_area_and_number(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct asker all = asker_local();
    struct view view = town_look(&town, &arena, &all);
    static const char *const ways[] = {"赵", "赵小", "zhaoxiao", "zx", "zhaox"};
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        for (size_t limit = 1; limit <= 50; limit += 7) {
            struct search_found found;
            search_find(&view, str_from(ways[w]), limit, &found);
            assert_int_equal(found.person_count, limit < 24 ? limit : 24);
            for (size_t i = 1; i < found.person_count; i++) {
                assert_true(view.snapshot->person_ranks[found.persons[i - 1].person]
                            < view.snapshot->person_ranks[found.persons[i].person]);
            }
        }
    }
    town_leave(&town, &view);
    arena_free(&arena);
    town_close(&town);
}

static void finds_only_what_the_asker_sees(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct asker askers[] = {asker_local(),
                             town_asker_of_area("620422101"),
                             town_asker_of_area("620421"),
                             town_asker_of_school("2162000002"),
                             {.name = STR("auditor")}};
    static const struct {
        const char *typed;
        const char *want[5];
    } cases[] = {
        {"单于飞", {"单于飞 name;|", "单于飞 name;|", "单于飞 name;|", "单于飞 name;|", "|"}},
        {"sunyiyi", {"孙一一 pinyin;|", "孙一一 pinyin;|", "|", "|", "|"}},
        {"0021", {"曾重庆 id;|", "|", "|", "|", "|"}},
        {"小学", {"|郭城小学;白塔小学;", "|白塔小学;", "|", "|白塔小学;", "|"}},
    };
    for (size_t a = 0; a < sizeof askers / sizeof *askers; a++) {
        struct view view = town_look(&town, &arena, &askers[a]);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            assert_str_is(found(&view, cases[i].typed, SEARCH_LIMIT), cases[i].want[a]);
        }
        town_leave(&town, &view);
    }
    arena_free(&arena);
    town_close(&town);
}

static void odd_texts_find_nothing_and_harm_nothing(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct asker all = asker_local();
    struct view view = town_look(&town, &arena, &all);
    char text[SEARCH_BYTES_MAX + 64];
    static const char *const pieces[] = {"a", "zz", "9", "X", "赵", "\xF0\xA0\x80\x80", "ü", " "};
    struct rng rng = rng_seed(7);
    for (int round = 0; round < 500; round++) {
        struct text typed;
        struct search_found found;
        text_init(&typed, &arena, sizeof text);
        for (uint32_t n = rng_below(&rng, 40); n > 0; n--) {
            text_add_c(&typed, pieces[rng_below(&rng, 8)]);
        }
        search_find(&view, text_str(&typed), SEARCH_LIMIT, &found);
        assert_true(found.person_count <= SEARCH_LIMIT);
        assert_true(found.school_count <= SEARCH_SCHOOLS_MAX);
    }
    town_leave(&town, &view);
    arena_free(&arena);
    town_close(&town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_as_people_type),
        cmocka_unit_test(many_stand_by_area_and_number),
        cmocka_unit_test(finds_only_what_the_asker_sees),
        cmocka_unit_test(odd_texts_find_nothing_and_harm_nothing),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
