#include "link/people_store.h"

#include "access/audit.h"
#include "base/list.h"

static const char *const verdict_keys[] = {"same", "different", "visit", "open"};
static const char *const verdict_zh[] = {"同一人", "两个人", "去核实", "未裁定"};
static const char *const verdict_en[] = {"one person", "two persons", "to be visited", "undecided"};

const char *review_verdict_key(enum review_verdict verdict)
{
    CHECK(verdict <= REVIEW_OPEN);
    return verdict_keys[verdict];
}

const char *review_verdict_text(enum review_verdict verdict, enum lang lang)
{
    CHECK(verdict <= REVIEW_OPEN);
    return lang == LANG_EN ? verdict_en[verdict] : verdict_zh[verdict];
}

int review_verdict_of(struct str key)
{
    for (int v = 0; v <= REVIEW_OPEN; v++) {
        if (str_is(key, verdict_keys[v])) return v;
    }
    return -1;
}

static void read_last(struct store_statement *row, struct arena *arena, struct review_last *out)
{
    int verdict = store_is_null(row, 0) ? REVIEW_OPEN : review_verdict_of(store_str(row, 1));
    CHECK(verdict >= 0);
    *out = (struct review_last){.version = store_i64(row, 0),
                                .verdict = (enum review_verdict)verdict,
                                .why = str_copy(arena, store_str(row, 2)),
                                .user = str_copy(arena, store_str(row, 3)),
                                .at_ms = store_i64(row, 4)};
}

bool review_last(struct store *store, struct arena *arena, int64_t number, struct review_last *out,
                 struct err *err)
{
    struct store_statement *find = NULL;
    bool row = false;
    if (!store_prepare(store, &find,
                       "SELECT v.number, v.verdict, v.why, v.user, v.at_ms FROM link_doubt d "
                       "LEFT JOIN decision v ON v.number = "
                       "(SELECT max(number) FROM decision WHERE doubt = d.number) "
                       "WHERE d.number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$number", number);
    bool good = store_step(find, &row, err);
    if (good && row) read_last(find, arena, out);
    store_finish(find);
    if (!good || row) return good;
    err_set(err, ERR_NOT_FOUND, "there is no doubtful pair %lld", "没有编号为 %lld 的存疑对",
            (long long)number);
    return err_hint(err, "\"baoxue review\" lists them", "可用 baoxue review 查看");
}

/* Nobody decides over the head of another: what one has not seen is not replaced. */
static bool may_follow(const struct review_last *last, int64_t number, enum review_verdict verdict,
                       int64_t seen, struct err *err)
{
    if (seen != REVIEW_SEEN_ANY && seen != last->version) {
        return err_set(err, ERR_CONFLICT,
                       "pair %lld was decided by %.*s since you looked, nothing was changed",
                       "第 %lld 对在您查看之后已由 %.*s 处理，未作更改", (long long)number,
                       STR_ARG(last->user));
    }
    if (verdict == REVIEW_OPEN && last->verdict == REVIEW_OPEN) {
        return err_set(err, ERR_CONFLICT, "pair %lld is undecided, there is nothing to take back",
                       "第 %lld 对尚未裁定，无可撤回", (long long)number);
    }
    return true;
}

static bool add_decision(struct registry *registry, const struct asker *asker, int64_t number,
                         enum review_verdict verdict, struct str why, struct err *err)
{
    struct store_statement *add = NULL;
    if (!store_prepare(registry->store, &add,
                       "INSERT INTO decision (doubt, verdict, why, user, at_ms) "
                       "VALUES ($doubt, $verdict, $why, $user, $at_ms)",
                       err)) {
        return false;
    }
    store_bind_i64(add, "$doubt", number);
    store_bind_str(add, "$verdict", str_from(verdict_keys[verdict]));
    store_bind_str(add, "$why", why);
    store_bind_str(add, "$user", asker->name);
    store_bind_i64(add, "$at_ms", clock_now_ms(&registry->clock));
    bool good = store_run(add, err);
    store_finish(add);
    return good;
}

static bool write_decision(struct registry *registry, const struct asker *asker, int64_t number,
                           enum review_verdict verdict, struct str why, int64_t seen,
                           int64_t *version, struct err *err)
{
    struct arena work = {0};
    struct text object;
    struct review_last last;
    const enum audit_action action = verdict == REVIEW_OPEN ? AUDIT_UNDECIDE : AUDIT_DECIDE;
    text_init(&object, &work, 64);
    text_add_f(&object, "review %lld", (long long)number);
    bool good = review_last(registry->store, &work, number, &last, err)
                && may_follow(&last, number, verdict, seen, err)
                && add_decision(registry, asker, number, verdict, why, err);
    if (good) *version = store_last_id(registry->store);
    good = good
           && audit_append(registry->store, &registry->clock, asker, action, text_str(&object), why,
                           err);
    arena_free(&work);
    return good;
}

bool review_decide(struct registry *registry, const struct asker *asker, int64_t number,
                   enum review_verdict verdict, struct str why, int64_t seen, int64_t *version,
                   struct err *err)
{
    CHECK(verdict <= REVIEW_OPEN);
    int64_t made = 0;
    if (str_trim(why).len == 0) {
        err_set(err, ERR_USAGE, "a decision needs its reason", "作出决定须说明理由");
        return err_hint(err, "--why \"…\"", "--why “…”");
    }
    if (!store_begin(registry->store, err)) return false;
    bool good = write_decision(registry, asker, number, verdict, why, seen, &made, err);
    if (!store_end(registry->store, good, err)) return false;
    if (version != NULL) *version = made;
    return true;
}

bool review_decided(const struct people *people, struct arena *arena, struct registry *registry,
                    struct review_decision **out, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    struct record_keys keys;
    LIST(struct review_decision) list = {0};
    bool row = true, good = false;
    if (!record_keys_open(&keys, arena, people, registry->store, false, err)) return false;
    if (!store_prepare(
            registry->store, &rows,
            "SELECT d.number, d.record, d.other, d.weight_millibits, "
            "d.probability_ppm, v.verdict, v.why, v.user, v.at_ms, v.number FROM decision v "
            "JOIN link_doubt d ON d.number = v.doubt "
            "WHERE v.number = (SELECT max(number) FROM decision WHERE doubt = v.doubt) "
            "AND v.verdict <> 'open' ORDER BY v.number DESC",
            err)) {
        return false;
    }
    for (;;) {
        if (!store_step(rows, &row, err)) goto out;
        if (!row) break;
        struct review_item item;
        int verdict = review_verdict_of(store_str(rows, 5));
        CHECK(verdict >= 0);
        if (!review_item_read(rows, people, &keys, &item)) continue;
        *list_push(arena, &list) =
            (struct review_decision){.pair = item,
                                     .verdict = (enum review_verdict)verdict,
                                     .why = str_copy(arena, store_str(rows, 6)),
                                     .user = str_copy(arena, store_str(rows, 7)),
                                     .at_ms = store_i64(rows, 8),
                                     .version = store_i64(rows, 9)};
    }
    *out = list.items;
    *count = list.count;
    good = true;
out:
    store_finish(rows);
    return good;
}
