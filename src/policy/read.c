#include "policy/read.h"

#include "access/codec.h"
#include "policy/reader.h"

#include <stdlib.h>
#include <string.h>

static bool read_one(struct reader *reader, struct declaration *here)
{
    switch (here->word) {
    case WORD_DEFINE: return read_definition(reader, reader->at_declaration);
    case WORD_STANDARD: return read_standard_rows(reader);
    case WORD_SCHEME: return read_scheme(reader);
    case WORD_EXCLUSION: return read_exclusion(reader);
    case WORD_STACK: return read_stack(reader);
    case WORD_CASE: return read_case(reader);
    case WORD_EXTEND:
        here->extends = true;
        if (take_word(reader, WORD_STANDARD)) return read_standard_rows(reader);
        if (take_word(reader, WORD_SCHEME)) return read_scheme(reader);
        return expected(reader, "“标准”或“项目”", "\"standard\" or \"scheme\"");
    default: return true;
    }
}

static bool is_whole(enum word word)
{
    return word == WORD_DEFINE || word == WORD_STANDARD || word == WORD_SCHEME
           || word == WORD_EXTEND || word == WORD_CASE;
}

static void read_all(struct reader *reader)
{
    for (size_t d = 0; d < reader->declarations.count && !reader->limit && !reader->more_faults;
         d++) {
        reader->at_declaration = (uint32_t)d;
        struct declaration *here = declaration_here(reader);
        if (here->faulty) continue;
        reader->at = here->body;
        bool good = read_one(reader, here);
        here = declaration_here(reader);
        if (good && !is_whole(here->word) && here->word > WORD_INPUT
            && peek(reader)->kind != TOKEN_END) {
            good = expected(reader, "下一条声明（顶格）",
                            "the next declaration (in the first column)");
        }
        if (!good) here->faulty = true;
    }
}

static bool cut_sources(struct reader *reader)
{
    for (size_t s = 0; s < reader->source_count; s++) {
        const struct policy_source *source = &reader->sources[s];
        struct policy_place start = {(uint16_t)s, 1, 1};
        struct token_fault found = {0};
        if (source->text.len > POLICY_SOURCE_BYTES_MAX) {
            reader->limit = true;
            return fault_at(reader, start, "文件超过 %d 字节", "the file has more than %d bytes",
                            POLICY_SOURCE_BYTES_MAX);
        }
        struct source_tokens *tokens = &reader->tokens[s];
        if (!tokens_of(reader->arena, source->text, &tokens->items, &tokens->count, &found)) {
            fault_said(reader, (struct policy_place){(uint16_t)s, found.line, found.column},
                       str_from(found.zh), str_from(found.en));
            tokens->count = 0;
        }
    }
    return true;
}

static int compare_rows(const void *a, const void *b)
{
    const struct policy_row *x = a, *y = b;
    for (size_t k = 0; k < POLICY_KEYS_MAX; k++) {
        if (x->keys[k] != y->keys[k]) return x->keys[k] < y->keys[k] ? -1 : 1;
    }
    return (x->span.first.days > y->span.first.days) - (x->span.first.days < y->span.first.days);
}

/* A row ends the day before the next one of its keys begins. */
static struct policy_standard finish_standard(struct reader *reader, struct standard_read *read)
{
    struct policy_standard standard = read->standard;
    standard.rows = read->rows.items;
    standard.row_count = read->rows.count;
    if (standard.row_count > 0) {
        qsort(standard.rows, standard.row_count, sizeof *standard.rows, compare_rows);
    }
    for (size_t r = 0; r + 1 < standard.row_count; r++) {
        struct policy_row *row = &standard.rows[r], *next = &standard.rows[r + 1];
        if (memcmp(row->keys, next->keys, sizeof row->keys) != 0) continue;
        int32_t last = next->span.first.days - 1;
        if (!day_is_none(row->span.last) && row->span.last.days > last) {
            fault_at(reader, next->place, "上一行（第 %d 行）这时仍有效",
                     "the row before (line %d) is still in force then", row->place.line);
        }
        if (day_is_none(row->span.last) || row->span.last.days > last) {
            row->span.last = (day){last};
        }
    }
    return standard;
}

