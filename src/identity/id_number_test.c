#include "base/clock.h"
#include "base/rng.h"
#include "base/testing.h"
#include "identity/id_number.h"

#include <stdio.h>

struct id_case {
    const char *written;
    enum id_state state;
    const char *text;
    const char *birth;
    char sex;
};

static const struct id_case cases[] = {
    {"620422201203050013", ID_VALID, "620422201203050013", "2012-03-05", 'M'},
    {"620421201309110241", ID_VALID, "620421201309110241", "2013-09-11", 'F'},
    {"62040219990101003X", ID_VALID, "62040219990101003X", "1999-01-01", 'M'},
    {"620423201506078888", ID_VALID, "620423201506078888", "2015-06-07", 'F'},
    {"62040320110228003x", ID_VALID, "62040320110228003X", "2011-02-28", 'M'},
    {"62040219990101003×", ID_VALID, "62040219990101003X", "1999-01-01", 'M'},
    {"６２０４０２１９９９０１０１００３Ｘ", ID_VALID, "62040219990101003X", "1999-01-01", 'M'},
    {"'620422201203050013", ID_VALID, "620422201203050013", "2012-03-05", 'M'},
    {"‘620422201203050013", ID_VALID, "620422201203050013", "2012-03-05", 'M'},
    {"=\"620422201203050013\"", ID_VALID, "620422201203050013", "2012-03-05", 'M'},
    {" 620422 20120305 0013\t", ID_VALID, "620422201203050013", "2012-03-05", 'M'},
    {"620422-20120305-0013", ID_VALID, "620422201203050013", "2012-03-05", 'M'},
    {"620422　20120305\u00A00013\u200B", ID_VALID, "620422201203050013", "2012-03-05", 'M'},
    {"\uFEFF620422201203050013。", ID_VALID, "620422201203050013", "2012-03-05", 'M'},
    {"620422201203050013.", ID_VALID, "620422201203050013", "2012-03-05", 'M'},
    {"身份证号：620422201203050013", ID_VALID, "620422201203050013", "2012-03-05", 'M'},
    {"620422201203050014", ID_WRONG_CHECK, "620422201203050014", "2012-03-05", 'M'},
    {"620422201213050013", ID_WRONG_CHECK, "620422201213050013", "", 'M'},
    {"620422201202300013", ID_WRONG_CHECK, "620422201202300013", "", 'M'},
    {"620422201203050000", ID_DAMAGED, "620422201203050000", "2012-03-05", 0},
    {"6.20422E+17", ID_DAMAGED, "6.20422E+17", "", 0},
    {"6.2E+17", ID_DAMAGED, "6.2E+17", "", 0},
    {"6.20422201203050E+17", ID_DAMAGED, "6.20422201203050E+17", "2012-03-05", 0},
    {"6.20422201203050013e17", ID_VALID, "620422201203050013", "2012-03-05", 'M'},
    {"620422201203049984.0", ID_DAMAGED, "620422201203049984.0", "", 0},
    {"620422201203050013.0", ID_VALID, "620422201203050013", "2012-03-05", 'M'},
    {"62042220120305001", ID_DAMAGED, "62042220120305001", "", 0},
    {"6204222012030500133", ID_DAMAGED, "6204222012030500133", "", 0},
    {"62O422201203050013", ID_DAMAGED, "62O422201203050013", "", 0},
    {"620422********0013", ID_DAMAGED, "620422********0013", "", 0},
    {"620422201203050013(母)", ID_DAMAGED, "620422201203050013(母)", "", 0},
    {"##########", ID_DAMAGED, "##########", "", 0},
    {"", ID_ABSENT, "", "", 0},
    {"   ", ID_ABSENT, "", "", 0},
    {"无", ID_ABSENT, "无", "", 0},
    {"暂无", ID_ABSENT, "暂无", "", 0},
    {"待补", ID_ABSENT, "待补", "", 0},
    {"尚未办理户口", ID_ABSENT, "尚未办理户口", "", 0},
    {"/", ID_ABSENT, "", "", 0},
    {"—", ID_ABSENT, "", "", 0},
    {"0", ID_ABSENT, "", "", 0},
    {"000000000000000000", ID_ABSENT, "", "", 0},
    {"N/A", ID_ABSENT, "", "", 0},
    {"#N/A", ID_ABSENT, "", "", 0},
    {"null", ID_ABSENT, "", "", 0},
    {"E12345678", ID_OTHER, "E12345678", "", 0},
    {"EA1234567", ID_OTHER, "EA1234567", "", 0},
    {"H0123456789", ID_OTHER, "H0123456789", "", 0},
    {"a123456(7)", ID_OTHER, "A123456(7)", "", 0},
    {"K620123456", ID_OTHER, "K620123456", "", 0},
    {"护照", ID_OTHER, "护照", "", 0},
    {"护照E12345678", ID_OTHER, "护照E12345678", "", 0},
    {"20120305", ID_DAMAGED, "20120305", "", 0},
    {"13912345678", ID_DAMAGED, "13912345678", "", 0},
    {"J620422201203050013", ID_OTHER, "J620422201203050013", "2012-03-05", 'M'},
    {"L620422201203051234", ID_OTHER, "L620422201203051234", "2012-03-05", 0},
    {"620422201203050", ID_DAMAGED, "620422201203050", "", 0},
    {"620422800230001", ID_DAMAGED, "620422800230001", "", 0},
    {"990422800220001", ID_DAMAGED, "990422800220001", "", 0},
    {"这里写了很长很长很长很长的一段话123", ID_DAMAGED, "这里写了很长很长", "", 0},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct id_number id;
        char birth[DAY_TEXT_SIZE];
        id_number_read(str_from(cases[i].written), &id);
        if (id.state != cases[i].state || id.sex != cases[i].sex) {
            print_message("case %s: state %d sex %c text %s\n", cases[i].written, (int)id.state,
                          id.sex, id.text);
        }
        assert_int_equal(id.state, cases[i].state);
        assert_string_equal(id.text, cases[i].text);
        assert_string_equal(day_format(id.birth, birth), cases[i].birth);
        assert_int_equal(id.sex, cases[i].sex);
    }
}

