#include "policy/mutate.h"

#include "policy/explain.h"
#include "policy/trial_work.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What can be changed in definitions, standards, schemes and exclusions, thing by thing. */

enum { SENTENCE_BYTES_MAX = 500 };

struct str mutate_say(struct mutate_listing *listing, const char *format, ...)
{
    char buffer[SENTENCE_BYTES_MAX];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    size_t kept = length < 0 ? 0 : (size_t)length;
    if (kept >= sizeof buffer) kept = sizeof buffer - 1;
    while (kept > 0 && ((unsigned char)buffer[kept] & 0xC0) == 0x80) kept--;
    return str_copy(listing->arena, (struct str){buffer, kept});
}

struct mutant *mutate_add(struct mutate_listing *listing, struct str zh, struct str en)
{
    const struct policy_name *owner = listing->owner;
    if (listing->mutants.count == POLICY_MUTANTS_MAX) return NULL;
    struct mutant *mutant = list_push(listing->arena, &listing->mutants);
    mutant->told.place = listing->place;
    mutant->window = listing->window;
    mutant->touched = listing->touched;
    mutant->told.zh =
        mutate_say(listing, "%.*s：%.*s", STR_ARG(policy_word(owner, LANG_ZH)), STR_ARG(zh));
    mutant->told.en =
        mutate_say(listing, "%.*s: %.*s", STR_ARG(policy_word(owner, LANG_EN)), STR_ARG(en));
    return mutant;
}

void mutate_edit(struct mutant *mutant, void *at, const void *after, size_t size)
{
    if (mutant == NULL) return;
    CHECK(mutant->edit_count < MUTANT_EDITS_MAX);
    CHECK(size <= MUTANT_VALUE_BYTES);
    struct mutant_edit *edit = &mutant->edits[mutant->edit_count++];
    edit->at = at;
    edit->size = size;
    memcpy(edit->before, at, size);
    memcpy(edit->after, after, size);
}

void mutate_end(struct mutant *mutant, struct policy_span *span)
{
    const struct policy_span never = {{1}, {0}};
    mutate_edit(mutant, span, &never, sizeof never);
}

/* A day that is moved makes a difference on one day only. */
static struct mutant *add_moved(struct mutate_listing *listing, day *moved, bool last, int by,
                                struct str zh, struct str en)
{
    char before[DAY_TEXT_SIZE], after[DAY_TEXT_SIZE];
    day fresh = {moved->days + by}, differs = {moved->days + (by < 0 ? -1 : 0) + last};
    struct mutant *mutant = mutate_add(
        listing,
        mutate_say(listing, "%.*s的%s %s 改为 %s", STR_ARG(zh), last ? "截止日" : "起始日",
                   day_format(*moved, before), day_format(fresh, after)),
        mutate_say(listing, "%s day of %.*s, %s, becomes %s", last ? "last" : "first", STR_ARG(en),
                   day_format(*moved, before), day_format(fresh, after)));
    if (mutant != NULL) mutant->window = (struct policy_span){differs, differs};
    mutate_edit(mutant, moved, &fresh, sizeof fresh);
    return mutant;
}

void mutate_span(struct mutate_listing *listing, struct policy_span *span, struct str what_zh,
                 struct str what_en)
{
    for (int by = -1; by <= 1; by += 2) {
        if (!day_is_none(span->first)) {
            add_moved(listing, &span->first, false, by, what_zh, what_en);
        }
        if (!day_is_none(span->last)) add_moved(listing, &span->last, true, by, what_zh, what_en);
    }
}

/* Those that stand behind a touched one in an exclusion are touched with it. */
static bool spread(const struct policy *policy, bool *touched)
{
    bool more = false;
    for (size_t e = 0; e < policy->exclusion_count; e++) {
        const struct policy_exclusion *exclusion = &policy->exclusions[e];
        bool before = false;
        for (size_t i = 0; i < exclusion->count; i++) {
            bool *here = &touched[exclusion->schemes[i]];
            if (before && !*here) *here = more = true;
            before = before || *here;
        }
    }
    return more;
}

