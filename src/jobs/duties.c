#include "jobs/duties.h"

enum { HOW_BYTES_MAX = 64 };

struct question {
    struct workspace *workspace;
    const struct asker *asker;
    day at;
    int year;
};

static const void *reckon(struct arena *arena, const void *context, struct err *err)
{
    const struct question *question = context;
    struct workspace *workspace = question->workspace;
    struct read_at when = {.at = question->at};
    struct duties *out = arena_new(arena, struct duties);
    bool good = duty_rules_load(&out->rules, arena, workspace->policies, &workspace->profiles, err)
                && registry_now(&workspace->registry, &when.known_ms, err)
                && duty_find(&out->found, arena, &out->rules, &workspace->registry, question->asker,
                             when, question->year, err);
    return good ? out : NULL;
}

/* The revision is read first: what changes meanwhile makes another one next time. */
bool duties_take(struct reckoned *reckoned, struct workspace *workspace, const struct asker *asker,
                 day at, int year, struct reckoned_taken *out, struct err *err)
{
    const struct question question = {workspace, asker, at, year};
    struct reckoning reckoning = {
        .what = "duty", .asker = asker, .reckon = reckon, .context = &question};
    struct arena scratch = {0};
    struct text how;
    text_init(&how, &scratch, HOW_BYTES_MAX);
    text_add_f(&how, "%d %d", at.days, year);
    reckoning.how = text_str(&how);
    bool good = registry_revision(&workspace->registry, &reckoning.rests_on, err)
                && reckoned_take(reckoned, &reckoning, out, err);
    arena_free(&scratch);
    return good;
}
