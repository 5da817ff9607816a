#include "findings/finding_store.h"

#include "base/asset.h"

static const char *const status_keys[] = {"suspected", "confirmed", "closed"};
static const char *const status_zh[] = {"疑似", "已确认", "已销号"};
static const char *const status_en[] = {"suspected", "confirmed", "closed"};

const char *finding_status_key(enum finding_status status)
{
    CHECK(status <= FINDING_CLOSED);
    return status_keys[status];
}

const char *finding_status_text(enum finding_status status, enum lang lang)
{
    CHECK(status <= FINDING_CLOSED);
    return lang == LANG_EN ? status_en[status] : status_zh[status];
}

bool finding_migrate(struct store *store, struct err *err)
{
    struct str scripts[5];
    CHECK(asset_find("src/findings/schema.sql", &scripts[0]));
    CHECK(asset_find("src/findings/schema_2.sql", &scripts[1]));
    CHECK(asset_find("src/findings/schema_3.sql", &scripts[2]));
    CHECK(asset_find("src/findings/schema_4.sql", &scripts[3]));
    CHECK(asset_find("src/findings/schema_5.sql", &scripts[4]));
    return store_migrate(store, "findings", scripts, 5, err);
}

/* A finding that was closed and is found again is suspected again; a confirmed one stays confirmed.
 */
static bool put_finding(struct store_statement *put, const struct people *people,
                        const struct finding *finding, day at, struct err *err)
{
    int64_t person = finding->person == UINT32_MAX ? 0 : people->persons[finding->person].number;
    struct str empty = {"", 0};
    store_reset(put);
    store_bind_str(put, "$kind", str_from(finding_kind_key(finding->kind)));
    store_bind_i64(put, "$person", person);
    store_bind_str(put, "$key", finding->key.len > 0 ? finding->key : empty);
    store_bind_day(put, "$at", at);
    store_bind_str(put, "$queue", str_from(queue_key(finding->queue)));
    store_bind_str(put, "$area", finding->area.len > 0 ? finding->area : empty);
    store_bind_i64(put, "$probability", finding->probability_ppm);
    store_bind_str(put, "$reason", finding->reason.len > 0 ? finding->reason : empty);
    return store_run(put, err);
}

static bool read_entry(struct store_statement *get, const struct people *people,
                       const struct finding *finding, struct finding_entry *entry, struct err *err)
{
    struct str empty = {"", 0};
    store_reset(get);
    store_bind_str(get, "$kind", str_from(finding_kind_key(finding->kind)));
    store_bind_i64(get, "$person",
                   finding->person == UINT32_MAX ? 0 : people->persons[finding->person].number);
    store_bind_str(get, "$key", finding->key.len > 0 ? finding->key : empty);
    if (!store_step_row(get, err)) return false;
    entry->number = store_i64(get, 0);
    entry->opened = store_day(get, 1);
    struct str status = store_str(get, 2);
    entry->status = FINDING_SUSPECTED;
    for (int s = 0; s <= FINDING_CLOSED; s++) {
        if (str_is(status, status_keys[s])) entry->status = (enum finding_status)s;
    }
    return true;
}

bool finding_save_end(struct store *store, day at, struct err *err)
{
    struct store_statement *rest = NULL;
    if (!store_prepare(store, &rest,
                       "UPDATE finding SET status = 'closed', closed = $at "
                       "WHERE status <> 'closed' AND seen <> $at",
                       err)) {
        return false;
    }
    store_bind_day(rest, "$at", at);
    bool good = store_run(rest, err);
    store_finish(rest);
    return good;
}

/* Marks what stands as not seen, so that a second run on the same day closes what it does not find.
 */
bool finding_save_begin(struct store *store, struct err *err)
{
    return store_exec(store, "UPDATE finding SET seen = ''", err);
}

bool finding_save_part(struct store *store, const struct people *people,
                       const struct finding *findings, size_t count, day at,
                       struct finding_entry *entries, struct err *err)
{
    struct store_statement *put = NULL, *get = NULL;
    bool good = false;
    if (!store_prepare(store, &put,
                       "INSERT INTO finding (kind, person, key, status, opened, seen, queue, area, "
                       "probability_ppm, reason) VALUES ($kind, $person, $key, 'suspected', $at, "
                       "$at, $queue, $area, $probability, $reason) "
                       "ON CONFLICT (kind, person, key) DO UPDATE SET seen = excluded.seen, "
                       "status = CASE finding.status WHEN 'closed' THEN 'suspected' "
                       "ELSE finding.status END, closed = NULL, queue = excluded.queue, "
                       "area = excluded.area, probability_ppm = excluded.probability_ppm, "
                       "reason = excluded.reason",
                       err)
        || !store_prepare(store, &get,
                          "SELECT number, opened, status FROM finding "
                          "WHERE kind = $kind AND person = $person AND key = $key",
                          err)) {
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        if (!put_finding(put, people, &findings[i], at, err)) goto out;
        if (!read_entry(get, people, &findings[i], &entries[i], err)) goto out;
    }
    good = true;
out:
    store_finish(put);
    store_finish(get);
    return good;
}

static bool save_all(struct store *store, const struct people *people,
                     const struct finding *findings, size_t count, day at,
                     struct finding_entry *entries, struct err *err)
{
    return finding_save_begin(store, err)
           && finding_save_part(store, people, findings, count, at, entries, err)
           && finding_save_end(store, at, err);
}

bool finding_newest(struct store *store, int64_t *out, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(store, &select, "SELECT coalesce(max(number), 0) FROM finding", err)) {
        return false;
    }
    bool good = store_step_row(select, err);
    if (good) *out = store_i64(select, 0);
    store_finish(select);
    return good;
}

bool finding_mark(struct store *store, int64_t number, enum finding_status status, day at,
                  struct err *err)
{
    struct store_statement *mark = NULL;
    if (!store_prepare(store, &mark,
                       "UPDATE finding SET status = $status, closed = $closed "
                       "WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_str(mark, "$status", str_from(finding_status_key(status)));
    store_bind_day(mark, "$closed", status == FINDING_CLOSED ? at : DAY_NONE);
    store_bind_i64(mark, "$number", number);
    return store_run_once(mark, err);
}

bool finding_save(struct registry *registry, const struct people *people,
                  const struct finding *findings, size_t count, day at,
                  struct finding_entry *entries, struct err *err)
{
    CHECK(!day_is_none(at));
    struct store *store = registry->store;
    if (store_in_transaction(store)) {
        return save_all(store, people, findings, count, at, entries, err);
    }
    if (!store_begin(store, err)) return false;
    if (!save_all(store, people, findings, count, at, entries, err) || !store_commit(store, err)) {
        store_rollback(store);
        return false;
    }
    return true;
}