/* Schemes that are decided and use a thing, or are named; how their amounts are to be raised. False
 * when there is none. */
static bool touch(struct mutate_listing *listing, bool *touched)
{
    const struct policy *policy = listing->copy;
    bool any = false;
    while (spread(policy, touched)) continue;
    listing->step = 1;
    for (size_t s = 0; s < policy->scheme_count; s++) {
        const struct policy_scheme *scheme = &policy->schemes[s];
        if (scheme->form == POLICY_DECLARED) touched[s] = false;
        any = any || touched[s];
        for (size_t c = 0; touched[s] && c < scheme->clause_count; c++) {
            const struct policy_expr *amount = scheme->clauses[c].amount;
            if (amount != NULL && amount->scale > listing->step) listing->step = amount->scale;
        }
    }
    listing->touched = touched;
    return any;
}

static bool touch_users(struct mutate_listing *listing, bool standard, uint16_t number)
{
    const struct policy *policy = listing->copy;
    bool *touched = arena_array(listing->arena, bool, policy->scheme_count);
    for (uint16_t s = 0; s < policy->scheme_count; s++) {
        touched[s] = trial_uses(policy, s, standard, number);
    }
    return touch(listing, touched);
}

static void list_definition(struct mutate_listing *listing, uint16_t number)
{
    struct policy_definition *definition = &listing->copy->definitions[number];
    if (definition->pack != listing->pack || !touch_users(listing, false, number)) return;
    listing->owner = &definition->name;
    for (size_t v = 0; v < definition->version_count; v++) {
        struct policy_version *version = &definition->versions[v];
        listing->place = version->place;
        mutate_span(listing, &version->span, STR("这一版"), STR("this version"));
        listing->window = version->span;
        mutate_expr(listing, &version->expr);
    }
}

static bool same_keys(const struct policy_row *a, const struct policy_row *b)
{
    return memcmp(a->keys, b->keys, sizeof a->keys) == 0;
}

static struct str row_text(struct mutate_listing *listing, const struct policy_standard *standard,
                           const struct policy_row *row, int64_t value, enum lang lang)
{
    struct text text;
    char first[DAY_TEXT_SIZE];
    text_init(&text, listing->arena, SENTENCE_BYTES_MAX);
    for (size_t k = 0; k < standard->by_count; k++) {
        const struct policy_input *input = &listing->copy->inputs[standard->by[k]];
        text_add(&text, policy_value_text(listing->arena, input, row->keys[k], lang));
        text_add_c(&text, " ");
    }
    text_add_f(&text, lang == LANG_ZH ? "自 %s " : "from %s ", day_format(row->span.first, first));
    if (row->none) {
        text_add_c(&text, lang == LANG_ZH ? "无" : "none");
    } else if (standard->type == POLICY_MONEY) {
        text_add(&text, policy_money_text(listing->arena, value, lang));
    } else {
        text_add_f(&text, "%lld", (long long)value);
    }
    return text_str(&text);
}

static void raise_row(struct mutate_listing *listing, const struct policy_standard *standard,
                      struct policy_row *row)
{
    int64_t fresh = row->value + listing->step;
    if (row->none) return;
    struct str zh[2], en[2];
    for (int i = 0; i < 2; i++) {
        int64_t value = i == 0 ? row->value : fresh;
        zh[i] = row_text(listing, standard, row, value, LANG_ZH);
        en[i] = row_text(listing, standard, row, value, LANG_EN);
    }
    mutate_edit(mutate_add(listing,
                           mutate_say(listing, "“%.*s”改为“%.*s”", STR_ARG(zh[0]), STR_ARG(zh[1])),
                           mutate_say(listing, "\"%.*s\" becomes \"%.*s\"", STR_ARG(en[0]),
                                      STR_ARG(en[1]))),
                &row->value, &fresh, sizeof fresh);
}

