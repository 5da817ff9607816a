#include "store/testing.h"

#include "access/audit.h"

static void areas_nest(void **state)
{
    (void)state;
    static const struct {
        const char *outer, *inner;
        bool covers;
    } cases[] = {
        {"620422", "620422", true},
        {"620422", "620422101", true},
        {"620422", "620422101203", true},
        {"620422000000", "620422101203", true},
        {"620400", "620422", true},
        {"620000", "620422101", true},
        {"62", "620422", true},
        {"6204", "620422", true},
        {"620422101", "620422", false},
        {"620422", "620421", false},
        {"620422101000", "620422101", true},
        {"620422101", "620422101000", true},
        {"620422100", "620422101", false},
        {"620422100", "620422100203", true},
        {"", "620422", false},
        {"620422", "", false},
        {"620422", "6204", false},
        {"", "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (area_covers(str_from(cases[i].outer), str_from(cases[i].inner)) != cases[i].covers) {
            fail_msg("\"%s\" covers \"%s\" is wrong", cases[i].outer, cases[i].inner);
        }
    }
}

static void askers_narrow(void **state)
{
    (void)state;
    struct asker local = asker_local();
    assert_true(asker_sees(&local, STR("")));
    assert_true(asker_sees(&local, STR("110101")));
    struct asker county = asker_within(&local, STR("620422"));
    assert_true(asker_sees(&county, STR("620422101")));
    assert_false(asker_sees(&county, STR("620421")));
    assert_false(asker_sees(&county, STR("")));
    struct asker town = asker_within(&county, STR("620422101"));
    assert_true(asker_sees(&town, STR("620422101203")));
    assert_false(asker_sees(&town, STR("620422102")));
    struct asker still_town = asker_within(&town, STR("620400"));
    assert_true(asker_sees(&still_town, STR("620422101203")));
    assert_false(asker_sees(&still_town, STR("620422")));
    struct asker nothing = asker_within(&town, STR("620421"));
    assert_int_equal(nothing.area_count, 0);
    assert_false(asker_sees(&nothing, STR("620421")));
}

static struct store *open_fresh(void **state)
{
    struct store *store = test_store_fresh(state);
    struct err err = ERR_INIT;
    assert_true(access_migrate(store, &err));
    assert_true(access_migrate(store, &err));
    return store;
}

static struct store *open_with_three_rows(void **state)
{
    struct store *store = open_fresh(state);
    struct err err = ERR_INIT;
    struct clock clock = clock_fixed(1606262400000);
    struct asker local = asker_local();
    assert_true(audit_append(store, &clock, &local, AUDIT_IMPORT, STR("batch 1"), STR_EMPTY, &err));
    assert_true(store_begin(store, &err));
    assert_true(audit_append(store, &clock, &local, AUDIT_UNDO, STR("batch 1"), STR_EMPTY, &err));
    store_rollback(store);
    assert_true(store_begin(store, &err));
    assert_true(audit_append(store, &clock, &local, AUDIT_CHECK, STR_EMPTY, STR_EMPTY, &err));
    assert_true(store_commit(store, &err));
    assert_true(audit_append(store, &clock, &local, AUDIT_REVEAL, STR("person 345"),
                             STR("入户核查"), &err));
    return store;
}

static bool collect(void *context, const struct audit_entry *entry)
{
    struct text *text = context;
    text_add_f(text, "%d %.*s %.*s %.*s %.*s;", (int)entry->number, STR_ARG(entry->user),
               STR_ARG(entry->action), STR_ARG(entry->object), STR_ARG(entry->reason));
    return entry->number < 2 || text->len < 1000;
}

static int64_t broken_at(struct store *store)
{
    struct err err = ERR_INIT;
    int64_t number = -1;
    assert_true(audit_verify(store, &number, &err));
    return number;
}

