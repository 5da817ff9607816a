#include "base/file.h"
#include "base/testing.h"
#include "profile/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const register_keys[] = {
    "accounts",    "aid_totals", "admissions",       "agreement_schools",
    "agreements",  "attending",  "awards_paid",      "baseline",
    "candidates",  "conditions", "deaths",           "deferred",
    "destitute",   "dibao",      "disabled",         "door_survey",
    "elsewhere",   "exchanges",  "graduates",        "homebound",
    "inspections", "orphans",    "population",       "postings",
    "poverty",     "projects",   "recognitions",     "residents",
    "roll",        "rotations",  "rural_allowances", "schools",
    "teachers",    "trainings",  "villages",
};

static void test_clean(void **state)
{
    (void)state;
    static const struct {
        const char *written, *clean, *inside;
    } cases[] = {
        {"姓 名", "姓名", ""},
        {"　姓　名　", "姓名", ""},
        {"身份证号(18位)", "身份证号", "18位"},
        {"学生姓名（必填）*", "学生姓名", "必填"},
        {"*姓名", "姓名", ""},
        {"1.姓名", "姓名", ""},
        {"一、姓名", "姓名", ""},
        {"(3)性别", "性别", ""},
        {"18位身份证号", "18位身份证号", ""},
        {"县(市、区、旗)", "县", "市区旗"},
        {"【备注】", "备注", ""},
        {"Student_Name", "studentname", ""},
        {"ＩＤ Ｎｏ．", "idno", ""},
        {"出生\n日期", "出生日期", ""},
        {"国籍/地区", "国籍地区", ""},
        {"姓名：", "姓名", ""},
        {"", "", ""},
        {"( )", "", ""},
        {"成员1姓名", "成员1姓名", ""},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str inside;
        assert_str_is(heading_split(&arena, str_from(cases[i].written), &inside), cases[i].clean);
        assert_str_is(inside, cases[i].inside);
    }
    arena_free(&arena);
}

static void test_registers(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct profiles profiles;
    bool loaded = profiles_load(&profiles, &arena, NULL, &err);
    if (!loaded) fprintf(stderr, "%s\n", err.en);
    assert_true(loaded);
    for (size_t i = 0; i < sizeof register_keys / sizeof *register_keys; i++) {
        const struct profile *profile = profile_find(&profiles, str_from(register_keys[i]));
        assert_non_null(profile);
        size_t required = 0;
        for (size_t j = 0; j < profile->field_count; j++) required += profile->fields[j].required;
        assert_true(required > 0);
        assert_true(profile->title_count > 0);
        if (profile->people) {
            assert_true(profile_field_number(profile, "name") >= 0);
            assert_true(profile_field_number(profile, "id_number") >= 0);
        }
    }
    for (size_t i = 1; i < profiles.count; i++) {
        assert_true(str_compare(profiles.items[i - 1].key, profiles.items[i].key) < 0);
    }
    assert_null(profile_find(&profiles, STR("nothing")));
    arena_free(&arena);
}

/* A word means one thing: no choice word of a field stands under two choices, a key has one type in
 * all registers, and every heading that a profile writes is found again. */
static void test_words_are_unique(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct profiles profiles;
    assert_true(profiles_load(&profiles, &arena, NULL, NULL));
    for (size_t i = 0; i < profiles.count; i++) {
        const struct profile *profile = &profiles.items[i];
        for (size_t f = 0; f < profile->field_count; f++) {
            const struct profile_field *field = &profile->fields[f];
            for (size_t c = 0; c < field->choice_count; c++) {
                for (size_t w = 0; w < field->choices[c].word_count; w++) {
                    struct str word = field->choices[c].words[w];
                    assert_true(word.len > 0);
                    if (profile_choice_number(field, word) != (int)c) {
                        fail_msg("%.*s.%.*s: %.*s stands twice", STR_ARG(profile->key),
                                 STR_ARG(field->key), STR_ARG(word));
                    }
                }
            }
            for (size_t s = 0; s < profiles.common_count; s++) {
                bool same = str_equal(profiles.common[s].key, field->key);
                if (same) assert_int_equal(profiles.common[s].type, field->type);
            }
            for (size_t h = 0; h < field->heading_count; h++) {
                size_t count;
                assert_non_null(profile_headings(profile, field->headings[h], &count));
            }
        }
    }
    arena_free(&arena);
}

