#include "awards/award_store.h"

#include "access/audit.h"
#include "awards/award_store_internal.h"
#include "base/asset.h"

bool award_migrate(struct store *store, struct err *err)
{
    struct str scripts[2];
    CHECK(asset_find("src/awards/schema.sql", &scripts[0]));
    CHECK(asset_find("src/awards/schema_2.sql", &scripts[1]));
    return store_migrate(store, "awards", scripts, 2, err);
}

static void hash_sources(const struct policy_source *sources, size_t count, unsigned char out[32])
{
    struct arena work = {0};
    struct text all;
    text_init(&all, &work, SIZE_MAX / 2);
    for (size_t i = 0; i < count; i++) {
        text_add_f(&all, "%.*s %zu\n", STR_ARG(sources[i].name), sources[i].text.len);
        text_add(&all, sources[i].text);
    }
    sm3_hash(text_str(&all), out);
    arena_free(&work);
}

static bool put_sources(struct store *store, const struct award_run *run, int64_t rule_set,
                        struct err *err)
{
    struct store_statement *put = NULL;
    bool good = store_prepare(store, &put,
                              "INSERT INTO rule_source (rule_set, ordinal, name, source) "
                              "VALUES ($rule_set, $ordinal, $name, $source)",
                              err);
    for (size_t i = 0; good && i < run->source_count; i++) {
        store_bind_i64(put, "$rule_set", rule_set);
        store_bind_i64(put, "$ordinal", (int64_t)i);
        store_bind_text(put, "$name", run->sources[i].name);
        store_bind_text(put, "$source", run->sources[i].text);
        good = store_run(put, err);
    }
    store_finish(put);
    return good;
}

/* The number of the run's rule set, kept now where it is new. */
static bool keep_rules(struct registry *registry, const struct award_run *run, int64_t *number,
                       struct err *err)
{
    struct store_statement *find = NULL, *put = NULL;
    unsigned char hash[32];
    bool row = false, good = false;
    hash_sources(run->sources, run->source_count, hash);
    struct str bytes = {(const char *)hash, sizeof hash};
    if (!store_prepare(registry->store, &find, "SELECT number FROM rule_set WHERE hash = $hash",
                       err)) {
        return false;
    }
    store_bind_blob(find, "$hash", bytes);
    if (!store_step(find, &row, err)) goto out;
    if (row) {
        *number = store_i64(find, 0);
        good = true;
        goto out;
    }
    if (!store_prepare(registry->store, &put,
                       "INSERT INTO rule_set (hash, kept_ms) VALUES ($hash, $now)", err)) {
        goto out;
    }
    store_bind_blob(put, "$hash", bytes);
    store_bind_i64(put, "$now", clock_now_ms(&registry->clock));
    if (!store_run(put, err)) goto out;
    *number = store_last_id(registry->store);
    good = put_sources(registry->store, run, *number, err);
out:
    store_finish(find);
    store_finish(put);
    return good;
}

/* That texts are those whose hash was kept with them. */
static bool check_sources(struct store *store, int64_t rule_set,
                          const struct policy_source *sources, size_t count, struct err *err)
{
    struct store_statement *find = NULL;
    unsigned char hash[32];
    bool row = false;
    if (!store_prepare(store, &find, "SELECT hash FROM rule_set WHERE number = $rule_set", err)) {
        return false;
    }
    store_bind_i64(find, "$rule_set", rule_set);
    bool good = store_step(find, &row, err);
    hash_sources(sources, count, hash);
    bool same =
        good && row && str_equal(store_str(find, 0), (struct str){(const char *)hash, sizeof hash});
    store_finish(find);
    if (!good || same) return good;
    return err_set(err, ERR_STORE, "the texts of rule set %lld are not those that decided: changed",
                   "规则 %lld 的留档文本与当时核定所用的不同：被改动过", (long long)rule_set);
}

