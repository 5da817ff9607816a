#include "figures/difference.h"

#include "base/list.h"
#include "registry/timeline.h"

#include <stdlib.h>

static const char *const kind_keys[] = {"added", "gone", "changed"};
static const char *const kind_zh[] = {"新增", "减少", "变化"};
static const char *const why_keys[DIFFERENCE_WHY_COUNT] = {"",       "stated",   "ended",
                                                           "undone", "restated", "counted"};
static const char *const why_zh[DIFFERENCE_WHY_COUNT] = {"",
                                                         "后来报送",
                                                         "后来终止",
                                                         "所在文件已撤回",
                                                         "同一人的另一条记录",
                                                         "记录未变，口径、期间或归并不同"};
static const char *const why_en[DIFFERENCE_WHY_COUNT] = {
    "",
    "stated since",
    "ended since",
    "its file was taken back",
    "another record of the same person",
    "the record is the same; definition, period or links differ"};

const char *difference_kind_key(enum difference_kind kind)
{
    CHECK(kind <= DIFFERENCE_CHANGED);
    return kind_keys[kind];
}

const char *difference_kind_text(enum difference_kind kind, enum lang lang)
{
    CHECK(kind <= DIFFERENCE_CHANGED);
    return lang == LANG_EN ? kind_keys[kind] : kind_zh[kind];
}

const char *difference_why_key(enum difference_why why)
{
    CHECK(why < DIFFERENCE_WHY_COUNT);
    return why_keys[why];
}

const char *difference_why_text(enum difference_why why, enum lang lang)
{
    CHECK(why < DIFFERENCE_WHY_COUNT);
    return lang == LANG_EN ? why_en[why] : why_zh[why];
}

struct difference_list {
    struct difference *items;
    size_t count, capacity;
};

static int64_t value_of(const struct publication_member *member)
{
    return member->has_value ? member->value : 1;
}

/* By table as text, then record: both lists are in this order. */
static int order_of(const struct publication_members *first, const struct publication_member *a,
                    const struct publication_members *second, const struct publication_member *b)
{
    int order = str_compare(dict_text(&first->tables, a->of), dict_text(&second->tables, b->of));
    if (order != 0) return order;
    return a->record < b->record ? -1 : a->record > b->record;
}

static void walk(struct arena *arena, const struct publication_members *first,
                 const struct publication_members *second, struct difference_list *out)
{
    size_t i = 0, k = 0;
    while (i < first->count || k < second->count) {
        const struct publication_member *a = i < first->count ? &first->items[i] : NULL;
        const struct publication_member *b = k < second->count ? &second->items[k] : NULL;
        int order = a == NULL ? 1 : b == NULL ? -1 : order_of(first, a, second, b);
        i += order <= 0;
        k += order >= 0;
        if (order == 0 && value_of(a) == value_of(b)) continue;
        *list_push(arena, out) = (struct difference){
            .kind = order < 0   ? DIFFERENCE_GONE
                    : order > 0 ? DIFFERENCE_ADDED
                                : DIFFERENCE_CHANGED,
            .of = order < 0 ? dict_text(&first->tables, a->of) : dict_text(&second->tables, b->of),
            .record = order < 0 ? a->record : b->record,
            .person = order < 0 ? a->person : b->person,
            .was = order <= 0 ? value_of(a) : 0,
            .now = order >= 0 ? value_of(b) : 0};
    }
}

static int by_person(const void *a, const void *b)
{
    const struct difference *const *x = a, *const *y = b;
    if ((*x)->person != (*y)->person) return (*x)->person < (*y)->person ? -1 : 1;
    return (*x)->record < (*y)->record ? -1 : (*x)->record > (*y)->record;
}

/* One record of a person went and one came: the person was stated anew. The pair becomes one line
 * where the value changed, and none where it did not. */
