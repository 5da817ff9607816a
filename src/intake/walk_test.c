#include "base/file.h"
#include "base/testing.h"
#include "intake/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Whole files as clerks write them, and what is read of each: a line a record with its row, its
 * outcome (+ accepted, ? with warnings, ! rejected), the fields asked for, and the codes of notes.
 */
struct walk_case {
    const char *file, *content, *fields, *rows;
    uint64_t passed_over;
};

static const struct walk_case cases[] = {
    {"红堡子小学.csv",
     "红堡子小学2020年秋季在校学生花名册,,,,\n"
     "序号,姓名,身份证号,年级,班级\n"
     "1,王小明,620422201203050013,三年级,2\n"
     "2,李 小红,620421201309110241,二,(1)班\n"
     "序号,姓名,身份证号,年级,班级\n"
     "3,合计明,62042220110305002X,四(3)班,\n"
     "4,,,,\n"
     ",合计,3人,,\n"
     "填表人：赵老师,,审核人：钱校长,,\n"
     "注：本表一式两份,,,,\n",
     "name id_number school_name stage grade class",
     "3 + 王小明 620422201203050013 红堡子小学 primary primary:3 2班\n"
     "4 + 李小红 620421201309110241 红堡子小学 primary primary:2 1班\n"
     "6 ? 合计明 62042220110305002X 红堡子小学 primary primary:4 3班 id_wrong_check\n",
     5},
    {"在校生.csv",
     "填报单位：郭城驿初级中学,,,填报时间：2020年9月15日\n"
     "姓名,监护人,,年级\n"
     ",姓名,身份证号,\n"
     "王小明,王大,620422198503050010,一年级\n"
     "李小红,李大,,八年级\n",
     "name guardian_name guardian_id id_number school_name grade",
     "4 + 王小明 王大 620422198503050010 - 郭城驿初级中学 junior:1\n"
     "5 + 李小红 李大 - - 郭城驿初级中学 junior:2\n",
     0},
    {"大芦学区在校.csv",
     "姓名,身份证号,家长\n"
     "大芦小学,,\n"
     "王小明,620422201203050013,王大\n"
     "新庄教学点,,\n"
     "李小红,,李大\n",
     "name school_name stage",
     "3 + 王小明 大芦小学 primary\n"
     "5 + 李小红 新庄教学点 primary\n",
     2},
    {"户籍.csv",
     "姓名,身份证号,出生日期,性别,与户主关系,户主,身份证号,户籍状态\n"
     "王小明,6.20422E+17,40973,1,之子,王大,620422198503050010,正常\n"
     "李小红,620422198503050010,2013年9月11日,女,之女,李大,,迁出\n"
     "张三,620422201203050013,2013-03-05,女,之子,张大,,死亡注销\n"
     ",,2012-03-05,男,之子,赵大,,正常\n"
     "孙七,,2012-02-30,不明,之子,孙大,,不好说\n",
     "name id_number birth_date sex head_id status",
     "2 ? 王小明 6.20422E+17 2012-03-05 M 620422198503050010 normal id_damaged\n"
     "3 ? 李小红 620422198503050010 2013-09-11 F - moved_out id_not_own\n"
     "4 ? 张三 620422201203050013 2013-03-05 F - cancelled_death id_birth_differs id_sex_differs\n"
     "5 ! - - 2012-03-05 M - normal row_names_nobody\n"
     "6 ? 孙七 - 2012-02-30 - - 不好说 date_unreal choice_unknown\n",
     0},
    {"低保.csv",
     "村,户主姓名,户主身份证号,家庭成员情况,低保类别,月保障金额\n"
     "红堡子村,王大,620422198503050010,\"王小明(620422201203050013)、王小红 女 "
     "2013-05-06\",二类,\"1,234.50元\"\n",
     "name id_number members amount",
     "2 + 王大 620422198503050010 王小明|620422201203050013|;王小红||2013-05-06 123450\n", 0},
    {"双栏在校学生.csv",
     "红堡子小学三年级1班在校学生花名册\n"
     "序号,姓名,身份证号,,序号,姓名,身份证号\n"
     "1,王小明,620422201203050013,,3,李小红,620421201309110241\n"
     "2,张三丰,,,4,,\n",
     "name id_number school_name grade",
     "3 + 王小明 620422201203050013 红堡子小学 primary:3\n"
     "3 + 李小红 620421201309110241 红堡子小学 primary:3\n"
     "4 + 张三丰 - 红堡子小学 primary:3\n",
     0},
    {"脱贫户.csv",
     "村,户编号,户主,姓名,证件号码,与户主关系\n"
     "红堡子村,6200001,王大,王大,620422198503050010,户主\n"
     ",,,王小明,620422201203050013,之子\n"
     "新堡子村,6200002,李大,李大,,户主\n"
     ",,,李小红,620421201309110241,之女\n",
     "name id_number household_number head_name village",
     "2 + 王大 620422198503050010 6200001 王大 红堡子村\n"
     "3 + 王小明 620422201203050013 6200001 王大 红堡子村\n"
     "4 + 李大 - 6200002 李大 新堡子村\n"
     "5 + 李小红 620421201309110241 6200002 李大 新堡子村\n",
     0},
    {"到校.csv",
     "姓名,学校,年级,到校情况,是否辍学\n"
     "王小明,红堡子小学,三年级,到校,否\n"
     "李小红,红堡子小学,三年级,,是\n"
     "张三丰,红堡子小学,三年级,请假,\n",
     "name status", "2 + 王小明 present\n3 + 李小红 dropped_out\n4 + 张三丰 on_leave\n", 0},
    {"白银区2020年秋季学期寄宿生补助发放花名册.csv",
     "白银区2020年秋季学期义务教育家庭经济困难寄宿生生活补助发放花名册,,,,\n"
     "姓名,身份证号,学校,金额（元）,户名\n"
     "王小明,620422201203050013,红堡子小学,500,王大\n"
     "王小明,620422201203050013,红堡子小学,500,王大\n"
     ",合计,,1000,\n",
     "name scheme period amount payee_name",
     "3 + 王小明 boarding_subsidy 2020-autumn 50000 王大\n"
     "4 + 王小明 boarding_subsidy 2020-autumn 50000 王大\n",
     1},
    {"资助发放.csv",
     "姓名,身份证号,学年,学期,资助项目,应发金额,发放日期\n"
     "王小明,620422201203050013,2020-2021,第一学期,走读补助,250,2020-11-20\n"
     "王小明,620422201203050013,2020-2021,2,生活补助,250,2021.5\n"
     "王小明,620422201203050013,2020—2021学年,,学生营养餐,400,\n"
     "王小明,620422201203050013,2020,春,泛海助学行动,5000,\n"
     "王小明,620422201203050013,,全年,2020年秋季学期普高助学金,1000,\n",
     "scheme period amount_due paid_on",
     "2 + day_subsidy 2020-autumn 25000 2020-11-20\n"
     "3 + living_subsidy 2021-spring 25000 2021-05\n"
     "4 + nutrition 2020-2021 40000 -\n"
     "5 ? 泛海助学行动 春 500000 - choice_unknown period_unreadable\n"
     "6 + senior_grant 2020-autumn 100000 -\n",
     0},
    {"免学费名单.csv",
     "学生姓名,学籍号,证件号码,年份,月份,应发金额,专业\n"
     "王小明,G620422201203050013,620422201203050013,2020,11,1000,畜牧\n"
     "李小红,G620421201309110241,620421201309110241,2021,春季,1000,畜牧\n",
     "name scheme period", "2 + 王小明 fee_waiver 2020-autumn\n3 + 李小红 fee_waiver 2021-spring\n",
     0},
    {"缓学.csv",
     "姓名,身份证号,类型,起止日期,批准文号\n"
     "王小明,620422201203050013,因病休学,2020.9-2021.7,会教12号\n"
     "李小红,,缓学,2020年9月1日起,会教13号\n",
     "name kind from to",
     "2 + 王小明 suspension 2020-09 2021-07\n"
     "3 + 李小红 deferral 2020-09-01 -\n",
     0},
    {"休学学生名单.csv",
     "姓名,身份证号,学校\n"
     "王小明,620422201203050013,红堡子小学\n",
     "name kind school_name", "2 + 王小明 suspension 红堡子小学\n", 0},
    {"摸排.csv",
     "姓名,身份证号,村,就读学校,未就学原因,是否在校,走访人\n"
     "王小明,620422201203050013,红堡子村,红堡子小学,无,是,赵老师\n"
     "李小红,,红堡子村,辍学在家,,,赵老师\n"
     "张三,,红堡子村,,,否,赵老师\n"
     "孙七,,红堡子村,/,厌学,,赵老师\n"
     "周八,,红堡子村,郭城驿小学三年级,正常就读,是,赵老师\n",
     "name school_name reason grade",
     "2 + 王小明 红堡子小学 - -\n"
     "3 + 李小红 - 辍学在家 -\n"
     "4 + 张三 - 未就学 -\n"
     "5 + 孙七 - 厌学 -\n"
     "6 + 周八 郭城驿小学 - primary:3\n",
     0},
    {"学籍.csv",
     "学生姓名,学籍号,身份证件号,学校名称,年级,学生状态\n"
     "王小明,620422201203050013,620422201203050013,红堡子小学,2018级,在读\n"
     "李小红,,J620422201309110241,红堡子小学,一年级,休学\n"
     "620421201309110241,,张三,红堡子小学,一年级,在读\n",
     "name student_number id_number status",
     "2 ? 王小明 G620422201203050013 620422201203050013 active grade_unreadable\n"
     "3 + 李小红 J620422201309110241 - suspended\n"
     "4 ? 张三 - 620421201309110241 active name_no_name row_shifted\n",
     0},
    {"2020届毕业生.csv",
     "姓名,身份证号,学校\n"
     "王小明,620422200803050019,大芦九年制学校\n"
     "李小红,620422200503050015,大芦九年制学校\n",
     "name to stage",
     "2 ? 王小明 2020 primary id_wrong_check\n"
     "3 ? 李小红 2020 junior id_wrong_check\n",
     0},
    {"残联.csv",
     "姓名,残疾人证号,残疾类别,残疾等级\n"
     "王小明,62042220120305001341,肢体,一级\n",
     "name certificate_number id_number", "2 + 王小明 62042220120305001341 620422201203050013\n",
     0},
    {"学校名录.csv",
     "学校名称,学校标识码,办学类型,学生数\n"
     "红堡子小学,2162000123,小学,120\n"
     "合计,,,120\n",
     "school_name school_code students", "2 + 红堡子小学 2162000123 120\n", 1},
};

