#include "cli/suggest.h"

#include "base/testing.h"

static const char *const words[] = {"check",  "import", "import list", "link", "match",
                                    "review", "--at",   "--area",      "--all"};

static void test_suggestions(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *word;
    } cases[] = {
        {"chek", "check"},   /* left out */
        {"checkk", "check"}, /* added */
        {"cehck", "check"},  /* swapped */
        {"chack", "check"},  /* replaced */
        {"imprt list", "import list"},
        {"--aera", "--area"},
        {"--a", "--at"}, /* the first of those as near */
        {"frobnicate", NULL},
        {"x", NULL},
        {"", NULL},
        {"a-word-of-more-than-forty-letters-is-not-compared", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct suggestion best = suggest_start(str_from(cases[i].typed));
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) suggest_try(&best, words[k]);
        if (cases[i].word == NULL) {
            assert_null(best.word);
        } else {
            assert_non_null(best.word);
            assert_string_equal(best.word, cases[i].word);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_suggestions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
