#include "policy/trial.h"

#include "base/list.h"

/* Every clause, row, version and exclusion with its citations; then the sentences of documents that
 * nothing quotes. */

struct covering {
    struct arena *arena;
    const struct policy *policy;
    uint16_t pack;
    struct policy_cover_row *documents; /* by document, then one for what cites nothing */
    LIST(struct policy_cover_row) sentences;
    uint32_t **quoted; /* by document, sentence: how many quote it */
};

static void add_name(struct covering *covering, struct policy_cover_row *row, struct str zh,
                     struct str en)
{
    enum { NAMES_BYTES_MAX = 4096 };
    struct text text;
    text_init(&text, covering->arena, NAMES_BYTES_MAX);
    text_add(&text, row->what_zh);
    if (row->what_zh.len > 0) text_add_c(&text, "；");
    text_add(&text, zh);
    row->what_zh = text_str(&text);
    text_init(&text, covering->arena, NAMES_BYTES_MAX);
    text_add(&text, row->what_en);
    if (row->what_en.len > 0) text_add_c(&text, "; ");
    text_add(&text, en);
    row->what_en = text_str(&text);
}

static void count(struct covering *covering, struct policy_cover_row *row, struct str zh,
                  struct str en, struct policy_place place)
{
    if (row->clauses++ == 0) row->place = place;
    if (!str_ends(row->what_zh, zh)) add_name(covering, row, zh, en);
}

static void note_quote(struct covering *covering, const struct policy_cite *cite)
{
    const struct policy_document *document = &covering->policy->documents[cite->document];
    for (size_t s = 0; s < document->sentence_count; s++) {
        bool article =
            cite->article.len > 0 && str_equal(document->sentences[s].article, cite->article);
        bool words =
            cite->quote.len > 0 && str_find(document->sentences[s].text, cite->quote) != SIZE_MAX;
        if (article || words) covering->quoted[cite->document][s]++;
    }
}

static void cover(struct covering *covering, uint16_t pack, const struct policy_cites *cites,
                  const struct policy_name *name, struct policy_place place)
{
    if (covering->pack != POLICY_NONE && pack != covering->pack) return;
    if (cites->count == 0) {
        count(covering, &covering->documents[covering->policy->document_count], name->zh, name->en,
              place);
    }
    for (size_t i = 0; i < cites->count; i++) {
        count(covering, &covering->documents[cites->items[i].document], name->zh, name->en, place);
        note_quote(covering, &cites->items[i]);
    }
}

static void cover_all(struct covering *covering)
{
    const struct policy *policy = covering->policy;
    for (size_t d = 0; d < policy->definition_count; d++) {
        const struct policy_definition *definition = &policy->definitions[d];
        for (size_t v = 0; v < definition->version_count; v++) {
            cover(covering, definition->pack, &definition->versions[v].cites, &definition->name,
                  definition->versions[v].place);
        }
    }
    for (size_t s = 0; s < policy->standard_count; s++) {
        const struct policy_standard *standard = &policy->standards[s];
        for (size_t r = 0; r < standard->row_count; r++) {
            const struct policy_row *row = &standard->rows[r];
            cover(covering, row->pack, &row->cites, &standard->name, row->place);
        }
    }
    for (size_t s = 0; s < policy->scheme_count; s++) {
        const struct policy_scheme *scheme = &policy->schemes[s];
        for (size_t c = 0; c < scheme->clause_count; c++) {
            const struct policy_clause *clause = &scheme->clauses[c];
            cover(covering, clause->pack, &clause->cites, &scheme->name, clause->place);
        }
    }
}

static void list_sentences(struct covering *covering)
{
    const struct policy *policy = covering->policy;
    for (size_t d = 0; d < policy->document_count; d++) {
        const struct policy_document *document = &policy->documents[d];
        if (covering->pack != POLICY_NONE && document->pack != covering->pack) continue;
        for (size_t s = 0; s < document->sentence_count; s++) {
            *list_push(covering->arena, &covering->sentences) =
                (struct policy_cover_row){.document = (uint16_t)d,
                                          .sentence = (uint32_t)s,
                                          .clauses = covering->quoted[d][s],
                                          .place = document->sentences[s].place,
                                          .what_zh = document->sentences[s].text,
                                          .what_en = document->sentences[s].text};
        }
    }
}

void policy_cover(struct arena *arena, const struct policy *policy, uint16_t pack,
                  struct policy_cover_row **out, size_t *out_count)
{
    struct covering covering = {.arena = arena, .policy = policy, .pack = pack};
    LIST(struct policy_cover_row) rows = {0};
    covering.documents = arena_array(arena, struct policy_cover_row, policy->document_count + 1);
    covering.quoted = arena_array(arena, uint32_t *, policy->document_count);
    for (size_t d = 0; d <= policy->document_count; d++) {
        covering.documents[d].document =
            d < policy->document_count ? (uint16_t)d : (uint16_t)POLICY_NONE;
        covering.documents[d].sentence = UINT32_MAX;
        if (d == policy->document_count) continue;
        covering.documents[d].place = policy->documents[d].place;
        covering.quoted[d] = arena_array(arena, uint32_t, policy->documents[d].sentence_count);
    }
    cover_all(&covering);
    list_sentences(&covering);
    for (size_t d = 0; d <= policy->document_count; d++) {
        bool none = d == policy->document_count;
        bool here = !none && (pack == POLICY_NONE || policy->documents[d].pack == pack);
        if (here || covering.documents[d].clauses > 0) {
            *list_push(arena, &rows) = covering.documents[d];
        }
        for (size_t s = 0; s < covering.sentences.count; s++) {
            if (covering.sentences.items[s].document == d) {
                *list_push(arena, &rows) = covering.sentences.items[s];
            }
        }
    }
    *out = rows.items;
    *out_count = rows.count;
}
