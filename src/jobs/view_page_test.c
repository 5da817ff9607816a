#include "jobs/town_testing.h"
#include "jobs/view_person.h"
#include "jobs/view_place.h"
#include "jobs/view_review.h"

static int64_t number_of(const struct view *view, const char *name)
{
    return view->snapshot->run.people.persons[town_person(view->snapshot, name)].number;
}

static const struct view_value *value_of(const struct view_record *record, const char *key)
{
    for (size_t v = 0; v < record->value_count; v++) {
        if (str_is(record->values[v].field->key, key)) return &record->values[v];
    }
    return NULL;
}

static void a_child_with_the_source_of_every_fact(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct asker all = asker_local();
    struct view view = town_look(&town, &arena, &all);
    struct view_person person;
    assert_true(view_person(&view, number_of(&view, "单于飞"), &person, &err));
    assert_true(person.named);
    assert_str_is(person.line.id_number, "620422********0013");
    assert_int_equal(person.age, 8);
    assert_int_equal(person.standing, STANDING_ON_ROLL);
    assert_int_equal(person.record_count, 3);
    static const char *const registers[] = {"attending", "population", "roll"};
    for (size_t i = 0; i < 3; i++) {
        const struct view_record *record = &person.records[i];
        char since[DAY_TEXT_SIZE];
        assert_str_is(record->line.profile->key, registers[i]);
        assert_true(record->line.visible);
        assert_non_null(record->batch);
        assert_int_equal(record->sheet, 1);
        assert_true(record->row > 2);
        assert_string_equal(day_format(record->since, since), "2020-09-01");
        assert_str_is(value_of(record, "name")->value, "单于飞");
        assert_str_is(value_of(record, "id_number")->value, "620422********0013");
        assert_str_is(value_of(record, "birth_date")->value, "2012-03-05");
        assert_false(value_of(record, "birth_date")->derived);
        /* The number says it, the row does not. */
        assert_true(value_of(record, "sex")->derived);
        assert_str_is(value_of(record, "sex")->value, "M");
    }
    assert_true(view_person(&view, number_of(&view, "钱多多"), &person, &err));
    assert_int_equal(person.finding_count, 1);
    assert_int_equal(person.findings[0].kind, FINDING_NOT_ENROLLED);
    assert_int_equal(person.standing, STANDING_NOT_ENROLLED);
    assert_false(view_person(&view, 0, &person, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    town_leave(&town, &view);
    arena_free(&arena);
    town_close(&town);
}

static void a_record_elsewhere_tells_register_and_area(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct asker askers[] = {town_asker_of_school("2162000002"), town_asker_of_area("620421")};
    static const int seen[] = {2, 1};
    for (int a = 0; a < 2; a++) {
        struct view view = town_look(&town, &arena, &askers[a]);
        struct view_person person;
        struct view_revealed *revealed;
        size_t count;
        int visible = 0;
        assert_true(view_person(&view, number_of(&view, "单于飞"), &person, &err));
        for (size_t i = 0; i < person.record_count; i++) {
            const struct view_record *record = &person.records[i];
            visible += record->line.visible;
            if (record->line.visible) continue;
            assert_non_null(record->line.profile);
            assert_true(record->line.area.len > 0);
            assert_null(record->batch);
            assert_int_equal(record->value_count, 0);
            assert_int_equal(record->line.name.len, 0);
        }
        assert_int_equal(visible, seen[a]);
        assert_true(view_reveal(&view, number_of(&view, "单于飞"), &revealed, &count, &err));
        int numbers = 0;
        for (size_t i = 0; i < count; i++) {
            if (!str_is(revealed[i].field->key, "id_number")) continue;
            assert_str_is(revealed[i].value, ID_A);
            numbers++;
        }
        assert_int_equal(numbers, seen[a]);
        assert_false(view_person(&view, number_of(&view, "钱多多"), &person, &err));
        assert_int_equal(err.kind, ERR_NOT_FOUND);
        assert_false(view_reveal(&view, number_of(&view, "钱多多"), &revealed, &count, &err));
        town_leave(&town, &view);
    }
    arena_free(&arena);
    town_close(&town);
}

static void places_are_counted(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct asker all = asker_local(), county = town_asker_of_area("620422"),
                 school = town_asker_of_school("2162000001");
    struct view view = town_look(&town, &arena, &all);
    struct view_area *areas;
    struct view_summary summary;
    size_t count;
    view_areas(&view, &areas, &count);
    assert_true(count >= 4);
    assert_str_is(areas[0].code, "620400");
    assert_string_equal(areas[0].level, "prefecture");
    assert_int_equal(areas[0].parent.len, 0);
    uint64_t persons = view.snapshot->run.people.person_count;
    assert_int_equal(areas[0].persons, persons);
    for (size_t i = 1; i < count; i++) {
        assert_true(str_compare(areas[i - 1].code, areas[i].code) < 0);
        assert_true(areas[i].parent.len > 0);
    }
    view_summary(&view, STR_EMPTY, &summary);
    assert_int_equal(summary.expected, view.snapshot->run.summary.expected);
    assert_int_equal(summary.standings[STANDING_NOT_ENROLLED], 2);
    assert_int_equal(summary.area_count, 2); /* the two counties */
    assert_str_is(summary.areas[1].code, "620422");
    assert_int_equal(summary.areas[1].findings[FINDING_NOT_ENROLLED], 2);
    assert_true(summary.last_import_ms > 0);
    view_summary(&view, STR("620422"), &summary);
    assert_str_is(summary.areas[0].code, "620422100");
    uint64_t inside = summary.expected;
    view.asker = &county;
    view_summary(&view, STR_EMPTY, &summary);
    assert_int_equal(summary.expected, inside);
    view_areas(&view, &areas, &count);
    for (size_t i = 0; i < count; i++) assert_true(str_starts(areas[i].code, STR("620422")));
    view.asker = &school;
    view_summary(&view, STR_EMPTY, &summary);
    assert_int_equal(summary.standings[STANDING_ON_ROLL], summary.expected);
    assert_true(summary.expected > 0 && summary.expected <= 25);
    assert_int_equal(summary.area_count, 0);
    town_leave(&town, &view);
    arena_free(&arena);
    town_close(&town);
}

static void schools_and_registers_are_listed(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct asker all = asker_local(), township = town_asker_of_area("620422101");
    struct view view = town_look(&town, &arena, &all);
    const struct view_page page = {.page = 1, .size = 1}, every = {.page = 1, .size = SIZE_MAX};
    const struct snapshot_school **schools;
    struct view_register *registers;
    size_t count, total;
    view_schools(&view, STR_EMPTY, STR_EMPTY, &page, &schools, &count, &total);
    assert_int_equal(count, 1);
    assert_int_equal(total, 2);
    view_schools(&view, STR("620422"), STR("白塔"), &every, &schools, &count, &total);
    assert_int_equal(count, 1);
    assert_str_is(schools[0]->code, "2162000002");
    view.asker = &township;
    view_schools(&view, STR_EMPTY, STR_EMPTY, &every, &schools, &count, &total);
    assert_int_equal(count, 1);
    assert_true(view_registers(&view, &registers, &count, &err));
    bool roll = false;
    for (size_t i = 0; i < count; i++) {
        if (!str_is(registers[i].profile->key, "roll")) continue;
        roll = true;
        assert_int_equal(registers[i].statements, 26);
        assert_int_equal(registers[i].batches, 1);
        assert_true(registers[i].last_import_ms > 0);
    }
    assert_true(roll);
    town_leave(&town, &view);
    arena_free(&arena);
    town_close(&town);
}

/* The pair that waits in this town, if there is one, is made by two rows that are nearly one child.
 */
static void pairs_wait_until_they_are_decided(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct asker all = asker_local(), other = town_asker_of_area("620421");
    struct view_review *rows;
    struct view_review_pair pair;
    size_t waiting, decided, total;
    const struct view_page every = {.page = 1, .size = SIZE_MAX};
    struct registry *registry = &town.world->registry;
    world_load(state, town.world,
               "roll,2020-10-01\nname,birth_date,guardian_name,area,school_code,stage,grade\n"
               "钱朵朵,2012-05-03,钱大,620422100,2162000001,primary,primary:3\n",
               world_options());
    assert_true(snapshot_hub_refresh(town.hub, NULL, &err));
    struct view view = town_look(&town, &arena, &all);
    assert_true(view_reviews(&view, false, &every, &rows, &waiting, &total, &err));
    assert_true(waiting > 0);
    assert_int_equal(waiting, total);
    int64_t number = rows[0].number;
    assert_true(view_review(&view, number, &pair, &err));
    assert_int_equal(pair.review.verdict, REVIEW_OPEN);
    assert_true(pair.left.line.visible && pair.right.line.visible);
    assert_true(pair.explanation.fields[0].left.len > 0);
    /* Each of the two stands on the other's page. */
    struct view_person person;
    bool near = false;
    assert_true(view_person(&view, pair.left.line.person, &person, &err));
    for (size_t i = 0; i < person.candidate_count; i++) {
        if (person.candidates[i].line.person != pair.right.line.person) continue;
        near = true;
        assert_true(person.candidates[i].explained);
        assert_true(person.candidates[i].explanation.fields[0].right.len > 0);
    }
    assert_true(near);
    assert_true(review_decide(registry, &all, number, REVIEW_DIFFERENT, STR("双胞胎"),
                              REVIEW_SEEN_ANY, NULL, &err));
    assert_true(view_reviews(&view, false, &every, &rows, &decided, &total, &err));
    assert_int_equal(decided, waiting - 1);
    assert_true(view_reviews(&view, true, &every, &rows, &decided, &total, &err));
    assert_int_equal(decided, 1);
    assert_int_equal(rows[0].verdict, REVIEW_DIFFERENT);
    assert_str_is(rows[0].why, "双胞胎");
    assert_true(view_review(&view, number, &pair, &err));
    assert_int_equal(pair.review.verdict, REVIEW_DIFFERENT);
    view.asker = &other;
    assert_true(view_reviews(&view, true, &every, &rows, &decided, &total, &err));
    assert_int_equal(decided, 0);
    assert_false(view_review(&view, number, &pair, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    town_leave(&town, &view);
    /* Taken back, it is undecided at once, not only in the snapshot that comes after. */
    assert_true(snapshot_hub_refresh(town.hub, NULL, &err));
    view = town_look(&town, &arena, &all);
    assert_true(review_decide(registry, &all, number, REVIEW_OPEN, STR("看错了"), REVIEW_SEEN_ANY,
                              NULL, &err));
    assert_true(view_review(&view, number, &pair, &err));
    assert_int_equal(pair.review.verdict, REVIEW_OPEN);
    assert_int_equal(pair.review.why.len, 0);
    town_leave(&town, &view);
    arena_free(&arena);
    town_close(&town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_with_the_source_of_every_fact),
        cmocka_unit_test(a_record_elsewhere_tells_register_and_area),
        cmocka_unit_test(places_are_counted),
        cmocka_unit_test(schools_and_registers_are_listed),
        cmocka_unit_test(pairs_wait_until_they_are_decided),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
