#include "ledger/reference.h"

#include "base/testing.h"

static void a_reference_is_one_however_it_is_typed(void **state)
{
    (void)state;
    struct arena arena = {0};
    static const char *const same[] = {
        "P12-5",      "p12-5",      " P12-5 ",  "P12 - 5", "Ｐ１２－５",  "ｐ１２—５",
        "P12\u20115", "P12\u22125", "P012-005", "p１２‐5", "\uFEFFP12-5",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        int64_t batch = 0, ordinal = 0;
        struct str clean = reference_clean(&arena, str_from(same[i]));
        assert_str_is(clean, "P12-5");
        assert_true(reference_read(clean, &batch, &ordinal));
        assert_int_equal(batch, 12);
        assert_int_equal(ordinal, 5);
    }
    assert_str_is(reference_of(&arena, 12, 5), "P12-5");
    assert_str_is(reference_clean(&arena, STR("gz/2020－a７")), "GZ/2020-A7");
    assert_str_is(reference_clean(&arena, STR("")), "");
    arena_free(&arena);
}

static void what_is_none_of_ours_is_told(void **state)
{
    (void)state;
    struct arena arena = {0};
    static const char *const none[] = {"",
                                       "P",
                                       "P-",
                                       "P1",
                                       "P1-",
                                       "P-1",
                                       "P0-1",
                                       "P1-0",
                                       "Q1-1",
                                       "P1-1-1",
                                       "P+1-1",
                                       "P1-+1",
                                       "PP1-1",
                                       "P4294967296-1",
                                       "P99999999999999999999-1"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        int64_t batch, ordinal;
        if (reference_read(reference_clean(&arena, str_from(none[i])), &batch, &ordinal)) {
            fail_msg("\"%s\" reads as P%lld-%lld", none[i], (long long)batch, (long long)ordinal);
        }
    }
    arena_free(&arena);
}

/* Serial numbers may differ by a capital alone. */
static void a_serial_number_keeps_its_capitals(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_str_is(reference_serial(&arena, STR("Ｎ２０２０－１")), "N2020-1");
    assert_str_is(reference_serial(&arena, STR(" n2020\u20141 ")), "n2020-1");
    assert_str_is(reference_serial(&arena, STR("国库－１ 县级")), "国库-1 县级");
    arena_free(&arena);
}

static void a_batch_is_found_in_words(void **state)
{
    (void)state;
    struct arena arena = {0};
    static const struct {
        const char *words;
        int64_t batch;
    } cases[] = {{"代发P12", 12},   {"代发 p12 一批", 12}, {"代发Ｐ１２", 12}, {"P12-5", 0},
                 {"代发P12－5", 0}, {"AP12", 0},           {"app12", 0},       {"P", 0},
                 {"", 0},           {"P12-5 P7", 7}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str words = reference_serial(&arena, str_from(cases[i].words));
        assert_int_equal(reference_batch(words), cases[i].batch);
    }
    arena_free(&arena);
}

static void a_reference_stands_in_words(void **state)
{
    (void)state;
    assert_true(reference_stands_in(STR("国库拨款 gz-17 号"), STR("GZ-17")));
    assert_true(reference_stands_in(STR("V17"), STR("v17")));
    assert_false(reference_stands_in(STR("V1"), STR("V17")));
    assert_false(reference_stands_in(STR(""), STR("V17")));
    assert_true(reference_same(STR("国－ｖ１"), STR("国-V1")));
    assert_false(reference_same(STR("国-V1"), STR("国-V2")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_is_one_however_it_is_typed),
        cmocka_unit_test(what_is_none_of_ours_is_told),
        cmocka_unit_test(a_serial_number_keeps_its_capitals),
        cmocka_unit_test(a_batch_is_found_in_words),
        cmocka_unit_test(a_reference_stands_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
