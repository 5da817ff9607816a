#include "base/testing.h"

#include "jobs/shelf.h"

struct thing {
    struct shelf_item item;
    int value; /* 0: just made */
};

static int cleared;

static void clear(struct shelf_item *item)
{
    cleared += ((struct thing *)item)->value;
}

static struct shelf *open_shelf(struct arena *arena)
{
    const struct shelf_rules rules = {
        .size = sizeof(struct thing), .items_max = 4, .bytes_max = 100, .clear = clear};
    struct shelf *shelf;
    cleared = 0;
    shelf_open(&shelf, arena, &rules);
    return shelf;
}

static struct thing *take(struct shelf *shelf, const char *key)
{
    return (struct thing *)shelf_take(shelf, str_from(key));
}

/* Looks at a thing, makes it when it is not there; what it was before. */
static int look(struct shelf *shelf, const char *key, int value, size_t bytes)
{
    struct thing *thing = take(shelf, key);
    int was = thing->value;
    if (was == 0) thing->value = value;
    shelf_give(shelf, &thing->item, bytes);
    return was;
}

static void what_is_used_stays(void **state)
{
    struct arena arena = {0};
    struct shelf *shelf = open_shelf(&arena);
    (void)state;
    assert_int_equal(look(shelf, "a", 1, 10), 0);
    assert_int_equal(look(shelf, "b", 10, 10), 0);
    assert_int_equal(look(shelf, "c", 100, 10), 0);
    assert_true(look(shelf, "d", 1000, 10) == 0 && cleared == 0);
    assert_int_equal(look(shelf, "a", 0, 10), 1);
    look(shelf, "e", 10000, 10); /* b was used longest ago */
    assert_int_equal(cleared, 10);
    assert_int_equal(look(shelf, "a", 0, 10), 1);
    shelf_close(shelf);
    assert_int_equal(cleared, 11111);
    arena_free(&arena);
}

static void large_things_go_but_not_what_is_in_use(void **state)
{
    struct arena arena = {0};
    struct shelf *shelf = open_shelf(&arena);
    (void)state;
    struct thing *held = take(shelf, "held");
    held->value = 1;
    look(shelf, "small", 10, 10);
    assert_true(shelf_has_room(shelf));
    look(shelf, "large", 100, 101);
    assert_int_equal(cleared, 110); /* all that could go went, and it is still too much */
    shelf_give(shelf, &held->item, 200);
    assert_int_equal(cleared, 110); /* one may be as large as it is */
    assert_false(shelf_has_room(shelf));
    assert_int_equal(look(shelf, "held", 0, 10), 1);
    shelf_close(shelf);
    arena_free(&arena);
}

static bool is_not(const void *context, const struct shelf_item *item)
{
    return !str_is(item->key, context);
}

static void what_nobody_wants_is_sorted_out(void **state)
{
    struct arena arena = {0};
    struct shelf *shelf = open_shelf(&arena);
    (void)state;
    struct thing *held = take(shelf, "b");
    held->value = 10;
    look(shelf, "a", 1, 10);
    shelf_sort_out(shelf, is_not, "a");
    shelf_sort_out(shelf, is_not, "b");
    assert_int_equal(cleared, 1);
    assert_int_equal(look(shelf, "a", 1, 10), 0);
    shelf_give(shelf, &held->item, 10);
    assert_int_equal(look(shelf, "b", 0, 10), 10);
    shelf_close(shelf);
    arena_free(&arena);
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
