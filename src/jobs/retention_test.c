#include "jobs/retention.h"

#include "jobs/workspace.h"
#include "registry/registry_testing.h"

#include <sys/stat.h>

/* What is kept is never touched, what is due goes whole or not at all, and no table is forgotten.
 */

static const int64_t day_ms = 24 * 60 * 60 * 1000;
enum { REJECTED_DAYS = 730, APPROVAL_DAYS = 1096, TABLES_MAX = 200 };

static struct retention_rules load_rules(struct arena *arena)
{
    struct retention_rules rules;
    struct err err = ERR_INIT;
    assert_true(retention_load(&rules, arena, NULL, &err));
    return rules;
}

static size_t tables_of(struct store *store, struct arena *arena, struct str *names)
{
    struct store_statement *select = NULL;
    struct err err = ERR_INIT;
    bool row = false;
    size_t count = 0;
    assert_true(store_prepare(
        store, &select, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", &err));
    for (;;) {
        assert_true(store_step(select, &row, &err));
        if (!row) break;
        assert_true(count < TABLES_MAX);
        names[count++] = str_copy(arena, store_str(select, 0));
    }
    store_finish(select);
    return count;
}

/* Who makes a table says in retention.yaml how long it is kept. */
static void every_table_has_one_kind(void **state)
{
    struct workspace workspace;
    struct err err = ERR_INIT;
    struct workspace_options options = {
        .path = test_path_fresh(state), .create = true, .clock = clock_fixed(1606780800000)};
    assert_true(workspace_open(&workspace, &options, &err));
    struct str names[TABLES_MAX];
    struct retention_rules one = {.count = 1};
    size_t count = tables_of(workspace.store, &workspace.arena, names);
    assert_true(count > 30);
    for (size_t t = 0; t < count; t++) {
        size_t kinds = 0;
        for (size_t k = 0; k < workspace.retention.count; k++) {
            one.kinds = &workspace.retention.kinds[k];
            kinds += retention_kind_of(&one, names[t]) != NULL;
        }
        if (kinds != 1) fail_msg("%s belongs to %zu kinds", names[t].ptr, kinds);
    }
    workspace_close(&workspace);
}

/* What the texts of law ask for at least, and what the program promises to keep. */
static void the_rules_keep_the_law(void **state)
{
    static const struct {
        const char *table;
        enum retention_then then;
        int64_t days_min;
    } cases[] = {
        {"audit", RETENTION_KEEP, 180},
        {"approval", RETENTION_ERASE, 3 * 365},
        {"register_population", RETENTION_KEEP, 3650},
        {"batch", RETENTION_KEEP, 3650},
        {"ending", RETENTION_KEEP, 3650},
        {"decision", RETENTION_KEEP, 3650},
        {"person_record", RETENTION_KEEP, 3650},
        {"finding", RETENTION_KEEP, 3650},
        {"book_transfer", RETENTION_KEEP, 30 * 365},
    };
    struct arena arena = {0};
    struct retention_rules rules = load_rules(&arena);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct retention_kind *kind = retention_kind_of(&rules, str_from(cases[i].table));
        assert_non_null(kind);
        assert_int_equal(kind->then, cases[i].then);
        assert_true(kind->days >= cases[i].days_min);
    }
    assert_null(retention_kind_of(&rules, STR("tests_of_nobody")));
    arena_free(&arena);
}

static void a_rule_that_cannot_be_followed_is_refused(void **state)
{
#define KIND(rest) "kinds:\n  audit:\n    zh: 审\n    en: a\n    tables: [audit]\n" rest
#define WHY "    why_zh: 因\n    why_en: w\n"
    static const struct {
        const char *text, *says;
    } cases[] = {
        {KIND("    days: 9\n    then: erase\n    law: [法]\n" WHY), "erases nothing"},
        {KIND("    days: 9\n    then: burn\n    law: [法]\n" WHY), "then is"},
        {KIND("    then: keep\n    law: [法]\n" WHY), "days is"},
        {KIND("    days: 9\n    then: keep\n" WHY), "law"},
        {KIND("    days: 9\n    then: keep\n    law: [法]\n    until: 9\n" WHY), "not known"},
        {KIND("    days: 9\n    then: keep\n    law: [法]\n"), "why_zh"},
        {"days: 3\n", "kinds"},
    };
    struct arena arena = {0};
    const char *folder = test_path(state, "packs");
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(mkdir(test_path(state, "packs/national"), 0700), 0);
    assert_int_equal(mkdir(test_path(state, "packs/national/rules"), 0700), 0);
    const char *path = test_path(state, "packs/national/rules/retention.yaml");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = ERR_INIT;
        struct retention_rules rules = {.count = 99};
        assert_true(file_write(path, str_from(cases[i].text), 0600, &err));
        assert_false(retention_load(&rules, &arena, folder, &err));
        assert_int_equal(err.kind, ERR_INPUT);
        if (strstr(err.en, cases[i].says) == NULL) fail_msg("%s", err.en);
        assert_int_equal(rules.count, 99);
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(test_path(state, "packs/national/rules")), 0);
    assert_int_equal(rmdir(test_path(state, "packs/national")), 0);
    assert_int_equal(rmdir(folder), 0);
    arena_free(&arena);
}

