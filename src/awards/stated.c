#include "awards/stated.h"

#include "policy/explain.h"

enum { SENTENCE_BYTES_MAX = 1 << 14 };

const char *award_source_key(enum fact_source_kind kind)
{
    static const char *const keys[] = {[FACT_STATED] = "stated",
                                       [FACT_STALE] = "stale",
                                       [FACT_SILENT] = "silent",
                                       [FACT_NOT_SENT] = "not_sent"};
    return keys[kind];
}

struct finding {
    struct registry *registry;
    struct arena *arena;
    const struct asker *asker;
    const struct facts *facts;
    const struct batch *batches;
    size_t batch_count;
};

/* Where a kept row stands; nothing where the asker may not see it. */
static bool find_place(const struct finding *finding, struct award_stated *stated, struct err *err)
{
    if (stated->source.row == UINT32_MAX) return true;
    const struct fact_row *row = &finding->facts->kept->rows[stated->source.row];
    const struct profile *profile = finding->facts->text->registers[row->register_number].profile;
    struct statement statement;
    struct err unseen = ERR_INIT;
    if (!registry_statement(finding->registry, finding->arena, finding->asker, profile,
                            row->statement, &statement, &unseen)) {
        if (unseen.kind == ERR_NOT_FOUND) return true;
        *err = unseen;
        return false;
    }
    for (size_t b = 0; b < finding->batch_count; b++) {
        if (finding->batches[b].number == row->batch) stated->file = finding->batches[b].file;
    }
    stated->sheet = statement.sheet + 1;
    stated->row = statement.row;
    return true;
}

/* Several clauses may rest on one row, and a register may be silent about several words: that is
 * one thing to say. */
static bool is_repeated(const struct award_stated *items, size_t count,
                        const struct fact_source *source)
{
    for (size_t i = 0; i < count; i++) {
        const struct fact_source *before = &items[i].source;
        bool said = source->row == UINT32_MAX || before->value == source->value;
        if (said && before->kind == source->kind && before->row == source->row
            && before->register_number == source->register_number) {
            return true;
        }
    }
    return false;
}

/* A row that speaks of several inputs is opened once. */
static bool is_placed(const struct award_sources *found, uint16_t inputs,
                      struct award_stated *stated)
{
    for (uint16_t i = 0; i < inputs; i++) {
        for (size_t s = 0; s < found->counts[i]; s++) {
            const struct award_stated *before = &found->items[i][s];
            if (before->source.row != stated->source.row) continue;
            stated->file = before->file;
            stated->sheet = before->sheet;
            stated->row = before->row;
            return true;
        }
    }
    return false;
}

bool award_sources_find(struct registry *registry, struct arena *arena, const struct asker *asker,
                        const struct facts *facts, size_t row, struct award_sources *out,
                        struct err *err)
{
    struct batch *batches;
    size_t count;
    return registry_batches(registry, arena, asker, &batches, &count, err)
           && award_sources_among(registry, arena, asker, batches, count, facts, row, out, err);
}

bool award_sources_among(struct registry *registry, struct arena *arena, const struct asker *asker,
                         const struct batch *batches, size_t batch_count,
                         const struct facts *facts, size_t row, struct award_sources *out,
                         struct err *err)
{
    const struct finding finding = {registry, arena, asker, facts, batches, batch_count};
    struct award_sources found = {.facts = facts};
    size_t inputs = facts->policy->input_count;
    found.items = arena_array(arena, struct award_stated *, inputs);
    found.counts = arena_array(arena, size_t, inputs);
    for (uint16_t i = 0; i < inputs; i++) {
        struct fact_source *sources;
        size_t count;
        if (facts->policy->inputs[i].subject != facts->subject) continue;
        facts_sources(facts, arena, row, i, &sources, &count);
        found.items[i] = arena_array(arena, struct award_stated, count);
        for (size_t s = 0; s < count; s++) {
            struct award_stated *stated = &found.items[i][found.counts[i]];
            if (is_repeated(found.items[i], found.counts[i], &sources[s])) continue;
            stated->source = sources[s];
            bool placed = is_placed(&found, (uint16_t)(i + 1), stated);
            if (!placed && !find_place(&finding, stated, err)) return false;
            found.counts[i]++;
        }
    }
    *out = found;
    return true;
}

day award_source_day(const struct award_sources *sources, const struct award_stated *stated)
{
    if (stated->source.row == UINT32_MAX) return DAY_NONE;
    return sources->facts->kept->rows[stated->source.row].valid_from;
}

struct str award_source_register(const struct award_sources *sources,
                                 const struct award_stated *stated, enum lang lang)
{
    const struct profile *profile =
        sources->facts->text->registers[stated->source.register_number].profile;
    return lang == LANG_ZH ? profile->zh : profile->en;
}

struct str award_source_text(struct arena *arena, const struct award_sources *sources,
                             uint16_t input, const struct award_stated *stated, enum lang lang)
{
    const struct fact_source *source = &stated->source;
    bool zh = lang == LANG_ZH;
    struct text text;
    text_init(&text, arena, SENTENCE_BYTES_MAX);
    text_add(&text, award_source_register(sources, stated, lang));
    text_add_c(&text, zh ? "：" : ": ");
    if (source->kind == FACT_SILENT) text_add_c(&text, zh ? "名单上没有" : "not on the list");
    if (source->kind == FACT_NOT_SENT) text_add_c(&text, zh ? "未报送" : "was not sent");
    if (source->kind == FACT_STATED || source->kind == FACT_STALE) {
        const struct policy_input *about = &sources->facts->policy->inputs[input];
        if (source->one_of) text_add_c(&text, zh ? "其中之一：" : "one of ");
        text_add(&text, policy_value_text(arena, about, source->value, lang));
        if (source->of_guardian) text_add_c(&text, zh ? "（监护人）" : " (a guardian)");
        if (source->of_household) text_add_c(&text, zh ? "（列户主名下）" : " (by the household)");
        if (source->kind == FACT_STALE) {
            text_add_c(&text, zh ? "（以前学年的，不作数）" : " (of an earlier school year)");
        }
    }
    if (stated->file.len > 0) {
        text_add_f(&text, zh ? "（%.*s，第 %llu 行）" : " (%.*s, row %llu)", STR_ARG(stated->file),
                   (unsigned long long)stated->row);
    }
    return text_str(&text);
}
