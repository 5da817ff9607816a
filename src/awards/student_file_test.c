#include "awards/student_file.h"

#include "awards/student_cell.h"
#include "awards/student_testing.h"
#include "base/testing.h"
#include "base/testing_folder.h"

/* Reads a content; false when it is refused. */
static bool read_file(struct test_folder *folder, const char *name, struct str content,
                      struct student_file *out, struct err *err)
{
    struct student_wish wish = {.policy = small_policy(), .with_names = true};
    wish.path = test_folder_put(folder, name, content);
    *err = ERR_INIT;
    return student_file_read(&folder->arena, &wish, out, err);
}

static void test_headings(void **state)
{
    (void)state;
    static const struct {
        const char *written;
        int means;
    } cases[] = {
        {"id", STUDENT_ID},     {"ID", STUDENT_ID},        {" 编号 ", STUDENT_ID},
        {"姓名", STUDENT_NAME}, {"stage", STAGE},          {"学段", STAGE},
        {"Stage", STAGE},       {"是否住校", BOARDING},    {"hardship categories", CATEGORIES},
        {"學段", STAGE},        {"学费（元）", FEE},       {"stages", STUDENT_UNKNOWN},
        {"学费(万元)", FEE},    {"fee (yuan)", FEE},       {"学费（每人）", STUDENT_UNKNOWN},
        {"学费", FEE},          {"(元)", STUDENT_UNKNOWN}, {"学段（元）", STUDENT_UNKNOWN},
        {"", STUDENT_UNKNOWN},  {"学 段", STAGE},          {"school_county", COUNTY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(student_heading(small_policy(), 0, str_from(cases[i].written)),
                         cases[i].means);
    }
}

static const struct {
    int input;
    const char *heading, *cell;
    bool good;
    int64_t value;
} cells[] = {
    {STAGE, "stage", "junior", true, 1},
    {STAGE, "stage", "Primary School", true, 0},
    {STAGE, "stage", "初中", true, 1},
    {STAGE, "stage", "kindergarden", false, 0},
    {STAGE, "stage", "primary;junior", false, 0},
    {GRADE, "grade", "3", true, 3},
    {GRADE, "grade", "３", true, 3},
    {GRADE, "grade", "三年级", true, 3},
    {GRADE, "grade", "初二", true, 2},
    {GRADE, "grade", "third", false, 0},
    {GRADE, "grade", "-1", false, 0},
    {GRADE, "grade", "0", false, 0},
    {GRADE, "grade", "13", false, 0},
    {BOARDING, "boarding", "yes", true, 1},
    {BOARDING, "boarding", "NO", true, 0},
    {BOARDING, "boarding", "是", true, 1},
    {BOARDING, "boarding", "否", true, 0},
    {BOARDING, "boarding", "不详", false, 0},
    {BOARDING, "boarding", "maybe", false, 0},
    {CATEGORIES, "categories", "none", true, 0},
    {CATEGORIES, "categories", "无", true, 0},
    {CATEGORIES, "categories", "orphan", true, 2},
    {CATEGORIES, "categories", "orphan;dibao_rural", true, 3},
    {CATEGORIES, "categories", "农村低保；孤儿", true, 3},
    {CATEGORIES, "categories", "孤儿、农村低保;", true, 3},
    {CATEGORIES, "categories", "none;orphan", false, 0},
    {CATEGORIES, "categories", ";", false, 0},
    {CATEGORIES, "categories", "dibao-rural", false, 0},
    {COUNTY, "school_county", "620421", true, 620421},
    {COUNTY, "school_county", "62042", false, 0},
    {COUNTY, "school_county", "620421000000", false, 0},
    {FEE, "fee_fen", "65001", true, 65001},
    {FEE, "fee_fen", "650.01", false, 0},
    {FEE, "fee_fen", "-500", false, 0},
    {FEE, "fee_fen", "999999999999999999999999999999", false, 0},
    {FEE, "fee_fen", "1000000000001", false, 0},
    {FEE, "学费(元)", "650.01", true, 65001},
    {FEE, "学费（元）", "650.5", true, 65050},
    {FEE, "学费（元）", "650", true, 65000},
    {FEE, "学费（元）", "650.", false, 0},
    {FEE, "学费（元）", "650.001", false, 0},
    {FEE, "学费（元）", ".5", false, 0},
    {FEE, "学费（分）", "65001", true, 65001},
    {FEE, "fee (yuan)", "650.05", true, 65005},
    {FEE, "学费（万元）", "0.0651", true, 65100},
    {FEE, "学费（万元）", "0.0650015", false, 0},
    {FEE, "学费", "65001", false, 0},
    {BORN, "born", "1970-01-02", true, 1},
    {BORN, "born", "1970年1月2日", true, 1},
    {BORN, "born", "1970-01", false, 0},
    {BORN, "born", "1970-02-30", false, 0},
};

static void test_cells(void **state)
{
    (void)state;
    struct arena arena = {0}, scratch = {0};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        struct student_words words;
        int64_t value = -7;
        student_words_make(&arena, &small_policy()->inputs[cells[i].input],
                           str_from(cells[i].heading), &words);
        bool good = student_cell(&scratch, &words, str_from(cells[i].cell), &value);
        if (good != cells[i].good || value != (good ? cells[i].value : -7)) {
            fail_msg("%s \"%s\": %d %lld", cells[i].heading, cells[i].cell, good, (long long)value);
        }
    }
    arena_free(&arena);
    arena_free(&scratch);
}