static void put_row(struct text *out, const struct profile *profile, const struct intake_row *row,
                    const char *fields)
{
    static const char marks[] = {[ROW_ACCEPTED] = '+', [ROW_WARNED] = '?', [ROW_REJECTED] = '!'};
    struct str rest = str_from(fields), key;
    text_add_f(out, "%d %c", (int)row->number, marks[row->outcome]);
    while (str_split(&rest, ' ', &key)) {
        int field = profile_field_number(profile, str_cstr(out->arena, key));
        assert_true(field >= 0);
        struct str value = row->values[field];
        text_add_c(out, " ");
        text_add(out, value.len > 0 ? value : STR("-"));
        if (row->written[field].ptr != NULL) {
            assert_false(str_equal(row->written[field], row->values[field]));
        }
    }
    for (size_t i = 0; i < row->note_count; i++) {
        text_add_f(out, " %.*s", STR_ARG(row->notes[i].code));
        assert_non_null(intake_note_text(row->notes[i].code, LANG_ZH));
        assert_non_null(intake_note_text(row->notes[i].code, LANG_EN));
    }
    text_add_c(out, "\n");
}

static const char *write_file(struct arena *arena, const char *folder, const char *name,
                              const char *content)
{
    struct text path;
    text_init(&path, arena, 512);
    text_add_f(&path, "%s/%s", folder, name);
    assert_true(file_write(path.ptr, str_from(content), 0644, NULL));
    return path.ptr;
}

