#include "link/compare.h"
#include "link/packed.h"

#include "base/rng.h"
#include "base/testing.h"

#include <stdlib.h>

static struct value_text read_text(struct arena *arena, const char *s)
{
    struct value_text text;
    value_text_read(arena, str_from(s), &text);
    return text;
}

static const struct {
    const char *a, *b;
    int32_t jaro_winkler, levenshtein, damerau;
} text_cases[] = {
    {"martha", "marhta", 961111, 2, 1},
    {"dixon", "dicksonx", 813333, 4, 4},
    {"dwayne", "duane", 840000, 2, 2},
    {"same", "same", 1000000, 0, 0},
    {"abc", "xyz", 0, 3, 3},
    {"", "abc", 0, 3, 3},
    {"", "", 0, 0, 0},
    {"ab", "ba", 0, 2, 1},
    {"王小明", "王晓明", 800000, 1, 1},
    {"欧阳娜娜", "欧阳娜", 941667, 1, 1},
    {"café", "cafe", 883333, 1, 1},
};

static void test_texts(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof text_cases / sizeof *text_cases; i++) {
        struct value_text a = read_text(&arena, text_cases[i].a);
        struct value_text b = read_text(&arena, text_cases[i].b);
        int32_t off = text_jaro_winkler(&a, &b) - text_cases[i].jaro_winkler;
        assert_in_range(off + 1, 0, 2);
        assert_int_equal(text_levenshtein(&a, &b), text_cases[i].levenshtein);
        assert_int_equal(text_damerau(&a, &b), text_cases[i].damerau);
        assert_int_equal(text_jaro_winkler(&a, &b), text_jaro_winkler(&b, &a));
        assert_int_equal(text_levenshtein(&a, &b), text_levenshtein(&b, &a));
    }
    arena_free(&arena);
}

/* The plain table, against which the bit-parallel ways are held. */
static int32_t slow_edits(const struct value_text *a, const struct value_text *b, bool swaps)
{
    static int32_t table[VALUE_CODES_MAX + 1][VALUE_CODES_MAX + 1];
    for (int i = 0; i <= a->count; i++) {
        for (int j = 0; j <= b->count; j++) {
            if (i == 0 || j == 0) {
                table[i][j] = i + j;
                continue;
            }
            int32_t best = table[i - 1][j - 1] + (a->codes[i - 1] != b->codes[j - 1]);
            if (table[i - 1][j] + 1 < best) best = table[i - 1][j] + 1;
            if (table[i][j - 1] + 1 < best) best = table[i][j - 1] + 1;
            bool crossed = swaps && i > 1 && j > 1 && a->codes[i - 1] == b->codes[j - 2]
                           && a->codes[i - 2] == b->codes[j - 1];
            if (crossed && table[i - 2][j - 2] + 1 < best) best = table[i - 2][j - 2] + 1;
            table[i][j] = best;
        }
    }
    return table[a->count][b->count];
}

static struct value_text random_text(struct arena *arena, struct rng *rng, uint32_t length_max)
{
    static const char *const letters[] = {"a", "b", "c", "王", "é"};
    struct text text;
    text_init(&text, arena, 4096);
    uint32_t length = rng_below(rng, length_max), kinds = 2 + rng_below(rng, 4);
    for (uint32_t i = 0; i < length; i++) text_add_c(&text, letters[rng_below(rng, kinds)]);
    struct value_text out;
    value_text_read(arena, text_str(&text), &out);
    return out;
}

