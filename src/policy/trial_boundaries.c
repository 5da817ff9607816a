#include "policy/trial.h"

#include "base/dict.h"
#include "policy/explain.h"
#include "policy/format.h"
#include "policy/layout.h"
#include "policy/trial_work.h"
#include "policy/word.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* For each scheme: on each day on which something of the pack begins or ends, people for whom that
 * makes a difference, the day before and on the day; and on the last of these days, people with a
 * right, and each one thing by which they lose it, get another amount, or are not known to have it.
 * A person is written with no more than the answer needs. */

enum { PEOPLE_MAX = 1 << 17, PAIRS_MAX = 200, BASES_MAX = 4, TITLE_BYTES_MAX = 300 };

struct bounding {
    struct arena *arena;
    struct arena scratch;
    const struct policy *policy;
    uint16_t pack, scheme;
    enum lang lang;
    struct layout layout;
    struct dict written; /* cases, to have each once */
    size_t count;
    bool named; /* the subject of the cases that follow stands there */
};

/* One person, whose values can be changed. */
struct person {
    uint8_t states[POLICY_INPUTS_MAX];
    int64_t values[POLICY_INPUTS_MAX];
    struct policy_rows rows;
};

static struct person *person_of(struct bounding *bounding, const struct policy_rows *rows,
                                size_t row)
{
    struct person *person = arena_new(&bounding->scratch, struct person);
    person->rows.subject = rows->subject;
    person->rows.count = 1;
    for (size_t i = 0; i < bounding->policy->input_count; i++) {
        const struct policy_column *column = &rows->columns[i];
        bool known = column->states != NULL && column->states[row] == POLICY_KNOWN;
        person->states[i] = known ? POLICY_KNOWN : POLICY_MISSING;
        person->values[i] = known ? column->values[row] : 0;
        person->rows.columns[i] = (struct policy_column){&person->states[i], &person->values[i]};
    }
    return person;
}

static struct trial_answer ask(struct trial_worker *worker, const struct person *person)
{
    block_run(worker->program, &worker->block, &person->rows, 0, 1);
    return trial_answer(worker, 0, 0);
}

static void start(struct bounding *bounding, day at, struct trial_worker *out)
{
    trial_start(&bounding->scratch, bounding->policy,
                bounding->policy->schemes[bounding->scheme].subject, at, &bounding->scheme, 1, out);
}

