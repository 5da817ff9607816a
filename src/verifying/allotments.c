#include "verifying/world.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

/* Seats that groups give to junior schools. */

enum { Q_BATCH, Q_GROUP, Q_SOURCE, Q_SEATS, Q_COLUMNS };

static bool read_allotment(struct verify_world *world, struct table *table,
                           const struct table_row *row, int64_t *given,
                           struct verify_allotment *out, struct err *err)
{
    const struct str *cells = row->cells;
    uint32_t batch = verify_batch_of(world, cells[Q_BATCH]);
    uint32_t group = dict_find(&world->groups_by_code, cells[Q_GROUP]);
    if (batch == VERIFY_NONE || world->batches[batch].own != batch
        || !world->batches[batch].allotting.gives) {
        return verify_refuse(table, err, "no batch \"%.*s\" gives seats to junior schools",
                             "没有给初中分配名额的批次“%.*s”", cells[Q_BATCH]);
    }
    if (group == DICT_NONE || world->groups[group].batch != world->batches[batch].home
        || world->groups[group].count != 1) {
        return verify_refuse(table, err, "\"%.*s\" is no group of this batch with one programme",
                             "“%.*s”不是这个批次里只有一个专业的专业组（学校）", cells[Q_GROUP]);
    }
    if (cells[Q_SOURCE].len == 0) {
        return verify_refuse(table, err, "no junior school is named%.*s", "没有写初中学校%.*s",
                             STR_EMPTY);
    }
    if (!table_number(table, row, Q_SEATS, &out->seats, err)) return false;
    int64_t quota = world->programmes[world->groups[group].first].quota;
    if (out->seats < 0 || out->seats > quota - given[group]) {
        return verify_refuse(table, err, "%.*s seats are more than the group has left, or below 0",
                             "%.*s 个名额小于 0，或超过专业组（学校）余下的计划数", cells[Q_SEATS]);
    }
    given[group] += out->seats;
    out->batch = batch;
    out->group = group;
    out->source = dict_put(&world->sources, cells[Q_SOURCE]);
    out->general = INT64_MIN;
    out->line = row->line;
    return true;
}