static void pair_persons(struct arena *arena, struct difference_list *list)
{
    struct difference **sorted = arena_array(arena, struct difference *, list->count);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].person != 0 && list->items[i].kind != DIFFERENCE_CHANGED) {
            sorted[count++] = &list->items[i];
        }
    }
    if (count > 1) qsort(sorted, count, sizeof *sorted, by_person);
    for (size_t i = 0; i + 1 < count; i++) {
        struct difference *a = sorted[i], *b = sorted[i + 1];
        if (a->person != b->person || a->kind != DIFFERENCE_GONE || b->kind != DIFFERENCE_ADDED) {
            continue;
        }
        b->kind = DIFFERENCE_CHANGED;
        b->why = DIFFERENCE_RESTATED;
        b->was = a->was;
        a->record = -1; /* told by the other */
        i++;
    }
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct difference *one = &list->items[i];
        bool same = one->why == DIFFERENCE_RESTATED && one->was == one->now;
        if (one->record >= 0 && !same) list->items[kept++] = *one;
    }
    list->count = kept;
}

/* What a register says of a statement on the day and at the moment of a publication. */
struct moment {
    struct timeline timeline;
    day at;
};

static const struct timeline_batch *batch_of(const struct moment *moment, int64_t statement)
{
    for (size_t i = 0; i < moment->timeline.batch_count; i++) {
        const struct timeline_batch *batch = &moment->timeline.batches[i];
        if (statement >= batch->first && statement <= batch->last) return batch;
    }
    return NULL;
}

static bool holds(const struct moment *moment, int64_t statement)
{
    const struct timeline_batch *batch = batch_of(moment, statement);
    return batch != NULL && timeline_holds(&moment->timeline, batch, statement, moment->at);
}

static enum difference_why why_of(const struct difference *one, const struct moment *first,
                                  const struct moment *second)
{
    if (one->kind == DIFFERENCE_ADDED) {
        return holds(first, one->record) ? DIFFERENCE_COUNTED : DIFFERENCE_STATED;
    }
    if (one->kind == DIFFERENCE_CHANGED || holds(second, one->record)) return DIFFERENCE_COUNTED;
    return batch_of(second, one->record) == NULL ? DIFFERENCE_UNDONE : DIFFERENCE_ENDED;
}

/* Differences stand by table, so each register's past is read once. */
static bool explain(struct registry *registry, struct arena *arena, const struct publication *first,
                    const struct publication *second, struct difference_list *list, struct err *err)
{
    struct moment a = {.at = first->at}, b = {.at = second->at};
    const struct profile *profile = NULL;
    for (size_t i = 0; i < list->count; i++) {
        struct difference *one = &list->items[i];
        if (i == 0 || !str_equal(one->of, list->items[i - 1].of)) {
            profile = profile_find(registry->profiles, one->of);
            if (profile != NULL
                && (!timeline_read(&a.timeline, arena, registry, profile, first->known_ms, err)
                    || !timeline_read(&b.timeline, arena, registry, profile, second->known_ms,
                                      err))) {
                return false;
            }
        }
        if (profile != NULL && one->why == DIFFERENCE_NOT_KNOWN) one->why = why_of(one, &a, &b);
    }
    return true;
}

static bool compare_part(struct registry *registry, struct arena *arena,
                         const struct publication *first, const struct publication *second,
                         enum figure_part part, struct difference_list *out, struct err *err)
{
    struct publication_members a, b;
    struct difference_list list = {0};
    if (!publication_members_read(registry->store, arena, first, part, &a, err)
        || !publication_members_read(registry->store, arena, second, part, &b, err)) {
        return false;
    }
    walk(arena, &a, &b, &list);
    pair_persons(arena, &list);
    if (!explain(registry, arena, first, second, &list, err)) return false;
    for (size_t i = 0; i < list.count; i++) {
        list.items[i].part = part;
        *list_push(arena, out) = list.items[i];
    }
    return true;
}

bool publication_compare(struct registry *registry, struct arena *arena,
                         const struct publication *first, const struct publication *second,
                         struct difference **out, size_t *count, struct err *err)
{
    struct difference_list list = {0};
    if (!str_equal(first->figure, second->figure)) {
        return err_set(
            err, ERR_USAGE, "publications %lld and %lld are of two figures, \"%.*s\" and \"%.*s\"",
            "第 %lld 号与第 %lld 号发布的是不同指标：“%.*s”和“%.*s”", (long long)first->number,
            (long long)second->number, STR_ARG(first->figure), STR_ARG(second->figure));
    }
    if (!compare_part(registry, arena, first, second, FIGURE_ROWS, &list, err)
        || !compare_part(registry, arena, first, second, FIGURE_OVER, &list, err)) {
        return false;
    }
    *out = list.items;
    *count = list.count;
    return true;
}
