#include "findings/finding_store.h"

#include "registry/registry_testing.h"

/* What finding_save keeps over many runs. A run is a text of findings "kind person key probability"
 * with ";" between; persons are 1 … 9. */

enum { FINDINGS_MAX = 8, PERSONS = 9 };

struct saved {
    struct finding findings[FINDINGS_MAX];
    struct finding_entry entries[FINDINGS_MAX];
    size_t count;
};

static struct world *open_world(void **state)
{
    struct err err = ERR_INIT;
    struct world *world = world_open(state);
    assert_true(finding_migrate(world->registry.store, &err));
    return world;
}

static bool save(struct world *world, const char *text, const char *at, struct saved *saved,
                 struct err *err)
{
    struct person persons[PERSONS];
    struct people people = {.persons = persons, .person_count = PERSONS};
    struct str rest = str_from(text), one, part;
    day asked;
    *saved = (struct saved){0};
    for (int p = 0; p < PERSONS; p++) persons[p] = (struct person){.number = 100 + p};
    assert_true(day_parse(str_from(at), &asked));
    while (str_split(&rest, ';', &one)) {
        if (one.len == 0) continue;
        struct finding *finding = &saved->findings[saved->count++];
        int64_t value;
        *finding = (struct finding){.nearest = UINT32_MAX, .record = UINT32_MAX};
        assert_true(str_split(&one, ' ', &part));
        finding->kind = (enum finding_kind)finding_kind_of(part);
        assert_true(str_split(&one, ' ', &part));
        assert_true(str_to_i64(part, &value));
        finding->person = value == 0 ? UINT32_MAX : (uint32_t)value - 1;
        assert_true(str_split(&one, ' ', &part));
        finding->key = str_is(part, "-") ? STR_EMPTY : part;
        assert_true(str_to_i64(one, &value));
        finding->probability_ppm = (uint32_t)value;
    }
    return finding_save(&world->registry, &people, saved->findings, saved->count, asked,
                        saved->entries, err);
}

static struct str print_saved(struct arena *arena, const struct saved *saved)
{
    struct text text;
    text_init(&text, arena, 4096);
    for (size_t i = 0; i < saved->count; i++) {
        char opened[DAY_TEXT_SIZE];
        text_add_f(&text, "%lld %s %s;", (long long)saved->entries[i].number,
                   day_format(saved->entries[i].opened, opened),
                   finding_status_key(saved->entries[i].status));
    }
    return text_str(&text);
}

/* The whole table, one line a finding. */
static struct str print_table(struct world *world)
{
    struct text text;
    struct store_statement *rows = NULL;
    struct err err = ERR_INIT;
    bool row = true;
    text_init(&text, &world->arena, 1 << 16);
    assert_true(store_prepare(world->registry.store, &rows,
                              "SELECT number, kind, person, status, opened, closed, "
                              "probability_ppm FROM finding ORDER BY number",
                              &err));
    for (;;) {
        assert_true(store_step(rows, &row, &err));
        if (!row) break;
        struct str kind = store_str(rows, 1);
        text_add_f(&text, "%lld %.*s", (long long)store_i64(rows, 0), STR_ARG(kind));
        text_add_f(&text, " %lld ", (long long)store_i64(rows, 2));
        text_add(&text, store_str(rows, 3));
        text_add_byte(&text, ' ');
        text_add(&text, store_str(rows, 4));
        text_add_byte(&text, ' ');
        text_add(&text, store_str(rows, 5));
        text_add_f(&text, " %lld;", (long long)store_i64(rows, 6));
    }
    store_finish(rows);
    return text_str(&text);
}

#define ONE "not_enrolled 1 - 900000;"
#define TWO "not_enrolled 2 - 800000;"
#define PART "not_enrolled 2 roll/7 700000;"
#define SCHOOL "not_reported 0 某小学 500000;"

