#include "link/people_household.h"

#include "base/testing.h"

static void reads_relations(void **state)
{
    (void)state;
    static const struct {
        const char *relation;
        enum kin_class kin;
    } cases[] = {
        {"户主", KIN_HEAD},
        {"本人或户主", KIN_HEAD},
        {"01", KIN_HEAD},
        {"妻", KIN_SPOUSE},
        {"之妻", KIN_SPOUSE},
        {"10", KIN_SPOUSE},
        {"长子", KIN_CHILD},
        {"之次女", KIN_CHILD},
        {"三女儿", KIN_CHILD},
        {"独生子", KIN_CHILD},
        {"22", KIN_CHILD},
        {"31", KIN_CHILD},
        {"daughter", KIN_CHILD},
        {"之儿媳", KIN_CHILD_IN_LAW},
        {"长儿媳", KIN_CHILD_IN_LAW},
        {"38", KIN_CHILD_IN_LAW},
        {"之孙子", KIN_GRANDCHILD},
        {"外孙女", KIN_GRANDCHILD},
        {"长孙", KIN_GRANDCHILD},
        {"41", KIN_GRANDCHILD},
        {"侄子", KIN_OTHER},
        {"户主的朋友", KIN_OTHER},
        {"51", KIN_OTHER},
        {"", KIN_OTHER},
        {"女婿", KIN_CHILD_IN_LAW},
        {"曾孙", KIN_OTHER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum kin_class kin = kin_class_of(str_from(cases[i].relation));
        if (kin != cases[i].kin) print_message("%s: %d\n", cases[i].relation, (int)kin);
        assert_int_equal(kin, cases[i].kin);
    }
}

static day day_of(const char *text)
{
    day out = DAY_NONE;
    if (text[0] != 0) assert_true(day_parse(str_from(text), &out));
    return out;
}

/* Rows "relation name birth area" of household 7; a child of some relation, born 2012-03-05. */
static const struct {
    const char *rows[6][4];
    const char *relation;
    const char *head, *parents[2];
} homes[] = {
    {{{"户主", "王大", "1985-01-01", "620422101"}, {"妻", "李二", "1987-01-01", "620422101"}},
     "长子",
     "王大",
     {"王大", "李二"}},
    {{{"妻", "李二", "1987-01-01", "620422101"}}, "女", "", {"李二", ""}},
    {{{"户主", "王老", "1955-01-01", "620422101"},
      {"妻", "赵老", "1957-01-01", "620422101"},
      {"之子", "王大", "1985-01-01", "620422101"},
      {"之儿媳", "李二", "1987-01-01", "620422101"},
      {"之孙子", "王小", "2012-03-05", "620422101"}},
     "之孙子",
     "王老",
     {"王大", "李二"}},
    /* An aunt of ten is nobody's mother. */
    {{{"户主", "王老", "1955-01-01", "620422101"},
      {"长女", "王大", "1985-01-01", "620422101"},
      {"次女", "王丫", "2001-01-01", "620422101"}},
     "外孙",
     "王老",
     {"王大", ""}},
    /* Two grown sons: nobody knows whose the grandson is. */
    {{{"户主", "王老", "1955-01-01", "620422101"},
      {"长子", "王大", "1985-01-01", "620422101"},
      {"次子", "王二", "1988-01-01", "620422101"}},
     "孙子",
     "王老",
     {"", ""}},
    /* The same number of two households, and of another county. */
    {{{"户主", "王大", "1985-01-01", "620422101"}, {"户主", "李大", "1985-01-01", "620422102"}},
     "子",
     "",
     {"", ""}},
    {{{"户主", "王大", "1985-01-01", "620422101"}, {"户主", "李大", "1985-01-01", "620423101"}},
     "子",
     "王大",
     {"王大", ""}},
    /* A head too young to be the father is head all the same. */
    {{{"户主", "王大", "2001-01-01", "620422101"}}, "子", "王大", {"", ""}},
    {{{"户主", "王大", "", "620422101"}}, "子", "王大", {"王大", ""}},
    {{{"户主", "王大", "1985-01-01", "620422101"}}, "侄子", "王大", {"", ""}},
    {{{"户主", "王大", "1985-01-01", "620422101"}}, "户主", "", {"", ""}},
};

static void finds_who_is_around_a_child(void **state)
{
    (void)state;
    const day when = day_of("2020-09-15");
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
        struct households *households = households_open();
        struct household_kin kin;
        for (size_t r = 0; homes[i].rows[r][0] != NULL; r++) {
            struct household_person person = {.name = str_from(homes[i].rows[r][1]),
                                              .birth = day_of(homes[i].rows[r][2])};
            struct household_key key = {3, STR("7"), str_from(homes[i].rows[r][3])};
            households_note(households, key, str_from(homes[i].rows[r][0]), &person, when);
        }
        struct household_key key = {3, STR("7"), STR("620422101200")},
                             other = {4, STR("7"), key.area};
        households_find(households, key, str_from(homes[i].relation), day_of("2012-03-05"), &kin);
        assert_str_is(kin.head.name, homes[i].head);
        assert_str_is(kin.parents[0].name, homes[i].parents[0]);
        assert_str_is(kin.parents[1].name, homes[i].parents[1]);
        households_find(households, other, STR("子"), day_of("2012-03-05"), &kin);
        assert_int_equal(kin.head.name.len, 0);
        assert_int_equal(kin.parents[0].name.len, 0);
        households_close(households);
    }
    households_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_relations),
        cmocka_unit_test(finds_who_is_around_a_child),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
