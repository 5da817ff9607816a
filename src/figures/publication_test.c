#include "figures/difference.h"
#include "figures/figures_testing.h"
#include "figures/member_pack.h"

/* What is published stays, can be proven, and two publications are told apart row by row. */

static struct publication publish(struct town *town, const char *key)
{
    struct err err = ERR_INIT;
    struct publication made;
    assert_true(registry_now(&town->world->registry, &town->when.known_ms, &err));
    assert_true(town_lay(town, &err));
    const struct figure *figure = figure_find(&town->figures, str_from(key));
    if (!publication_make(&town->desk, &town->arena, figure, STR("试"), &made, &err)) {
        fail_msg("%s", err.en);
    }
    return made;
}

static struct str differences(struct town *town, const struct publication *a,
                              const struct publication *b)
{
    struct err err = ERR_INIT;
    struct text text;
    struct difference *items;
    size_t count;
    text_init(&text, &town->arena, 4096);
    if (!publication_compare(&town->world->registry, &town->arena, a, b, &items, &count, &err)) {
        fail_msg("%s", err.en);
    }
    for (size_t i = 0; i < count; i++) {
        text_add_f(&text, "%s %.*s %lld %lld>%lld %s;", difference_kind_key(items[i].kind),
                   STR_ARG(items[i].of), (long long)items[i].record, (long long)items[i].was,
                   (long long)items[i].now, difference_why_key(items[i].why));
    }
    return text_str(&text);
}

#define ENROLLED                                                                                   \
    FIGURE_HEAD("enrolled", "persons", "count")                                                    \
    "rows: SELECT record, area FROM roll WHERE status = 'active'\n"
#define PEOPLE                                                                                     \
    FIGURE_HEAD("people", "persons", "sum")                                                        \
    "rows: {of: villages, sql: 'SELECT record, population AS value FROM villages'}\n"

static void test_publishes_and_compares(void **state)
{
    struct town *town = town_open(state);
    town_add(town, ENROLLED);
    town_add(town, PEOPLE);
    struct publication a = publish(town, "enrolled"), people = publish(town, "people");
    assert_str_is(a.value, "5");
    assert_str_is(people.value, "2900");
    assert_str_is(a.areas, "*");
    struct publication again = publish(town, "enrolled");
    assert_memory_equal(a.members_hash, again.members_hash, PUBLICATION_HASH_BYTES);
    assert_memory_equal(a.definition_hash, again.definition_hash, PUBLICATION_HASH_BYTES);
    assert_str_is(differences(town, &a, &again), "");
    world_load(state, town->world,
               "roll,2020-10-20\nname,id_number,school_code,stage,grade,boarding,status,area\n"
               "王小明," ID_A ",2162000001,primary,primary:3,no,dropped_out,620421101\n"
               "周四,,2162000001,primary,primary:2,no,active,620421101\n",
               world_options());
    world_load(state, town->world,
               "villages,2020-10-20\nvillage,area_code,poor_village,exit_year,population,area\n"
               "红堡子,620422103201,yes,2019,1300,620422103201\n",
               world_options());
    struct publication b = publish(town, "enrolled"), more = publish(town, "people");
    assert_str_is(b.value, "5");
    assert_str_is(more.value, "3000");
    assert_memory_not_equal(a.members_hash, b.members_hash, PUBLICATION_HASH_BYTES);
    assert_str_is(differences(town, &a, &b), "gone roll 1 1>0 ended;added roll 8 0>1 stated;");
    assert_str_is(differences(town, &people, &more),
                  "gone villages 1 1200>0 ended;added villages 4 0>1300 stated;");
    assert_str_is(differences(town, &b, &a), "added roll 1 0>1 stated;gone roll 8 1>0 undone;");
    struct err err = ERR_INIT;
    struct difference *items;
    size_t count;
    assert_false(publication_compare(&town->world->registry, &town->arena, &a, &people, &items,
                                     &count, &err));
    assert_int_equal(err.kind, ERR_USAGE);
    town_close(town);
}