/* The row before goes on until the day before this one begins, or where this one is left out. */
static void list_row(struct mutate_listing *listing, struct policy_standard *standard, size_t r)
{
    struct policy_row *row = &standard->rows[r], *before = r > 0 ? row - 1 : NULL;
    bool follows = before != NULL && same_keys(before, row)
                   && before->span.last.days == row->span.first.days - 1;
    bool followed = r + 1 < standard->row_count && same_keys(row, row + 1)
                    && (row + 1)->span.first.days == row->span.last.days + 1;
    struct str zh = row_text(listing, standard, row, row->value, LANG_ZH);
    struct str en = row_text(listing, standard, row, row->value, LANG_EN);
    listing->place = row->place;
    listing->window = row->span;
    struct str of_zh = mutate_say(listing, "“%.*s”", STR_ARG(zh));
    struct str of_en = mutate_say(listing, "\"%.*s\"", STR_ARG(en));
    raise_row(listing, standard, row);
    for (int by = -1; by <= 1; by += 2) {
        struct mutant *mutant = add_moved(listing, &row->span.first, false, by, of_zh, of_en);
        day last = {row->span.first.days - 1 + by};
        if (follows) mutate_edit(mutant, &before->span.last, &last, sizeof last);
        if (!day_is_none(row->span.last) && !followed) {
            add_moved(listing, &row->span.last, true, by, of_zh, of_en);
        }
    }
    struct mutant *out = mutate_add(listing, mutate_say(listing, "去掉%.*s一行", STR_ARG(of_zh)),
                                    mutate_say(listing, "%.*s left out", STR_ARG(of_en)));
    mutate_end(out, &row->span);
    if (follows) mutate_edit(out, &before->span.last, &row->span.last, sizeof(day));
}

static void list_standard(struct mutate_listing *listing, uint16_t number)
{
    struct policy_standard *standard = &listing->copy->standards[number];
    bool touched = false, looked = false;
    listing->owner = &standard->name;
    for (size_t r = 0; r < standard->row_count; r++) {
        if (standard->rows[r].pack != listing->pack) continue;
        if (!looked) touched = touch_users(listing, true, number);
        looked = true;
        if (touched) list_row(listing, standard, r);
    }
}

static struct policy_span cut(struct policy_span a, struct policy_span b)
{
    if (day_is_none(a.first) || (!day_is_none(b.first) && b.first.days > a.first.days)) {
        a.first = b.first;
    }
    if (day_is_none(a.last) || (!day_is_none(b.last) && b.last.days < a.last.days)) {
        a.last = b.last;
    }
    return a;
}

static void list_clause(struct mutate_listing *listing, const struct policy_scheme *scheme,
                        struct policy_clause *clause)
{
    bool right = clause->kind == POLICY_RIGHT, exception = clause->exception_to != POLICY_NONE;
    const char *zh = exception ? "除外" : right ? "资格" : "金额";
    const char *en = exception ? "exception" : right ? "right" : "amount";
    bool labelled = clause->label.len > 0;
    struct str what_zh =
        mutate_say(listing, "“%s%s%.*s”", zh, labelled ? " " : "", STR_ARG(clause->label));
    struct str what_en =
        mutate_say(listing, "\"%s%s%.*s\"", en, labelled ? " " : "", STR_ARG(clause->label));
    listing->place = clause->place;
    listing->window = scheme->span;
    mutate_span(listing, &clause->span, what_zh, what_en);
    listing->window = cut(scheme->span, clause->span);
    if (right || exception) {
        mutate_end(mutate_add(listing, mutate_say(listing, "去掉%.*s", STR_ARG(what_zh)),
                              mutate_say(listing, "%.*s left out", STR_ARG(what_en))),
                   &clause->span);
    }
    if (clause->condition != NULL) mutate_expr(listing, &clause->condition);
    if (clause->amount != NULL) mutate_expr(listing, &clause->amount);
}