static void the_trail_is_kept_and_whole(void **state)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct store *store = open_fresh(state);
    assert_int_equal(broken_at(store), 0);
    store_close(store);
    store = open_with_three_rows(state);
    struct text text;
    text_init(&text, &arena, 4096);
    assert_true(audit_list(store, collect, &text, &err));
    assert_str_is(text_str(&text),
                  "1 local import batch 1 ;2 local check  ;3 local reveal person 345 入户核查;");
    assert_int_equal(broken_at(store), 0);
    assert_false(store_exec(store, "UPDATE audit SET user_name = 'x' WHERE number = 2", &err));
    assert_non_null(strstr(err.en, "never changed"));
    assert_false(store_exec(store, "DELETE FROM audit", &err));
    assert_false(store_exec(store, "DELETE FROM audit_head", &err));
    assert_false(store_exec(store, "UPDATE audit_head SET count = 1", &err));
    assert_false(store_exec(store,
                            "INSERT INTO audit SELECT 9, at_ms, user_name, action, object, "
                            "reason, hash FROM audit WHERE number = 1",
                            &err));
    store_close(store);
    arena_free(&arena);
}

/* Who has the file and another program cuts off the end and writes the head anew: the chain is
 * whole, but what was noted of it before is not in it any more. */
static void an_end_that_was_cut_off_is_found_by_what_was_noted(void **state)
{
    struct err err = ERR_INIT;
    struct store *store = open_with_three_rows(state);
    struct clock clock = clock_fixed(1606262400000);
    struct asker local = asker_local();
    struct audit_root root, noted;
    char text[AUDIT_ROOT_SIZE];
    bool holds = false;
    assert_true(audit_root(store, &root, &err));
    assert_int_equal(root.entries, 3);
    assert_true(audit_root_read(str_from(audit_root_text(&root, text)), &noted));
    assert_memory_equal(&noted, &root, sizeof root);
    assert_false(audit_root_read(STR("3"), &noted));
    assert_false(audit_root_read(STR("3:12"), &noted));
    assert_true(audit_append(store, &clock, &local, AUDIT_CHECK, STR_EMPTY, STR_EMPTY, &err));
    assert_true(audit_holds(store, &root, &holds, &err));
    assert_true(holds);
    if (!store_exec(store,
                    "DROP TRIGGER audit_no_delete; DROP TRIGGER audit_head_grows;"
                    "DELETE FROM audit WHERE number > 2; UPDATE audit_head SET count = 2, hash = "
                    "(SELECT hash FROM audit WHERE number = 2)",
                    &err)) {
        fail_msg("%s", err.en);
    }
    assert_int_equal(broken_at(store), 0);
    assert_true(audit_holds(store, &root, &holds, &err));
    assert_false(holds);
    store_close(store);
}

/* What stands in a trail stays readable, also when a later program wrote it. */
static void actions_have_words(void **state)
{
    (void)state;
    for (int i = 0; i < AUDIT_ACTION_COUNT; i++) {
        enum audit_action action = (enum audit_action)i;
        struct str key = str_from(audit_action_key(action));
        for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
            const char *text = audit_action_text(action, (enum lang)lang);
            assert_true(str_is(audit_action_words(key, (enum lang)lang), text));
        }
    }
    assert_str_is(audit_action_words(STR("user_add"), LANG_ZH), "新增用户");
    assert_str_is(audit_action_words(STR("user_add"), LANG_EN), "user added");
    assert_str_is(audit_action_words(STR("of_later"), LANG_EN), "of_later");
}

static void parts_of_the_trail_are_found(void **state)
{
    static const struct {
        struct audit_filter filter;
        const char *numbers;
        uint64_t total;
    } cases[] = {
        {{.most = 9}, "3 2 1 ", 3},
        {{.most = 2}, "3 2 ", 3},
        {{.most = 2, .skip = 2}, "1 ", 3},
        {{.most = 0}, "", 3},
        {{.action = {"reveal", 6}, .most = 9}, "3 ", 1},
        {{.object = {"batch 1", 7}, .most = 9}, "1 ", 1},
        {{.user = {"local", 5}, .action = {"check", 5}, .most = 9}, "2 ", 1},
        {{.user = {"zhang", 5}, .most = 9}, "", 0},
        {{.from_ms = 1606262400000, .most = 9}, "3 2 1 ", 3},
        {{.to_ms = 1606262400000, .most = 9}, "", 0},
        {{.from_ms = 1606262400001, .most = 9}, "", 0},
    };
    struct store *store = open_with_three_rows(state);
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = ERR_INIT;
        struct audit_entry *entries = NULL;
        size_t count = 0;
        uint64_t total = 99;
        struct text text;
        text_init(&text, &arena, 256);
        text_add_c(&text, "");
        assert_true(audit_select(store, &arena, &cases[i].filter, &entries, &count, &total, &err));
        for (size_t n = 0; n < count; n++) text_add_f(&text, "%d ", (int)entries[n].number);
        assert_str_is(text_str(&text), cases[i].numbers);
        assert_int_equal(total, cases[i].total);
    }
    store_close(store);
    arena_free(&arena);
}