/* The same records, another definition. */
static void test_definition_differs(void **state)
{
    struct town *town = town_open(state);
    town_add(town, ENROLLED);
    struct publication a = publish(town, "enrolled");
    town->figures.count = 0;
    town_add(town,
             FIGURE_HEAD("enrolled", "persons", "count") "rows: SELECT record, area FROM roll\n");
    struct publication b = publish(town, "enrolled");
    assert_memory_not_equal(a.definition_hash, b.definition_hash, PUBLICATION_HASH_BYTES);
    assert_str_is(differences(town, &a, &b), "added roll 5 0>1 counted;");
    town_close(town);
}

static void test_lists_and_guards(void **state)
{
    struct town *town = town_open(state);
    struct store *store = town->world->registry.store;
    struct err err = ERR_INIT;
    struct publication *items, found;
    struct publication_members members;
    size_t count;
    struct asker all = asker_local(), county = asker_within(&all, STR("620421"));
    town_add(town, ENROLLED);
    struct publication whole = publish(town, "enrolled");
    town->asker = county;
    struct publication part = publish(town, "enrolled");
    assert_str_is(part.value, "2");
    assert_true(publication_list(store, &town->arena, &all, STR_EMPTY, &items, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(items[0].number, part.number);
    assert_true(publication_list(store, &town->arena, &county, STR_EMPTY, &items, &count, &err));
    assert_int_equal(count, 1);
    assert_false(publication_find(store, &town->arena, &county, whole.number, &found, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    err = ERR_INIT;
    assert_true(publication_find(store, &town->arena, &all, whole.number, &found, &err));
    assert_true(publication_members_read(store, &town->arena, &found, FIGURE_ROWS, &members, &err));
    assert_int_equal(members.count, 5);
    assert_int_equal(members.items[4].record, 6);
    /* Only grows, and what is changed behind its back is found. */
    assert_false(store_exec(store, "UPDATE publication SET value = '6'", &err));
    assert_false(store_exec(store, "DELETE FROM publication_member", &err));
    err = ERR_INIT;
    assert_true(store_exec(store,
                           "DROP TRIGGER publication_member_no_update;"
                           "UPDATE publication_member SET members = x'070000'",
                           &err));
    assert_false(
        publication_members_read(store, &town->arena, &found, FIGURE_ROWS, &members, &err));
    assert_int_equal(err.kind, ERR_STORE);
    town->asker.capabilities = CAPABILITY_LOOK;
    assert_true(town_lay(town, &err) && err.kind == ERR_STORE);
    assert_false(
        publication_make(&town->desk, &town->arena, town->list[0], STR_EMPTY, &found, &err));
    assert_int_equal(err.kind, ERR_DENIED);
    town_close(town);
}

static void test_records_are_counted_once(void **state)
{
    struct town *town = town_open(state);
    struct err err = ERR_INIT;
    struct publication made;
    town_add(
        town,
        FIGURE_HEAD("twice", "persons",
                    "count") "rows: SELECT record FROM roll UNION ALL SELECT record FROM roll\n");
    assert_true(town_lay(town, &err));
    assert_false(
        publication_make(&town->desk, &town->arena, town->list[0], STR_EMPTY, &made, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    town_close(town);
}

static void test_packs(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct member_list list = {0};
    static const struct publication_member members[] = {{0, 1, 0, 0, false},
                                                        {0, 2, 700000, -5, true},
                                                        {0, 300, 1, 0, true},
                                                        {0, 301, 0, INT64_MAX / 2, true},
                                                        {0, INT64_MAX, 1, INT64_MIN / 2, true}};
    enum { COUNT = sizeof members / sizeof *members };
    struct str bytes = members_pack(&arena, members, COUNT);
    assert_true(members_unpack(&arena, bytes, &list, &err));
    assert_int_equal(list.count, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(list.items[i].record == members[i].record);
        assert_true(list.items[i].person == members[i].person);
        assert_true(list.items[i].value == members[i].value);
        assert_true(list.items[i].has_value == members[i].has_value);
    }
    for (size_t cut = 1; cut < bytes.len; cut++) {
        struct member_list part = {0};
        if (!members_unpack(&arena, str_slice(bytes, 0, cut), &part, &err)) continue;
        assert_true(part.count < COUNT);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_publishes_and_compares),
        cmocka_unit_test(test_definition_differs),
        cmocka_unit_test(test_lists_and_guards),
        cmocka_unit_test(test_records_are_counted_once),
        cmocka_unit_test(test_packs),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
