#include "sample/city_testing.h"

#include "base/testing.h"

enum { CHILDREN = 60000, SEED = 17 };

static int set_up(void **state)
{
    struct city_world *world = city_world_open(CHILDREN, SEED);
    city_aid(&world->city);
    *state = world;
    return 0;
}

static const struct payment *payment_of(const struct city *city, uint32_t child, const char *scheme,
                                        const char *period)
{
    for (size_t i = 0; i < city->payments.count; i++) {
        const struct payment *payment = &city->payments.items[i];
        char name[PERIOD_TEXT_SIZE];
        if (payment->child != child) continue;
        if (!str_is(city->settings->aid.schemes[payment->scheme].key, scheme)) continue;
        period_format(city->settings->plans[payment->plan].period, name);
        if (strcmp(name, period) == 0) return payment;
    }
    return NULL;
}

/* The two subsidies, read a second time in plain words for a part of the children. */
static void test_living_subsidies(void **state)
{
    const struct city *city = &((struct city_world *)*state)->city;
    size_t boarders = 0, others = 0;
    for (uint32_t i = 0; i < city->children.count; i += 23) {
        const struct child *child = &city->children.items[i];
        const struct family *family = &city->families.items[child->family];
        bool rural = !city->settings->villages[family->village].urban;
        bool pupil = child->on_roll && child->situation == IS_AT_SCHOOL;
        if (!pupil || !child->registered || child->age >= 18) continue;
        if (child->stage != STAGE_PRIMARY && child->stage != STAGE_JUNIOR) continue;
        bool four = family->poverty || (rural && (family->dibao || family->destitute))
                    || child->disability_kind > 0;
        bool hard =
            four || family->dibao || family->destitute || child->orphan || child->recognised;
        int64_t boarding = child->stage == STAGE_PRIMARY ? 50000 : 62500;
        int64_t boarder_fen = child->boarding && hard ? boarding : 0;
        int64_t day_fen = !child->boarding && four ? boarding / 2 : 0;
        const struct payment *a = payment_of(city, i, "boarding_subsidy", "2020-autumn");
        const struct payment *b = payment_of(city, i, "day_subsidy", "2020-autumn");
        assert_int_equal(a == NULL ? 0 : a->due_fen, boarder_fen);
        assert_int_equal(b == NULL ? 0 : b->due_fen, day_fen);
        boarders += boarder_fen > 0;
        others += day_fen > 0;
    }
    assert_true(boarders > 10);
    assert_true(others > 50);
}

/* What goes wrong does so at the stated rates, and only in the ways that are stated. */
static void test_states(void **state)
{
    const struct city *city = &((struct city_world *)*state)->city;
    const struct aid_settings *aid = &city->settings->aid;
    int64_t due = 0, missed = 0, twice = 0, undue = 0, together = 0;
    for (size_t i = 0; i < city->payments.count; i++) {
        const struct payment *payment = &city->payments.items[i];
        const struct aid_scheme *scheme = &aid->schemes[payment->scheme];
        bool now = city->settings->plans[payment->plan].last;
        assert_true(payment->each_fen > 0);
        if (payment->due_fen > 0) assert_int_equal(payment->due_fen, payment->each_fen);
        due += now && payment->due_fen > 0;
        switch (payment->state) {
        case PAYMENT_RIGHT: assert_true(payment->times == 1 && payment->due_fen > 0); break;
        case PAYMENT_MISSED:
            assert_true(now && payment->times == 0 && payment->due_fen > 0);
            missed++;
            break;
        case PAYMENT_UNDUE:
            assert_true(now && payment->times == 1 && payment->due_fen == 0);
            undue++;
            break;
        case PAYMENT_TWICE:
            twice++;
            if (payment->times == 2) break;
            /* Together with the one that is right. */
            assert_true(payment->times == 1 && payment->due_fen == 0 && scheme->excludes >= 0);
            assert_true(i > 0 && payment[-1].child == payment->child);
            assert_int_equal(payment[-1].scheme, scheme->excludes);
            assert_int_equal(payment[-1].state, PAYMENT_RIGHT);
            together++;
            break;
        }
    }
    assert_true(due > 4000);
    assert_in_range(missed * PPM / due, aid->missed * 3 / 4, aid->missed * 5 / 4);
    assert_in_range(twice * PPM / due, aid->twice / 2, aid->twice * 2);
    assert_true(undue > 20);
    assert_true(together > 0);
    assert_true(together < twice);
}

/* A list of an earlier term has nobody who was then in an earlier stage, and no one who was only
 * recognised this year. */
static void test_earlier_terms(void **state)
{
    const struct city *city = &((struct city_world *)*state)->city;
    size_t rows = 0;
    for (size_t i = 0; i < city->payments.count; i++) {
        const struct payment *payment = &city->payments.items[i];
        const struct child *child = &city->children.items[payment->child];
        if (city->settings->plans[payment->plan].last) continue;
        assert_int_equal(payment->grade, child->grade - 1);
        assert_true(payment->grade >= 1);
        uint32_t facts = city_aid_facts(city, payment->child);
        assert_true((facts & ~(1u << AID_RECOGNISED | 1u << AID_POOR_COUNTY)) != 0);
        rows++;
    }
    assert_true(rows > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_living_subsidies),
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_earlier_terms),
    };
    return cmocka_run_group_tests(tests, set_up, city_world_close);
}
