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

/* What holds of a pair; ERR_NOT_FOUND when there is none of this number. */
static bool verdict_of_pair(struct store *store, int64_t number, enum review_verdict *out,
                            struct err *err)
{
    struct store_statement *find = NULL;
    bool row = false;
    if (!store_prepare(store, &find,
                       "SELECT coalesce((SELECT v.verdict FROM decision v WHERE v.doubt = d.number "
                       "ORDER BY v.number DESC LIMIT 1), 'open') "
                       "FROM link_doubt d WHERE d.number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$number", number);
    bool good = store_step(find, &row, err);
    int verdict = good && row ? review_verdict_of(store_str(find, 0)) : REVIEW_OPEN;
    store_finish(find);
    if (!good) return false;
    CHECK(verdict >= 0);
    *out = (enum review_verdict)verdict;
    if (row) return true;
    err_set(err, ERR_NOT_FOUND, "there is no doubtful pair %lld", "没有编号为 %lld 的存疑对",
            (long long)number);
    return err_hint(err, "\"baoxue review\" lists them", "可用 baoxue review 查看");
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
                           enum review_verdict verdict, struct str why, struct err *err)
{
    struct arena work = {0};
    struct text object;
    const enum audit_action action = verdict == REVIEW_OPEN ? AUDIT_UNDECIDE : AUDIT_DECIDE;
    text_init(&object, &work, 64);
    text_add_f(&object, "review %lld", (long long)number);
    bool good = store_begin(registry->store, err);
    if (good) {
        good = add_decision(registry, asker, number, verdict, why, err)
               && audit_append(registry->store, &registry->clock, asker, action, text_str(&object),
                               why, err)
               && store_commit(registry->store, err);
        if (!good) store_rollback(registry->store);
    }
    arena_free(&work);
    return good;
}

bool review_decide(struct registry *registry, const struct asker *asker, int64_t number,
                   enum review_verdict verdict, struct str why, struct err *err)
{
    CHECK(verdict <= REVIEW_OPEN);
    enum review_verdict before;
    if (str_trim(why).len == 0) {
        err_set(err, ERR_USAGE, "a decision needs its reason", "作出决定须说明理由");
        return err_hint(err, "--why \"…\"", "--why “…”");
    }
    if (!verdict_of_pair(registry->store, number, &before, err)) return false;
    if (verdict == REVIEW_OPEN && before == REVIEW_OPEN) {
        return err_set(err, ERR_CONFLICT, "pair %lld is undecided, there is nothing to take back",
                       "第 %lld 对尚未裁定，无可撤回", (long long)number);
    }
    return write_decision(registry, asker, number, verdict, why, err);
}

bool review_decided(const struct people *people, struct arena *arena, struct registry *registry,
                    struct review_decision **out, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    struct record_keys keys;
    LIST(struct review_decision) list = {0};
    bool row = true, good = false;
    if (!record_keys_open(&keys, arena, people, registry->store, false, err)) return false;
    if (!store_prepare(registry->store, &rows,
                       "SELECT d.number, d.record, d.other, d.weight_millibits, "
                       "d.probability_ppm, v.verdict, v.why, v.user, v.at_ms FROM decision v "
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
                                     .at_ms = store_i64(rows, 8)};
    }
    *out = list.items;
    *count = list.count;
    good = true;
out:
    store_finish(rows);
    return good;
}
