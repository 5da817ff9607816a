#include "awards/facts_testing.h"

#define AT "2020-11-25"
#define SCHOOLS                                                                                    \
    "schools,2020-09-01\nschool_code,school_name,town_rural,area\n"                                \
    "2162000001,头寨小学,乡村,620422101200\n3162000001,会宁初中,城区,620422100001\n"
#define ROLL                                                                                       \
    "roll,2020-09-10\nname,id_number,birth_date,school_code,school_name,stage,grade,boarding,"     \
    "status\n"
#define WANG "王小明," ID_A ",2012-03-05,2162000001,头寨小学,primary,primary:3"
#define LI "李红," ID_B ",2012-03-05,2162000001,头寨小学,primary,primary:3"
#define POPULATION                                                                                 \
    "population,2020-09-01\nname,id_number,birth_date,head_name,head_id,area\n"                    \
    "王小明," ID_A ",2012-03-05,王大,620422198001010015,620422101200\n"                          \
    "李红," ID_B ",2012-03-05,李大,620422198001010031,620422101200\n"
#define NOBODY "张伟,620422201003050012,2010-03-05"

/* A case: files, and what is stated of 王小明. */
static const struct fact_case {
    const char *what;
    const char *files[8];
    const char *expected;
} cases[] = {
    {"nobody is a student without a roll", {POPULATION}, "none"},
    {"a roll, and no list of any office",
     {ROLL WANG ",yes,active\n"},
     "stage=primary grade=3 boarding=yes categories=none+6 school_code=2162000001"},
    {"a list that was sent speaks by its silence",
     {ROLL WANG ",yes,active\n", POPULATION,
      "dibao,2020-09-01\nname,id_number,birth_date,town_rural,area\n" NOBODY
      ",rural,620422101200\n"},
     "stage=primary grade=3 boarding=yes categories=none+5 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"not that of another county",
     {ROLL WANG ",yes,active\n", POPULATION,
      "dibao,2020-09-01\nname,id_number,birth_date,town_rural,area\n" NOBODY
      ",rural,620402101200\n"},
     "stage=primary grade=3 boarding=yes categories=none+6 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"a child on a list",
     {ROLL WANG ",no,active\n", POPULATION,
      "dibao,2020-09-01\nname,id_number,birth_date,town_rural,area\n王小明," ID_A
      ",2012-03-05,rural,620422101200\n"},
     "stage=primary grade=3 boarding=no categories=dibao_rural+5 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"低保 of the village, where no column says town or country",
     {ROLL WANG ",no,active\n", POPULATION,
      "dibao,2020-09-01\nname,id_number,birth_date,kind,area\n王小明," ID_A
      ",2012-03-05,二类,620422101200\n"},
     "stage=primary grade=3 boarding=no categories=dibao_rural+5 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"低保, and nothing says whether of town or country",
     {ROLL WANG ",no,active\n", POPULATION,
      "dibao,2020-09-01\nname,id_number,birth_date,kind,area\n王小明," ID_A
      ",2012-03-05,二类,620422\n"},
     "stage=primary grade=3 boarding=no categories=none+6 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"only the head is listed: for all of the household",
     {ROLL WANG ",no,active\n", POPULATION,
      "dibao,2020-09-01\nname,id_number,birth_date,town_rural,covered,area\n"
      "王大,620422198001010015,1980-01-01,rural,3,620422101200\n"},
     "stage=primary grade=3 boarding=no categories=dibao_rural+5 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"only the head is covered",
     {ROLL WANG ",no,active\n", POPULATION,
      "dibao,2020-09-01\nname,id_number,birth_date,town_rural,covered,area\n"
      "王大,620422198001010015,1980-01-01,rural,1,620422101200\n"},
     "stage=primary grade=3 boarding=no categories=none+5 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"a list of members: who has no row is not covered",
     {ROLL WANG ",no,active\n", POPULATION,
      "dibao,2020-09-01\nname,id_number,birth_date,town_rural,relation,area\n"
      "王大,620422198001010015,1980-01-01,rural,户主,620422101200\n" NOBODY
      ",rural,之子,620422101200\n"},
     "stage=primary grade=3 boarding=no categories=none+5 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"the destitute are so one by one",
     {ROLL WANG ",no,active\n", POPULATION,
      "destitute,2020-09-01\nname,id_number,birth_date,kind,area\n"
      "王大,620422198001010015,1980-01-01,农村特困,620422101200\n"},
     "stage=primary grade=3 boarding=no categories=none+5 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"脱贫户, and monitored since",
     {ROLL WANG ",no,active\n", POPULATION,
      "poverty,2020-09-01\nname,id_number,birth_date,kind,watch_kind,from,area\n王小明," ID_A
      ",2012-03-05,脱贫户,脱贫不稳定户,2014,620422101200\n"},
     "stage=primary grade=3 boarding=no categories=poverty_lifted;monitored+5 home_county=620422 "
     "home_rural=yes school_code=2162000001"},
    {"the risk is removed",
     {ROLL WANG ",no,active\n", POPULATION,
      "poverty,2020-09-01\nname,id_number,birth_date,kind,watch_kind,risk_removed,removed_on,area\n"
      "王小明," ID_A ",2012-03-05,一般农户,边缘易致贫户,yes,2020-06-01,620422101200\n"},
     "stage=primary grade=3 boarding=no categories=none+5 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"not yet removed on the day",
     {ROLL WANG ",no,active\n", POPULATION,
      "poverty,2020-09-01\nname,id_number,birth_date,kind,watch_kind,risk_removed,removed_on,area\n"
      "王小明," ID_A ",2012-03-05,一般农户,边缘易致贫户,yes,2020-12-01,620422101200\n"},
     "stage=primary grade=3 boarding=no categories=monitored+5 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"identified after the day",
     {ROLL WANG ",no,active\n", POPULATION,
      "poverty,2020-09-01\nname,id_number,birth_date,kind,watch_kind,from,area\n王小明," ID_A
      ",2012-03-05,一般农户,边缘易致贫户,2021-01,620422101200\n"},
     "stage=primary grade=3 boarding=no categories=none+5 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"a certificate that has run out",
     {ROLL WANG ",no,active\n", POPULATION,
      "disabled,2020-09-01\nname,id_number,birth_date,disability_grade,valid_to,area\n王小明," ID_A
      ",2012-03-05,二级,2019-01-01,620422101200\n"},
     "stage=primary grade=3 boarding=no categories=none+5 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"a recognition of the year before says nothing of this one",
     {ROLL WANG ",no,active\n", POPULATION,
      "recognitions,2019-10-01\nname,id_number,birth_date,school_code,academic_year,"
      "level\n王小明," ID_A ",2012-03-05,2162000001,2019-2020,困难\n"},
     "stage=primary grade=3 boarding=no categories=none+6 home_county=620422 home_rural=yes tier~ "
     "school_code=2162000001"},
    {"recognised this year",
     {ROLL WANG ",no,active\n", POPULATION,
      "recognitions,2020-10-01\nname,id_number,birth_date,school_code,academic_year,"
      "level\n王小明," ID_A ",2012-03-05,2162000001,2020-2021学年,特别困难\n"},
     "stage=primary grade=3 boarding=no categories=recognised+5 home_county=620422 home_rural=yes "
     "tier=special school_code=2162000001"},
    {"一般困难 is another tier than 困难",
     {ROLL WANG ",no,active\n", POPULATION,
      "recognitions,2020-10-01\nname,id_number,birth_date,school_code,academic_year,"
      "level\n王小明," ID_A ",2012-03-05,2162000001,2020-2021学年,一般困难\n"},
     "stage=primary grade=3 boarding=no categories=recognised+5 home_county=620422 home_rural=yes "
     "tier=general school_code=2162000001"},
    {"not recognised, no tier",
     {ROLL WANG ",no,active\n", POPULATION,
      "recognitions,2020-10-01\nname,id_number,birth_date,school_code,academic_year,"
      "level\n王小明," ID_A ",2012-03-05,2162000001,2020-2021学年,不困难\n"},
     "stage=primary grade=3 boarding=no categories=none+5 home_county=620422 home_rural=yes "
     "school_code=2162000001"},
    {"registers that say different things of boarding",
     {ROLL WANG ",no,active\n",
      "attending,2020-09-11\nname,id_number,birth_date,school_code,boarding\n王小明," ID_A
      ",2012-03-05,2162000001,yes\n"},
     "stage=primary grade=3 boarding? categories=none+6 school_code=2162000001"},
    {"a roll of the year before is too old",
     {"roll,2019-09-10\nname,id_number,birth_date,school_code,stage,grade,boarding\n王小明," ID_A
      ",2012-03-05,2162000001,primary,primary:3,yes\n"},
     "stage~ grade~ boarding~ categories=none+6 school_code~"},
    {"the school's county and place",
     {SCHOOLS, ROLL WANG ",no,active\n"},
     "stage=primary grade=3 boarding=no categories=none+6 school_county=620422 school_rural=yes "
     "school_code=2162000001"},
    {"of two rolls the one where the child is present",
     {SCHOOLS,
      ROLL WANG ",no,active\n王小明," ID_A
                ",2012-03-05,3162000001,会宁初中,junior,junior:1,yes,active\n",
      "attending,2020-09-11\nname,id_number,birth_date,school_code\n王小明," ID_A
      ",2012-03-05,3162000001\n"},
     "stage=junior grade=1 boarding=yes categories=none+6 school_county=620422 school_rural=no "
     "school_code=3162000001"},
    {"whose schooling is suspended is no student", {ROLL WANG ",no,suspended\n"}, "none"},
    {"a special school by its years",
     {"roll,2020-09-10\nname,id_number,birth_date,school_code,stage,grade,boarding\n王小明," ID_A
      ",2012-03-05,5162000001,special,special:8,yes\n"},
     "stage=junior grade=2 boarding=yes categories=none+6 school_code=5162000001"},
};

