#include "link/engine_internal.h"
#include "link/engine_testing.h"

#include <math.h>

static const char *const columns[] = {"grade", "kind", "note"};

static const char spec_text[] = "compare:\n"
                                "  grade: {on: grade, levels: [exact, damerau 1]}\n"
                                "  kind: {on: kind, levels: [exact]}\n"
                                "block: [note]\n";

enum { RECORDS = 300000 };

/* A quarter of the grades are 11, 12, 21 and 99 each, so that three eighths of all pairs are one
 * edit apart; `salt` stands before all, so that hashes differ from table to table. */
static void fill(struct table *table, struct arena *arena, uint32_t kinds, uint32_t salt)
{
    static const char *const grades[] = {"11", "12", "21", "99"};
    table_open(table, arena, RECORDS, columns, 3);
    for (uint32_t r = 0; r < RECORDS; r++) {
        char grade[16], kind[16];
        snprintf(grade, sizeof grade, "%u-%s", salt, kinds == 0 ? "11" : grades[r % 4]);
        snprintf(kind, sizeof kind, "%u-%u", salt, kinds == 0 ? 0 : r / 4 % kinds);
        table_add(table, 0, r, (const char *[]){grade, kind, "x"});
    }
}

/* Many records that say the same: pairs are drawn among all of them, not among few contents. */
static void test_few_contents(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct link_spec *spec = spec_of(&arena, spec_text);
    for (uint32_t salt = 0; salt < 12; salt++) {
        struct arena one = {0};
        struct table table;
        struct random_levels found;
        uint32_t kinds = salt % 4 * 5;
        fill(&table, &one, kinds, salt);
        tally_random(engine_of(&one, &table, spec), 0, &found);
        double edits = found.counts[0][1] / found.present[0];
        if (kinds == 0)
            assert_true(found.counts[0][0] == found.present[0]);
        else
            assert_true(fabs(edits - 0.375) < 0.01);
        arena_free(&one);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_contents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