static struct policy_scheme finish_scheme(struct reader *reader, const struct scheme_read *read)
{
    struct policy_scheme scheme = read->scheme;
    size_t rights = read->rights.count, amounts = read->amounts.count;
    scheme.clauses = arena_array(reader->arena, struct policy_clause, rights + amounts);
    scheme.clause_count = rights + amounts;
    for (size_t i = 0; i < rights; i++) scheme.clauses[i] = read->rights.items[i];
    for (size_t i = 0; i < amounts; i++) {
        struct policy_clause clause = read->amounts.items[i];
        if (clause.exception_to != POLICY_NONE) {
            clause.exception_to = (uint16_t)(clause.exception_to + rights);
        }
        scheme.clauses[rights + i] = clause;
    }
    return scheme;
}

struct by_key {
    struct str key;
    uint16_t number;
};

static int compare_keys(const void *a, const void *b)
{
    const struct by_key *x = a, *y = b;
    return str_compare(x->key, y->key);
}

/* Schemes by key; what names them follows. */
static void finish_schemes(struct reader *reader, struct policy *policy)
{
    size_t count = reader->schemes.count;
    struct by_key *order = arena_array(reader->arena, struct by_key, count);
    uint16_t *places = arena_array(reader->arena, uint16_t, count);
    policy->schemes = arena_array(reader->arena, struct policy_scheme, count);
    policy->scheme_count = count;
    for (size_t s = 0; s < count; s++) {
        order[s] = (struct by_key){reader->schemes.items[s].scheme.name.key, (uint16_t)s};
    }
    if (count > 0) qsort(order, count, sizeof *order, compare_keys);
    for (size_t s = 0; s < count; s++) {
        places[order[s].number] = (uint16_t)s;
        policy->schemes[s] = finish_scheme(reader, &reader->schemes.items[order[s].number]);
    }
    for (size_t e = 0; e < reader->exclusions.count; e++) {
        struct policy_exclusion *exclusion = &reader->exclusions.items[e];
        for (size_t i = 0; i < exclusion->count; i++) {
            exclusion->schemes[i] = places[exclusion->schemes[i]];
        }
    }
    for (size_t e = 0; e < reader->stacks.count; e++) {
        struct policy_stack *stack = &reader->stacks.items[e];
        for (size_t i = 0; i < stack->count; i++) stack->schemes[i] = places[stack->schemes[i]];
    }
    for (size_t c = 0; c < reader->cases.count; c++) {
        struct policy_case *test = &reader->cases.items[c];
        for (size_t i = 0; i < test->expected_count; i++) {
            test->expected[i].scheme = places[test->expected[i].scheme];
        }
    }
}

static void hash_sources(struct reader *reader, struct policy *policy)
{
    struct text text;
    size_t most = 64;
    for (size_t s = 0; s < reader->source_count; s++) {
        most += reader->sources[s].name.len + reader->sources[s].text.len + 64;
    }
    text_init(&text, reader->arena, most);
    for (size_t s = 0; s < reader->source_count; s++) {
        const struct policy_source *source = &reader->sources[s];
        text_add_f(&text, "%zu %zu\n", source->name.len, source->text.len);
        text_add(&text, source->name);
        text_add(&text, source->text);
    }
    CHECK(!text.cut);
    sm3_hash(text_str(&text), policy->hash);
}

static struct policy *finish(struct reader *reader)
{
    struct policy *policy = arena_new(reader->arena, struct policy);
    policy->sources = arena_array(reader->arena, struct policy_source_name, reader->source_count);
    policy->source_count = reader->source_count;
    for (size_t s = 0; s < reader->source_count; s++) {
        policy->sources[s].name = reader->sources[s].name;
    }
    policy->packs = reader->packs.items;
    policy->pack_count = reader->packs.count;
    policy->subjects = reader->subjects.items;
    policy->subject_count = reader->subjects.count;
    policy->documents = reader->documents.items;
    policy->document_count = reader->documents.count;
    policy->inputs = reader->inputs.items;
    policy->input_count = reader->inputs.count;
    policy->definitions = reader->definitions.items;
    policy->definition_count = reader->definitions.count;
    policy->standards = arena_array(reader->arena, struct policy_standard, reader->standards.count);
    policy->standard_count = reader->standards.count;
    for (size_t s = 0; s < reader->standards.count; s++) {
        policy->standards[s] = finish_standard(reader, &reader->standards.items[s]);
    }
    finish_schemes(reader, policy);
    policy->exclusions = reader->exclusions.items;
    policy->exclusion_count = reader->exclusions.count;
    policy->stacks = reader->stacks.items;
    policy->stack_count = reader->stacks.count;
    policy->cases = reader->cases.items;
    policy->case_count = reader->cases.count;
    hash_sources(reader, policy);
    return policy;
}