/* One of each that may be erased, of the day on which the world begins, and all else. */
static struct world *open_old(void **state)
{
    struct err err = ERR_INIT;
    struct world *world = world_open(state);
    struct store *store = world->registry.store;
    world_load(state, world, ROLL_SEPTEMBER, world_options());
    world_load(state, world, ROLL_OCTOBER, world_options());
    assert_true(registry_undo(&world->registry, &world->local, 2, &err));
    assert_true(store_exec(store,
                           "INSERT INTO user_account (name, display_name, role, school, password, "
                           "must_change, second_factor_used, made_ms, seen_ms, disabled_ms) "
                           "VALUES ('zhang', '张', 'county', '', '', 0, 0, 0, 0, 0)",
                           &err));
    assert_true(store_exec(store,
                           "INSERT INTO session (hash, user, made_ms, seen_ms) "
                           "VALUES (x'01', 1, 1606780800000, 1606780800000)",
                           &err));
    assert_true(store_exec(store,
                           "INSERT INTO login_failure (name_hash, count, last_ms) "
                           "VALUES (x'02', 1, 1606780800000)",
                           &err));
    assert_true(store_exec(store,
                           "INSERT INTO approval (action, object, reason, areas, asked_by, "
                           "asked_ms, decided_by, why, decided_ms, granted, used_ms) VALUES "
                           "('export', 'o', 'r', '*', 'zhang', 1606780800000, '', '', 0, 0, 0)",
                           &err));
    return world;
}

static struct str dues_text(struct arena *arena, const struct retention_rules *rules,
                            const struct retention_due *dues)
{
    struct text text;
    text_init(&text, arena, 4096);
    text_add_c(&text, "");
    for (size_t i = 0; i < rules->count; i++) {
        if (dues[i].rows == 0 && dues[i].due == 0) continue;
        text_add_f(&text, "%.*s %d/%d ", STR_ARG(dues[i].kind->key), (int)dues[i].due,
                   (int)dues[i].rows);
    }
    return text_str(&text);
}

/* How many rows each table has that is not erased from; the trail grows by what is done. */
static struct str kept_counts(struct store *store, struct arena *arena,
                              const struct retention_rules *rules)
{
    struct str names[TABLES_MAX];
    struct text text;
    size_t count = tables_of(store, arena, names);
    text_init(&text, arena, 1 << 16);
    for (size_t t = 0; t < count; t++) {
        const struct retention_kind *kind = retention_kind_of(rules, names[t]);
        struct store_statement *select = NULL;
        struct err err = ERR_INIT;
        if (kind->then == RETENTION_ERASE && !str_is(names[t], "reject")) continue;
        if (str_is(names[t], "audit")) continue;
        assert_true(store_prepare_table(store, &select, "SELECT count(*) FROM @table",
                                        str_cstr(arena, names[t]), NULL, 0, &err));
        assert_true(store_step_row(select, &err));
        text_add_f(&text, "%s %d\n", names[t].ptr, (int)store_i64(select, 0));
        store_finish(select);
    }
    return text_str(&text);
}

/* What a clerk sees of batches and rejected rows. */
static struct str batches_text(struct world *world, bool *written)
{
    struct err err = ERR_INIT;
    struct text text;
    struct batch *batches = NULL;
    struct reject_row *rows = NULL;
    size_t count = 0;
    text_init(&text, &world->arena, 1 << 16);
    assert_true(
        registry_batches(&world->registry, &world->arena, &world->local, &batches, &count, &err));
    for (size_t i = 0; i < count; i++) {
        text_add_f(&text, "%d %d %d %d %d;", (int)batches[i].number, (int)batches[i].rows,
                   (int)batches[i].accepted, (int)batches[i].warned, (int)batches[i].rejected);
    }
    assert_true(registry_rejects_look(&world->registry, &world->arena, &world->local, 1, &rows,
                                      &count, &err));
    for (size_t i = 0; i < count; i++) {
        text_add_f(&text, "%d %d %.*s;", (int)rows[i].row, rows[i].rejected, STR_ARG(rows[i].code));
        if (rows[i].rejected) *written = rows[i].written.len > 0;
    }
    return text_str(&text);
}