static void test_first_generation(void **state)
{
    (void)state;
    struct id_number id;
    id_number_read(STR("620422800229001"), &id);
    assert_int_equal(id.state, ID_VALID);
    assert_true(id.from_15);
    assert_int_equal(strlen(id.text), 18);
    assert_memory_equal(id.text, "62042219800229001", 17);
    assert_int_equal(id.text[17], id_number_check(id.text));
    assert_int_equal(id.sex, 'M');
    id_number_read(STR("6.20422800229001E+14"), &id);
    assert_true(id.from_15);
    id_number_read(STR("620422800229001.0"), &id);
    assert_true(id.from_15);
    id_number_read(STR("620422990930001"), &id);
    assert_true(id.from_15);
    id_number_read(STR("620422300101001"), &id);
    assert_true(id.from_15);
}

/* Fifteen digits of one who cannot have been given them: kept as written, and no day of birth. */
static void test_too_late_for_fifteen(void **state)
{
    (void)state;
    static const char *const written[] = {"620422120305001", "620422000229001", "620422200229001",
                                          "620422291231001", "620422991001001"};
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        struct id_number id;
        id_number_read(str_from(written[i]), &id);
        assert_int_equal(id.state, ID_DAMAGED);
        assert_string_equal(id.text, written[i]);
        assert_true(day_is_none(id.birth));
        assert_false(id.from_15);
        assert_int_equal(id.sex, 0);
    }
}

static void test_certificates(void **state)
{
    (void)state;
    static const struct {
        const char *written;
        enum id_state state;
        char kind;
        char grade;
    } certificates[] = {
        {"62042220120305001343", ID_VALID, '4', '3'},
        {"62042220120305001343B1", ID_VALID, '4', '3'},
        {"62042220120305001343b2", ID_VALID, '4', '3'},
        {"6204 2220 1203 0500 13 7 1", ID_VALID, '7', '1'},
        {"62042220120305001443", ID_WRONG_CHECK, '4', '3'},
        {"62042220120305001383", ID_DAMAGED, 0, 0},
        {"62042220120305001345", ID_DAMAGED, 0, 0},
        {"620422201203050013431", ID_DAMAGED, 0, 0},
    };
    for (size_t i = 0; i < sizeof certificates / sizeof *certificates; i++) {
        struct id_number id;
        id_number_read(str_from(certificates[i].written), &id);
        assert_int_equal(id.state, certificates[i].state);
        assert_int_equal(id.disability_kind, certificates[i].kind);
        assert_int_equal(id.disability_grade, certificates[i].grade);
        assert_int_equal(id.from_disability, certificates[i].kind != 0);
        if (certificates[i].kind != 0) assert_int_equal(strlen(id.text), 18);
    }
}

