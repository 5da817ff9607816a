#include "sample/city_testing.h"

#include "base/testing.h"

enum { CHILDREN = 30000, SEED = 17 };

static struct city_world *make_world(int64_t error_permille)
{
    struct city_world *world = city_world_open(CHILDREN, SEED);
    city_aid(&world->city);
    city_accounts(&world->city, error_permille);
    return world;
}

static int set_up(void **state)
{
    *state = make_world(1000);
    return 0;
}

static const struct file_plan *plan_of(const struct city *city, enum source source)
{
    for (size_t i = 0; i < city->settings->plan_count; i++)
        if (city->settings->plans[i].source == source) return &city->settings->plans[i];
    fail_msg("no such list");
    return NULL;
}

/* Everybody to whom a scheme of the list is due or was paid stands on it once, and nobody else. */
static void test_who_is_listed(void **state)
{
    const struct city *city = &((struct city_world *)*state)->city;
    const struct file_plan *list = plan_of(city, SOURCE_ACCOUNTS);
    size_t wanted = 0;
    for (uint32_t i = 0; i < city->children.count; i++) {
        bool here = false;
        size_t listed = 0;
        for (size_t k = 0; i % 37 == 0 && k < city->payments.count; k++) {
            const struct payment *payment = &city->payments.items[k];
            bool now = city->settings->plans[payment->plan].last;
            here |= payment->child == i && now && (list->schemes >> payment->scheme & 1) != 0;
        }
        for (size_t k = 0; i % 37 == 0 && k < city->accounts.count; k++)
            listed += city->accounts.items[k].child == i;
        assert_int_equal(listed, here);
        wanted += here;
    }
    assert_true(wanted > 20);
}

/* What the list says against what the bank has, kind by kind. */
static void test_kinds(void **state)
{
    const struct city *city = &((struct city_world *)*state)->city;
    const int64_t *shares = city->settings->aid.accounts;
    size_t counts[ACCOUNT_KINDS] = {0}, all = city->accounts.count;
    for (size_t i = 0; i < all; i++) {
        const struct account *account = &city->accounts.items[i];
        bool same = str_equal(account->number, account->stated_number);
        bool same_holder = str_equal(account->holder, account->stated_holder);
        bool grown = city->children.items[account->child].age >= 16;
        counts[account->kind]++;
        if (grown) assert_int_equal(account->holder_adult, NOBODY);
        if (i > 0) assert_true(account->child > account[-1].child);
        switch (account->kind) {
        case ACCOUNT_LACKING:
            assert_int_equal(account->number.len + account->stated_number.len, 0);
            break;
        case ACCOUNT_OTHER:
            assert_false(same || same_holder);
            assert_int_equal(account->stated_number.len, account->number.len);
            break;
        case ACCOUNT_MALFORMED:
            assert_true(same_holder && !same);
            assert_true(account->stated_number.len < account->number.len);
            break;
        default: assert_true(same && same_holder); assert_int_equal(account->number.len, 19);
        }
    }
    for (int kind = ACCOUNT_RIGHT + 1; kind < ACCOUNT_KINDS; kind++) {
        int64_t expected = (int64_t)all * shares[kind] / PPM;
        assert_true((int64_t)counts[kind] >= expected / 3);
        assert_true((int64_t)counts[kind] <= expected * 3 + 3);
    }
    assert_true(counts[ACCOUNT_RIGHT] * 10 > all * 9);
}

/* An account of a guardian is in use for all children of the family, or for none. */
static void test_shared_accounts(void **state)
{
    const struct city *city = &((struct city_world *)*state)->city;
    size_t shared = 0;
    for (size_t i = 1; i < city->accounts.count; i++) {
        const struct account *account = &city->accounts.items[i], *before = account - 1;
        if (account->number.len == 0 || !str_equal(account->number, before->number)) continue;
        bool of_row = (account->kind > ACCOUNT_RIGHT && account->kind < ACCOUNT_CLOSED)
                      || (before->kind > ACCOUNT_RIGHT && before->kind < ACCOUNT_CLOSED);
        if (!of_row) assert_int_equal(account->kind, before->kind);
        assert_true(str_equal(account->holder, before->holder));
        shared++;
    }
    assert_true(shared > 50);
}

static void test_without_errors(void **state)
{
    (void)state;
    struct city_world *world = make_world(0);
    void *made = world;
    assert_true(world->city.accounts.count > 500);
    for (size_t i = 0; i < world->city.accounts.count; i++)
        assert_int_equal(world->city.accounts.items[i].kind, ACCOUNT_RIGHT);
    city_world_close(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_is_listed),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_shared_accounts),
        cmocka_unit_test(test_without_errors),
    };
    return cmocka_run_group_tests(tests, set_up, city_world_close);
}
