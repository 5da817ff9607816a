#include "verifying/world.h"

#include <stdlib.h>

/* How a group went through its files. Each file is judged by what the result gave to those before
 * it, so one wrong row does not make all behind it wrong. */

struct filed {
    uint32_t group, applicant;
    uint64_t place; /* in which the group looks at it */
};

struct judging {
    struct verify_world *world;
    uint32_t batch;
    const uint64_t *sent;
    int64_t *left;  /* by programme and allotment: seats that those before left */
    uint32_t *last; /* as well: the row of this batch looked at last, or VERIFY_NONE */
    size_t seats;   /* how many of them */
};

static uint64_t place_of(const struct verify_world *world, const struct verify_choice *choice)
{
    uint64_t order = world->applicants[choice->applicant].order;
    bool by_rank = world->batches[choice->batch].sequential;
    return (by_rank ? (uint64_t)choice->rank << 32 : 0) | order;
}

static bool came(const struct judging *judging, const struct verify_row *row)
{
    return row->choice != SIZE_MAX && judging->sent[row->applicant] == row->choice;
}

static int by_group_and_place(const void *a, const void *b)
{
    const struct filed *x = a, *y = b;
    if (x->group != y->group) return x->group < y->group ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* A file that did not come there stands behind all that did. */
static uint64_t place_of_row(const struct judging *judging, const struct verify_row *row)
{
    if (!came(judging, row)) return UINT64_MAX;
    return place_of(judging->world, &judging->world->choices[row->choice]);
}

static void find_last(struct judging *judging)
{
    struct verify_world *world = judging->world;
    for (size_t s = 0; s < judging->seats; s++) judging->last[s] = VERIFY_NONE;
    for (size_t r = 0; r < world->rows.count; r++) {
        const struct verify_row *row = &world->rows.items[r];
        if (row->batch != judging->batch || !row->counts) continue;
        size_t seat = verify_seat(world, judging->batch, row->applicant, row->programme);
        if (seat == SIZE_MAX) continue;
        uint32_t *last = &judging->last[seat];
        if (*last == VERIFY_NONE
            || place_of_row(judging, row) > place_of_row(judging, &world->rows.items[*last])) {
            *last = (uint32_t)r;
        }
    }
}

/* Notes that `programme` had a free seat for a file that should have got it. Whoever holds a seat
 * there and stands behind is named. */
static void deny(struct judging *judging, const struct verify_choice *choice,
                 const struct verify_row *row, enum verify_code code, uint32_t programme)
{
    struct verify_world *world = judging->world;
    struct str seat = world->programmes[programme].code, other = STR_EMPTY;
    uint32_t last = judging->last[verify_seat(world, judging->batch, choice->applicant, programme)];
    struct verify_words words;
    if (last != VERIFY_NONE && world->rows.items[last].applicant != choice->applicant
        && place_of_row(judging, &world->rows.items[last]) > place_of(world, choice)) {
        other = dict_text(&world->applicants_by_number, world->rows.items[last].applicant);
    }
    if (other.len > 0) {
        words = verify_say(world->arena,
                           "档案已投到本组（第 %u 志愿），轮到时专业 %.*s "
                           "还有名额，却给了排在后面的考生 %.*s",
                           "the file came to this group (choice %u) and programme %.*s had a free "
                           "seat, which went to applicant %.*s, who stands behind",
                           choice->rank, STR_ARG(seat), STR_ARG(other));
    } else {
        words = verify_say(world->arena, "档案已投到本组（第 %u 志愿），轮到时专业 %.*s 还有名额",
                           "the file came to this group (choice %u) and programme %.*s had a free "
                           "seat",
                           choice->rank, STR_ARG(seat));
    }
    struct verify_violation *violation = verify_note(world, code, row, choice->applicant, words);
    violation->group = dict_text(&world->groups_by_code, choice->group);
    violation->batch = world->batches[judging->batch].key;
    violation->batch_place = judging->batch;
    violation->programme = seat;
    violation->other = other;
}

static bool has_seat(const struct judging *judging, const struct verify_choice *choice,
                     uint32_t programme)
{
    const struct verify_world *world = judging->world;
    size_t own = verify_seat(world, judging->batch, choice->applicant, programme);
    return judging->left[own] > 0
           && verify_fits(&world->applicants[choice->applicant], &world->programmes[programme]);
}

/* One file: `row` is where the result places it in this group, NULL when it does not. */
static void judge(struct judging *judging, const struct verify_choice *choice,
                  const struct verify_row *row)
{
    const struct verify_world *world = judging->world;
    const struct verify_group *group = &world->groups[choice->group];
    uint32_t wishes = choice->major_count, first = VERIFY_NONE;
    if (row != NULL && row->wish > 0) wishes = row->wish - 1;
    for (uint32_t m = 0; m < wishes; m++) {
        uint32_t programme = group->first + world->majors.items[choice->majors + m];
        if (!has_seat(judging, choice, programme)) continue;
        enum verify_code code = row == NULL ? VERIFY_PASSED_OVER : VERIFY_WISH_PASSED_OVER;
        deny(judging, choice, row, code, programme);
        return;
    }
    if (row != NULL && row->wish > 0) return;
    for (uint32_t p = 0; p < group->count && first == VERIFY_NONE; p++) {
        if (has_seat(judging, choice, group->first + p)) first = group->first + p;
    }
    if (first == VERIFY_NONE || !choice->adjust) return;
    if (row == NULL) {
        deny(judging, choice, row, VERIFY_PASSED_OVER, first);
    } else if (row->programme != first) {
        deny(judging, choice, row, VERIFY_ADJUSTED_ELSEWHERE, first);
    }
}

static void judge_files(struct judging *judging, const struct filed *files, size_t count)
{
    struct verify_world *world = judging->world;
    for (size_t i = 0; i < count; i++) {
        uint32_t applicant = files[i].applicant, placed = world->applicants[applicant].row;
        const struct verify_row *row = NULL;
        if (placed != VERIFY_NONE && came(judging, &world->rows.items[placed])) {
            row = &world->rows.items[placed];
        }
        judge(judging, &world->choices[judging->sent[applicant]], row);
        if (row == NULL) continue;
        size_t seat = verify_seat(world, judging->batch, applicant, row->programme);
        judging->left[seat] -= judging->left[seat] > 0;
    }
}

/* A row of an applicant whose file did not come to that group. */
static void judge_stranger(struct judging *judging, const struct verify_row *row)
{
    struct verify_world *world = judging->world;
    const struct verify_choice *choice = &world->choices[row->choice];
    const struct verify_applicant *who = &world->applicants[row->applicant];
    const struct verify_group *group = &world->groups[row->group];
    const struct verify_bars *bar = verify_bar(world, judging->batch, who, group);
    if (bar == NULL) bar = verify_floor_bar(world, judging->batch, who, group);
    uint64_t sent = judging->sent[row->applicant];
    struct verify_words words;
    if (bar != NULL) {
        verify_note(world, bar->code, row, row->applicant, bar->words);
        return;
    }
    if (sent == SIZE_MAX || world->choices[sent].rank > choice->rank) {
        words = verify_say(world->arena, "轮到第 %u 志愿时，本组已经投满",
                           "the group had all the files it takes before the turn of choice %u",
                           choice->rank);
    } else {
        struct str went = dict_text(&world->groups_by_code, world->choices[sent].group);
        words = verify_say(world->arena, "档案已按第 %u 志愿投到专业组 %.*s",
                           "by choice %u the file went to group %.*s", world->choices[sent].rank,
                           STR_ARG(went));
    }
    verify_note(world, VERIFY_NOT_SENT, row, row->applicant, words);
}

void verify_majors(struct verify_world *world, uint32_t batch, const int64_t *free,
                   const uint64_t *sent)
{
    struct arena scratch = {0};
    struct judging judging = {.world = world, .batch = batch, .sent = sent};
    struct filed *files = arena_array(&scratch, struct filed, world->applicant_count);
    size_t count = 0;
    judging.seats = world->programme_count + world->allotment_count;
    judging.left = arena_copy(&scratch, free, judging.seats * sizeof *free);
    judging.last = arena_array(&scratch, uint32_t, judging.seats);
    for (size_t a = 0; a < world->applicant_count; a++) {
        if (sent[a] == SIZE_MAX) continue;
        const struct verify_choice *choice = &world->choices[sent[a]];
        files[count++] = (struct filed){choice->group, (uint32_t)a, place_of(world, choice)};
    }
    if (count > 0) qsort(files, count, sizeof *files, by_group_and_place);
    find_last(&judging);
    judge_files(&judging, files, count);
    for (size_t r = 0; r < world->rows.count; r++) {
        const struct verify_row *row = &world->rows.items[r];
        if (row->batch != batch || !row->counts || row->choice == SIZE_MAX) continue;
        if (!came(&judging, row)) judge_stranger(&judging, row);
    }
    arena_free(&scratch);
}