static void test_student_numbers(void **state)
{
    (void)state;
    struct id_number id;
    id_number_read(STR("g620422201203050013"), &id);
    assert_int_equal(id.state, ID_VALID);
    assert_true(id.from_student_number);
    assert_string_equal(id.text, "620422201203050013");
    id_number_read(STR("G620422201203050014"), &id);
    assert_int_equal(id.state, ID_WRONG_CHECK);
    id_number_read(STR("J620422201203050013"), &id);
    assert_true(id.from_student_number);
    id_number_read(STR("620422201203050013"), &id);
    assert_false(id.from_student_number || id.from_disability || id.from_15);
}

/* A number made by chance: any division, a day of 1900 … 2099, any sequence. */
static void draw_number(struct rng *rng, char out[19])
{
    snprintf(out, 19, "%06u%04u%02u%02u%03u", 110000 + rng_below(rng, 550000),
             1900 + rng_below(rng, 200), 1 + rng_below(rng, 12), 1 + rng_below(rng, 28),
             rng_below(rng, 1000));
    out[17] = id_number_check(out);
    out[18] = 0;
}

static void test_properties(void **state)
{
    (void)state;
    struct rng rng = rng_seed(7);
    for (int i = 0; i < 20000; i++) {
        char number[19], other[19];
        struct id_number id;
        bool swapped;
        draw_number(&rng, number);
        id_number_read(str_from(number), &id);
        assert_int_equal(id.state, ID_VALID);
        assert_string_equal(id.text, number);
        /* The check character finds every single wrong digit. */
        memcpy(other, number, sizeof other);
        size_t place = rng_below(&rng, 17);
        other[place] = (char)('0' + (other[place] - '0' + 1 + (int)rng_below(&rng, 9)) % 10);
        id_number_read(str_from(other), &id);
        assert_true(id.state == ID_WRONG_CHECK || id.state == ID_DAMAGED);
        assert_int_equal(id_number_distance(str_from(number), str_from(other), &swapped), 1);
        assert_false(swapped);
        /* And every swap of neighbours. */
        memcpy(other, number, sizeof other);
        place = rng_below(&rng, 16);
        other[place] = number[place + 1];
        other[place + 1] = number[place];
        if (number[place] == number[place + 1]) continue;
        id_number_read(str_from(other), &id);
        assert_int_not_equal(id.state, ID_VALID);
        assert_int_equal(id_number_distance(str_from(number), str_from(other), &swapped), 2);
        assert_true(swapped);
    }
}

/* Whatever stands in a cell, reading it ends, and the text is whole UTF-8. */
static void test_any_bytes(void **state)
{
    (void)state;
    struct rng rng = rng_seed(11);
    static const char *const pieces[] = {"6", "2", "0",    "1",    "X",  "x",  "E",
                                         "+", ".", "G",    "无",   "Ｘ", "９", " ",
                                         "'", "-", "\xFF", "\xE5", "𠮷", "("};
    for (int i = 0; i < 20000; i++) {
        char cell[128] = "";
        struct id_number id;
        size_t count = rng_below(&rng, 30);
        for (size_t k = 0; k < count; k++) {
            strncat(cell, pieces[rng_below(&rng, 20)], sizeof cell - strlen(cell) - 1);
        }
        id_number_read(str_from(cell), &id);
        assert_true(strlen(id.text) <= 24);
        assert_true(utf8_valid(str_from(id.text)));
    }
}

static void test_mask(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_str_is(id_number_mask(&arena, STR("620422201203050013")), "620422********0013");
    assert_str_is(id_number_mask(&arena, STR("620422800229001")), "***********9001");
    assert_str_is(id_number_mask(&arena, STR("E1234567")), "****4567");
    assert_str_is(id_number_mask(&arena, STR("12345")), "***45");
    assert_str_is(id_number_mask(&arena, STR("护照")), "*照");
    assert_str_is(id_number_mask(&arena, STR("1")), "*");
    assert_str_is(id_number_mask(&arena, STR("")), "");
    arena_free(&arena);
}

/* Far above what is measured, so that a slow machine passes and a wrong algorithm does not. */
static void test_speed(void **state)
{
    (void)state;
    enum { ROUNDS = 100000 };
    struct id_number id;
    int64_t start = clock_elapsed_ms();
    for (int i = 0; i < ROUNDS; i++) {
        id_number_read(str_from(cases[(size_t)i % 30].written), &id);
    }
    int64_t spent_ms = clock_elapsed_ms() - start;
    print_message("%d cells in %d ms\n", ROUNDS, (int)spent_ms);
    assert_true(spent_ms < 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_first_generation),
        cmocka_unit_test(test_too_late_for_fifteen),
        cmocka_unit_test(test_certificates),
        cmocka_unit_test(test_student_numbers),
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_mask),
        cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