static void test_lookup(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct profiles profiles;
    assert_true(profiles_load(&profiles, &arena, NULL, NULL));
    const struct profile *roll = profile_find(&profiles, STR("roll"));
    size_t count;
    const struct profile_heading *found = profile_headings(roll, STR("公民身份号码"), &count);
    assert_non_null(found);
    assert_int_equal(found->field, profile_field_number(roll, "id_number"));
    assert_false(found->own);
    assert_null(profile_headings(roll, STR("缺勤天数"), &count));
    int status = profile_field_number(roll, "status");
    assert_true(status >= 0);
    const struct profile_field *field = &roll->fields[status];
    int choice = profile_choice_number(field, STR("其他离校"));
    assert_true(choice >= 0);
    assert_str_is(field->choices[choice].key, "left_other");
    assert_int_equal(profile_choice_number(field, STR("看不懂")), -1);
    assert_true(roll->fields[profile_field_number(roll, "phone")].identifying);
    assert_false(roll->fields[profile_field_number(roll, "name")].identifying);
    assert_int_equal(roll->fields[profile_field_number(roll, "guardian_id")].person,
                     PROFILE_GUARDIAN);
    arena_free(&arena);
}

static void write_text(const char *path, const char *text)
{
    assert_true(file_write(path, str_from(text), 0644, NULL));
}

static void test_folder(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error; /* error NULL: loads */
    } cases[] = {
        {"key: a\nzh: 甲\nen: A\nfields:\n  - {key: name, zh: 名, en: n, type: name}\n", NULL},
        {"key: a\nzh: 甲\nen: A\n", "\"fields\" with a list is missing"},
        {"key: a\nzh: 甲\nen: A\nfields:\n  - {key: x, zh: 名, en: n, type: nome}\n",
         "expected a type of field"},
        {"key: a\nzh: 甲\nen: A\nfields:\n  - {use: x}\n", "no shared field has this name"},
        {"key: a\nzh: 甲\nen: A\nfields:\n  - {key: X, zh: 名, en: n, type: text}\n",
         "a key is a-z"},
        {"key: a\nzh: 甲\nen: A\nscope: town\nfields:\n  - {key: x, zh: 名, en: n, type: text}\n",
         "expected school, area or all"},
        {"key: a\nzh: 甲\nen: A\nrecord_key: [y]\n"
         "fields:\n  - {key: x, zh: 名, en: n, type: text}\n",
         "record_key names a field"},
        {"key: a\nzh: 甲\nen: A\nfeilds: 1\nfields:\n  - {key: x, zh: 名, en: n, type: text}\n",
         "this key is not known here"},
        {"key: a\nzh: 甲\nen: A\nfields:\n  - {key: x, zh: 名, en: n, type: text}\n"
         "  - {key: x, zh: 名, en: n, type: text}\n",
         "this field stands twice"},
    };
    struct arena arena = {0};
    char folder[] = "/tmp/profile_test_XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct text path;
    text_init(&path, &arena, 4096);
    text_add_f(&path, "%s/place/registers", folder);
    assert_true(file_make_folder(path.ptr, NULL));
    text_add_c(&path, "/a.yaml");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = ERR_INIT;
        struct profiles profiles;
        write_text(path.ptr, cases[i].text);
        bool loaded = profiles_load(&profiles, &arena, folder, &err);
        assert_int_equal(loaded, cases[i].error == NULL);
        if (cases[i].error != NULL) assert_non_null(strstr(err.en, cases[i].error));
    }
    assert_int_equal(unlink(path.ptr), 0);
    struct profiles profiles;
    assert_false(profiles_load(&profiles, &arena, folder, NULL));
    path.ptr[strlen(path.ptr) - strlen("/a.yaml")] = '\0';
    assert_int_equal(rmdir(path.ptr), 0);
    path.ptr[strlen(path.ptr) - strlen("/registers")] = '\0';
    assert_int_equal(rmdir(path.ptr), 0);
    assert_int_equal(rmdir(folder), 0);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),  cmocka_unit_test(test_registers),
        cmocka_unit_test(test_lookup), cmocka_unit_test(test_words_are_unique),
        cmocka_unit_test(test_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