static struct str say(struct bounding *bounding, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static struct str say(struct bounding *bounding, const char *format, ...)
{
    char buffer[TITLE_BYTES_MAX];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    size_t kept = length < 0 ? 0 : (size_t)length;
    if (kept >= sizeof buffer) kept = sizeof buffer - 1;
    while (kept > 0 && ((unsigned char)buffer[kept] & 0xC0) == 0x80) kept--;
    return str_copy(bounding->arena, (struct str){buffer, kept});
}

static const char *keyword(const struct bounding *bounding, enum word word)
{
    return word_text(word, bounding->lang);
}

static struct str written_name(struct bounding *bounding, const struct policy_name *name)
{
    return policy_written_name(bounding->arena, name, bounding->lang);
}

static struct str amount_text(struct bounding *bounding, int64_t fen)
{
    const char *unit = keyword(bounding, WORD_YUAN);
    if (fen % 100 == 0) return say(bounding, "%lld %s", (long long)(fen / 100), unit);
    return say(bounding, "%lld.%02lld %s", (long long)(fen / 100), (long long)(fen % 100), unit);
}

static struct str set_text(struct bounding *bounding, const struct policy_input *input,
                           uint64_t bits)
{
    struct text text;
    text_init(&text, bounding->arena, 1 << 16);
    text_add_c(&text, "(");
    for (size_t c = 0; c < input->choice_count; c++) {
        if ((bits >> c & 1) == 0) continue;
        if (text.len > 1) text_add_c(&text, ", ");
        struct str word = policy_written_choice(bounding->arena, input, c, bounding->lang);
        text_add(&text, word.len > 0 ? word : input->choices[c].name.key);
    }
    if (text.len == 1) text_add_c(&text, keyword(bounding, WORD_NONE));
    text_add_c(&text, ")");
    return text_str(&text);
}

/* A value as a case writes it. */
static struct str value_text(struct bounding *bounding, const struct policy_input *input,
                             int64_t value)
{
    char buffer[DAY_TEXT_SIZE];
    struct str word;
    switch (input->type) {
    case POLICY_YES_NO: return str_from(keyword(bounding, value != 0 ? WORD_YES : WORD_NO));
    case POLICY_CHOICE:
        word = policy_written_choice(bounding->arena, input, (size_t)value, bounding->lang);
        return word.len > 0 ? word : input->choices[value].name.key;
    case POLICY_SET: return set_text(bounding, input, (uint64_t)value);
    case POLICY_MONEY: return amount_text(bounding, value);
    case POLICY_DAY: return say(bounding, "%s", day_format((day){(int32_t)value}, buffer));
    default: return say(bounding, "%lld", (long long)value);
    }
}

static void put(struct bounding *bounding, struct str text, enum layout_break before, int indent,
                bool space)
{
    layout_add(&bounding->layout, text, before, space, indent);
}

static void put_words(struct bounding *bounding, enum word word, const struct policy_name *name,
                      bool whole)
{
    struct layout_piece *head =
        layout_add(&bounding->layout, str_from(keyword(bounding, word)), LAYOUT_LINE, false, 0);
    head->head = true;
    put(bounding, name->key, LAYOUT_NONE, 0, true);
    if (!whole) return;
    put(bounding, say(bounding, "\"%.*s\"", STR_ARG(name->zh)), LAYOUT_NONE, 0, true);
    put(bounding, STR("/"), LAYOUT_FILL, 4, true);
    put(bounding, say(bounding, "\"%.*s\"", STR_ARG(name->en)), LAYOUT_NONE, 0, true);
}

static void put_title(struct bounding *bounding, struct str zh, struct str en, day at)
{
    char buffer[DAY_TEXT_SIZE];
    uint16_t subject = bounding->policy->schemes[bounding->scheme].subject;
    if (!bounding->named) {
        put_words(bounding, WORD_SUBJECT, &bounding->policy->subjects[subject].name, false);
    }
    bounding->named = true;
    struct layout_piece *head = layout_add(
        &bounding->layout, str_from(keyword(bounding, WORD_CASE)), LAYOUT_LINE, false, 0);
    head->head = true;
    put(bounding, say(bounding, "\"%.*s\"", STR_ARG(zh)), LAYOUT_NONE, 0, true);
    put(bounding, STR("/"), LAYOUT_FILL, 4, true);
    put(bounding, say(bounding, "\"%.*s\"", STR_ARG(en)), LAYOUT_NONE, 0, true);
    put(bounding, str_from(keyword(bounding, WORD_AT)), LAYOUT_FILL, 4, true);
    put(bounding, say(bounding, "%s", day_format(at, buffer)), LAYOUT_NONE, 0, true);
}

static void put_given(struct bounding *bounding, const struct person *person)
{
    const struct policy *policy = bounding->policy;
    bool first = true;
    for (size_t i = 0; i < policy->input_count; i++) {
        if (person->states[i] != POLICY_KNOWN) continue;
        if (!first) put(bounding, STR(","), LAYOUT_NONE, 0, false);
        put(bounding, written_name(bounding, &policy->inputs[i].name),
            first ? LAYOUT_LINE : LAYOUT_FILL, first ? 2 : 4, true);
        put(bounding, STR("="), LAYOUT_NONE, 0, true);
        put(bounding, value_text(bounding, &policy->inputs[i], person->values[i]), LAYOUT_NONE, 0,
            true);
        first = false;
    }
}

static void put_needs(struct bounding *bounding, uint64_t needs)
{
    bool first = true;
    for (size_t i = 0; i < bounding->policy->input_count; i++) {
        if ((needs >> i & 1) == 0) continue;
        if (first) put(bounding, str_from(keyword(bounding, WORD_NEEDS)), LAYOUT_NONE, 0, true);
        if (!first) put(bounding, STR(","), LAYOUT_NONE, 0, false);
        put(bounding, written_name(bounding, &bounding->policy->inputs[i].name),
            first ? LAYOUT_NONE : LAYOUT_FILL, 4, true);
        first = false;
    }
}

static void put_expected(struct bounding *bounding, struct trial_answer answer, day at)
{
    static const enum word verdicts[] = {[POLICY_NO] = WORD_NO,
                                         [POLICY_ENTITLED] = WORD_YES,
                                         [POLICY_UNKNOWN] = WORD_UNKNOWN,
                                         [POLICY_NOT_CONCERNED] = WORD_NOT_CONCERNED};
    const struct policy_scheme *scheme = &bounding->policy->schemes[bounding->scheme];
    char name[PERIOD_TEXT_SIZE];
    put(bounding, str_from(keyword(bounding, WORD_EXPECT)), LAYOUT_LINE, 2, true);
    put(bounding, written_name(bounding, &scheme->name), LAYOUT_NONE, 0, true);
    put(bounding, str_from(keyword(bounding, verdicts[answer.verdict])), LAYOUT_NONE, 0, true);
    if (answer.verdict == POLICY_UNKNOWN) put_needs(bounding, answer.needs);
    if (answer.verdict != POLICY_ENTITLED) return;
    struct period period = period_of(scheme->period, at);
    put(bounding, amount_text(bounding, answer.fen), LAYOUT_NONE, 0, true);
    put(bounding, say(bounding, "%s", period_format(period, name)), LAYOUT_NONE, 0, true);
}

/* Whether this scheme, day and person were not written before. */
static bool is_new(struct bounding *bounding, const struct person *person, day at)
{
    struct text text;
    text_init(&text, &bounding->scratch, 1 << 12);
    text_add_f(&text, "%u %d", (unsigned)bounding->scheme, at.days);
    for (size_t i = 0; i < bounding->policy->input_count; i++) {
        if (person->states[i] != POLICY_KNOWN) continue;
        text_add_f(&text, " %zu=%lld", i, (long long)person->values[i]);
    }
    uint32_t known = bounding->written.count;
    return dict_put(&bounding->written, str_copy(bounding->arena, text_str(&text))) == known;
}

static void write_case(struct bounding *bounding, struct trial_worker *worker,
                       const struct person *person, struct str zh, struct str en)
{
    day at = worker->program->at;
    const struct policy_name *name = &bounding->policy->schemes[bounding->scheme].name;
    if (bounding->count == POLICY_BOUNDARIES_MAX || !is_new(bounding, person, at)) return;
    bounding->count++;
    put_title(bounding, say(bounding, "%.*s：%.*s", STR_ARG(name->zh), STR_ARG(zh)),
              say(bounding, "%.*s: %.*s", STR_ARG(name->en), STR_ARG(en)), at);
    put_given(bounding, person);
    put_expected(bounding, ask(worker, person), at);
}

/* Leaves out all that the answers do not need, but for the input that the case is about. */
static void reduce(struct bounding *bounding, struct person *person, struct trial_worker *workers,
                   size_t count, size_t about)
{
    struct trial_answer before[2];
    for (size_t w = 0; w < count; w++) before[w] = ask(&workers[w], person);
    for (size_t i = 0; i < bounding->policy->input_count; i++) {
        if (person->states[i] != POLICY_KNOWN || i == about) continue;
        person->states[i] = POLICY_MISSING;
        bool same = true;
        for (size_t w = 0; w < count && same; w++) {
            same = trial_same(before[w], ask(&workers[w], person));
        }
        if (!same) person->states[i] = POLICY_KNOWN;
    }
}

/* The answers of all people, by row; in the scratch. */
static struct trial_answer *ask_all(struct bounding *bounding, struct trial_worker *worker,
                                    const struct policy_rows *rows)
{
    struct trial_answer *answers =
        arena_array(&bounding->scratch, struct trial_answer, rows->count);
    for (size_t first = 0; first < rows->count; first += BLOCK_ROWS) {
        size_t count = rows->count - first < BLOCK_ROWS ? rows->count - first : BLOCK_ROWS;
        block_run(worker->program, &worker->block, rows, first, count);
        for (size_t r = 0; r < count; r++) answers[first + r] = trial_answer(worker, 0, r);
    }
    return answers;
}

/* The inputs by which rows of the pack that begin on the day are found, as bits. */
static uint64_t keys_of(const struct bounding *bounding, day edge)
{
    const struct policy *policy = bounding->policy;
    uint64_t bits = 0;
    for (uint16_t s = 0; s < policy->standard_count; s++) {
        const struct policy_standard *standard = &policy->standards[s];
        if (!trial_uses(policy, bounding->scheme, true, s)) continue;
        for (size_t r = 0; r < standard->row_count; r++) {
            const struct policy_row *row = &standard->rows[r];
            if (row->pack != bounding->pack || row->span.first.days != edge.days) continue;
            for (size_t k = 0; k < standard->by_count; k++) bits |= UINT64_C(1) << standard->by[k];
        }
    }
    return bits;
}

/* What the two days say of a person, with the keys of rows that begin. */
struct pair {
    struct trial_answer answers[2];
    int64_t keys[POLICY_INPUTS_MAX];
};

static bool is_pair(const struct pair *a, const struct pair *b)
{
    return trial_same(a->answers[0], b->answers[0]) && trial_same(a->answers[1], b->answers[1])
           && memcmp(a->keys, b->keys, sizeof a->keys) == 0;
}

static struct pair pair_of(const struct bounding *bounding, const struct policy_rows *rows,
                           size_t row, uint64_t keys, struct trial_answer *const *answers)
{
    struct pair pair = {.answers = {answers[0][row], answers[1][row]}};
    for (size_t i = 0; i < bounding->policy->input_count; i++) {
        const struct policy_column *column = &rows->columns[i];
        if ((keys >> i & 1) != 0 && column->states != NULL) pair.keys[i] = column->values[row];
    }
    return pair;
}

/* People for whom the two days differ, one for each way in which they do. */
static void bound_day(struct bounding *bounding, day edge)
{
    struct trial_worker workers[2];
    struct trial_answer *answers[2];
    struct pair *seen = arena_array(&bounding->scratch, struct pair, PAIRS_MAX);
    uint64_t keys = keys_of(bounding, edge);
    size_t pairs = 0;
    for (int w = 0; w < 2; w++) start(bounding, (day){edge.days - 1 + w}, &workers[w]);
    for (int side = 1; side >= 0; side--) {
        struct policy_rows rows;
        day at = {edge.days - 1 + side};
        if (!trial_people(&bounding->scratch, bounding->policy, NULL, bounding->scheme, at, false,
                          PEOPLE_MAX, &rows)) {
            continue;
        }
        for (int w = 0; w < 2; w++) answers[w] = ask_all(bounding, &workers[w], &rows);
        for (size_t r = 0; r < rows.count && pairs < PAIRS_MAX; r++) {
            size_t p = 0;
            if (trial_same(answers[0][r], answers[1][r])) continue;
            seen[pairs] = pair_of(bounding, &rows, r, keys, answers);
            while (p < pairs && !is_pair(&seen[p], &seen[pairs])) p++;
            if (p < pairs) continue;
            pairs++;
            struct person *person = person_of(bounding, &rows, r);
            reduce(bounding, person, workers, 2, SIZE_MAX);
            write_case(bounding, &workers[0], person, STR("变动前一天"),
                       STR("the day before a change"));
            write_case(bounding, &workers[1], person, STR("变动当天"), STR("the day of a change"));
        }
    }
}

/* One thing about a person that is otherwise, or not known. */
static void write_neighbour(struct bounding *bounding, struct trial_worker *worker,
                            const struct person *base, size_t input, bool known, int64_t value)
{
    const struct policy_input *about = &bounding->policy->inputs[input];
    struct person *other = person_of(bounding, &base->rows, 0);
    other->states[input] = known ? POLICY_KNOWN : POLICY_MISSING;
    other->values[input] = known ? value : 0;
    if (trial_same(ask(worker, base), ask(worker, other))) return;
    if (!known) {
        write_case(bounding, worker, other, say(bounding, "%.*s不明", STR_ARG(about->name.zh)),
                   say(bounding, "%.*s not known", STR_ARG(about->name.en)));
        return;
    }
    struct str zh = policy_value_text(bounding->arena, about, value, LANG_ZH);
    struct str en = policy_value_text(bounding->arena, about, value, LANG_EN);
    reduce(bounding, other, worker, 1, input);
    write_case(bounding, worker, other,
               say(bounding, "%.*s为%.*s", STR_ARG(about->name.zh), STR_ARG(zh)),
               say(bounding, "%.*s is %.*s", STR_ARG(about->name.en), STR_ARG(en)));
}

/* Each word of a choice, also those that the scheme does not concern; the other values as they are
 * told apart. */
static void write_neighbours(struct bounding *bounding, struct trial_worker *worker,
                             const struct person *base, const struct policy_rows *rows)
{
    for (size_t i = 0; i < bounding->policy->input_count; i++) {
        struct u64_map tried;
        const struct policy_column *column = &rows->columns[i];
        if (column->states == NULL) continue;
        if (base->states[i] == POLICY_KNOWN) {
            write_neighbour(bounding, worker, base, i, false, 0);
        }
        const struct policy_input *input = &bounding->policy->inputs[i];
        for (size_t c = 0; input->type == POLICY_CHOICE && c < input->choice_count; c++) {
            write_neighbour(bounding, worker, base, i, true, (int64_t)c);
        }
        u64_map_init(&tried, &bounding->scratch);
        for (size_t r = 0; input->type != POLICY_CHOICE && r < rows->count; r++) {
            uint64_t value = (uint64_t)column->values[r];
            if (u64_map_find(&tried, value) != DICT_NONE) continue;
            u64_map_put(&tried, value, 0);
            write_neighbour(bounding, worker, base, i, true, (int64_t)value);
        }
    }
}

static void bound_people(struct bounding *bounding, day at)
{
    struct trial_worker worker;
    struct policy_rows rows;
    int64_t seen[BASES_MAX];
    size_t bases = 0;
    if (!trial_people(&bounding->scratch, bounding->policy, NULL, bounding->scheme, at, false,
                      PEOPLE_MAX, &rows)) {
        return;
    }
    start(bounding, at, &worker);
    struct trial_answer *answers = ask_all(bounding, &worker, &rows);
    for (size_t r = 0; r < rows.count && bases < BASES_MAX; r++) {
        size_t s = 0;
        if (answers[r].verdict != POLICY_ENTITLED) continue;
        while (s < bases && seen[s] != answers[r].fen) s++;
        if (s < bases) continue;
        seen[bases++] = answers[r].fen;
        struct person *base = person_of(bounding, &rows, r);
        reduce(bounding, base, &worker, 1, SIZE_MAX);
        write_case(bounding, &worker, base, STR("符合条件"), STR("entitled"));
        write_neighbours(bounding, &worker, base, &rows);
    }
}

/* What of the policy is the pack's own and bears on the scheme; the days on which it changes. */
static size_t edges_of(struct bounding *bounding, day **out)
{
    const struct policy *policy = bounding->policy;
    struct arena *scratch = &bounding->scratch;
    const bool *reads = trial_reads(scratch, policy, bounding->scheme);
    struct policy own = {0};
    own.definitions = arena_array(scratch, struct policy_definition, policy->definition_count);
    own.standards = arena_array(scratch, struct policy_standard, policy->standard_count);
    own.schemes = arena_array(scratch, struct policy_scheme, policy->scheme_count);
    for (uint16_t d = 0; d < policy->definition_count; d++) {
        if (policy->definitions[d].pack != bounding->pack) continue;
        if (!trial_uses(policy, bounding->scheme, false, d)) continue;
        own.definitions[own.definition_count++] = policy->definitions[d];
    }
    for (uint16_t s = 0; s < policy->standard_count; s++) {
        const struct policy_standard *standard = &policy->standards[s];
        if (!trial_uses(policy, bounding->scheme, true, s)) continue;
        struct policy_standard *kept = &own.standards[own.standard_count++];
        kept->rows = arena_array(scratch, struct policy_row, standard->row_count);
        for (size_t r = 0; r < standard->row_count; r++) {
            if (standard->rows[r].pack != bounding->pack) continue;
            kept->rows[kept->row_count++] = standard->rows[r];
        }
    }
    for (uint16_t s = 0; s < policy->scheme_count; s++) {
        const struct policy_scheme *scheme = &policy->schemes[s];
        if (!reads[s]) continue;
        struct policy_scheme *kept = &own.schemes[own.scheme_count++];
        kept->clauses = arena_array(scratch, struct policy_clause, scheme->clause_count);
        bool mine = scheme->pack == bounding->pack;
        kept->span = mine ? scheme->span : (struct policy_span){DAY_NONE, DAY_NONE};
        for (size_t c = 0; c < scheme->clause_count; c++) {
            if (scheme->clauses[c].pack != bounding->pack) continue;
            kept->clauses[kept->clause_count++] = scheme->clauses[c];
        }
    }
    return policy_edges(scratch, &own, out);
}

/* A scheme of the pack, or one for which the pack has rows or clauses. */
static void bound_scheme(struct bounding *bounding, uint16_t number)
{
    const struct policy_scheme *scheme = &bounding->policy->schemes[number];
    day *edges, last = {0};
    bounding->scheme = number;
    size_t count = edges_of(bounding, &edges);
    for (size_t e = 0; e < count; e++) {
        bound_day(bounding, edges[e]);
        if (policy_in_force(scheme->span, edges[e])) last = edges[e];
    }
    if (count > 0 || scheme->pack == bounding->pack) bound_people(bounding, last);
    arena_reset(&bounding->scratch);
}

static void put_pack(struct bounding *bounding)
{
    const struct policy_pack *pack = &bounding->policy->packs[bounding->pack];
    put_words(bounding, WORD_PACK, &pack->name, true);
    for (size_t u = 0; u < pack->use_count; u++) {
        if (u > 0) put(bounding, STR(","), LAYOUT_NONE, 0, false);
        if (u == 0) put(bounding, str_from(keyword(bounding, WORD_USES)), LAYOUT_NONE, 0, true);
        put(bounding, bounding->policy->packs[pack->uses[u]].name.key, LAYOUT_NONE, 0, true);
    }
}

struct str policy_boundaries(struct arena *arena, const struct policy *policy, uint16_t pack,
                             enum lang lang, size_t *count)
{
    struct bounding bounding = {.arena = arena, .policy = policy, .pack = pack, .lang = lang};
    CHECK(pack < policy->pack_count);
    layout_start(&bounding.layout, arena);
    dict_init(&bounding.written, arena);
    put_pack(&bounding);
    for (size_t s = 0; s < policy->subject_count; s++) {
        bounding.named = false;
        for (uint16_t n = 0; n < policy->scheme_count; n++) {
            const struct policy_scheme *scheme = &policy->schemes[n];
            if (scheme->subject != s || scheme->form == POLICY_DECLARED) continue;
            bound_scheme(&bounding, n);
        }
    }
    arena_free(&bounding.scratch);
    *count = bounding.count;
    return layout_text(&bounding.layout);
}