static int by_group(const void *a, const void *b)
{
    const struct verify_allotment *x = a, *y = b;
    if (x->group != y->group) return x->group < y->group ? -1 : 1;
    if (x->batch != y->batch) return x->batch < y->batch ? -1 : 1;
    if (x->source != y->source) return x->source < y->source ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static bool order_allotments(struct verify_world *world, struct err *err)
{
    struct verify_allotment *items = world->allotments;
    if (world->allotment_count == 0) return true;
    qsort(items, world->allotment_count, sizeof *items, by_group);
    for (size_t i = 0; i < world->allotment_count; i++) {
        struct verify_group *group = &world->groups[items[i].group];
        if (group->allotments++ == 0) group->first_allotment = (uint32_t)i;
        if (i == 0 || items[i - 1].group != items[i].group || items[i - 1].batch != items[i].batch
            || items[i - 1].source != items[i].source) {
            continue;
        }
        struct str name = file_name(world->paths->allotments);
        err_set(err, ERR_INPUT, "junior school \"%.*s\" is given seats of one group twice",
                "同一专业组（学校）给初中“%.*s”分了两次名额",
                STR_ARG(dict_text(&world->sources, items[i].source)));
        return err_at(err, "%.*s: line %llu", "%.*s：第 %llu 行", STR_ARG(name),
                      (unsigned long long)items[i].line);
    }
    return true;
}

static bool no_file(const struct verify_world *world, struct err *err)
{
    for (uint32_t b = 0; b < world->batch_count; b++) {
        if (!world->batches[b].allotting.gives) continue;
        err_set(err, ERR_USAGE, "batch \"%.*s\" gives seats to junior schools; to which is missing",
                "批次“%.*s”给初中分配名额，缺少分配表", STR_ARG(world->batches[b].key));
        return err_hint(err, "--allotments Q.csv", "--allotments Q.csv");
    }
    return true;
}

/* Groups that the rules name are groups of the batch. */
static bool check_named(const struct verify_world *world, struct err *err)
{
    for (uint32_t b = 0; b < world->batch_count; b++) {
        const struct verify_batch *batch = &world->batches[b];
        for (size_t i = 0; batch->own == b && i < batch->allotting.named_count; i++) {
            struct str code = batch->allotting.named[i], name = file_name(world->paths->rules);
            uint32_t group = dict_find(&world->groups_by_code, code);
            if (group != DICT_NONE && world->groups[group].batch == batch->home) continue;
            err_set(err, ERR_INPUT,
                    "group \"%.*s\", which batch \"%.*s\" allots, is none of its groups",
                    "批次里没有专业组（学校）“%.*s”，批次“%.*s”却写明分配它的名额", STR_ARG(code),
                    STR_ARG(batch->key));
            return err_at(err, "%.*s", "%.*s", STR_ARG(name));
        }
    }
    return true;
}

bool verify_read_allotments(struct verify_world *world, struct err *err)
{
    static const char *const columns[Q_COLUMNS] = {"batch", "group", "source", "seats"};
    LIST(struct verify_allotment) read = {0};
    struct table *table;
    struct table_row row;
    bool more, good;
    if (world->paths->allotments == NULL) return no_file(world, err);
    int64_t *given = arena_array(world->arena, int64_t, world->group_count);
    if (!table_open(&table, world->arena, world->paths->allotments, columns, NULL, Q_COLUMNS,
                    err)) {
        return false;
    }
    while ((good = verify_next(table, &row, &more, err)) && more) {
        struct verify_allotment allotment;
        if (!(good = read_allotment(world, table, &row, given, &allotment, err))) break;
        *list_push(world->arena, &read) = allotment;
    }
    table_close(table);
    world->allotments = read.items;
    world->allotment_count = read.count;
    return good && order_allotments(world, err) && check_named(world, err);
}

size_t verify_allotment_of(const struct verify_world *world, uint32_t batch, uint32_t group,
                           uint32_t source)
{
    const struct verify_group *own = &world->groups[group];
    if (source == VERIFY_NONE) return SIZE_MAX;
    for (size_t i = own->first_allotment; i < own->first_allotment + own->allotments; i++) {
        const struct verify_allotment *allotment = &world->allotments[i];
        if (allotment->source != source || allotment->seats == 0) continue;
        if (allotment->batch == world->batches[batch].own) return i;
    }
    return SIZE_MAX;
}

size_t verify_seat(const struct verify_world *world, uint32_t batch, uint32_t applicant,
                   uint32_t programme)
{
    if (!world->batches[batch].allotting.gives) return programme;
    size_t given = verify_allotment_of(world, batch, world->programmes[programme].group,
                                       world->applicants[applicant].source);
    return given == SIZE_MAX ? SIZE_MAX : world->programme_count + given;
}

/* What a group gives in a batch against what the rules ask for. */
static void look_at_share(struct verify_world *world, uint32_t batch, uint32_t group, bool named)
{
    const struct verify_group *own = &world->groups[group];
    const struct verify_allotting *rules = &world->batches[batch].allotting;
    int64_t seats = 0, quota = 0;
    bool any = named;
    for (size_t i = own->first_allotment; i < own->first_allotment + own->allotments; i++) {
        if (world->allotments[i].batch != batch) continue;
        seats += world->allotments[i].seats;
        any = true;
    }
    for (uint32_t p = 0; p < own->count; p++) quota += world->programmes[own->first + p].quota;
    bool enough = seats * rules->least_of >= quota * rules->least;
    if (named && seats == 0 && quota > 0) enough = false;
    if (!any || enough) return;
    struct verify_violation *violation = verify_note(
        world, VERIFY_SHARE, NULL, VERIFY_NONE,
        verify_say(world->arena, "计划 %lld 名，分给初中 %lld 名，规则要求的比例是 %lld/%lld",
                   "of %lld seats %lld are given to junior schools; the rules ask for %lld/%lld",
                   (long long)quota, (long long)seats, (long long)rules->least,
                   (long long)rules->least_of));
    violation->batch = world->batches[batch].key;
    violation->batch_place = batch;
    violation->group = dict_text(&world->groups_by_code, group);
}

void verify_shares(struct verify_world *world)
{
    for (uint32_t b = 0; b < world->batch_count; b++) {
        const struct verify_batch *batch = &world->batches[b];
        if (!batch->allotting.gives || batch->own != b) continue;
        for (uint32_t g = 0; g < world->group_count; g++) {
            struct str code = dict_text(&world->groups_by_code, g);
            bool named = false;
            for (size_t i = 0; i < batch->allotting.named_count; i++) {
                if (str_equal(batch->allotting.named[i], code)) named = true;
            }
            if (world->groups[g].batch == batch->home) look_at_share(world, b, g, named);
        }
    }
}

void verify_floors(struct verify_world *world, uint32_t batch)
{
    const struct verify_batch *rules = &world->batches[batch];
    if (!rules->allotting.has_below || rules->own != batch) return;
    for (size_t r = 0; r < world->rows.count; r++) {
        const struct verify_row *row = &world->rows.items[r];
        const struct verify_group *group = &world->groups[row->group];
        int64_t total = world->applicants[row->applicant].total;
        if (!row->counts || row->batch != rules->home) continue;
        for (size_t i = group->first_allotment; i < group->first_allotment + group->allotments;
             i++) {
            struct verify_allotment *allotment = &world->allotments[i];
            if (allotment->batch != batch) continue;
            if (allotment->general == INT64_MIN || total < allotment->general) {
                allotment->general = total;
            }
        }
    }
}

/* More rows of a batch than there are seats for them: the one whose applicant stands last is named.
 * `seats` is by place as in verify_seat. */
static void find_more(struct verify_world *world, uint32_t batch, const int64_t *seats,
                      enum verify_code code, const char *zh, const char *en)
{
    struct arena scratch = {0};
    size_t count = world->programme_count + world->allotment_count;
    int64_t *placed = arena_array(&scratch, int64_t, count);
    const struct verify_row **last = arena_array(&scratch, const struct verify_row *, count);
    for (size_t r = 0; r < world->rows.count; r++) {
        const struct verify_row *row = &world->rows.items[r];
        size_t seat = verify_seat(world, batch, row->applicant, row->programme);
        if (row->batch != batch || !row->counts || seat == SIZE_MAX) continue;
        placed[seat]++;
        if (last[seat] == NULL
            || world->applicants[row->applicant].order
                   > world->applicants[last[seat]->applicant].order) {
            last[seat] = row;
        }
    }
    for (size_t s = 0; s < count; s++) {
        if (last[s] == NULL || world->groups[last[s]->group].allotments == 0) continue;
        if (placed[s] <= seats[s]) continue;
        verify_note(world, code, last[s], last[s]->applicant,
                    verify_say(world->arena, zh, en, (long long)seats[s], (long long)placed[s]));
    }
    arena_free(&scratch);
}

void verify_open(struct verify_world *world, uint32_t batch, const int64_t *free, int64_t *open)
{
    const struct verify_batch *rules = &world->batches[batch];
    size_t count = world->programme_count + world->allotment_count;
    if (count > 0) memcpy(open, free, count * sizeof *open);
    if (rules->allotting.gives) {
        find_more(world, batch, open, VERIFY_ALLOTMENT_OVERFILLED,
                  "分给考生所在初中的名额还有 %lld 个，录取了 %lld 人",
                  "the applicant's junior school has %lld seats left, %lld are placed");
        return;
    }
    bool any = false;
    for (size_t i = 0; i < world->allotment_count; i++) {
        const struct verify_allotment *allotment = &world->allotments[i];
        uint32_t rest = world->batches[allotment->batch].allotting.rest;
        int64_t *own = &open[world->groups[allotment->group].first];
        if (rest != VERIFY_NONE && batch >= rest) continue;
        *own -= free[world->programme_count + i];
        any = true;
    }
    for (size_t p = 0; p < world->programme_count; p++) open[p] = open[p] > 0 ? open[p] : 0;
    if (!any) return;
    find_more(world, batch, open, VERIFY_RESERVED_TAKEN,
              "不留给初中的名额还有 %lld 个，录取了 %lld 人",
              "%lld seats are not reserved for junior schools, %lld are placed");
}
