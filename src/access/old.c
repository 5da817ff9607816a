#include "access/old.h"

static bool count_before(struct store_statement *count, int64_t before_ms, int64_t *all,
                         int64_t *old, struct err *err)
{
    store_bind_i64(count, "$before", before_ms);
    bool done = store_step_row(count, err);
    if (done) {
        *all = store_i64(count, 0);
        *old = store_i64(count, 1);
    }
    store_finish(count);
    return done;
}

static bool erase_before(struct store_statement *erase, int64_t before_ms, struct err *err)
{
    store_bind_i64(erase, "$before", before_ms);
    return store_run_once(erase, err);
}

bool sessions_old(struct store *store, int64_t before_ms, int64_t *all, int64_t *old,
                  struct err *err)
{
    struct store_statement *count = NULL;
    return store_prepare(store, &count,
                         "SELECT count(*), coalesce(sum(seen_ms < $before), 0) FROM session", err)
           && count_before(count, before_ms, all, old, err);
}

bool sessions_erase(struct store *store, int64_t before_ms, struct err *err)
{
    struct store_statement *erase = NULL;
    return store_prepare(store, &erase, "DELETE FROM session WHERE seen_ms < $before", err)
           && erase_before(erase, before_ms, err);
}

bool login_failures_old(struct store *store, int64_t before_ms, int64_t *all, int64_t *old,
                        struct err *err)
{
    struct store_statement *count = NULL;
    return store_prepare(store, &count,
                         "SELECT count(*), coalesce(sum(last_ms < $before), 0) FROM login_failure",
                         err)
           && count_before(count, before_ms, all, old, err);
}

bool login_failures_erase(struct store *store, int64_t before_ms, struct err *err)
{
    struct store_statement *erase = NULL;
    return store_prepare(store, &erase, "DELETE FROM login_failure WHERE last_ms < $before", err)
           && erase_before(erase, before_ms, err);
}

bool approvals_old(struct store *store, int64_t before_ms, int64_t *all, int64_t *old,
                   struct err *err)
{
    struct store_statement *count = NULL;
    return store_prepare(store, &count,
                         "SELECT count(*), coalesce(sum(asked_ms < $before), 0) FROM approval", err)
           && count_before(count, before_ms, all, old, err);
}

bool approvals_erase(struct store *store, int64_t before_ms, struct err *err)
{
    struct store_statement *erase = NULL;
    return store_prepare(store, &erase, "DELETE FROM approval WHERE asked_ms < $before", err)
           && erase_before(erase, before_ms, err);
}