static void walk_file(struct arena *arena, struct intake_file *file, const char *fields,
                      struct text *out, struct intake_walk *walk)
{
    bool more = true;
    struct err err = ERR_INIT;
    intake_walk_start(walk, file, NULL);
    while (more) {
        struct intake_row row;
        assert_true(intake_next(walk, arena, &row, &more, &err));
        if (more) put_row(out, file->profile, &row, fields);
    }
    assert_int_equal(walk->rows, walk->accepted + walk->warned + walk->rejected);
}

static void test_files(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct profiles profiles;
    char folder[] = "/tmp/walk_test_XXXXXX";
    int wrong = 0;
    assert_true(profiles_load(&profiles, &arena, NULL, NULL));
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = write_file(&arena, folder, cases[i].file, cases[i].content);
        struct intake_file file;
        struct intake_walk walk;
        struct intake_options options = {.at = DAY_NONE};
        struct err err = ERR_INIT;
        struct text rows;
        text_init(&rows, &arena, 1 << 16);
        bool opened = intake_open(&file, &arena, path, &profiles, &options, &err);
        assert_int_equal(unlink(path), 0);
        if (!opened) fail_msg("%s: %s", cases[i].file, err.zh);
        walk_file(&arena, &file, cases[i].fields, &rows, &walk);
        bool good = strcmp(rows.ptr, cases[i].rows) == 0;
        good = good && walk.passed_over == cases[i].passed_over;
        if (!good) {
            fprintf(stderr, "%s (%d passed over):\n%snot:\n%s", cases[i].file,
                    (int)walk.passed_over, rows.ptr, cases[i].rows);
            wrong++;
        }
        intake_close(&file);
    }
    assert_int_equal(rmdir(folder), 0);
    arena_free(&arena);
    assert_int_equal(wrong, 0);
}