static int64_t trail_length(struct world *world)
{
    struct err err = ERR_INIT;
    struct audit_entry *entries = NULL;
    size_t count = 0;
    uint64_t total = 0;
    struct audit_filter filter = {.action = STR("retention"), .most = 1};
    assert_true(audit_select(world->registry.store, &world->arena, &filter, &entries, &count,
                             &total, &err));
    return (int64_t)total;
}

static void what_is_due_goes_and_the_rest_stays(void **state)
{
    static const struct {
        int64_t days;
        const char *before, *after;
        bool written;
    } cases[] = {
        {0, "sessions 0/1 login_failures 0/1 approvals 0/1 rejected_rows 0/1 ",
         "sessions 0/1 login_failures 0/1 approvals 0/1 rejected_rows 0/1 ", true},
        {2, "sessions 1/1 login_failures 1/1 approvals 0/1 rejected_rows 0/1 ",
         "sessions 1/0 login_failures 1/0 approvals 0/1 rejected_rows 0/1 ", true},
        {REJECTED_DAYS, "approvals 0/1 rejected_rows 0/1 ", "approvals 0/1 rejected_rows 0/1 ",
         true},
        {REJECTED_DAYS + 1, "approvals 0/1 rejected_rows 1/1 ", "approvals 0/1 rejected_rows 1/0 ",
         false},
        {APPROVAL_DAYS + 1, "approvals 1/1 ", "approvals 1/0 ", false},
        {40000, "", "", false},
    };
    struct world *world = open_old(state);
    struct retention_rules rules = load_rules(&world->arena);
    struct store *store = world->registry.store;
    bool written = false;
    struct str kept = kept_counts(store, &world->arena, &rules);
    struct str batches = batches_text(world, &written);
    int64_t trail = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = ERR_INIT;
        struct retention_due *dues = NULL;
        const struct clock clock = clock_fixed(1606780800000 + cases[i].days * day_ms);
        assert_true(retention_look(store, &clock, &rules, &world->arena, &dues, &err));
        assert_str_is(dues_text(&world->arena, &rules, dues), cases[i].before);
        assert_true(
            retention_apply(store, &clock, &world->local, &rules, &world->arena, &dues, &err));
        assert_str_is(dues_text(&world->arena, &rules, dues), cases[i].after);
        trail += strcmp(cases[i].before, cases[i].after) != 0;
        assert_int_equal(trail_length(world), trail);
        assert_true(str_equal(kept_counts(store, &world->arena, &rules), kept));
        assert_true(str_equal(batches_text(world, &written), batches));
        assert_int_equal(written, cases[i].written);
    }
    world_close(world);
}

static void every_call_may_fail(void **state)
{
    for (uint64_t n = 1;; n++) {
        struct world *world = open_old(state);
        struct store *store = world->registry.store;
        struct retention_rules rules = load_rules(&world->arena);
        struct retention_due *dues = NULL;
        struct err err = ERR_INIT;
        const struct clock clock = clock_fixed(1606780800000 + 4000 * day_ms);
        store_fault_set(store, n);
        bool passed =
            retention_apply(store, &clock, &world->local, &rules, &world->arena, &dues, &err);
        assert_int_equal(passed, !store_fault_reached(store));
        store_fault_set(store, 0);
        struct err none = ERR_INIT;
        assert_true(retention_look(store, &clock, &rules, &world->arena, &dues, &none));
        assert_str_is(dues_text(&world->arena, &rules, dues),
                      passed ? ""
                             : "sessions 1/1 login_failures 1/1 approvals 1/1 rejected_rows 1/1 ");
        assert_int_equal(trail_length(world), passed);
        world_close(world);
        if (passed) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_has_one_kind),
        cmocka_unit_test(the_rules_keep_the_law),
        cmocka_unit_test(a_rule_that_cannot_be_followed_is_refused),
        cmocka_unit_test(what_is_due_goes_and_the_rest_stays),
        cmocka_unit_test(every_call_may_fail),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
