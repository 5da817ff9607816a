#include "base/list.h"
#include "identity/mask.h"
#include "jobs/search.h"
#include "jobs/snapshot_make.h"

static struct str written_or(const struct statement *statement, const struct profile *profile,
                             const char *key, struct str otherwise)
{
    int field = profile_field_number(profile, key);
    if (field < 0) return otherwise;
    if (statement->written[field].ptr != NULL) return statement->written[field];
    return statement->values[field].len > 0 ? statement->values[field] : otherwise;
}

bool snapshot_who_read(struct registry *registry, struct arena *arena, const struct people *people,
                       uint32_t record, struct snapshot_who *understood,
                       struct snapshot_who *written, struct err *err)
{
    CHECK(record < people->record_count);
    const struct person_record *row = &people->records[record];
    const struct profile *profile = people->registers[row->register_number];
    struct snapshot_who who = {people_text(people, record, PERSON_NAME),
                               people_text(people, record, PERSON_ID_NUMBER)};
    *understood = who;
    *written = who;
    /* A child named in a cell of another's row has no cells of its own. */
    if (row->part != 0) return true;
    const struct asker all = asker_local();
    struct statement statement;
    if (!registry_statement(registry, arena, &all, profile, row->statement, &statement, err)) {
        return false;
    }
    written->name = mask_people(arena, written_or(&statement, profile, "name", who.name));
    written->id_number = written_or(&statement, profile, "id_number", who.id_number);
    return true;
}

/* A page shows a name as its register writes it; reading a row for each line whenever somebody
 * looks would make the page wait for the disk. */
static bool read_whos(struct snapshot *snapshot, struct registry *registry, struct err *err)
{
    const struct check_run *run = &snapshot->run;
    struct arena work = {0};
    bool good = true;
    snapshot->whos = arena_array(&snapshot->arena, struct snapshot_who, run->count);
    for (size_t i = 0; good && i < run->count; i++) {
        uint32_t record = run->findings[i].record;
        struct snapshot_who understood, written;
        if (record == UINT32_MAX) continue;
        arena_reset(&work);
        good = snapshot_who_read(registry, &work, &run->people, record, &understood, &written, err);
        if (!good) break;
        snapshot->whos[i].name = str_copy(&snapshot->arena, written.name);
        snapshot->whos[i].id_number = understood.id_number;
    }
    arena_free(&work);
    return good;
}

static bool read_people(struct snapshot *snapshot, struct workspace *workspace,
                        const struct progress *progress, struct err *err)
{
    const struct asker all = asker_local();
    const struct read_at when = {.at = snapshot->at, .known_ms = INT64_MAX};
    return job_check(workspace, &snapshot->arena, &all, when, progress, &snapshot->run, err)
           && review_list(&snapshot->run.people, &workspace->registry, &all, &snapshot->reviews,
                          &snapshot->review_count, err);
}

/* Who may leave school next, by the facts that the check made. */
static bool read_risk(struct snapshot *snapshot, struct workspace *workspace, struct err *err)
{
    const struct read_at when = {.at = snapshot->at, .known_ms = INT64_MAX};
    struct casework *work = arena_new(&snapshot->arena, struct casework);
    if (snapshot->run.aid == NULL) return true;
    return casework_open(work, &snapshot->arena, &workspace->registry, &workspace->procedures,
                         &workspace->chains, when, err)
           && job_risk_of(workspace, &snapshot->arena, &snapshot->run.aid->run.facts, work,
                          &snapshot->risk, err);
}

static bool fill(struct snapshot *snapshot, struct workspace *workspace,
                 const struct progress *progress, struct err *err)
{
    struct registry *registry = &workspace->registry;
    const struct asker all = asker_local();
    if (!registry_revision(registry, &snapshot->revision, err)
        || !registry_newest_day(registry, &snapshot->at, err)
        || !registry_batches(registry, &snapshot->arena, &all, &snapshot->batches,
                             &snapshot->batch_count, err)) {
        return false;
    }
    if (!day_is_none(snapshot->at)
        && (!read_people(snapshot, workspace, progress, err)
            || !read_risk(snapshot, workspace, err))) {
        return false;
    }
    progress_report(progress, "making ready to show", "准备展示", 0, 2);
    snapshot_orders_fill(snapshot);
    if (!read_whos(snapshot, registry, err)) return false;
    if (!snapshot_schools_fill(snapshot, registry, err)) return false;
    progress_report(progress, "making ready to show", "准备展示", 1, 2);
    search_build(snapshot, 0);
    return true;
}

bool snapshot_make(struct workspace *workspace, const struct progress *progress,
                   struct snapshot **out, struct err *err)
{
    struct arena arena = {0};
    int64_t started_ms = clock_elapsed_ms();
    struct snapshot *snapshot = arena_new(&arena, struct snapshot);
    snapshot->arena = arena;
    snapshot->workspace = workspace;
    snapshot->made_ms = clock_now_ms(&workspace->clock);
    if (!fill(snapshot, workspace, progress, err)) {
        snapshot_free(snapshot);
        return false;
    }
    snapshot->took_ms = clock_elapsed_ms() - started_ms;
    *out = snapshot;
    return true;
}

void snapshot_free(struct snapshot *snapshot)
{
    if (snapshot == NULL) return;
    /* The snapshot lies in its own arena. */
    struct arena arena = snapshot->arena;
    arena_free(&arena);
}