static void opens_keeps_and_closes(void **state)
{
    static const struct {
        const char *findings, *at, *entries, *table;
    } runs[] = {
        {ONE TWO, "2020-09-15", "1 2020-09-15 suspected;2 2020-09-15 suspected;",
         "1 not_enrolled 100 suspected 2020-09-15  900000;"
         "2 not_enrolled 101 suspected 2020-09-15  800000;"},
        /* Again on the same day: nothing new. */
        {TWO ONE, "2020-09-15", "2 2020-09-15 suspected;1 2020-09-15 suspected;",
         "1 not_enrolled 100 suspected 2020-09-15  900000;"
         "2 not_enrolled 101 suspected 2020-09-15  800000;"},
        /* Gone in a second run of the same day: closed. */
        {"not_enrolled 1 - 950000;", "2020-09-15", "1 2020-09-15 suspected;",
         "1 not_enrolled 100 suspected 2020-09-15  950000;"
         "2 not_enrolled 101 closed 2020-09-15 2020-09-15 800000;"},
        /* Back, with the day on which it was opened; a part of the same person is another. */
        {ONE TWO PART SCHOOL, "2020-11-01",
         "1 2020-09-15 suspected;2 2020-09-15 suspected;3 2020-11-01 suspected;"
         "4 2020-11-01 suspected;",
         "1 not_enrolled 100 suspected 2020-09-15  900000;"
         "2 not_enrolled 101 suspected 2020-09-15  800000;"
         "3 not_enrolled 101 suspected 2020-11-01  700000;"
         "4 not_reported 0 suspected 2020-11-01  500000;"},
        {"", "2020-11-02", "",
         "1 not_enrolled 100 closed 2020-09-15 2020-11-02 900000;"
         "2 not_enrolled 101 closed 2020-09-15 2020-11-02 800000;"
         "3 not_enrolled 101 closed 2020-11-01 2020-11-02 700000;"
         "4 not_reported 0 closed 2020-11-01 2020-11-02 500000;"},
        /* What is closed stays closed on the day it was. */
        {ONE, "2020-12-01", "1 2020-09-15 suspected;",
         "1 not_enrolled 100 suspected 2020-09-15  900000;"
         "2 not_enrolled 101 closed 2020-09-15 2020-11-02 800000;"
         "3 not_enrolled 101 closed 2020-11-01 2020-11-02 700000;"
         "4 not_reported 0 closed 2020-11-01 2020-11-02 500000;"},
    };
    struct world *world = open_world(state);
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        struct saved saved;
        struct err err = ERR_INIT;
        assert_true(save(world, runs[i].findings, runs[i].at, &saved, &err));
        assert_str_is(print_saved(&world->arena, &saved), runs[i].entries);
        assert_str_is(print_table(world), runs[i].table);
    }
    world_close(world);
}

static void a_confirmed_one_stays_confirmed(void **state)
{
    static const struct {
        const char *findings, *entries;
    } runs[] = {{ONE, "1 2020-09-15 confirmed;"},
                {TWO, "2 2020-11-01 suspected;"},
                {ONE, "1 2020-09-15 suspected;"}};
    struct world *world = open_world(state);
    struct saved saved;
    struct err err = ERR_INIT;
    assert_true(save(world, ONE, "2020-09-15", &saved, &err));
    assert_true(store_exec(world->registry.store, "UPDATE finding SET status = 'confirmed'", &err));
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        assert_true(save(world, runs[i].findings, "2020-11-01", &saved, &err));
        assert_str_is(print_saved(&world->arena, &saved), runs[i].entries);
    }
    world_close(world);
}

static void every_call_may_fail(void **state)
{
    uint64_t n = 1;
    struct world *world = open_world(state);
    for (bool passed = false; !passed; n++) {
        struct err err = ERR_INIT;
        struct saved saved;
        assert_true(store_exec(world->registry.store, "DELETE FROM finding", &err));
        assert_true(save(world, ONE TWO, "2020-09-15", &saved, &err));
        struct str before = print_table(world);
        store_fault_set(world->registry.store, n);
        passed = save(world, TWO SCHOOL, "2020-11-01", &saved, &err);
        assert_int_equal(passed, !store_fault_reached(world->registry.store));
        store_fault_set(world->registry.store, 0);
        assert_false(store_in_transaction(world->registry.store));
        if (!passed) {
            assert_int_equal(err.kind, ERR_STORE);
            assert_str_is(print_table(world), before.ptr);
            assert_true(save(world, TWO SCHOOL, "2020-11-01", &saved, &err));
        }
        assert_str_is(print_saved(&world->arena, &saved),
                      "2 2020-09-15 suspected;3 2020-11-01 suspected;");
        assert_str_is(print_table(world), "1 not_enrolled 100 closed 2020-09-15 2020-11-01 900000;"
                                          "2 not_enrolled 101 suspected 2020-09-15  800000;"
                                          "3 not_reported 0 suspected 2020-11-01  500000;");
    }
    assert_true(n > 8);
    world_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_keeps_and_closes),
        cmocka_unit_test(a_confirmed_one_stays_confirmed),
        cmocka_unit_test(every_call_may_fail),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
