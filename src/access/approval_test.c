#include "store/testing.h"

#include "access/approval.h"
#include "access/audit.h"

struct desk {
    struct arena arena;
    struct store *store;
    struct clock clock;
    struct asker zhang, wang, city, town;
    int64_t number;
};

static struct asker asker_of(const char *name, const char *area)
{
    return (struct asker){.name = str_from(name),
                          .areas = {str_from(area)},
                          .area_count = 1,
                          .capabilities = role_capabilities(ROLE_COUNTY)};
}

static void open_desk(struct desk *desk, void **state)
{
    struct err err = ERR_INIT;
    *desk = (struct desk){.store = test_store_fresh(state),
                          .clock = clock_fixed(1606262400000),
                          .zhang = asker_of("zhang", "620422"),
                          .wang = asker_of("wang", "620422"),
                          .city = asker_of("city", "6204"),
                          .town = asker_of("town", "620422101")};
    assert_true(access_migrate(desk->store, &err));
    assert_true(approval_ask(desk->store, &desk->clock, &desk->zhang, STR("export"),
                             STR("kind=not_enrolled"), STR("入户名单"), &desk->number, &err));
}

static void close_desk(struct desk *desk)
{
    int64_t broken = -1;
    struct err err = ERR_INIT;
    assert_true(audit_verify(desk->store, &broken, &err));
    assert_int_equal(broken, 0);
    store_close(desk->store);
    arena_free(&desk->arena);
}

static enum err_kind decide(struct desk *desk, const struct asker *asker, bool grant)
{
    struct err err = ERR_INIT;
    bool done =
        approval_decide(desk->store, &desk->clock, asker, desk->number, grant, STR("同意"), &err);
    assert_int_equal(done, err.kind == ERR_NONE);
    return err.kind;
}

static enum err_kind use(struct desk *desk, const struct asker *asker, const char *object)
{
    struct err err = ERR_INIT;
    bool done = approval_use(desk->store, &desk->clock, asker, desk->number, STR("export"),
                             str_from(object), &err);
    assert_int_equal(done, err.kind == ERR_NONE);
    return err.kind;
}

static void it_takes_another_user_who_sees_it_all(void **state)
{
    struct desk desk;
    open_desk(&desk, state);
    assert_int_equal(use(&desk, &desk.zhang, "kind=not_enrolled"), ERR_DENIED);
    assert_int_equal(decide(&desk, &desk.zhang, true), ERR_DENIED);
    assert_int_equal(decide(&desk, &desk.town, true), ERR_DENIED);
    struct asker blind = desk.city;
    blind.capabilities = role_capabilities(ROLE_FINANCE);
    assert_int_equal(decide(&desk, &blind, true), ERR_DENIED);
    assert_int_equal(decide(&desk, &desk.wang, true), ERR_NONE);
    assert_int_equal(decide(&desk, &desk.city, false), ERR_CONFLICT);
    close_desk(&desk);
}

static void it_is_good_once_for_what_was_asked(void **state)
{
    struct desk desk;
    open_desk(&desk, state);
    assert_int_equal(decide(&desk, &desk.city, true), ERR_NONE);
    assert_int_equal(use(&desk, &desk.wang, "kind=not_enrolled"), ERR_DENIED);
    assert_int_equal(use(&desk, &desk.zhang, "kind=not_attending"), ERR_DENIED);
    assert_int_equal(use(&desk, &desk.zhang, "kind=not_enrolled"), ERR_NONE);
    assert_int_equal(use(&desk, &desk.zhang, "kind=not_enrolled"), ERR_DENIED);
    desk.number++;
    assert_int_equal(use(&desk, &desk.zhang, "kind=not_enrolled"), ERR_NOT_FOUND);
    close_desk(&desk);
}

static void it_does_not_wait_for_ever(void **state)
{
    struct desk desk;
    open_desk(&desk, state);
    desk.clock.fixed_ms += APPROVAL_LIFE_MS;
    assert_int_equal(decide(&desk, &desk.wang, true), ERR_CONFLICT);
    close_desk(&desk);
    open_desk(&desk, state);
    assert_int_equal(decide(&desk, &desk.wang, true), ERR_NONE);
    desk.clock.fixed_ms += APPROVAL_LIFE_MS;
    assert_int_equal(use(&desk, &desk.zhang, "kind=not_enrolled"), ERR_DENIED);
    close_desk(&desk);
    open_desk(&desk, state);
    assert_int_equal(decide(&desk, &desk.wang, false), ERR_NONE);
    assert_int_equal(use(&desk, &desk.zhang, "kind=not_enrolled"), ERR_DENIED);
    close_desk(&desk);
}

static size_t listed(struct desk *desk, const struct asker *asker, bool *may_decide)
{
    struct err err = ERR_INIT;
    struct approval *approvals = NULL;
    size_t count = 0;
    assert_true(
        approval_list(desk->store, &desk->clock, &desk->arena, asker, &approvals, &count, &err));
    *may_decide = count > 0 && approval_may_decide(&approvals[0], asker);
    if (count > 0) assert_str_is(approvals[0].reason, "入户名单");
    return count;
}

static void who_sees_it_in_the_list(void **state)
{
    struct desk desk;
    bool may = false;
    struct err err = ERR_INIT;
    open_desk(&desk, state);
    assert_int_equal(listed(&desk, &desk.zhang, &may), 1);
    assert_false(may);
    assert_int_equal(listed(&desk, &desk.wang, &may), 1);
    assert_true(may);
    assert_int_equal(listed(&desk, &desk.town, &may), 0);
    assert_false(approval_ask(desk.store, &desk.clock, &desk.zhang, STR("export"), STR("x"),
                              STR("  "), &desk.number, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    close_desk(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_takes_another_user_who_sees_it_all),
        cmocka_unit_test(it_is_good_once_for_what_was_asked),
        cmocka_unit_test(it_does_not_wait_for_ever),
        cmocka_unit_test(who_sees_it_in_the_list),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