static void test_random_texts(void **state)
{
    (void)state;
    struct rng rng = rng_seed(7);
    for (int i = 0; i < 4000; i++) {
        struct arena arena = {0};
        uint32_t most = i % 10 == 0 ? 150 : 12;
        struct value_text a = random_text(&arena, &rng, most);
        struct value_text b = random_text(&arena, &rng, most);
        assert_int_equal(text_levenshtein(&a, &b), slow_edits(&a, &b, false));
        assert_int_equal(text_damerau(&a, &b), slow_edits(&a, &b, true));
        int32_t jaro = text_jaro_winkler(&a, &b);
        assert_in_range(jaro, 0, 1000000);
        assert_int_equal(jaro, text_jaro_winkler(&b, &a));
        for (int32_t least = 0; least <= 1000000; least += 50000) {
            if (text_jaro_winkler_below(&a, &b, least)) assert_true(jaro < least);
        }
        arena_free(&arena);
    }
}

/* A text of digits, some of them wide, and the same after some edits. */
static void random_edits(struct arena *arena, struct rng *rng, struct str *one, struct str *two)
{
    static const char *const letters[] = {"0", "1", "2", "3", "4", "X", "é", "王"};
    uint32_t kinds = rng_below(rng, 4) == 0 ? 8 : 6, length = rng_below(rng, 26);
    uint32_t edits = rng_below(rng, 5);
    struct text texts[2];
    for (int i = 0; i < 2; i++) text_init(&texts[i], arena, 4096);
    for (uint32_t i = 0; i < length; i++) {
        const char *letter = letters[rng_below(rng, kinds)],
                   *other = letters[rng_below(rng, kinds)];
        uint32_t what = edits == 0 || rng_below(rng, 8) > 0 ? 9 : rng_below(rng, 4);
        text_add_c(&texts[0], letter);
        if (what == 0) text_add_c(&texts[1], other);
        if (what == 1) text_add_f(&texts[1], "%s%s", other, letter);
        if (what == 2) text_add_c(&texts[0], other);
        if (what == 2) text_add_f(&texts[1], "%s%s", other, letter);
        if (what == 9) text_add_c(&texts[1], letter);
        edits -= what < 9;
    }
    *one = text_str(&texts[0]);
    *two = text_str(&texts[1]);
}

/* A packed text is the text, and what is said to be far is far. */
static void test_packed(void **state)
{
    (void)state;
    struct rng rng = rng_seed(8);
    int told = 0, near = 0;
    for (int i = 0; i < 8000; i++) {
        struct arena arena = {0};
        struct packed_room room = {.arena = &arena};
        struct str texts[2];
        struct packed_text packed[2];
        struct value_text read[2], opened[2];
        uint32_t codes[2][VALUE_CODES_MAX];
        random_edits(&arena, &rng, &texts[0], &texts[1]);
        for (int k = 0; k < 2; k++) {
            value_text_read(&arena, texts[k], &read[k]);
            packed_text_fill(texts[k], &room, &packed[k]);
            opened[k] = packed_text_open(&packed[k], codes[k]);
            assert_int_equal(opened[k].count, read[k].count);
            assert_true(opened[k].latin == read[k].latin);
            assert_true(opened[k].signature == read[k].signature);
            assert_memory_equal(opened[k].codes, read[k].codes, read[k].count * sizeof(uint32_t));
        }
        assert_int_equal(packed_prefix(&packed[0], &packed[1]), text_prefix(&read[0], &read[1]));
        for (int32_t most = 0; most < 6; most++) {
            bool far = slow_edits(&read[0], &read[1], true) > most;
            bool above = packed_edits_above(&packed[0], &packed[1], most);
            if (above) assert_true(far);
            told += above;
            near += !far;
        }
        arena_free(&arena);
    }
    assert_in_range(told, 1000, 48000);
    assert_in_range(near, 10000, 48000);
}

static void test_tokens(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct value_tokens a, b;
    value_tokens_read(&arena, STR("john  paul smith"), &a);
    value_tokens_read(&arena, STR("smith john"), &b);
    assert_int_equal(tokens_overlap(&a, &b), 1000000);
    assert_int_equal(tokens_dice(&a, &b), 800000);
    value_tokens_read(&arena, STR(""), &b);
    assert_int_equal(tokens_overlap(&a, &b), 0);
    value_grams_read(&arena, STR("night"), &a);
    value_grams_read(&arena, STR("nacht"), &b);
    assert_int_equal(tokens_dice(&a, &b), 250000);
    arena_free(&arena);
}