/* Someone with the file in hand takes the triggers away first. */
static void tampering_is_found(void **state)
{
    static const struct {
        int which;
        int64_t broken;
    } cases[] = {{0, 1}, {1, 2}, {2, 2}, {3, 3}, {4, 1}, {5, 4}, {6, 4}, {7, 4}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = ERR_INIT;
        struct store *store = open_with_three_rows(state);
        assert_true(store_exec(store,
                               "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;"
                               "DROP TRIGGER audit_in_order; DROP TRIGGER audit_head_grows;"
                               "DROP TRIGGER audit_head_no_delete",
                               &err));
        bool done = false;
        switch (cases[i].which) {
        case 0:
            done = store_exec(store, "UPDATE audit SET at_ms = 0 WHERE number = 1", &err);
            break;
        case 1:
            done = store_exec(store,
                              "UPDATE audit SET object = reason, reason = object "
                              "WHERE number > 1; UPDATE audit SET object = 'x' "
                              "WHERE number = 2",
                              &err);
            break;
        case 2: done = store_exec(store, "DELETE FROM audit WHERE number = 2", &err); break;
        case 3: done = store_exec(store, "DELETE FROM audit WHERE number = 3", &err); break;
        case 4: done = store_exec(store, "DELETE FROM audit", &err); break;
        case 5:
            done = store_exec(store,
                              "INSERT INTO audit SELECT 4, at_ms, user_name, action, object, "
                              "reason, hash FROM audit WHERE number = 3",
                              &err);
            break;
        case 6: done = store_exec(store, "UPDATE audit_head SET count = 4", &err); break;
        case 7: done = store_exec(store, "DELETE FROM audit_head", &err); break;
        default: break;
        }
        assert_true(done);
        assert_int_equal(broken_at(store), cases[i].broken);
        store_close(store);
    }
}

static void every_call_may_fail(void **state)
{
    struct clock clock = clock_fixed(0);
    struct asker local = asker_local();
    uint64_t n = 1;
    for (bool passed = false; !passed; n++) {
        struct err err = ERR_INIT;
        struct store *store = open_with_three_rows(state);
        store_fault_set(store, n);
        passed = audit_append(store, &clock, &local, AUDIT_CHECK, STR_EMPTY, STR_EMPTY, &err);
        assert_int_equal(passed, !store_fault_reached(store));
        store_fault_set(store, 0);
        assert_int_equal(broken_at(store), 0);
        if (!passed) {
            assert_true(
                audit_append(store, &clock, &local, AUDIT_CHECK, STR_EMPTY, STR_EMPTY, &err));
        }
        struct text text;
        struct arena arena = {0};
        text_init(&text, &arena, 4096);
        assert_true(audit_list(store, collect, &text, &err));
        assert_true(str_ends(text_str(&text), STR(";4 local check  ;")));
        assert_int_equal(broken_at(store), 0);
        arena_free(&arena);
        store_close(store);
    }
    assert_true(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_nest),
        cmocka_unit_test(askers_narrow),
        cmocka_unit_test(the_trail_is_kept_and_whole),
        cmocka_unit_test(an_end_that_was_cut_off_is_found_by_what_was_noted),
        cmocka_unit_test(actions_have_words),
        cmocka_unit_test(parts_of_the_trail_are_found),
        cmocka_unit_test(tampering_is_found),
        cmocka_unit_test(every_call_may_fail),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