static void list_scheme(struct mutate_listing *listing, uint16_t number)
{
    struct policy_scheme *scheme = &listing->copy->schemes[number];
    bool *touched = arena_array(listing->arena, bool, listing->copy->scheme_count);
    touched[number] = true;
    if (!touch(listing, touched) || scheme->form == POLICY_DECLARED) return;
    listing->owner = &scheme->name;
    if (scheme->pack == listing->pack) {
        listing->place = scheme->place;
        mutate_span(listing, &scheme->span, STR("项目"), STR("the scheme"));
        listing->window = (struct policy_span){DAY_NONE, DAY_NONE};
        mutate_expr(listing, &scheme->applies);
    }
    for (size_t c = 0; c < scheme->clause_count; c++) {
        if (scheme->clauses[c].pack != listing->pack) continue;
        list_clause(listing, scheme, &scheme->clauses[c]);
    }
}

/* Turned round it must not lead in a circle: only where no other exclusion names the two. */
static bool may_turn(const struct policy *policy, const struct policy_exclusion *exclusion)
{
    for (size_t e = 0; e < policy->exclusion_count; e++) {
        const struct policy_exclusion *other = &policy->exclusions[e];
        if (other == exclusion) continue;
        for (size_t i = 0; i < other->count; i++) {
            for (size_t k = 0; k < exclusion->count; k++) {
                if (other->schemes[i] == exclusion->schemes[k]) return false;
            }
        }
    }
    return true;
}

static void list_exclusion(struct mutate_listing *listing, struct policy_exclusion *exclusion)
{
    const struct policy *policy = listing->copy;
    bool *touched = arena_array(listing->arena, bool, policy->scheme_count);
    for (size_t i = 0; i < exclusion->count; i++) touched[exclusion->schemes[i]] = true;
    if (exclusion->pack != listing->pack || !touch(listing, touched)) return;
    listing->owner = &policy->schemes[exclusion->schemes[0]].name;
    listing->place = exclusion->place;
    listing->window = exclusion->span;
    mutate_span(listing, &exclusion->span, STR("互斥"), STR("the exclusion"));
    mutate_end(mutate_add(listing, STR("去掉互斥"), STR("the exclusion left out")),
               &exclusion->span);
    for (size_t i = 0; may_turn(policy, exclusion) && i + 1 < exclusion->count; i++) {
        struct mutant *mutant =
            mutate_add(listing, STR("互斥的先后对调"), STR("the order of the exclusion turned"));
        mutate_edit(mutant, &exclusion->schemes[i], &exclusion->schemes[i + 1], sizeof(uint16_t));
        mutate_edit(mutant, &exclusion->schemes[i + 1], &exclusion->schemes[i], sizeof(uint16_t));
    }
}

static int compare_places(const void *a, const void *b)
{
    const struct mutant *x = a, *y = b;
    struct policy_place p = x->told.place, q = y->told.place;
    if (p.source != q.source) return p.source < q.source ? -1 : 1;
    if (p.line != q.line) return p.line < q.line ? -1 : 1;
    if (p.column != q.column) return p.column < q.column ? -1 : 1;
    return str_compare(x->told.en, y->told.en);
}

void mutate_list(struct arena *arena, struct policy *copy, uint16_t pack, struct mutants *out)
{
    struct mutate_listing listing = {.arena = arena, .copy = copy, .pack = pack};
    for (uint16_t d = 0; d < copy->definition_count; d++) list_definition(&listing, d);
    for (uint16_t s = 0; s < copy->standard_count; s++) list_standard(&listing, s);
    for (uint16_t s = 0; s < copy->scheme_count; s++) list_scheme(&listing, s);
    for (size_t e = 0; e < copy->exclusion_count; e++) {
        list_exclusion(&listing, &copy->exclusions[e]);
    }
    if (listing.mutants.count > 0) {
        qsort(listing.mutants.items, listing.mutants.count, sizeof(struct mutant), compare_places);
    }
    out->items = listing.mutants.items;
    out->count = listing.mutants.count;
}
