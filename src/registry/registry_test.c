#include "registry/registry_testing.h"

#include "access/audit.h"

static void imports_a_file_once(void **state)
{
    struct world *world = world_open(state);
    struct load_result result = world_load(state, world, ROLL_SEPTEMBER, world_options());
    assert_counts(&result, 3, 0, 0, 0);
    assert_int_equal(result.batch, 1);
    assert_int_equal(result.rows, 4);
    assert_int_equal(result.accepted, 2);
    assert_int_equal(result.warned, 1);
    assert_int_equal(result.rejected, 1);
    assert_str_is(result.register_key, "roll");
    assert_str_is(result.scope, "school 2162000001");
    assert_str_is(world_read(world, "roll", "name,id_number,class", "2020-09-01"),
                  "王小明 " ID_A " 1;李红 " ID_B " 1;张伟 " ID_C " 二(2);");
    assert_str_is(world_read(world, "roll", "name", "2020-08-31"), "");

    struct load_result again = world_load(state, world, ROLL_SEPTEMBER, world_options());
    assert_int_equal(again.status, LOAD_UNCHANGED);
    assert_int_equal(again.batch, 1);
    assert_int_equal(again.rows, 4);
    assert_int_equal(again.warned, 1);
    assert_int_equal(again.fresh, 3);
    assert_int_equal(again.sheet_count, 1);
    assert_int_equal(again.sheets[0].rejected, 1);
    struct err err = ERR_INIT;
    int64_t revision = 0;
    assert_true(registry_revision(&world->registry, &revision, &err));
    assert_int_equal(revision, 1);
    day newest;
    assert_true(registry_newest_day(&world->registry, &newest, &err));
    char buffer[DAY_TEXT_SIZE];
    assert_string_equal(day_format(newest, buffer), "2020-09-01");
    world_close(world);
}

