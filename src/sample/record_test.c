#include "sample/record.h"

#include "base/testing.h"
#include "base/testing_folder.h"
#include "sample/sample.h"

#include <stdlib.h>

static void test_shares(void **state)
{
    (void)state;
    const int64_t weights[] = {3, 0, 5, 1, 1};
    static const int64_t wholes[] = {0, 1, 9, 10, 11, 997, 72500000000};
    for (size_t w = 0; w < sizeof wholes / sizeof *wholes; w++) {
        int64_t parts[5], sum = 0;
        record_share(wholes[w], weights, 5, parts);
        for (size_t i = 0; i < 5; i++) {
            assert_true(parts[i] >= 0);
            sum += parts[i];
        }
        assert_true(sum == wholes[w]);
        assert_int_equal(parts[1], 0);
    }
    int64_t parts[5];
    record_share(100, weights, 5, parts);
    assert_int_equal(parts[0], 30);
    assert_int_equal(parts[2], 50);
}

static void test_shuffled(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct rng rng = rng_seed(3);
    uint32_t *order = record_shuffled(&arena, &rng, 200);
    bool seen[200] = {false};
    size_t moved = 0;
    for (uint32_t i = 0; i < 200; i++) {
        assert_true(order[i] < 200);
        assert_false(seen[order[i]]);
        seen[order[i]] = true;
        moved += order[i] != i;
    }
    assert_true(moved > 150);
    arena_free(&arena);
}

/* Figures that the generator stated, by key. */
struct stated {
    struct arena *arena;
    struct str text;
};

static int64_t stated(const struct stated *stated, const char *key)
{
    struct str rest = stated->text, line, cell, unused;
    while (str_split(&rest, '\n', &line)) {
        if (!str_split(&line, ',', &cell) || !str_is(cell, key)) continue;
        int64_t value;
        assert_true(str_split(&line, ',', &unused));
        assert_true(str_split(&line, ',', &cell));
        if (str_ends(cell, STR("\r"))) cell.len--;
        assert_true(str_to_i64(cell, &value));
        return value;
    }
    fail_msg("no figure %s", key);
    return 0;
}

static struct stated write_city(struct arena *arena, const char *folder, uint32_t children)
{
    struct sample_options options = {
        .folder = folder, .children = children, .seed = 2020, .error_permille = 1000};
    struct sample_result result;
    struct stated stated = {.arena = arena};
    struct err err = ERR_INIT;
    struct text path;
    assert_true(sample_write(arena, &options, &result, &err));
    text_init(&path, arena, 4096);
    text_add_f(&path, "%s/truth/figures.csv", folder);
    assert_true(file_read(arena, path.ptr, 1 << 20, &stated.text, &err));
    return stated;
}

/* A small city has its share of every target, and the sums hold in it too. */
static void test_small_city(void **state)
{
    struct test_folder *folder = *state;
    struct arena arena = {0};
    struct stated city = write_city(&arena, test_folder_path(folder, "small"), 14000);
    /* One in twenty of the whole city's. */
    static const struct {
        const char *key;
        int64_t value;
    } expected[] = {
        {"projects_paid", 17890000000},
        {"poor_villages", 15},
        {"poor_villages_exited", 15},
        {"special_post_recruits", 116},
        {"trainings_city_and_above", 3593},
        {"rotations_within_county", 182},
        {"rural_allowances", 970000000},
        {"aid_paid", 3625000000},
        {"aid_persons", 49250},
        {"exchanges_sent", 19},
        {"exchanges_received", 5},
        {"agreements", 4},
        {"agreement_schools", 35},
        {"admissions_nation", 223},
        {"admissions_local", 50},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (stated(&city, expected[i].key) != expected[i].value)
            fail_msg("%s is %lld", expected[i].key, (long long)stated(&city, expected[i].key));
    assert_int_equal(stated(&city, "admissions_special"),
                     stated(&city, "admissions_university") + stated(&city, "admissions_nation")
                         + stated(&city, "admissions_local") + stated(&city, "admissions_poverty")
                         + stated(&city, "admissions_old_area"));
    assert_int_equal(stated(&city, "villages_with_kindergarten"),
                     stated(&city, "villages_needing_kindergarten"));
    arena_free(&arena);
}

/* What the bureau's head said in November 2020. */
static void test_interview(void **state)
{
    struct test_folder *folder = *state;
    struct arena arena = {0};
    if (getenv("BAOXUE_TEST_LONG") == NULL) skip();
    struct stated city = write_city(&arena, test_folder_path(folder, "whole"), 0);
    static const struct {
        const char *key;
        int64_t value;
    } expected[] = {
        {"projects_paid", 357800000000},
        {"poor_villages", 302},
        {"poor_villages_exited", 302},
        {"poor_villages_assured", 302},
        {"special_post_recruits", 2311},
        {"trainings_city_and_above", 71862},
        {"rotations_within_county", 3635},
        {"rural_allowances", 19400000000},
        {"aid_paid", 72500000000},
        {"aid_persons", 985000},
        {"admissions_special", 6420},
        {"admissions_university", 216},
        {"admissions_nation", 4450},
        {"admissions_local", 990},
        {"admissions_poverty", 401},
        {"admissions_old_area", 363},
        {"exchanges_sent", 389},
        {"exchanges_received", 98},
        {"agreements", 78},
        {"agreement_schools", 690},
        {"counties_balanced", 5},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (stated(&city, expected[i].key) != expected[i].value)
            fail_msg("%s is %lld", expected[i].key, (long long)stated(&city, expected[i].key));
    assert_int_equal(stated(&city, "townships_with_central_kindergarten"),
                     stated(&city, "townships"));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_shuffled),
        cmocka_unit_test_setup_teardown(test_small_city, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_interview, test_folder_make, test_folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
