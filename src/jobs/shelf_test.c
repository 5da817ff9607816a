#include "base/testing.h"

#include "jobs/shelf.h"

struct thing {
    struct shelf_item item;
    int value; /* 0: just made */
    int *gone; /* gets the value when it goes */
};

static void clear(struct shelf_item *item)
{
    struct thing *thing = (struct thing *)item;
    *thing->gone += thing->value;
}

/* A shelf, and the sum of what went from it. */
struct test_shelf {
    struct arena arena;
    struct shelf *shelf;
    int gone;
};

static void open_shelf(struct test_shelf *test)
{
    const struct shelf_rules rules = {
        .size = sizeof(struct thing), .items_max = 4, .bytes_max = 100, .clear = clear};
    *test = (struct test_shelf){0};
    shelf_open(&test->shelf, &test->arena, &rules);
}

static void close_shelf(struct test_shelf *test)
{
    shelf_close(test->shelf);
    arena_free(&test->arena);
}

static struct thing *take(struct test_shelf *test, const char *key)
{
    struct thing *thing = (struct thing *)shelf_take(test->shelf, str_from(key));
    thing->gone = &test->gone;
    return thing;
}

/* Looks at a thing, makes it when it is not there; what it was before. */
static int look(struct test_shelf *test, const char *key, int value, size_t bytes)
{
    struct thing *thing = take(test, key);
    int was = thing->value;
    if (was == 0) thing->value = value;
    shelf_give(test->shelf, &thing->item, bytes);
    return was;
}

static void what_is_used_stays(void **state)
{
    struct test_shelf test;
    (void)state;
    open_shelf(&test);
    assert_int_equal(look(&test, "a", 1, 10), 0);
    assert_int_equal(look(&test, "b", 10, 10), 0);
    assert_int_equal(look(&test, "c", 100, 10), 0);
    assert_true(look(&test, "d", 1000, 10) == 0 && test.gone == 0);
    assert_int_equal(look(&test, "a", 0, 10), 1);
    look(&test, "e", 10000, 10); /* b was used longest ago */
    assert_int_equal(test.gone, 10);
    assert_int_equal(look(&test, "a", 0, 10), 1);
    close_shelf(&test);
    assert_int_equal(test.gone, 11111);
}

static void large_things_go_but_not_what_is_in_use(void **state)
{
    struct test_shelf test;
    (void)state;
    open_shelf(&test);
    struct thing *held = take(&test, "held");
    held->value = 1;
    look(&test, "small", 10, 10);
    assert_true(shelf_has_room(test.shelf));
    look(&test, "large", 100, 101);
    assert_int_equal(test.gone, 110); /* all that could go went, and it is still too much */
    shelf_give(test.shelf, &held->item, 200);
    assert_int_equal(test.gone, 110); /* one may be as large as it is */
    assert_false(shelf_has_room(test.shelf));
    assert_int_equal(look(&test, "held", 0, 10), 1);
    close_shelf(&test);
}

static bool is_not(const void *context, const struct shelf_item *item)
{
    return !str_is(item->key, context);
}

static void what_nobody_wants_is_sorted_out(void **state)
{
    struct test_shelf test;
    (void)state;
    open_shelf(&test);
    struct thing *held = take(&test, "b");
    held->value = 10;
    look(&test, "a", 1, 10);
    shelf_sort_out(test.shelf, is_not, "a");
    shelf_sort_out(test.shelf, is_not, "b");
    assert_int_equal(test.gone, 1);
    assert_int_equal(look(&test, "a", 1, 10), 0);
    shelf_give(test.shelf, &held->item, 10);
    assert_int_equal(look(&test, "b", 0, 10), 10);
    close_shelf(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_used_stays),
        cmocka_unit_test(large_things_go_but_not_what_is_in_use),
        cmocka_unit_test(what_nobody_wants_is_sorted_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