static void repeats_and_replaces(void **state)
{
    struct world *world = world_open(state);
    world_load(state, world, ROLL_SEPTEMBER, world_options());
    struct load_result result = world_load(state, world, ROLL_OCTOBER, world_options());
    /* The seat, a column without a field, makes no other statement. */
    assert_counts(&result, 0, 1, 1, 0);
    assert_str_is(world_read(world, "roll", "name,class", "2020-09-30"),
                  "王小明 1;李红 1;张伟 二(2);");
    assert_str_is(world_read(world, "roll", "name,class", "2020-10-01"),
                  "王小明 1;张伟 二(2);李红 2;");
    struct err err = ERR_INIT;
    uint64_t statements = 0, batches = 0;
    const struct profile *roll = profile_find(&world->profiles, STR("roll"));
    assert_true(registry_count(&world->registry, roll, &statements, &batches, &err));
    assert_int_equal(statements, 3);
    assert_int_equal(batches, 2);

    /* The first batch is needed by the second; the second can go, and all is as it was. */
    assert_false(registry_undo(&world->registry, &world->local, 1, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_non_null(strstr(err.en, "batch 2"));
    world->registry.clock = clock_fixed(1606867200000);
    assert_true(registry_undo(&world->registry, &world->local, 2, &err));
    assert_str_is(world_read(world, "roll", "name,class", "2020-10-01"),
                  "王小明 1;李红 1;张伟 二(2);");
    /* As known before. */
    assert_str_is(
        world_read_as(world, &world->local, "roll", "name,class", "2020-10-01", 1606867199999),
        "王小明 1;张伟 二(2);李红 2;");
    assert_str_is(
        world_read_as(world, &world->local, "roll", "name,class", "2020-10-01", 1606780799999), "");
    assert_false(registry_undo(&world->registry, &world->local, 2, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_true(registry_undo(&world->registry, &world->local, 1, &err));
    assert_str_is(world_read(world, "roll", "name,class", "2020-10-01"), "");
    assert_false(registry_undo(&world->registry, &world->local, 9, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    /* The same file is new again. */
    result = world_load(state, world, ROLL_SEPTEMBER, world_options());
    assert_counts(&result, 3, 0, 0, 0);
    assert_int_equal(result.batch, 3);
    int64_t broken = 0;
    assert_true(audit_verify(world->registry.store, &broken, &err));
    assert_int_equal(broken, 0);
    world_close(world);
}

static void ends_only_what_the_file_covers(void **state)
{
    struct world *world = world_open(state);
    world_load(state, world,
               "roll,2020-09-01\nname,id_number,school_code\n"
               "王小明," ID_A ",2162000001\n李红," ID_B ",2162000001\n张伟," ID_C ",2162000002\n",
               world_options());
    struct load_options options = world_options();
    options.complete = true;
    const char *one = "roll,2020-10-01\nname,id_number,school_code\n王小明," ID_A ",2162000001\n";
    struct load_result result = world_load(state, world, one, options);
    assert_int_equal(result.status, LOAD_REFUSED);
    assert_int_equal(result.error.kind, ERR_CONFLICT);
    assert_non_null(strstr(result.error.en, "1 of the 2 records"));
    assert_int_equal(result.rows, 0);
    assert_str_is(world_read(world, "roll", "name", "2020-10-01"), "王小明;李红;张伟;");

    options.yes = true;
    options.dry_run = true;
    result = world_load(state, world, one, options);
    assert_counts(&result, 0, 1, 0, 1);
    assert_int_equal(result.batch, 0);
    assert_str_is(world_read(world, "roll", "name", "2020-10-01"), "王小明;李红;张伟;");

    options.dry_run = false;
    result = world_load(state, world, one, options);
    assert_counts(&result, 0, 1, 0, 1);
    assert_str_is(world_read(world, "roll", "name", "2020-09-30"), "王小明;李红;张伟;");
    assert_str_is(world_read(world, "roll", "name", "2020-10-01"), "王小明;张伟;");
    /* Back again, and not for the sake of completeness. */
    result = world_load(state, world,
                        "roll,2020-11-01\nname,id_number,school_code\n李红," ID_B ",2162000001\n",
                        world_options());
    assert_counts(&result, 1, 0, 0, 0);
    assert_str_is(world_read(world, "roll", "name", "2020-10-31"), "王小明;张伟;");
    assert_str_is(world_read(world, "roll", "name", "2020-11-01"), "王小明;张伟;李红;");
    world_close(world);
}

/* A pupil whom another school's file states too stays in both: that is a finding. */
static void another_school_takes_nothing_away(void **state)
{
    struct world *world = world_open(state);
    world_load(state, world,
               "roll,2020-09-01\nname,id_number,school_code\n王小明," ID_A ",2162000001\n",
               world_options());
    struct load_result result = world_load(
        state, world, "roll,2020-10-01\nname,id_number,school_code\n王小明," ID_A ",2162000002\n",
        world_options());
    assert_counts(&result, 1, 0, 0, 0);
    assert_str_is(world_read(world, "roll", "school_code", "2020-10-01"), "2162000001;2162000002;");
    /* A file of both schools that has him in one takes him from neither. */
    result = world_load(state, world,
                        "roll,2020-11-01\nname,id_number,school_code\n王小明," ID_A ",2162000002\n"
                        "张伟," ID_C ",2162000001\n",
                        world_options());
    assert_counts(&result, 1, 1, 0, 0);
    /* A file of the school that he left, and of the one where he is now, says that he moved. */
    result = world_load(state, world,
                        "roll,2020-12-01\nname,id_number,school_code\n王小明," ID_A ",2162000003\n"
                        "李红," ID_B ",2162000002\n",
                        world_options());
    assert_counts(&result, 1, 0, 1, 0);
    assert_str_is(world_read(world, "roll", "name,school_code", "2020-12-01"),
                  "王小明 2162000001;张伟 2162000001;王小明 2162000003;李红 2162000002;");
    world_close(world);
}

/* Each payment stands for itself: one child has several, in one file and in several, and none takes
 * the place of another; a list that is sent again says nothing new. */
static void payments_stand_side_by_side(void **state)
{
    struct world *world = world_open(state);
    static const char autumn[] = "awards_paid,2020-11-20\nname,id_number,scheme,period,amount\n"
                                 "王小明," ID_A ",boarding_subsidy,2020-autumn,50000\n"
                                 "王小明," ID_A ",boarding_subsidy,2020-autumn,50000\n"
                                 "王小明," ID_A ",nutrition,2020-autumn,40000\n";
    struct load_result result = world_load(state, world, autumn, world_options());
    assert_counts(&result, 3, 0, 0, 0);
    result = world_load(state, world,
                        "awards_paid,2020-12-20\nname,id_number,scheme,period,amount\n"
                        "王小明," ID_A ",boarding_subsidy,2020-autumn,50000\n"
                        "王小明," ID_A ",boarding_subsidy,2020-autumn,50000\n"
                        "王小明," ID_A ",nutrition,2020-autumn,40000\n"
                        "王小明," ID_A ",boarding_subsidy,2020-autumn,25000\n",
                        world_options());
    assert_counts(&result, 1, 3, 0, 0);
    result = world_load(state, world,
                        "awards_paid,2021-05-20\nname,id_number,scheme,period,amount\n"
                        "王小明," ID_A ",boarding_subsidy,2021-spring,50000\n",
                        world_options());
    assert_counts(&result, 1, 0, 0, 0);
    assert_str_is(world_read(world, "awards_paid", "scheme,period,amount", "2021-06-01"),
                  "boarding_subsidy 2020-autumn 50000;boarding_subsidy 2020-autumn 50000;"
                  "nutrition 2020-autumn 40000;boarding_subsidy 2020-autumn 25000;"
                  "boarding_subsidy 2021-spring 50000;");
    world_close(world);
}

static void records_are_told_by_the_best_key_of_both(void **state)
{
    struct world *world = world_open(state);
    world_load(state, world,
               "roll,2020-09-01\nname,id_number,student_number,birth_date,school_code,class\n"
               "王小明," ID_A ",,2012-03-05,1,1\n"
               "李红,,"
               "G" ID_B ",2012-03-05,1,1\n"
               "张伟,,,2012-03-05,1,1\n"
               "张伟,,,2012-03-06,1,1\n"
               "赵强,6.2E+17,,2012-03-07,1,1\n"
               "钱进,6.2E+17,,2012-03-08,1,1\n"
               "无名,,,,1,1\n",
               world_options());
    struct load_result result =
        world_load(state, world,
                   "roll,2020-10-01\nname,id_number,student_number,birth_date,school_code,class\n"
                   "王晓明," ID_A ",G" ID_A ",2012-03-05,1,1\n" /* number holds, name corrected */
                   "李红," ID_B ",G" ID_B ",2012-03-05,1,1\n"   /* student number holds, ID came */
                   "张伟," ID_C ",,2012-03-05,1,1\n" /* name and birth date, one lacked the rest */
                   "张伟,,,2012-03-06,1,2\n"         /* moved up a class */
                   "赵强,6.2E+17,,2012-03-07,1,2\n"  /* a damaged number tells nothing */
                   "钱进,6.2E+17,,2012-03-08,1,1\n"
                   "无名,,,,1,1\n", /* nothing tells it, but it says the same */
                   world_options());
    assert_counts(&result, 0, 2, 5, 0);
    assert_str_is(world_read(world, "roll", "name,class", "2020-10-01"),
                  "钱进 1;无名 1;王晓明 1;李红 1;张伟 1;张伟 2;赵强 2;");
    world_close(world);
}

/* What a repeat says of its neighbours it must not say of an ended one between them. */
static void repeats_leave_out_what_ended(void **state)
{
    struct world *world = world_open(state);
    struct load_options options = world_options();
    options.complete = options.yes = true;
    world_load(state, world, ROLL_SEPTEMBER, options);
    world_load(state, world,
               "roll,2020-10-01\nname,id_number,school_code,class\n"
               "王小明," ID_A ",2162000001,1\n张伟," ID_C ",2162000001,二\n",
               options);
    assert_str_is(world_read(world, "roll", "name", "2020-10-01"), "王小明;张伟;");
    struct load_result result =
        world_load(state, world,
                   "roll,2020-11-01\nname,id_number,school_code,class\n"
                   "张伟," ID_C ",2162000001,二\n王小明," ID_A ",2162000001,1\n",
                   options);
    assert_counts(&result, 0, 2, 0, 0);
    assert_str_is(world_read(world, "roll", "name", "2020-11-01"), "王小明;张伟;");
    world_close(world);
}

/* Each school sends its own file: nothing of the others is touched, and one that was only named
 * until the schools register came is still the same school. */
static void schools_send_their_own_files(void **state)
{
    struct world *world = world_open(state);
    struct load_options options = world_options();
    options.complete = options.yes = true;
    for (int month = 9; month < 11; month++) {
        for (int school = 0; school < 20; school++) {
            struct text text;
            text_init(&text, &world->arena, 1 << 12);
            text_add_f(&text, "roll,2020-%02d-01\nname,birth_date,school_name,class\n", month);
            for (int pupil = 0; pupil < 5; pupil++) {
                text_add_f(&text, "学生%d,2012-01-0%d,学校%d,%d\n", pupil, pupil + 1, school,
                           pupil == 3 ? month : 1);
            }
            struct load_result result =
                world_load(state, world, str_cstr(&world->arena, text_str(&text)), options);
            if (month == 9)
                assert_counts(&result, 5, 0, 0, 0);
            else
                assert_counts(&result, 0, 4, 1, 0);
        }
    }
    world_load(state, world, "schools,2020-08-01\nschool_code,school_name,area\n216,学校7,620422\n",
               world_options());
    struct load_result result =
        world_load(state, world,
                   "roll,2020-11-01\nname,birth_date,school_code\n学生0,2012-01-01,216\n", options);
    assert_counts(&result, 0, 0, 1, 4);
    struct err err = ERR_INIT;
    uint64_t statements = 0, batches = 0;
    const struct profile *roll = profile_find(&world->profiles, STR("roll"));
    assert_true(registry_count(&world->registry, roll, &statements, &batches, &err));
    assert_int_equal(statements, 96);
    assert_int_equal(batches, 41);
    world_close(world);
}

static void duplicates_inside_a_file_are_kept(void **state)
{
    struct world *world = world_open(state);
    const char *twice = "roll,2020-09-01\nname,id_number,school_code,class\n"
                        "王小明," ID_A ",1,1\n王小明," ID_A ",1,1\n王小明," ID_A ",1,2\n";
    struct load_result result = world_load(state, world, twice, world_options());
    assert_counts(&result, 3, 0, 0, 0);
    result = world_load(state, world,
                        "roll,2020-10-01\nname,id_number,school_code,class\n"
                        "王小明," ID_A ",1,2\n王小明," ID_A ",1,1\n王小明," ID_A ",1,1\n"
                        "王小明," ID_A ",1,1\n",
                        world_options());
    assert_counts(&result, 1, 3, 0, 0);
    assert_str_is(world_read(world, "roll", "class", "2020-10-01"), "1;1;2;1;");
    world_close(world);
}

/* The file of a day between two others comes last. */
static void files_may_come_in_any_order(void **state)
{
    static const char *const files[] = {
        "roll,2020-09-01\nname,id_number,school_code,class\n王小明," ID_A ",1,1\n李红," ID_B
        ",1,1\n",
        "roll,2020-10-01\nname,id_number,school_code,class\n王小明," ID_A ",1,2\n李红," ID_B
        ",1,1\n张伟," ID_C ",1,1\n",
        "roll,2020-11-01\nname,id_number,school_code,class\n王小明," ID_A ",1,1\n张伟," ID_C
        ",1,3\n",
    };
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const struct {
        const char *at, *holds[6];
    } cases[] = {
        {"2020-08-31", {""}},
        {"2020-09-15", {"李红 1;王小明 1;"}},
        {"2020-10-15", {"张伟 1;李红 1;王小明 2;"}},
        {"2020-11-15", {"张伟 3;王小明 1;"}},
    };
    for (size_t i = 0; i < 6; i++) {
        struct world *world = world_open(state);
        struct load_options options = world_options();
        options.complete = options.yes = true;
        for (size_t f = 0; f < 3; f++) world_load(state, world, files[orders[i][f]], options);
        for (size_t c = 0; c < 4; c++) {
            /* The order of statements is that of loading; the set must be the same. */
            struct str rest = world_read(world, "roll", "name,class", cases[c].at), part;
            struct str want = str_from(cases[c].holds[0]);
            size_t length = 0;
            while (str_split(&rest, ';', &part)) {
                if (part.len == 0) continue;
                length += part.len + 1;
                if (str_find(want, part) == SIZE_MAX) {
                    fail_msg("order %zu, %s: %.*s should not hold", i, cases[c].at, STR_ARG(part));
                }
            }
            if (length != want.len) fail_msg("order %zu, %s: something is missing", i, cases[c].at);
        }
        /* Taken back from the last to the first, each state is as before. */
        struct err err = ERR_INIT;
        for (int64_t batch = 3; batch > 0; batch--) {
            assert_true(registry_undo(&world->registry, &world->local, batch, &err));
        }
        assert_str_is(world_read(world, "roll", "name", "2020-12-01"), "");
        world_close(world);
    }
}

/* What another school's later file says is no more heard when this file comes after the fact than
 * it is when it comes in time; what a later file of both schools says is. */
static void late_files_are_scoped_too(void **state)
{
    static const char *const files[] = {
        "roll,2020-09-01\nname,id_number,school_code\n王小明," ID_A ",1\n李红," ID_B ",1\n",
        "roll,2020-10-01\nname,id_number,school_code\n王小明," ID_A ",2\n",
        "roll,2020-11-01\nname,id_number,school_code\n李红," ID_B ",3\n张伟," ID_C ",1\n",
    };
    for (size_t late = 0; late < 2; late++) {
        struct world *world = world_open(state);
        for (size_t i = 0; i < 3; i++) {
            world_load(state, world, files[(i + late) % 3], world_options());
        }
        struct asker local = world->local;
        const struct profile *roll = profile_find(&world->profiles, STR("roll"));
        static const char *const numbers[] = {ID_A, ID_B, ID_C};
        static const size_t counts[2][3] = {{2, 1, 0}, {2, 1, 1}};
        for (size_t month = 0; month < 2; month++) {
            struct read_at when = {.known_ms = INT64_MAX};
            assert_true(day_from_ymd(2020, 10 + (int)month, 15, &when.at));
            for (size_t i = 0; i < 3; i++) {
                struct err err = ERR_INIT;
                struct statement *found = NULL;
                size_t count = 99;
                assert_true(registry_find(&world->registry, &world->arena, &local, roll, when,
                                          str_from(numbers[i]), &found, &count, &err));
                assert_int_equal(count, counts[month][i]);
            }
        }
        world_close(world);
    }
}

static void areas_scope_what_is_read(void **state)
{
    struct world *world = world_open(state);
    world_load(state, world,
               "schools,2020-08-01\nschool_code,school_name,area\n"
               "2162000001,红堡子小学,620422101203\n2162000002,中心小学,620422102\n"
               "2162000003,中心小学,620421101\n",
               world_options());
    struct load_result result =
        world_load(state, world,
                   "roll,2020-09-01\nname,school_code,school_name,area\n"
                   "甲,2162000001,,\n乙,,红堡子小学,\n丙,,中心小学,\n丁,2162000003,,\n"
                   "戊,2162000001,,620402\n己,,,\n",
                   world_options());
    assert_counts(&result, 6, 0, 0, 0);
    assert_str_is(world_read(world, "roll", "name,area", "2020-09-01"),
                  "甲 620422101203;乙 620422101203;丙 ;丁 620421101;戊 620402;己 ;");
    struct asker county = asker_within(&world->local, STR("620422"));
    assert_str_is(world_read_as(world, &county, "roll", "name", "2020-09-01", INT64_MAX), "甲;乙;");
    struct asker village = asker_within(&world->local, STR("620421101"));
    assert_str_is(world_read_as(world, &village, "roll", "name", "2020-09-01", INT64_MAX), "丁;");

    struct err err = ERR_INIT;
    struct statement statement;
    const struct profile *roll = profile_find(&world->profiles, STR("roll"));
    assert_true(
        registry_statement(&world->registry, &world->arena, &county, roll, 1, &statement, &err));
    assert_str_is(statement.area, "620422101203");
    assert_int_equal(statement.batch, 2);
    assert_int_equal(statement.row, 3);
    assert_false(
        registry_statement(&world->registry, &world->arena, &county, roll, 4, &statement, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_false(registry_statement(&world->registry, &world->arena, &world->local, roll, 99,
                                    &statement, &err));
    struct load_options options = world_options();
    options.intake.area = STR("620422103");
    world_load(state, world, "deaths,2020-09-02\nname,id_number\n庚," ID_A "\n", options);
    assert_str_is(world_read(world, "deaths", "name,area", "2020-09-02"), "庚 620422103;");
    world_close(world);
}

/* A list that only names villages is of their areas; a name that two villages have tells nothing by
 * itself. */
static void villages_say_where_a_row_lies(void **state)
{
    struct world *world = world_open(state);
    world_load(state, world,
               "villages,2020-08-01\ncounty,township,village,area_code\n"
               "会宁县,郭城驿镇,红堡子村,620422101201\n会宁县,郭城驿镇,新堡村委会,620422101202\n"
               "会宁县,头寨子镇,新堡村,620422102202\n靖远县,北湾镇,中堡村,620421101203\n"
               "会宁县,头寨子镇,中堡村,620422102203\n",
               world_options());
    world_load(state, world,
               "door_survey,2020-09-01\nname,county,township,village,area\n"
               "甲,,,红堡子,\n乙,,,新堡村,\n丙,,头寨子镇,新堡,\n丁,,,中堡村,\n戊,靖远,,中堡村,\n"
               "己,,,中堡村,620422\n庚,,,没有村,620422\n辛,,,新堡村,620422101\n"
               "壬,,,红堡子村,620402\n癸,,北湾镇,新堡村,\n",
               world_options());
    assert_str_is(world_read(world, "door_survey", "name,area", "2020-09-01"),
                  "甲 620422101201;乙 ;丙 620422102202;丁 ;戊 620421101203;己 620422102203;"
                  "庚 620422;辛 620422101202;壬 620402;癸 ;");
    struct asker county = asker_within(&world->local, STR("620422101"));
    const struct profile *survey = profile_find(&world->profiles, STR("door_survey"));
    struct statement statement;
    struct err err = ERR_INIT;
    assert_true(
        registry_statement(&world->registry, &world->arena, &county, survey, 1, &statement, &err));
    world_close(world);
}

/* A record that had no area may turn up anywhere; one that had is not sought elsewhere. */
static void records_without_area_are_found_again(void **state)
{
    struct world *world = world_open(state);
    world_load(state, world,
               "population,2020-09-01\nname,id_number,area\n王小明," ID_A ",620422\n李红," ID_B
               ",\n张伟," ID_C ",620402\n",
               world_options());
    struct load_result result = world_load(state, world,
                                           "population,2020-10-01\nname,id_number,area\n李红," ID_B
                                           ",620421\n赵强,,620421\n",
                                           world_options());
    assert_counts(&result, 1, 0, 1, 0);
    result = world_load(state, world,
                        "population,2020-11-01\nname,id_number,area\n张伟," ID_C
                        ",620402101\n王小明," ID_A ",\n",
                        world_options());
    assert_counts(&result, 1, 0, 1, 0);
    assert_str_is(world_read(world, "population", "name,area", "2020-11-01"),
                  "王小明 620422;李红 620421;赵强 620421;张伟 620402101;王小明 ;");
    world_close(world);
}

static void numbers_are_looked_up_blindly(void **state)
{
    struct world *world = world_open(state);
    world_load(state, world, ROLL_SEPTEMBER, world_options());
    world_load(state, world,
               "roll,2020-10-01\nname,id_number,school_code,area\n李红," ID_B
               ",2162000001,620422\n张红," ID_B ",2162000002,620421\n",
               world_options());
    const struct profile *roll = profile_find(&world->profiles, STR("roll"));
    const struct profile *schools = profile_find(&world->profiles, STR("schools"));
    struct asker county = asker_within(&world->local, STR("620421"));
    const struct {
        const struct profile *profile;
        const struct asker *asker;
        const char *number;
        int day, count;
        const char *first;
    } cases[] = {
        {roll, &world->local, ID_A, 1, 1, "王小明"},
        {roll, &world->local, ID_B, 1, 1, "李红"},
        {roll, &world->local, ID_B, 30, 2, "李红"},
        {roll, &county, ID_B, 30, 1, "张红"},
        {roll, &county, ID_A, 30, 0, ""},
        {roll, &world->local, "1", 30, 0, ""},
        {roll, &world->local, "", 30, 0, ""},
        {schools, &world->local, ID_A, 30, 0, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = ERR_INIT;
        struct statement *found = NULL;
        size_t count = 99;
        struct read_at when = {.known_ms = INT64_MAX};
        assert_true(day_from_ymd(2020, cases[i].day == 1 ? 9 : 10, cases[i].day, &when.at));
        assert_true(registry_find(&world->registry, &world->arena, cases[i].asker, cases[i].profile,
                                  when, str_from(cases[i].number), &found, &count, &err));
        assert_int_equal(count, cases[i].count);
        if (count > 0) assert_str_is(found[0].values[0], cases[i].first);
    }
    world_close(world);
}

static void refused_files_change_nothing(void **state)
{
    struct world *world = world_open(state);
    struct load_options options = world_options();
    struct load_result result = world_load(state, world, "nothing,\nname\n王小明\n", options);
    assert_int_equal(result.status, LOAD_REFUSED);
    assert_int_equal(result.error.kind, ERR_INPUT);
    result = world_load(state, world, "roll,\nname,id_number\n王小明," ID_A "\nFAIL,\n", options);
    assert_int_equal(result.status, LOAD_REFUSED);
    assert_non_null(strstr(result.error.en, "row 4"));
    assert_str_is(result.register_key, "roll");
    assert_int_equal(result.rows, 0);
    assert_null(result.sheets);
    /* Also after many rows have gone in. */
    struct text text;
    text_init(&text, &world->arena, 1 << 22);
    text_add(&text, STR("roll,\nname,school_code\n"));
    for (int i = 0; i < 9000; i++) text_add_f(&text, "学生%d,1\n", i);
    text_add(&text, STR("FAIL,\n"));
    result = world_load(state, world, str_cstr(&world->arena, text_str(&text)), options);
    assert_int_equal(result.status, LOAD_REFUSED);
    assert_str_is(world_read(world, "roll", "name", "2022-01-01"), "");
    struct err err = ERR_INIT;
    const char *missing = test_path(state, "missing.csv");
    assert_true(world_load_path(world, missing, &options, NULL, &result, &err));
    assert_int_equal(result.status, LOAD_REFUSED);
    assert_str_is(result.file, "missing.csv");
    struct batch *batches = NULL;
    size_t count = 9;
    assert_true(
        registry_batches(&world->registry, &world->arena, &world->local, &batches, &count, &err));
    assert_int_equal(count, 0);
    world_close(world);
}

static void the_day_is_found(void **state)
{
    struct world *world = world_open(state);
    struct load_options options = world_options();
    world_load(state, world, "roll,2020-09-01\nname,school_code\n甲,1\n", options);
    assert_true(day_from_ymd(2020, 9, 20, &options.intake.at));
    world_load(state, world, "roll,2020-09-01\nname,school_code\n乙,2\n", options);
    options.intake.at = DAY_NONE;
    world_load(state, world,
               "roll,\nname,school_code,day_stated\n丙,3,2020-10-01\n丁,3,2020-10-02\n"
               "戊,3,2020-10-01\n己,3,\n",
               options);
    world_load(state, world, "roll,\nname,school_code\n庚,4\n", options);
    struct batch *batches = NULL;
    size_t count = 0;
    struct err err = ERR_INIT;
    assert_true(
        registry_batches(&world->registry, &world->arena, &world->local, &batches, &count, &err));
    assert_int_equal(count, 4);
    static const char *const days[] = {"2020-09-01", "2020-09-20", "2020-10-01", "2020-12-01"};
    for (size_t i = 0; i < 4; i++) {
        char buffer[DAY_TEXT_SIZE];
        assert_string_equal(day_format(batches[i].at, buffer), days[i]);
    }
    world_close(world);
}

static void rejects_are_kept_as_written(void **state)
{
    struct world *world = world_open(state);
    world_load(state, world,
               "roll,2020-09-01\nname,seat,id_number,class,area\n"
               "甲,7," ID_A ",2>二,620422101\n"
               "REJECT,8,,三,620422101\n"
               "乙>丙,9,1>2,四,620421\n"
               "丁,9," ID_B ",四,620421\n",
               world_options());
    struct reject_row *rows = NULL;
    size_t count = 0;
    struct err err = ERR_INIT;
    assert_true(
        registry_rejects(&world->registry, &world->arena, &world->local, 1, &rows, &count, &err));
    assert_int_equal(count, 4);
    assert_str_is(rows[0].sheet, "Sheet1");
    assert_int_equal(rows[0].row, 3);
    assert_str_is(rows[0].column, "class");
    assert_str_is(rows[0].code, "value_changed");
    assert_str_is(rows[0].written, "甲\t7\t620422********0013\t2\t");
    assert_false(rows[0].rejected);
    assert_true(rows[1].rejected);
    assert_int_equal(rows[1].row, 4);
    assert_str_is(rows[1].column, "");
    assert_str_is(rows[1].written, "REJECT\t8\t\t三\t");
    assert_str_is(rows[2].written, "乙\t9\t*\t四\t");
    assert_str_is(rows[3].written, "乙\t9\t*\t四\t");
    assert_str_is(rows[3].column, "id_number");
    assert_false(rows[2].again);
    assert_true(rows[3].again);
    assert_true(registry_rejects_reveal(&world->registry, &world->arena, &world->local, 1,
                                        STR("核对"), &rows, &count, &err));
    assert_int_equal(count, 4);
    assert_str_is(rows[0].written, "甲\t7\t" ID_A "\t2\t");
    struct asker county = asker_within(&world->local, STR("620422"));
    assert_true(registry_rejects(&world->registry, &world->arena, &county, 1, &rows, &count, &err));
    assert_int_equal(count, 2);
    assert_false(
        registry_rejects(&world->registry, &world->arena, &county, 2, &rows, &count, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    world_close(world);
}

/* Values slip into other columns, and columns that a register knows nothing of hold addresses. */
static void rejects_are_masked(void **state)
{
    struct world *world = world_open(state);
    world_load(state, world,
               "roll,2020-09-01\nname,phone,seat,家庭住址,监护人电话,address\n"
               "REJECT,13812345678," ID_A ",郭城驿镇三社12号,7812345,会宁县郭城驿镇\n"
               "甲>乙,13812345678," ID_A ",郭城驿镇三社12号,7812345,会宁县郭城驿镇\n",
               world_options());
    struct reject_row *rows = NULL;
    size_t count = 0;
    struct err err = ERR_INIT;
    assert_true(
        registry_rejects(&world->registry, &world->arena, &world->local, 1, &rows, &count, &err));
    assert_int_equal(count, 2);
    assert_str_is(rows[0].written, "REJECT\t*******5678\t620422********0013\t***\t****345\t***");
    assert_str_is(rows[1].written, "甲\t*******5678\t620422********0013\t***\t****345\t***");
    world_close(world);
}

/* In two lists that stand side by side a row of the sheet holds two records. */
static void rejects_beside_each_other_are_told_apart(void **state)
{
    struct world *world = world_open(state);
    world_load(state, world,
               "roll,2020-09-01\nname,seat,area\n"
               "REJECT,1,620422101\n&REJECT,2,620421\n甲>乙,3,620421\n&丙>丁,4,620422101\n"
               "REJECT,5,620421\n&甲>戊,6,620421\n",
               world_options());
    struct reject_row *rows = NULL;
    size_t count = 0;
    struct err err = ERR_INIT;
    assert_true(
        registry_rejects(&world->registry, &world->arena, &world->local, 1, &rows, &count, &err));
    static const char *const written[] = {"REJECT\t1\t", "REJECT\t2\t", "甲\t3\t",
                                          "丙\t4\t",     "REJECT\t5\t", "甲\t6\t"};
    static const uint64_t row[] = {3, 3, 4, 4, 5, 5};
    assert_int_equal(count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_str_is(rows[i].written, written[i]);
        assert_int_equal(rows[i].row, row[i]);
        assert_false(rows[i].again);
    }
    struct asker county = asker_within(&world->local, STR("620422"));
    assert_true(registry_rejects(&world->registry, &world->arena, &county, 1, &rows, &count, &err));
    assert_int_equal(count, 2);
    assert_str_is(rows[0].written, "REJECT\t1\t");
    assert_str_is(rows[1].written, "丙\t4\t");
    world_close(world);
}

static void identifying_values_are_sealed(void **state)
{
    struct world *world = world_open(state);
    world_load(state, world,
               "roll,2020-09-01\nname,id_number,school_code,seat\n王小明," ID_A ",1,旁注\n"
               "REJECT," ID_B ",1,旁注\n",
               world_options());
    struct err err = ERR_INIT;
    const char *copy = test_path(state, "copy.db");
    assert_true(store_backup(world->registry.store, copy, &err));
    struct str bytes;
    assert_true(file_read(&world->arena, copy, 1 << 26, &bytes, &err));
    assert_true(str_find(bytes, STR("王小明")) != SIZE_MAX);
    assert_true(str_find(bytes, STR(ID_A)) == SIZE_MAX);
    assert_true(str_find(bytes, STR(ID_B)) == SIZE_MAX);
    assert_true(str_find(bytes, STR("旁注")) == SIZE_MAX);

    /* A seal that was moved to another row is found. */
    world_load(state, world, "roll,2020-09-01\nname,id_number,school_code\n李红," ID_B ",2\n",
               world_options());
    assert_true(store_exec(world->registry.store,
                           "UPDATE register_roll SET sealed = (SELECT sealed FROM register_roll "
                           "WHERE statement = 1) WHERE statement > 1",
                           &err));
    const struct profile *roll = profile_find(&world->profiles, STR("roll"));
    struct statement statement;
    assert_true(registry_statement(&world->registry, &world->arena, &world->local, roll, 1,
                                   &statement, &err));
    assert_false(registry_statement(&world->registry, &world->arena, &world->local, roll, 2,
                                    &statement, &err));
    assert_int_equal(err.kind, ERR_STORE);

    /* Another key is found before anything is read. */
    unsigned char secret[CODEC_SECRET_BYTES] = {8};
    struct registry other = world->registry;
    other.codec = codec_from_secret(secret);
    assert_false(registry_migrate(&other, &err));
    assert_non_null(strstr(err.en, "key file"));
    codec_close(other.codec);
    assert_true(registry_migrate(&world->registry, &err));
    world_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imports_a_file_once),
        cmocka_unit_test(repeats_and_replaces),
        cmocka_unit_test(ends_only_what_the_file_covers),
        cmocka_unit_test(another_school_takes_nothing_away),
        cmocka_unit_test(payments_stand_side_by_side),
        cmocka_unit_test(records_are_told_by_the_best_key_of_both),
        cmocka_unit_test(repeats_leave_out_what_ended),
        cmocka_unit_test(schools_send_their_own_files),
        cmocka_unit_test(duplicates_inside_a_file_are_kept),
        cmocka_unit_test(files_may_come_in_any_order),
        cmocka_unit_test(late_files_are_scoped_too),
        cmocka_unit_test(areas_scope_what_is_read),
        cmocka_unit_test(villages_say_where_a_row_lies),
        cmocka_unit_test(records_without_area_are_found_again),
        cmocka_unit_test(numbers_are_looked_up_blindly),
        cmocka_unit_test(refused_files_change_nothing),
        cmocka_unit_test(the_day_is_found),
        cmocka_unit_test(rejects_are_kept_as_written),
        cmocka_unit_test(rejects_are_masked),
        cmocka_unit_test(rejects_beside_each_other_are_told_apart),
        cmocka_unit_test(identifying_values_are_sealed),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