static const struct {
    const char *a, *b;
    int32_t facts;
} date_cases[] = {
    {"2012-03-05", "20120305", DATE_SAME | DATE_YEAR | DATE_YEAR_MONTH},
    {"2012/3/5", "2012年3月5日", DATE_SAME | DATE_YEAR | DATE_YEAR_MONTH},
    {"05/03/2012", "2012-03-05 00:00:00", DATE_SAME | DATE_YEAR | DATE_YEAR_MONTH},
    {"2012-03-05", "2012-05-03", DATE_SWAPPED | DATE_YEAR},
    {"2012-03-05", "2012-03-06", DATE_ONE_DIGIT | DATE_YEAR | DATE_YEAR_MONTH},
    {"2012-03-15", "2012-03-45", 0},
    {"2012-10-15", "2012-01-15", DATE_DIGITS_SWAPPED | DATE_YEAR},
    {"2012-01-01", "2012-07-19", DATE_DEFAULT | DATE_YEAR},
    {"2012-03", "2012-03-05", DATE_PARTIAL | DATE_YEAR | DATE_YEAR_MONTH},
    {"2012", "2012-03-05", DATE_PARTIAL | DATE_YEAR},
    {"2012-04", "2012-03-05", DATE_YEAR},
    {"2012-02-10", "2012-03-05", DATE_LUNAR | DATE_YEAR},
    {"2011-12-28", "2012-02-02", DATE_LUNAR},
    {"2011-03-05", "2012-03-05", DATE_ONE_DIGIT | DATE_MONTH_DAY},
    {"1999-03-05", "2012-03-05", DATE_MONTH_DAY},
    {"none", "2012-03-05", 0},
    {"", "", 0},
};

static void test_dates(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof date_cases / sizeof *date_cases; i++) {
        struct value_date a, b;
        value_date_read(str_from(date_cases[i].a), &a);
        value_date_read(str_from(date_cases[i].b), &b);
        assert_int_equal(date_facts(&a, &b), date_cases[i].facts);
        assert_int_equal(date_facts(&b, &a), date_cases[i].facts);
    }
}

static const struct {
    const char *a, *b;
    int32_t facts;
} id_cases[] = {
    {"11010519491231002X", "11010519491231002x", ID_SAME | ID_SAME_VALID},
    {"11010519491231002X", "11010519491231002X", ID_SAME | ID_SAME_VALID},
    {"11010519491231002X", "11010519491231012X", ID_SUBSTITUTION | ID_DOUBTFUL},
    {"11010519491231002X", "11010519491213002X",
     ID_TRANSPOSITION | ID_TWO_SUBSTITUTIONS | ID_DOUBTFUL},
    {"11010519491231002X", "1101051949123102X", ID_LOST_DIGIT | ID_DOUBTFUL},
    {"11010519491231002X", "1.10105E+17", 0},
    {"11010519491231002X", "110105194912310000", ID_TRUNCATED | ID_DOUBTFUL},
    {"11010519491231002X", "340524198001010018", 0},
};

static void test_ids(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof id_cases / sizeof *id_cases; i++) {
        struct value_id a, b;
        value_id_read(str_from(id_cases[i].a), &a);
        value_id_read(str_from(id_cases[i].b), &b);
        int32_t expected = id_cases[i].facts;
        if (!a.valid || !b.valid) expected |= ID_DOUBTFUL;
        int32_t facts = id_facts(&a, &b);
        if (strstr(id_cases[i].b, "0000") != NULL) facts &= ~ID_TWO_SUBSTITUTIONS;
        assert_int_equal(facts, expected);
        assert_int_equal(id_facts(&b, &a) & ~ID_TWO_SUBSTITUTIONS,
                         id_facts(&a, &b) & ~ID_TWO_SUBSTITUTIONS);
    }
}