static bool read_sources(struct store *store, struct arena *arena, int64_t rule_set,
                         struct policy_source **sources, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct policy_source) list = {0};
    bool row = true, good = false;
    if (!store_prepare(store, &rows,
                       "SELECT name, source FROM rule_source WHERE rule_set = $rule_set "
                       "ORDER BY ordinal",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$rule_set", rule_set);
    while ((good = store_step(rows, &row, err)) && row) {
        *list_push(arena, &list) = (struct policy_source){str_copy(arena, store_str(rows, 0)),
                                                          str_copy(arena, store_str(rows, 1))};
    }
    store_finish(rows);
    if (!good || !check_sources(store, rule_set, list.items, list.count, err)) return false;
    *sources = list.items;
    *count = list.count;
    return true;
}

bool award_rules_known(struct store *store, struct arena *arena, int64_t known_ms,
                       struct policy_source **sources, size_t *count, struct err *err)
{
    struct store_statement *find = NULL;
    bool row = false;
    /* Runs tell when a set came into use again after another. */
    if (!store_prepare(store, &find,
                       "SELECT rule_set FROM award_run ORDER BY made_ms > $known, "
                       "CASE WHEN made_ms > $known THEN made_ms ELSE -made_ms END, number DESC "
                       "LIMIT 1",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$known", known_ms);
    bool good = store_step(find, &row, err);
    int64_t rule_set = good && row ? store_i64(find, 0) : 0;
    store_finish(find);
    if (!good) return false;
    if (rule_set == 0) {
        *sources = NULL;
        *count = 0;
        return true;
    }
    return read_sources(store, arena, rule_set, sources, count, err);
}

static bool put_run(struct registry *registry, const struct asker *asker,
                    const struct award_run *run, int64_t rule_set, struct str hash, int64_t *number,
                    struct err *err)
{
    struct store_statement *put = NULL;
    char term[PERIOD_TEXT_SIZE], year[PERIOD_TEXT_SIZE];
    if (!store_prepare(registry->store, &put,
                       "INSERT INTO award_run (at, known_ms, term, school_year, rule_set, hash, "
                       "user, made_ms) VALUES ($at, $known, $term, $year, $rule_set, $hash, $user, "
                       "$now)",
                       err)) {
        return false;
    }
    store_bind_day(put, "$at", run->at);
    store_bind_i64(put, "$known", run->known_ms);
    store_bind_str(put, "$term", str_from(period_format(period_of(PERIOD_TERM, run->at), term)));
    store_bind_str(put, "$year", str_from(period_format(period_of(PERIOD_YEAR, run->at), year)));
    store_bind_i64(put, "$rule_set", rule_set);
    store_bind_blob(put, "$hash", hash);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(&registry->clock));
    bool good = store_run_once(put, err);
    if (good) *number = store_last_id(registry->store);
    return good;
}

static bool put_kinds(struct store *store, struct arena *arena, const struct award_run *run,
                      int64_t number, struct err *err)
{
    struct store_statement *kind_put = NULL, *put = NULL;
    bool good = store_prepare(store, &kind_put,
                              "INSERT INTO award_kind (run, kind, inputs) "
                              "VALUES ($run, $kind, $inputs)",
                              err)
                && store_prepare(store, &put,
                                 "INSERT INTO award_verdict (run, kind, scheme, period, verdict, "
                                 "fen, needs) VALUES ($run, $kind, $scheme, $period, $verdict, "
                                 "$fen, $needs)",
                                 err);
    for (size_t kind = 0; good && kind < run->kinds->count; kind++) {
        store_bind_i64(kind_put, "$run", number);
        store_bind_i64(kind_put, "$kind", (int64_t)kind);
        store_bind_text(kind_put, "$inputs", award_inputs(arena, run->facts, run->kinds, kind));
        good = store_run(kind_put, err);
        for (size_t i = run->kinds->firsts[kind]; good && i < run->kinds->firsts[kind + 1]; i++) {
            const struct policy_decision *decision = &run->kinds->decisions[i];
            char period[PERIOD_TEXT_SIZE];
            store_bind_i64(put, "$run", number);
            store_bind_i64(put, "$kind", (int64_t)kind);
            store_bind_str(put, "$scheme", run->facts->policy->schemes[decision->scheme].name.key);
            store_bind_str(put, "$period", str_from(award_period(run, decision, period)));
            store_bind_str(put, "$verdict", str_from(policy_verdict_key(decision->verdict)));
            store_bind_i64(put, "$fen", award_fen(decision));
            store_bind_text(put, "$needs", award_kept_needs(arena, run->facts, decision));
            good = store_run(put, err);
        }
    }
    store_finish(kind_put);
    store_finish(put);
    return good;
}

static bool put_people(struct store *store, const struct award_run *run, int64_t number,
                       struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(store, &put,
                       "INSERT INTO award_person (run, person, kind) VALUES ($run, $person, $kind)",
                       err)) {
        return false;
    }
    int at[] = {store_place(put, "$run"), store_place(put, "$person"), store_place(put, "$kind")};
    bool good = true;
    for (size_t row = 0; good && row < run->facts->rows.count; row++) {
        store_bind_i64_at(put, at[0], number);
        store_bind_i64_at(put, at[1], run->facts->people->persons[run->facts->persons[row]].number);
        store_bind_i64_at(put, at[2], run->kinds->kind_of[row]);
        good = store_run(put, err);
    }
    store_finish(put);
    return good;
}

/* The newest run of the day, when it says the same by the same rules. */
static bool find_same(struct store *store, const struct award_run *run, int64_t rule_set,
                      struct str hash, int64_t *number, struct err *err)
{
    struct store_statement *find = NULL;
    bool row = false;
    if (!store_prepare(store, &find,
                       "SELECT number, rule_set, hash FROM award_run WHERE at = $at "
                       "ORDER BY number DESC LIMIT 1",
                       err)) {
        return false;
    }
    store_bind_day(find, "$at", run->at);
    bool good = store_step(find, &row, err);
    *number = 0;
    if (good && row && store_i64(find, 1) == rule_set && str_equal(store_str(find, 2), hash)) {
        *number = store_i64(find, 0);
    }
    store_finish(find);
    return good;
}

static bool save_fresh(struct registry *registry, const struct asker *asker,
                       const struct award_run *run, int64_t rule_set, struct str hash,
                       struct award_saved *out, struct err *err)
{
    struct arena work = {0};
    struct text object;
    text_init(&object, &work, 128);
    bool good = put_run(registry, asker, run, rule_set, hash, &out->run, err)
                && put_kinds(registry->store, &work, run, out->run, err)
                && put_people(registry->store, run, out->run, err)
                && award_propose(registry, &work, run, out->run, &out->changed, err);
    text_add_f(&object, "award_run %lld", (long long)out->run);
    good = good
           && audit_append(registry->store, &registry->clock, asker, AUDIT_AWARD, text_str(&object),
                           STR_EMPTY, err);
    arena_free(&work);
    return good;
}

static bool save(struct registry *registry, const struct asker *asker, const struct award_run *run,
                 struct award_saved *out, struct err *err)
{
    unsigned char hash[32];
    int64_t rule_set;
    struct str bytes = {(const char *)hash, sizeof hash};
    award_hash(run, hash);
    if (!keep_rules(registry, run, &rule_set, err)) return false;
    if (!find_same(registry->store, run, rule_set, bytes, &out->run, err)) return false;
    out->same = out->run != 0;
    if (!out->same && !save_fresh(registry, asker, run, rule_set, bytes, out, err)) return false;
    return award_count_open(registry->store, &out->open, err);
}

bool award_save(struct registry *registry, const struct asker *asker, const struct award_run *run,
                struct award_saved *out, struct err *err)
{
    CHECK(asker->all_areas);
    CHECK(run->facts->policy != NULL);
    struct award_saved fresh = {0};
    bool inside = store_in_transaction(registry->store);
    if (!inside && !store_begin(registry->store, err)) return false;
    bool good = save(registry, asker, run, &fresh, err);
    if (!inside && !store_end(registry->store, good, err)) return false;
    if (good) *out = fresh;
    return good;
}