static void registers_state_facts(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct facts_world world;
        facts_world_open(&world, state);
        for (size_t f = 0; cases[i].files[f] != NULL; f++) {
            (void)world_load(state, world.world, cases[i].files[f], world_options());
        }
        facts_world_make(&world, AT);
        struct str said = facts_world_print(&world, "王小明");
        if (!str_is(said, cases[i].expected)) {
            fail_msg("%s:\n  said     %.*s\n  expected %s", cases[i].what, STR_ARG(said),
                     cases[i].expected);
        }
        facts_world_close(&world);
    }
}

static void each_fact_tells_where_it_comes_from(void **state)
{
    struct facts_world world;
    struct fact_source *sources;
    size_t count;
    facts_world_open(&world, state);
    (void)world_load(state, world.world, ROLL WANG ",no,active\n", world_options());
    (void)world_load(state, world.world, POPULATION, world_options());
    (void)world_load(state, world.world,
                     "dibao,2020-09-01\nname,id_number,birth_date,town_rural,area\n王大,"
                     "620422198001010015,1980-01-01,rural,620422101200\n",
                     world_options());
    facts_world_make(&world, AT);
    uint16_t boarding = policy_find_input(world.policy, 0, STR("boarding"));
    uint16_t categories = policy_find_input(world.policy, 0, STR("categories"));
    facts_sources(&world.facts, &world.arena, 0, boarding, &sources, &count);
    assert_int_equal(count, 1);
    assert_int_equal(sources[0].kind, FACT_STATED);
    assert_str_is(world.text.registers[sources[0].register_number].key, "roll");
    assert_int_equal(sources[0].value, 0);
    facts_sources(&world.facts, &world.arena, 0, categories, &sources, &count);
    assert_int_equal(count, 6);
    assert_true(sources[0].of_household);
    assert_int_equal(sources[0].kind, FACT_STATED);
    assert_int_equal(sources[1].kind, FACT_NOT_SENT);
    assert_int_equal(facts_row_of(&world.facts, 77), SIZE_MAX);
    facts_world_close(&world);
}

static void a_text_with_a_fault_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *word, *value;
        bool fits;
    } words[] = {
        {"*", "", false},
        {"*", "x", true},
        {"", "", true},
        {"", "x", false},
        {"*低保*", "农村低保", true},
        {"?级", "二级", true},
        {"?级", "级", false},
        {"a*c", "abbc", true},
        {"a*c", "abbcd", false},
        {"special:7", "special:7", true},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        assert_int_equal(fact_word_fits(str_from(words[i].word), str_from(words[i].value)),
                         words[i].fits);
    }
    static const struct {
        const char *cell;
        int year;
    } years[] = {{"2020-2021", 2020},         {"2020—2021学年", 2020}, {"2020年秋季", 2020},
                 {"2021年春季学期", 2020},    {"2020学年", 2020},      {"", 0},
                 {"2020-2021学年春季", 2020}, {"第一学期", 0}};
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        assert_int_equal(fact_school_year(str_from(years[i].cell)), years[i].year);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_state_facts),
        cmocka_unit_test(each_fact_tells_where_it_comes_from),
        cmocka_unit_test(a_text_with_a_fault_is_refused),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