static int compare_faults(const void *a, const void *b)
{
    const struct policy_fault *x = a, *y = b;
    if (x->place.source != y->place.source) return x->place.source < y->place.source ? -1 : 1;
    if (x->place.line != y->place.line) return x->place.line < y->place.line ? -1 : 1;
    return (x->place.column > y->place.column) - (x->place.column < y->place.column);
}

static bool give_faults(struct reader *reader, struct policy_faults *faults, struct err *err)
{
    struct policy_fault *items = reader->faults.items;
    size_t count = reader->faults.count;
    if (count > 0) qsort(items, count, sizeof *items, compare_faults);
    if (faults != NULL) *faults = (struct policy_faults){items, count, reader->more_faults};
    if (count == 0) return true;
    const struct policy_fault *first = &items[0];
    struct str name = reader->sources[first->place.source].name;
    struct err said = {.kind = reader->limit ? ERR_LIMIT : ERR_INPUT};
    err_set(&said, said.kind, "%.*s", "%.*s", STR_ARG(first->en));
    struct err zh = {.kind = said.kind};
    err_set(&zh, said.kind, "%.*s", "%.*s", STR_ARG(first->zh));
    memcpy(said.zh, zh.zh, sizeof said.zh);
    err_at(&said, "%.*s:%d:%d", "%.*s:%d:%d", STR_ARG(name), first->place.line,
           first->place.column);
    if (err != NULL) *err = said;
    return false;
}

static void start(struct reader *reader, struct arena *arena, const struct policy_source *sources,
                  size_t count)
{
    *reader = (struct reader){.arena = arena, .sources = sources, .source_count = count};
    reader->tokens = arena_array(arena, struct source_tokens, count);
    dict_init(&reader->names, arena);
    u64_map_init(&reader->rows_known, arena);
    dict_init(&reader->scheme_names.names, arena);
    dict_init(&reader->document_names.names, arena);
}

bool policy_read(struct arena *arena, const struct policy_source *sources, size_t count,
                 struct policy_faults *faults, const struct policy **out, struct err *err)
{
    struct reader reader;
    CHECK(count <= POLICY_SOURCES_MAX);
    start(&reader, arena, sources, count);
    if (cut_sources(&reader) && learn_names(&reader)) {
        read_all(&reader);
        if (reader.faults.count == 0) check_amounts(&reader);
    }
    const struct policy *policy = reader.faults.count == 0 ? finish(&reader) : NULL;
    if (policy != NULL) check_policy(&reader, policy);
    if (!give_faults(&reader, faults, err)) return false;
    *out = policy;
    return true;
}

bool policy_pack_head(struct arena *arena, const struct policy_source *source,
                      struct policy_name *pack, struct str **uses, size_t *use_count,
                      struct policy_faults *faults, struct err *err)
{
    struct reader reader;
    LIST(struct str) used = {0};
    start(&reader, arena, source, 1);
    if (cut_sources(&reader) && reader.tokens[0].count > 0) {
        size_t end = 1;
        while (end + 1 < reader.tokens[0].count && reader.tokens[0].items[end].column != 1) end++;
        *list_push(arena, &reader.declarations) =
            (struct declaration){.word = WORD_PACK, .first = 0, .end = end};
        bool good = expect_word(&reader, WORD_PACK) && read_name(&reader, pack);
        while (
            good
            && (used.count == 0 ? take_word(&reader, WORD_USES) : take_sign(&reader, SIGN_COMMA))) {
            *list_push(arena, &used) = take(&reader)->text;
        }
    }
    if (!give_faults(&reader, faults, err)) return false;
    *uses = used.items;
    *use_count = used.count;
    return true;
}