/* `error` is part of the sentence in zh; NULL: the file is taken. */
struct option_case {
    const char *file, *content, *as, *map, *error;
};

static const struct option_case option_cases[] = {
    {"a.csv", "姓名,身份证号,学校\n王小明,620422201203050013,红堡子小学\n", "", NULL,
     "认不出是哪个名册"},
    {"a.csv", "姓名,身份证号,学校\n王小明,620422201203050013,红堡子小学\n", "attending", NULL,
     NULL},
    {"a.csv", "姓名,身份证号,学校\n王小明,620422201203050013,红堡子小学\n", "nothing", NULL,
     "没有名册"},
    {"b.csv", "学校名称,学生数\n红堡子小学,100\n", "attending", NULL, "缺少：姓名"},
    {"a.csv", "路段,长度\n红堡子,100\n", "attending", NULL, "没有找到表头"},
    {"a.csv", "这是一段说明文字\n没有表头\n", "", NULL, "没有找到表头"},
    {"a.csv", "甲,乙,学校\n王小明,620422201203050013,红堡子小学\n", "roll",
     "甲: name\n乙: id_number\n", NULL},
    {"a.csv", "甲,乙,学校\n王小明,620422201203050013,红堡子小学\n", "roll", "甲: nam\n", "不存在"},
    {"a.csv", "甲,乙,学校\n王小明,620422201203050013,红堡子小学\n", "roll", "- 甲\n", "每行应为"},
};

static void test_options(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct profiles profiles;
    char folder[] = "/tmp/walk_test_XXXXXX";
    assert_true(profiles_load(&profiles, &arena, NULL, NULL));
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < sizeof option_cases / sizeof *option_cases; i++) {
        const struct option_case *at = &option_cases[i];
        const char *path = write_file(&arena, folder, at->file, at->content), *map = NULL;
        if (at->map != NULL) map = write_file(&arena, folder, "map.yaml", at->map);
        struct intake_options options = {.as = str_from(at->as), .map_file = map, .at = DAY_NONE};
        struct intake_file file;
        struct err err = ERR_INIT;
        bool opened = intake_open(&file, &arena, path, &profiles, &options, &err);
        assert_int_equal(unlink(path), 0);
        if (map != NULL) assert_int_equal(unlink(map), 0);
        if (opened != (at->error == NULL)) fail_msg("%zu: %s", i, err.zh);
        if (at->error != NULL && strstr(err.zh, at->error) == NULL) fail_msg("%zu: %s", i, err.zh);
        if (opened) intake_close(&file);
    }
    assert_int_equal(rmdir(folder), 0);
    arena_free(&arena);
}

/* Columns and a cell as somebody corrected them before the import. */
static void test_corrections(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct profiles profiles;
    struct divisions *divisions;
    struct err err = ERR_INIT;
    char folder[] = "/tmp/walk_test_XXXXXX";
    assert_true(profiles_load(&profiles, &arena, NULL, NULL));
    assert_true(divisions_load(&divisions, &arena, NULL, NULL));
    assert_non_null(mkdtemp(folder));
    const char *path = write_file(&arena, folder, "a.csv",
                                  "甲,乙,丙,姓名\n王小明,错,红堡子小学,张老师\n"
                                  "李小红,620422201204050016,红堡子小学,张老师\n");
    const struct intake_column columns[] = {{STR(""), 0, STR("甲"), STR("name")},
                                            {STR(""), 1, STR("乙"), STR("id_number")},
                                            {STR(""), 3, STR("姓名"), STR("")}};
    const struct intake_fix fixes[] = {{STR(""), 2, 1, STR("620422201203050013")}};
    struct intake_options options = {.as = STR("attending"),
                                     .at = DAY_NONE,
                                     .columns = columns,
                                     .column_count = 3,
                                     .fixes = fixes,
                                     .fix_count = 1};
    struct intake_file file;
    struct intake_walk walk;
    struct intake_row row;
    bool more;
    assert_true(intake_open(&file, &arena, path, &profiles, &options, &err));
    int name = profile_field_number(file.profile, "name");
    int id = profile_field_number(file.profile, "id_number");
    assert_int_equal(file.plans[0].header_row, 1);
    assert_int_equal(file.plans[0].fields[0], name);
    assert_int_equal(file.plans[0].fields[3], -1);
    intake_walk_start(&walk, &file, divisions);
    assert_true(intake_next(&walk, &arena, &row, &more, &err));
    assert_str_is(row.values[name], "王小明");
    assert_str_is(row.values[id], "620422201203050013");
    assert_true(intake_next(&walk, &arena, &row, &more, &err));
    assert_str_is(row.values[id], "620422201204050016");
    intake_close(&file);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_corrections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