static int64_t value_of(const struct student_file *file, uint16_t input, size_t row)
{
    const struct policy_rows *rows = &file->people.rows;
    int64_t value;
    if (policy_states(rows, input, row, &value)) return value;
    assert_int_equal(policy_state_of(rows, input, row), POLICY_MISSING);
    return -1;
}

static void test_rows(void **state)
{
    struct student_file file;
    struct err err;
    struct str content = STR("编号,学段,备注,categories,姓名,是否住校\r\n"
                             "b2,小学,x,,李红,是\r\n\r\n"
                             "a10,junior,,none,\"王,明\",\r\n"
                             "a9,初中,,孤儿;农村低保,,否\r\n");
    assert_true(read_file(*state, "rows.csv", content, &file, &err));
    assert_int_equal(file.people.rows.count, 3);
    assert_int_equal(file.ignored_count, 1);
    assert_str_is(file.ignored[0], "备注");
    assert_str_is(file.people.ids[0], "b2");
    assert_str_is(file.people.names[1], "王,明");
    assert_int_equal(file.people.order[0], 1);
    assert_int_equal(file.people.order[1], 2);
    assert_int_equal(file.people.order[2], 0);
    assert_int_equal(value_of(&file, STAGE, 0), 0);
    assert_int_equal(value_of(&file, STAGE, 2), 1);
    assert_int_equal(value_of(&file, CATEGORIES, 0), -1);
    assert_int_equal(value_of(&file, CATEGORIES, 1), 0);
    assert_int_equal(value_of(&file, CATEGORIES, 2), 3);
    assert_int_equal(value_of(&file, BOARDING, 0), 1);
    assert_int_equal(value_of(&file, BOARDING, 1), -1);
    assert_int_equal(value_of(&file, BOARDING, 2), 0);
    assert_int_equal(value_of(&file, GRADE, 0), -1);
    assert_int_equal(award_people_find(&file.people, STR("a9")), 2);
    assert_int_equal(award_people_find(&file.people, STR("a")), SIZE_MAX);
    assert_true(read_file(*state, "none.csv", STR("id,stage\n"), &file, &err));
    assert_int_equal(file.people.rows.count, 0);
}

/* GB18030 and a table in HTML hold the same rows. */
static void test_kinds(void **state)
{
    struct student_file file;
    struct err err;
    struct str gb =
        STR("\xB1\xE0\xBA\xC5;\xD1\xA7\xB6\xCE\nx;\xB3\xF5\xD6\xD0\ny;\xD0\xA1\xD1\xA7\n");
    struct str html = STR("<html><table><tr><td>id</td><td>stage</td></tr>"
                          "<tr><td>x</td><td>junior</td></tr>"
                          "<tr><td>y</td><td>primary</td></tr></table></html>");
    for (int i = 0; i < 2; i++) {
        bool done =
            read_file(*state, i == 0 ? "gb.csv" : "web.xls", i == 0 ? gb : html, &file, &err);
        if (!done) fail_msg("%s", err.en);
        assert_int_equal(file.people.rows.count, 2);
        assert_int_equal(value_of(&file, STAGE, 0), 1);
        assert_int_equal(value_of(&file, STAGE, 1), 0);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *content, *en;
    } cases[] = {
        {"", "f.csv: the file is empty"},
        {"stage\nprimary\n", "f.csv: there is no column \"id\" (编号)"},
        {"id,grade\n1,1\n", "f.csv: there is no column \"stage\" (学段)"},
        {"id,stage,学段\n1,primary,小学\n",
         "f.csv: the columns \"stage\" and \"学段\" mean the same"},
        {"id,stage,学费\n1,primary,650\n", "f.csv: line 1: the heading \"学费\" names no unit; "
                                           "write \"学费 (yuan)\" or \"学费 (fen)\""},
        {"id,stage,学费（元）\n1,primary,650.123\n",
         "f.csv: line 2: under \"学费（元）\", \"650.123\" is not understood; expected an amount "
         "in "
         "yuan"},
        {"id,stage\n1,primary\n2,\n", "f.csv: line 3: \"stage\" is empty"},
        {"id,stage\n1,primary\n,primary\n", "f.csv: line 3: the id is empty"},
        {"id,stage\n1,primary\n\n2,law\n",
         "f.csv: line 4: under \"stage\", \"law\" is not understood; expected primary, junior"},
        {"id,stage\n1,primary\n2,junior\n1,primary\n",
         "f.csv: line 4: id \"1\" stands already in line 2"},
        {"id,stage,grade\n1,x,0\n2,y,1\n3,primary,z\n3,z,1\n",
         "f.csv: line 2: under \"stage\", \"x\" is not understood; expected primary, junior; line "
         "2: "
         "under \"grade\", \"0\" is not understood; expected a whole number from 1 to 12; line 3: "
         "under \"stage\", \"y\" is not understood; expected primary, junior; and 3 more"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct student_file file;
        struct err err;
        assert_false(read_file(*state, "f.csv", str_from(cases[i].content), &file, &err));
        assert_int_equal(err.kind, ERR_INPUT);
        assert_string_equal(err.en, cases[i].en);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headings), cmocka_unit_test(test_cells),
        cmocka_unit_test(test_rows),     cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
