#include "policy/check.h"

/* Words that a clause quotes stand in a sentence of the document that the pack keeps. */

enum { SEARCHED_BYTES_MAX = 1 << 30 };

struct quoting {
    struct checker *checker;
    size_t searched; /* bytes */
};

static bool stands_in(struct quoting *quoting, const struct policy_document *document,
                      struct str quote)
{
    for (size_t s = 0; s < document->sentence_count; s++) {
        quoting->searched += document->sentences[s].text.len;
        if (str_find(document->sentences[s].text, quote) != SIZE_MAX) return true;
    }
    return false;
}

static void check_cites(struct quoting *quoting, const struct policy_cites *cites)
{
    struct checker *checker = quoting->checker;
    for (size_t i = 0; i < cites->count; i++) {
        const struct policy_cite *cite = &cites->items[i];
        const struct policy_document *document = &checker->policy->documents[cite->document];
        if (cite->quote.len == 0) continue;
        if (quoting->searched > SEARCHED_BYTES_MAX) {
            fault_at(checker->reader, cite->place, "引文太多，无法逐一核对",
                     "too many quotations to look for");
            return;
        }
        if (stands_in(quoting, document, cite->quote)) continue;
        fault_at(checker->reader, cite->place, "引用的文字不在“%.*s”收录的条文里",
                 "the quoted words stand in no sentence kept of \"%.*s\"", STR_ARG(document->key));
    }
}

void check_quotations(struct checker *checker)
{
    struct quoting quoting = {.checker = checker};
    const struct policy *policy = checker->policy;
    for (size_t d = 0; d < policy->definition_count; d++) {
        const struct policy_definition *definition = &policy->definitions[d];
        for (size_t v = 0; v < definition->version_count; v++) {
            check_cites(&quoting, &definition->versions[v].cites);
        }
    }
    for (size_t s = 0; s < policy->standard_count; s++) {
        const struct policy_standard *standard = &policy->standards[s];
        for (size_t r = 0; r < standard->row_count; r++) {
            check_cites(&quoting, &standard->rows[r].cites);
        }
    }
    for (size_t s = 0; s < policy->scheme_count; s++) {
        const struct policy_scheme *scheme = &policy->schemes[s];
        check_cites(&quoting, &scheme->cites);
        for (size_t c = 0; c < scheme->clause_count; c++) {
            check_cites(&quoting, &scheme->clauses[c].cites);
        }
    }
    for (size_t e = 0; e < policy->exclusion_count; e++) {
        check_cites(&quoting, &policy->exclusions[e].cites);
    }
    for (size_t s = 0; s < policy->stack_count; s++) {
        check_cites(&quoting, &policy->stacks[s].cites);
    }
}
