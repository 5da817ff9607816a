#include "base/clock.h"
#include "base/file.h"
#include "base/rng.h"
#include "base/testing.h"

#include "identity/division.h"
#include <stdlib.h>
#include <unistd.h>

struct fixture {
    struct arena arena;
    struct divisions *divisions;
};

/* The fixture lies in its own arena. */
static int set_up(void **state)
{
    struct err err = ERR_INIT;
    struct arena arena = {0};
    struct fixture *fixture = arena_new(&arena, struct fixture);
    if (!divisions_load(&fixture->divisions, &arena, NULL, &err)) return 1;
    fixture->arena = arena;
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    struct arena arena = fixture->arena;
    arena_free(&arena);
    return 0;
}

struct address_case {
    const char *address;
    const char *hint;
    const char *name; /* of the division found, "" for none */
};

static const struct address_case addresses[] = {
    {"甘肃省白银市会宁县郭城驿镇红堡子村", "", "红堡子村民委员会"},
    {"甘肃省白银市会宁县郭城驿镇红堡子村3组12号", "", "红堡子村民委员会"},
    {"甘肃省 白银市 会宁县 郭城驿镇 红堡子村村民委员会", "", "红堡子村民委员会"},
    {"甘肃白银会宁郭城驿红堡子村委会", "", "红堡子村民委员会"},
    {"会宁县郭城驿镇红堡子村3组12号", "", "红堡子村民委员会"},
    {"会宁郭城驿镇红堡子三社", "", "红堡子村民委员会"},
    {"会宁县郭城驿镇", "", "郭城驿镇"},
    {"会宁县郭城驿乡", "", "郭城驿镇"},
    {"会宁县红堡子村", "", "红堡子村民委员会"},
    {"郭城驿镇红堡子村", "", ""},
    {"郭城驿镇红堡子村", "620422", "红堡子村民委员会"},
    {"红堡子村3组", "620422", "红堡子村民委员会"},
    {"红堡子村3组", "620422000000", "红堡子村民委员会"},
    {"红堡子", "620400", ""},
    {"红堡子村委会", "620400", "红堡子村民委员会"},
    {"郭城驿", "620400", "郭城驿镇"},
    {"白银", "", "白银市"},
    {"白银区", "", "白银区"},
    {"白银市", "", "白银市"},
    {"白银市白银区", "", "白银区"},
    {"白银白银区", "", "白银区"},
    {"甘肃", "", "甘肃省"},
    {"甘肃省", "", "甘肃省"},
    {"会宁", "", "会宁县"},
    {"会宁县新添堡乡", "", "新添堡回族乡"},
    {"会宁县会师镇不知道什么路", "", "会师镇"},
    {"会宁县某某镇红堡子村", "", "会宁县"},
    {"住址：甘肃省白银市靖远县乌兰镇", "", "乌兰镇"},
    {"中山路12号", "", ""},
    {"南京大街5号", "", ""},
    {"甘肃省白银路街道", "", "甘肃省"},
    {"朝阳区", "", ""},
    {"朝阳区", "110105", "朝阳区"},
    {"朝阳区", "110000", "朝阳区"},
    {"北京市朝阳区建国路88号", "", "朝阳区"},
    {"四川成都武侯大道", "", "成都市"},
    {"宁夏回族自治区中卫市海原县", "", "海原县"},
    {"宁夏海原县", "", "海原县"},
    {"甘肃省临夏州积石山县", "", "积石山保安族东乡族撒拉族自治县"},
    {"甘肃省临夏回族自治州东乡族自治县", "", "东乡族自治县"},
    {"新疆昌吉州玛纳斯县", "", "玛纳斯县"},
    {"内蒙古鄂伦春自治旗", "", "鄂伦春自治旗"},
    {"甘肃镇原县", "", "镇原县"},
    {"", "", ""},
    {"无", "", ""},
    {"不详", "620422", ""},
    {"靖远县城关镇", "", "靖远县"},
    {"靖远县乌兰镇东关社区", "", "东关社区居民委员会"},
    {"靖远县乌兰镇东关村委会", "", "东关村村民委员会"},
    {"靖远县乌兰镇东关", "", "乌兰镇"},
};