static void test_phones_and_divisions(void **state)
{
    (void)state;
    assert_int_equal(phone_facts(STR("13909430001"), STR("13909430001")),
                     PHONE_SAME | PHONE_ONE_DIGIT | PHONE_TAIL);
    assert_int_equal(phone_facts(STR("13909430001"), STR("13909430002")), PHONE_ONE_DIGIT);
    assert_int_equal(phone_facts(STR("13909430012"), STR("13909430021")), PHONE_ONE_DIGIT);
    assert_int_equal(phone_facts(STR("09438221234"), STR("8221234")), PHONE_TAIL);
    assert_int_equal(phone_facts(STR("13909430001"), STR("13809430002")), 0);
    assert_int_equal(division_digits(STR("620422100201"), STR("620422100201")), 12);
    assert_int_equal(division_digits(STR("620422100201"), STR("620422100")), 9);
    assert_int_equal(division_digits(STR("620422100201"), STR("620422101")), 6);
    assert_int_equal(division_digits(STR("620422"), STR("620402")), 4);
    assert_int_equal(division_digits(STR("620422"), STR("110101")), 0);
}

static const struct {
    const char *a, *b;
    int32_t facts;
} name_cases[] = {
    {"王小明", "王小明",
     NAME_SAME | NAME_HOMOPHONE | NAME_NEAR_HOMOPHONE | NAME_SHAPE | NAME_ONE_CHARACTER
         | NAME_SURNAME},
    {"王 小明", "王小明",
     NAME_SAME | NAME_HOMOPHONE | NAME_NEAR_HOMOPHONE | NAME_SHAPE | NAME_ONE_CHARACTER
         | NAME_SURNAME},
    {"王小明", "王晓明",
     NAME_HOMOPHONE | NAME_NEAR_HOMOPHONE | NAME_SHAPE | NAME_ONE_CHARACTER | NAME_SURNAME},
    {"陈红", "程红", NAME_NEAR_HOMOPHONE | NAME_GIVEN},
    {"王小明", "王明小", NAME_ORDER | NAME_SURNAME},
    {"王小明", "王明", NAME_MISSING | NAME_SURNAME},
    {"王小明", "王小亮", NAME_ONE_CHARACTER | NAME_SURNAME},
    {"王伟", "王强", NAME_SURNAME},
    {"欧阳明", "欧阳强", NAME_ONE_CHARACTER | NAME_SURNAME},
    {"王小明", "李大军", 0},
    {"王小明", "", 0},
    {"无", "无", 0},
};

static void test_names(void **state)
{
    (void)state;
    struct arena arena = {0}, work = {0};
    struct value_characters characters;
    value_characters_init(&characters, &arena);
    for (size_t i = 0; i < sizeof name_cases / sizeof *name_cases; i++) {
        struct value_name a, b;
        value_name_read(&characters, &work, str_from(name_cases[i].a), &a);
        value_name_read(&characters, &work, str_from(name_cases[i].b), &b);
        if (name_facts(&a, &b) != name_cases[i].facts) {
            print_error("%s %s: %x\n", name_cases[i].a, name_cases[i].b,
                        (unsigned)name_facts(&a, &b));
        }
        assert_int_equal(name_facts(&a, &b), name_cases[i].facts);
        assert_int_equal(name_facts(&b, &a), name_cases[i].facts);
    }
    arena_free(&work);
    arena_free(&arena);
}

static void test_numbers(void **state)
{
    (void)state;
    struct value_number number;
    value_number_read(STR("12.5"), &number);
    assert_true(number.known);
    assert_int_equal(number.thousandths, 12500);
    value_number_read(STR("-0.0004"), &number);
    assert_int_equal(number.thousandths, 0);
    value_number_read(STR("12a"), &number);
    assert_false(number.known);
    value_number_read(STR("1e300"), &number);
    assert_false(number.known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_random_texts),
        cmocka_unit_test(test_packed),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_phones_and_divisions),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
