#include "jobs/reseal.h"

#include "access/audit.h"
#include "access/data_key.h"
#include "access/reseal.h"
#include "base/list.h"
#include "cases/case_event.h"
#include "jobs/person_told.h"
#include "ledger/batch.h"
#include "link/people_store.h"
#include "placing/kept.h"

struct work {
    struct workspace *workspace;
    const struct asker *asker;
    const struct progress *progress;
    struct reseal_result *result;
    struct arena arena;
    LIST(struct reseal_part) parts;
    struct reseal reseal;
    struct reseal_state state;
    uint64_t done, total; /* of this run and this time over */
};

static void add_part(struct work *work, const struct reseal_part *part)
{
    *list_push(&work->arena, &work->parts) = *part;
}

static bool list_parts(struct work *work, struct err *err)
{
    struct reseal_part *parts;
    size_t count;
    if (!registry_reseal_parts(&work->workspace->registry, &work->arena, &parts, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) add_part(work, &parts[i]);
    for (size_t i = 0; i < USER_RESEAL_PARTS; i++) add_part(work, &user_reseal_parts[i]);
    add_part(work, &case_event_reseal);
    add_part(work, &case_attachment_reseal);
    add_part(work, &pay_line_reseal);
    add_part(work, &link_state_reseal);
    add_part(work, &placing_file_reseal);
    return true;
}

/* Whoever goes on after a cut may have to log in with a second factor: those never lie under the
 * key before. */
static bool seal_users(struct store *store, struct codec *old, struct codec *fresh, struct err *err)
{
    struct reseal reseal = {.store = store, .old = old, .fresh = fresh};
    for (size_t i = 0; i < USER_RESEAL_PARTS; i++) {
        struct reseal_step did = {.last = RESEAL_START};
        do {
            if (!reseal_step(&reseal, &user_reseal_parts[i], did.last, &did, err)) return false;
        } while (did.rows > 0);
    }
    return true;
}

/* What a check left is not sealed anew but forgotten: the next check leaves it again. */
static bool begin(struct work *work, struct err *err)
{
    struct workspace *workspace = work->workspace;
    struct store *store = workspace->store;
    struct codec *fresh = NULL;
    if (!store_begin(store, err)) return false;
    bool done = data_key_renew(store, &workspace->clock, work->asker, workspace->path,
                               workspace->codec, &fresh, err)
                && registry_rekey(&workspace->registry, fresh, err)
                && seal_users(store, workspace->codec, fresh, err) && job_told_forget(store, err);
    done = store_end(store, done, err);
    if (!done) {
        codec_close(fresh);
        return false;
    }
    work->reseal.old = workspace->codec;
    workspace->codec = workspace->registry.codec = fresh;
    work->state = (struct reseal_state){.under_way = true};
    return true;
}

/* The part of this time over that is not done; from the first on where the one that was under way
 * is not there any more: what is done twice stays as it is. */
static size_t find_part(struct work *work)
{
    for (size_t i = 0; i < work->parts.count; i++) {
        if (str_is(work->state.part, work->parts.items[i].name)) return i;
    }
    work->state.after = RESEAL_START;
    return 0;
}

static bool count_left(struct work *work, size_t first, struct err *err)
{
    work->done = work->total = 0;
    for (size_t i = first; i < work->parts.count; i++) {
        uint64_t rows = 0;
        struct reseal_place after = i == first ? work->state.after : RESEAL_START;
        if (!reseal_count(work->workspace->store, &work->parts.items[i], after, &rows, err))
            return false;
        work->total += rows;
    }
    return true;
}

static void tell(const struct work *work)
{
    if (work->state.checking)
        progress_report(work->progress, "looking at all once more", "复查", work->done,
                        work->total);
    else
        progress_report(work->progress, "sealing anew", "重新加密", work->done, work->total);
}

/* One transaction: some rows, and how far that is. */
static bool step(struct work *work, const struct reseal_part *part, bool *more, struct err *err)
{
    struct store *store = work->workspace->store;
    struct reseal_step did = {0};
    if (!store_begin(store, err)) return false;
    work->reseal.checking = work->state.checking;
    bool done = reseal_step(&work->reseal, part, work->state.after, &did, err);
    if (done) {
        work->state.after = did.last;
        if (work->state.checking) {
            work->state.rows += did.rows;
            work->state.damaged += did.damaged;
        }
        done = reseal_write(store, &work->state, err);
    }
    if (!store_end(store, done, err)) return err_at(err, "%s", "%s", part->name);
    work->done += did.rows;
    *more = did.rows > 0;
    return true;
}

/* All parts, from where the state says. */
static bool go_over(struct work *work, struct err *err)
{
    size_t first = find_part(work);
    if (!count_left(work, first, err)) return false;
    for (size_t i = first; i < work->parts.count; i++) {
        const struct reseal_part *part = &work->parts.items[i];
        if (i > first) work->state.after = RESEAL_START;
        work->state.part = str_from(part->name);
        for (bool more = true; more;) {
            tell(work);
            if (!progress_wanted(work->progress, err) || !step(work, part, &more, err))
                return false;
        }
    }
    tell(work);
    return true;
}

static bool begin_checking(struct work *work, struct err *err)
{
    if (work->state.checking) return true;
    work->state = (struct reseal_state){.under_way = true, .checking = true, .after = RESEAL_START};
    return reseal_write(work->workspace->store, &work->state, err);
}

static bool retire(struct work *work, struct err *err)
{
    struct store *store = work->workspace->store;
    if (!store_begin(store, err)) return false;
    bool done = data_key_retire(store, &work->workspace->clock, work->asker, work->state.rows,
                                work->state.damaged, err);
    work->result->rows = work->state.rows;
    work->result->damaged = work->state.damaged;
    return store_end(store, done, err);
}

static bool go_on(struct work *work, struct err *err)
{
    struct workspace *workspace = work->workspace;
    return data_key_before(workspace->store, workspace->codec, &work->reseal.old, err)
           && audit_append(workspace->store, &workspace->clock, work->asker, AUDIT_KEY_RESEAL,
                           STR("resumed"), STR_EMPTY, err);
}

static bool run(struct work *work, struct err *err)
{
    struct workspace *workspace = work->workspace;
    if (!reseal_read(workspace->store, &work->arena, &work->state, err) || !list_parts(work, err)) {
        return false;
    }
    work->result->resumed = work->state.under_way;
    if (!(work->state.under_way ? go_on : begin)(work, err)) return false;
    work->reseal.store = workspace->store;
    work->reseal.fresh = workspace->codec;
    if (!work->state.checking && !go_over(work, err)) return false;
    return begin_checking(work, err) && go_over(work, err) && retire(work, err);
}

bool job_reseal(struct workspace *workspace, const struct asker *asker,
                const struct progress *progress, struct reseal_result *out, struct err *err)
{
    struct work work = {
        .workspace = workspace, .asker = asker, .progress = progress, .result = out};
    *out = (struct reseal_result){0};
    bool done = run(&work, err);
    codec_close(work.reseal.old);
    arena_free(&work.arena);
    return done;
}