static void test_addresses(void **state)
{
    struct fixture *fixture = *state;
    const struct divisions *divisions = fixture->divisions;
    int wrong = 0;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        const struct address_case *c = &addresses[i];
        struct str code = division_of_address(divisions, str_from(c->address), str_from(c->hint));
        const struct division *found = division_find(divisions, code);
        struct str name = found == NULL ? STR_EMPTY : found->name;
        if (str_is(name, c->name)) continue;
        print_message("%s (%s): %.*s %.*s\n", c->address, c->hint, STR_ARG(code), STR_ARG(name));
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

/* Every village is found from its full address, from the county down, with the common ways to write
 * its unit, and from its township down when the county is the hint. */
static void test_every_village(void **state)
{
    struct fixture *fixture = *state;
    const struct divisions *divisions = fixture->divisions;
    static const char *const villages_units[] = {"",           "村",        "村委会",
                                                 "村民委员会", "村3组12号", "二社"};
    static const char *const town_units[] = {"",           "社区",        "居委会",
                                             "社区居委会", "社区3组12号", "9号"};
    const struct division *villages;
    size_t count, found = 0, wrong = 0, tried = 0;
    division_below(divisions, STR("620400"), 12, &villages, &count);
    assert_int_equal(count, 860);
    for (size_t i = 0; i < count; i++) {
        const struct division *township, *county;
        township = division_find(divisions, str_slice(villages[i].code, 0, 9));
        county = division_find(divisions, str_slice(villages[i].code, 0, 6));
        bool town = str_find(villages[i].name, STR("社区")) != SIZE_MAX
                    || str_find(villages[i].name, STR("居民")) != SIZE_MAX;
        const char *const *units = town ? town_units : villages_units;
        for (size_t k = 0; k < 12; k++) {
            struct text text;
            text_init(&text, &fixture->arena, 400);
            if (k < 6) text_add_f(&text, "甘肃省白银市%.*s", STR_ARG(county->name));
            text_add_f(&text, "%.*s%.*s%s", STR_ARG(township->name),
                       STR_ARG(villages[i].short_name), units[k % 6]);
            struct str hint = k < 6 ? STR_EMPTY : county->code;
            struct str code = division_of_address(divisions, text_str(&text), hint);
            tried++;
            if (str_equal(code, villages[i].code)) found++;
            bool above = str_starts(villages[i].code, code) && code.len > 0;
            if (!above) wrong++;
        }
    }
    /* Not found are villages and communities of one name written without their unit. */
    print_message("%zu of %zu found\n", found, tried);
    assert_int_equal(wrong, 0);
    assert_true(found * 1000 >= tried * 996);
}

static void test_find_and_below(void **state)
{
    struct fixture *fixture = *state;
    const struct divisions *divisions = fixture->divisions;
    const struct division *first, *found;
    size_t count;
    found = division_find(divisions, STR("620422"));
    assert_str_is(found->name, "会宁县");
    assert_str_is(found->short_name, "会宁");
    assert_str_is(division_find(divisions, STR("620422123"))->short_name, "新庄");
    assert_str_is(division_find(divisions, STR("620400"))->name, "白银市");
    assert_null(division_find(divisions, STR("62042")));
    assert_null(division_find(divisions, STR("620499")));
    assert_null(division_find(divisions, STR("")));
    division_below(divisions, STR("620400"), 6, &first, &count);
    assert_int_equal(count, 5);
    assert_str_is(first->name, "白银区");
    division_below(divisions, STR("620400"), 9, &first, &count);
    assert_int_equal(count, 78);
    division_below(divisions, STR("620422"), 6, &first, &count);
    assert_int_equal(count, 0);
    division_below(divisions, STR("110000"), 6, &first, &count);
    assert_int_equal(count, 16);
    division_below(divisions, STR("620422123"), 12, &first, &count);
    assert_true(count > 5);
    assert_true(str_starts(first->code, STR("620422123")));
}

static void test_short_names(void **state)
{
    struct fixture *fixture = *state;
    const struct divisions *divisions = fixture->divisions;
    static const struct {
        const char *code;
        const char *short_name;
    } cases[] = {
        {"620000", "甘肃"}, {"640000", "宁夏"},      {"150000", "内蒙古"},   {"650000", "新疆"},
        {"622900", "临夏"}, {"622926", "东乡"},      {"622927", "积石山"},   {"620523", "甘谷"},
        {"310115", "浦东"}, {"810000", "香港"},      {"152500", "锡林郭勒"}, {"150723", "鄂伦春"},
        {"500233", "忠县"}, {"620422202", "新添堡"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct division *found = division_find(divisions, str_from(cases[i].code));
        assert_non_null(found);
        if (!str_is(found->short_name, cases[i].short_name)) {
            print_message("%s: %.*s\n", cases[i].code, STR_ARG(found->short_name));
        }
        assert_str_is(found->short_name, cases[i].short_name);
    }
}

static void test_code_read(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *written;
        const char *code;
    } cases[] = {
        {"620422", "620422"},
        {"620422000000", "620422"},
        {"620422101000", "620422101"},
        {"620422101200", "620422101200"},
        {" '620422 ", "620422"},
        {"６２０４２２", "620422"},
        {"620422.0", "620422"},
        {"620422000", "620422"},
        {"620400000000", "620400"},
        {"62", ""},
        {"会宁县", ""},
        {"6.20422E+11", ""},
        {"62042210120", ""},
        {"620422101200001", ""},
        {"", ""},
        {"020422", ""},
        {"\"620422101\"", "620422101"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_str_is(division_code_read(&fixture->arena, str_from(cases[i].written)),
                      cases[i].code);
    }
}

/* Whatever an address holds, the answer is a known division, and within the hint when the hint
 * knows the first name. */
static void test_any_address(void **state)
{
    struct fixture *fixture = *state;
    static const char *const pieces[] = {
        "甘肃", "省",  "白银", "市",   "区",   "会宁", "县",   "郭城驿",   "镇", "红堡子",
        "村",   "3组", " ",    "东关", "新庄", "社区", "\xFF", "\xE5\x8C", "路", "朝阳"};
    static const char *const hints[] = {"", "620422", "620400", "620422123", "99", "620499"};
    struct rng rng = rng_seed(5);
    for (int i = 0; i < 50000; i++) {
        char address[128] = "";
        size_t count = rng_below(&rng, 10);
        for (size_t k = 0; k < count; k++) strncat(address, pieces[rng_below(&rng, 20)], 12);
        struct str hint = str_from(hints[rng_below(&rng, 6)]);
        struct str code = division_of_address(fixture->divisions, str_from(address), hint);
        assert_true(code.len == 0 || division_find(fixture->divisions, code) != NULL);
    }
}

static void test_packs_in_a_folder(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct divisions *divisions = NULL;
    char folder[] = "/tmp/baoxue_division_XXXXXX";
    struct text path;
    assert_non_null(mkdtemp(folder));
    text_init(&path, &arena, 200);
    text_add_f(&path, "%s/place", folder);
    assert_true(file_make_folder(path.ptr, &err));
    text_add_c(&path, "/divisions.tsv");
    struct str good =
        STR("# a pack\n620422999200\t新村村民委员会\t620422999\t新镇\t620422\t会宁县\r\n");
    assert_true(file_write(path.ptr, good, 0600, &err));
    assert_true(divisions_load(&divisions, &arena, folder, &err));
    assert_str_is(division_of_address(divisions, STR("会宁县新镇新村"), STR("")), "620422999200");
    assert_null(division_find(divisions, STR("620422101")));
    assert_true(file_write(path.ptr, STR("620422\t会宁县\n62042\t会宁\n"), 0600, &err));
    struct divisions *before = divisions;
    assert_false(divisions_load(&divisions, &arena, folder, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.en, "line 2"));
    assert_ptr_equal(divisions, before);
    assert_int_equal(unlink(path.ptr), 0);
    assert_false(divisions_load(&divisions, &arena, "/nowhere/at/all", &err));
    assert_int_equal(rmdir(str_cstr(&arena, str_slice(text_str(&path), 0, path.len - 14))), 0);
    assert_int_equal(rmdir(folder), 0);
    arena_free(&arena);
}

/* Far above what is measured, so that a slow machine passes and a wrong algorithm does not. */
static void test_speed(void **state)
{
    struct fixture *fixture = *state;
    const struct divisions *divisions = fixture->divisions;
    enum { ROUNDS = 100000 };
    size_t bytes = 0, count = sizeof addresses / sizeof *addresses;
    int64_t start = clock_elapsed_ms();
    for (size_t i = 0; i < ROUNDS; i++) {
        const struct address_case *c = &addresses[i % count];
        bytes += division_of_address(divisions, str_from(c->address), str_from(c->hint)).len;
    }
    int64_t spent_ms = clock_elapsed_ms() - start;
    print_message("%d addresses in %d ms\n", ROUNDS, (int)spent_ms);
    /* Checked builds and emulators take their time. */
    assert_true(bytes > 0 && spent_ms < (getenv("BAOXUE_TEST_FEW") != NULL ? 60000 : 3000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),         cmocka_unit_test(test_every_village),
        cmocka_unit_test(test_find_and_below),    cmocka_unit_test(test_short_names),
        cmocka_unit_test(test_code_read),         cmocka_unit_test(test_any_address),
        cmocka_unit_test(test_packs_in_a_folder), cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
