#include "base/testing.h"

#include "identity/mask.h"

static const struct {
    const char *text, *masked;
} in_text[] = {
    {"", ""},
    {"王小明", "王小明"},
    {"620422201203050013", "620422********0013"},
    {"６２０４２２２０１２０３０５００１３", "620422********0013"},
    {"62042220120305003x", "620422********003X"},
    {"620422 20120305 0013", "620422********0013"},
    {"620422-2012-0305-0013", "620422********0013"},
    {"620422********0013", "620422********0013"},
    {"'620422201203050013", "'620422********0013"},
    {"王小明620422201203050013、李红620422201104120020",
     "王小明620422********0013、李红620422********0020"},
    {"G620422201203050013", "G620422********0013"},
    {"620422120305001", "***********5001"},
    {"62042220120305001", "*************5001"},
    {"620,422,201,203,050,000", "620422********0000"},
    {"6.20422201203050E+17", "6.**********3050E+17"},
    {"6217001234567890123", "***************0123"},
    {"13812345678", "*******5678"},
    {"138 1234 5678", "*******5678"},
    {"父亲 138-1234-5678（白天）", "父亲 *******5678（白天）"},
    {"+8613812345678", "+*********5678"},
    {"0943-7812345", "*******2345"},
    /* Days, codes of areas and schools, and counts are no numbers of people. */
    {"2012-03-05", "2012-03-05"},
    {"20120305", "20120305"},
    {"2020-09-01 08:00:00", "2020-09-01 08:00:00"},
    {"2162000123", "2162000123"},
    {"620422101203", "620422101203"},
    {"12000000000", "12000000000"},
    {"二（3）班 7号", "二（3）班 7号"},
    {"12  34", "12  34"},
    {"1,", "1,"},
};

static const struct {
    const char *text, *masked;
} as_value[] = {
    {"", ""},
    {"待补", "待补"},
    {"/", "/"},
    {"620422201203050013", "620422********0013"},
    {"13812345678", "*******5678"},
    {"7812345", "****345"},
    {"（0943）7812345", "***"},
    {"(0943)7812345", "*******2345"},
    {"G620422201203050013", "***************0013"},
    {"甘肃省白银市会宁县郭城驿镇红堡子村三社12号", "***"},
    {"12号", "***"},
    {"张三620422201203050013", "***"},
    {"会宁县郭城驿镇", "***"},
};

static const struct {
    const char *text, *masked, *out;
} of_people[] = {
    {"", "", ""},
    {"王小明", "王小明", "王小明"},
    {"李红 620422201104120020", "李红 620422********0020", "李红 "},
    {"62042220120305003x王小明", "620422********003X王小明", "王小明"},
    {"李红６２０４２２２０１１０４１２００２０", "李红620422********0020", "李红"},
    {"父亲身份证号620422197503010011电话13893012345",
     "父亲身份证号620422********0011电话*******2345", "父亲身份证号电话"},
    {"620422 19750301 0011", "620422********0011", ""},
    {"620422197503010011 13893012345", "620422********0011 *******2345", " "},
    {"62042219750301001113893012345", "620422********0011*******2345", ""},
    {"15位号620422750301001", "15位号***********1001", "15位号"},
    {"G620422201203050013", "G620422********0013", "G"},
    /* Codes, days and numbers of other things stay. */
    {"62042200020658", "62042200020658", "62042200020658"},
    {"20620423101100", "20620423101100", "20620423101100"},
    {"2020-09-01至2021-01-15", "2020-09-01至2021-01-15", "2020-09-01至2021-01-15"},
    {"20200901-20210115", "20200901-20210115", "20200901-20210115"},
    {"620422101203", "620422101203", "620422101203"},
    {"6217001234567890123", "6217001234567890123", "6217001234567890123"},
    {"12000000000", "12000000000", "12000000000"},
    {"2162000123 2162000124", "2162000123 2162000124", "2162000123 2162000124"},
};

static void numbers_of_people(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof of_people / sizeof *of_people; i++) {
        struct str text = str_from(of_people[i].text), masked = mask_people(&arena, text);
        assert_str_is(masked, of_people[i].masked);
        assert_str_is(mask_people(&arena, masked), of_people[i].masked);
        assert_str_is(mask_people_out(&arena, text), of_people[i].out);
    }
    arena_free(&arena);
}

static void numbers_in_text(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof in_text / sizeof *in_text; i++) {
        struct str masked = mask_numbers(&arena, str_from(in_text[i].text));
        assert_str_is(masked, in_text[i].masked);
        assert_str_is(mask_numbers(&arena, masked), in_text[i].masked);
    }
    arena_free(&arena);
}

static void values_as_a_whole(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof as_value / sizeof *as_value; i++) {
        assert_str_is(mask_value(&arena, str_from(as_value[i].text)), as_value[i].masked);
    }
    arena_free(&arena);
}

/* Bytes that are not UTF-8 come through as such. */
static void broken_text(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_str_is(mask_numbers(&arena, STR("\xff\xfe 13812345678")),
                  "\xEF\xBF\xBD\xEF\xBF\xBD *******5678");
    assert_str_is(mask_value(&arena, STR("\xff\xfe\xff\xfe\xff\xfe")), "***");
    arena_free(&arena);
}

static void names(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_str_is(mask_name(&arena, STR("王小明")), "王**");
    assert_str_is(mask_name(&arena, STR("李")), "李");
    assert_str_is(mask_name(&arena, STR("阿依·古丽")), "阿****");
    assert_str_is(mask_name(&arena, STR_EMPTY), "");
    assert_str_is(mask_name(&arena, STR("\xff")), "\xEF\xBF\xBD");
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_in_text),
        cmocka_unit_test(numbers_of_people),
        cmocka_unit_test(values_as_a_whole),
        cmocka_unit_test(broken_text),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
