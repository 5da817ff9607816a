#include "jobs/view_review.h"

#include "base/list.h"

static bool sees_pair(const struct view *view, const struct review_item *pair)
{
    return view_sees_record(view, pair->record) && view_sees_record(view, pair->other);
}

static bool tell_pair(const struct view *view, const struct review_item *pair,
                      struct view_review *out, struct err *err)
{
    struct review_last last;
    if (!review_last(view->registry->store, view->arena, pair->number, &last, err)) return false;
    *out = (struct view_review){.number = pair->number,
                                .weight_millibits = pair->weight_millibits,
                                .probability_ppm = pair->probability_ppm,
                                .joined = pair->joined,
                                .verdict = last.verdict,
                                .version = last.version};
    if (last.verdict != REVIEW_OPEN) {
        out->why = last.why;
        out->decided_by = last.user;
        out->decided_ms = last.at_ms;
    }
    view_line(view, pair->record, &out->left);
    view_line(view, pair->other, &out->right);
    return true;
}

/* The decisions that hold, with the pairs' numbers for asking whether one is among them. */
struct decided {
    struct review_decision *items;
    size_t count;
    struct u64_map places;
};

static bool read_decided(const struct view *view, struct decided *out, struct err *err)
{
    struct decided fresh = {0};
    if (!review_decided(&view->snapshot->run.people, view->arena, view->registry, &fresh.items,
                        &fresh.count, err)) {
        return false;
    }
    u64_map_init(&fresh.places, view->arena);
    for (size_t i = 0; i < fresh.count; i++) {
        u64_map_put(&fresh.places, (uint64_t)fresh.items[i].pair.number, (uint32_t)i);
    }
    *out = fresh;
    return true;
}

static bool is_decided(const struct decided *decided, int64_t number)
{
    return u64_map_find(&decided->places, (uint64_t)number) != DICT_NONE;
}

bool view_reviews(const struct view *asked, bool want_decided, const struct view_page *page,
                  struct view_review **out, size_t *count, size_t *total, struct err *err)
{
    struct view view = *asked;
    const struct snapshot *snapshot = view.snapshot;
    struct decided decided;
    LIST(struct view_review) rows = {0};
    size_t seen = 0;
    view_prepare(&view);
    if (!read_decided(&view, &decided, err)) return false;
    size_t pairs = want_decided ? decided.count : snapshot->review_count;
    for (size_t i = 0; i < pairs; i++) {
        const struct review_item *pair =
            want_decided ? &decided.items[i].pair : &snapshot->reviews[i];
        if (!want_decided && is_decided(&decided, pair->number)) continue;
        if (!sees_pair(&view, pair)) continue;
        if (view_on_page(page, seen++)
            && !tell_pair(&view, pair, list_push(view.arena, &rows), err)) {
            return false;
        }
    }
    *out = rows.items;
    *count = rows.count;
    *total = seen;
    return true;
}

/* Pairs that wait are those of the snapshot. One that was decided is shown too, and stays when the
 * decision is taken back, though only the next snapshot lets it wait again. */
static bool find_pair(const struct view *view, int64_t number, struct review_item *out,
                      struct err *err)
{
    const struct snapshot *snapshot = view->snapshot;
    struct review_last last = {0};
    for (size_t i = 0; i < snapshot->review_count; i++) {
        if (snapshot->reviews[i].number != number) continue;
        *out = snapshot->reviews[i];
        return true;
    }
    return review_last(view->registry->store, view->arena, number, &last, err)
           && (last.version != 0
               || err_set(err, ERR_NOT_FOUND, "pair %lld does not wait", "第 %lld 对不待裁定",
                          (long long)number))
           && review_pair(&snapshot->run.people, view->arena, view->registry, number, out, err);
}

static void tell_others(const struct view *view, uint32_t record, struct view_line **out,
                        size_t *count)
{
    const struct people *people = &view->snapshot->run.people;
    const struct person *person = &people->persons[people->records[record].person];
    struct view_line *lines = arena_array(view->arena, struct view_line, person->count);
    size_t told = 0;
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t other = people->order[person->first + i];
        if (other != record) view_line(view, other, &lines[told++]);
    }
    *out = lines;
    *count = told;
}

bool view_review(const struct view *view, int64_t number, struct view_review_pair *out,
                 struct err *err)
{
    const struct check_run *run = &view->snapshot->run;
    struct view_review_pair fresh;
    struct review_item pair;
    bool found = find_pair(view, number, &pair, err);
    if (!found && err->kind != ERR_NOT_FOUND) return false;
    if (!found || !sees_pair(view, &pair)) {
        return err_set(err, ERR_NOT_FOUND, "there is no doubtful pair %lld in your areas",
                       "本人范围内没有编号为 %lld 的存疑对", (long long)number);
    }
    if (!tell_pair(view, &pair, &fresh.review, err)) return false;
    explain_pair(view->arena, &run->people, run->kept.weigher, pair.record, pair.other,
                 EXPLAIN_MASKED, &fresh.explanation);
    if (!view_record(view, pair.record, &fresh.left, err)) return false;
    if (!view_record(view, pair.other, &fresh.right, err)) return false;
    tell_others(view, pair.record, &fresh.left_others, &fresh.left_count);
    tell_others(view, pair.other, &fresh.right_others, &fresh.right_count);
    *out = fresh;
    return true;
}
