#include "placing/placing.h"

#include <stdlib.h>
#include <string.h>

/* Sending first, then admission, batch by batch. Applicants are visited in one order throughout (by
 * total and ties, then number), so the files of a group lie in that order without being sorted. */

enum { AHEAD = 16 }; /* applicants whose choices are fetched before their turn */

struct key {
    int64_t total, tie;
    uint32_t applicant;
};

struct running {
    const struct place_input *input;
    struct place_result *result;
    struct place_fate *fates; /* by choice, or NULL */
    bool *ends;               /* by place in the order: the last of those who are equal */
    uint32_t *next;           /* by applicant: its first choice not of an earlier batch */
    uint32_t *sent;           /* by applicant: the choice by which its file was sent */
    int64_t *room;            /* by group: files that it still takes */
    int64_t *free;            /* by programme: seats */
    uint32_t *files;          /* by group: choices, in the order of going through them */
    uint32_t *ends_at;        /* by group: where its files end */
    uint32_t *taken_in;       /* by programme: the run of equals in which a seat went last */
    uint32_t equals;          /* number of the run of equals at work, from 1 */
    const struct place_batch *batch;
    uint32_t batch_number;
};

/* qsort hands on no context: ties beyond the first and numbers are compared after sorting by total
 * and first tie, within the few who are equal so far. */
static int compare_keys(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    if (x->total != y->total) return x->total > y->total ? -1 : 1;
    if (x->tie != y->tie) return x->tie > y->tie ? -1 : 1;
    return (x->applicant > y->applicant) - (x->applicant < y->applicant);
}

/* Total and all ties; numbers are not looked at. */
static int compare_scores(const struct place_input *input, uint32_t x, uint32_t y)
{
    const struct place_applicant *a = &input->applicants[x], *b = &input->applicants[y];
    size_t ties = input->rules.tie_count;
    if (a->total != b->total) return a->total > b->total ? -1 : 1;
    for (size_t t = 0; t < ties; t++) {
        int64_t p = input->ties[x * ties + t], q = input->ties[y * ties + t];
        if (p != q) return p > q ? -1 : 1;
    }
    return 0;
}

/* Merges the sorted halves of a stretch; small stretches are put in order one by one. */
static void sort_ties(const struct place_input *input, uint32_t *items, uint32_t *spare,
                      size_t count)
{
    if (count < 2) return;
    size_t half = count / 2, left = 0, right = half, at = 0;
    sort_ties(input, items, spare, half);
    sort_ties(input, items + half, spare, count - half);
    memcpy(spare, items, count * sizeof *items);
    while (left < half || right < count) {
        bool take_left = right == count
                         || (left < half && compare_scores(input, spare[left], spare[right]) <= 0);
        items[at++] = take_left ? spare[left++] : spare[right++];
    }
}

/* Applicants are numbered by their numbers' text, so a smaller place is a smaller number. */
static void sort_applicants(struct running *running, struct arena *arena, struct arena *scratch)
{
    const struct place_input *input = running->input;
    size_t count = input->applicant_count, ties = input->rules.tie_count;
    struct key *keys = arena_array(scratch, struct key, count);
    uint32_t *order = arena_array(arena, uint32_t, count);
    uint32_t *spare = arena_array(scratch, uint32_t, count);
    running->ends = arena_array(scratch, bool, count);
    for (size_t i = 0; i < count; i++) {
        int64_t tie = ties > 0 ? input->ties[i * ties] : 0;
        keys[i] = (struct key){input->applicants[i].total, tie, (uint32_t)i};
    }
    if (count > 0) qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < count; i++) order[i] = keys[i].applicant;
    for (size_t from = 0, i = 0; i < count; i++) {
        bool same =
            i + 1 < count && keys[i].total == keys[i + 1].total && keys[i].tie == keys[i + 1].tie;
        if (same) continue;
        if (ties > 1) sort_ties(input, order + from, spare, i + 1 - from);
        from = i + 1;
    }
    for (size_t i = 0; i < count; i++) {
        running->ends[i] = i + 1 == count || compare_scores(input, order[i], order[i + 1]) != 0;
    }
    arena_give_back(scratch, keys, count * sizeof *keys);
    running->result->order = order;
}

static void note(struct running *running, uint32_t choice, enum place_outcome outcome,
                 enum place_bar bar)
{
    if (running->fates == NULL) return;
    running->fates[choice].outcome = (uint8_t)outcome;
    running->fates[choice].bar = (uint8_t)bar;
}

/* The choice of this rank in the batch at work, or PLACE_NONE. */
static uint32_t choice_of(const struct running *running, uint32_t applicant, uint32_t rank)
{
    const struct place_applicant *who = &running->input->applicants[applicant];
    const struct place_choice *choices = running->input->choices;
    for (uint32_t c = running->next[applicant]; c < who->first + who->count; c++) {
        if (choices[c].batch != running->batch_number || choices[c].rank > rank) break;
        if (choices[c].rank == rank) return c;
    }
    return PLACE_NONE;
}

/* Whether the file would go to the group of this choice now. */
static bool may_go(struct running *running, uint32_t applicant, uint32_t choice)
{
    const struct place_input *input = running->input;
    const struct place_group *group = &input->groups[input->choices[choice].group];
    enum place_bar bar = place_barred(input, running->batch, &input->applicants[applicant], group);
    if (bar != PLACE_BAR_NONE) {
        note(running, choice, PLACE_BARRED, bar);
        return false;
    }
    if (running->room[input->choices[choice].group] > 0) return true;
    note(running, choice, PLACE_FULL, PLACE_BAR_NONE);
    return false;
}

static void send(struct running *running, uint32_t applicant, uint32_t choice)
{
    running->sent[applicant] = choice;
    running->room[running->input->choices[choice].group]--;
    note(running, choice, PLACE_SENT, PLACE_BAR_NONE);
}

/* One step of those who are equal: who asks for a group that had room when the step began is sent,
 * all of them, whether or not that is more than it had room for. `going` is theirs to use. */
static size_t send_step(struct running *running, const uint32_t *members, size_t count,
                        uint32_t rank, uint32_t *going)
{
    size_t sent = 0;
    for (size_t i = 0; i < count; i++) {
        going[i] = PLACE_NONE;
        if (running->sent[members[i]] != PLACE_NONE) continue;
        uint32_t choice = choice_of(running, members[i], rank);
        if (choice != PLACE_NONE && may_go(running, members[i], choice)) going[i] = choice;
    }
    for (size_t i = 0; i < count; i++) {
        if (going[i] == PLACE_NONE) continue;
        send(running, members[i], going[i]);
        sent++;
    }
    return sent;
}

/* One who has no equal goes down the list. */
static void send_alone(struct running *running, uint32_t applicant)
{
    const struct place_applicant *who = &running->input->applicants[applicant];
    for (uint32_t c = running->next[applicant]; c < who->first + who->count; c++) {
        if (running->input->choices[c].batch != running->batch_number) return;
        if (!may_go(running, applicant, c)) continue;
        send(running, applicant, c);
        return;
    }
}

/* Leaves out whoever is placed, or has no choice (left) in this batch. */
static size_t members_of(struct running *running, const uint32_t *order, size_t count,
                         uint32_t *members)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const struct place_applicant *who = &running->input->applicants[order[i]];
        uint32_t *next = &running->next[order[i]], end = who->first + who->count;
        while (*next < end && running->input->choices[*next].batch < running->batch_number) {
            (*next)++;
        }
        if (running->result->placed[order[i]] != PLACE_NONE || *next == end) continue;
        if (running->input->choices[*next].batch == running->batch_number) {
            members[kept++] = order[i];
        }
    }
    return kept;
}

static void fetch(const struct running *running, size_t at)
{
    if (at >= running->input->applicant_count) return;
    uint32_t applicant = running->result->order[at];
    __builtin_prefetch(&running->input->applicants[applicant]);
    __builtin_prefetch(&running->input->choices[running->next[applicant]]);
    __builtin_prefetch(&running->sent[applicant]);
}

static void send_parallel(struct running *running, struct arena *scratch)
{
    size_t count = running->input->applicant_count;
    const uint32_t *order = running->result->order;
    uint32_t *members = arena_array(scratch, uint32_t, count);
    uint32_t *going = arena_array(scratch, uint32_t, count);
    for (size_t from = 0, i = 0; i < count; i++) {
        fetch(running, i + AHEAD);
        if (!running->ends[i]) continue;
        size_t kept = members_of(running, order + from, i + 1 - from, members), left = kept;
        from = i + 1;
        if (kept == 1) {
            send_alone(running, members[0]);
            continue;
        }
        for (uint32_t rank = 1; left > 0 && rank <= running->batch->choices_max; rank++) {
            left -= send_step(running, members, kept, rank, going);
        }
    }
    arena_give_back(scratch, members, count * sizeof *members);
    arena_give_back(scratch, going, count * sizeof *going);
}

static void send_sequential(struct running *running, struct arena *scratch)
{
    size_t count = running->input->applicant_count;
    const uint32_t *order = running->result->order;
    uint32_t *members = arena_array(scratch, uint32_t, count);
    uint32_t *going = arena_array(scratch, uint32_t, count);
    for (uint32_t rank = 1; rank <= running->batch->choices_max; rank++) {
        for (size_t from = 0, i = 0; i < count; i++) {
            fetch(running, i + AHEAD);
            if (!running->ends[i]) continue;
            size_t kept = members_of(running, order + from, i + 1 - from, members);
            send_step(running, members, kept, rank, going);
            from = i + 1;
        }
    }
    arena_give_back(scratch, members, count * sizeof *members);
    arena_give_back(scratch, going, count * sizeof *going);
}

/* Puts each group's files together in the order in which it goes through them: by total, ties and
 * number; in a sequential batch those sent by a first choice before those sent by a second. */
static void gather(struct running *running)
{
    const struct place_input *input = running->input;
    size_t count = input->applicant_count;
    uint32_t files = 0, left = 0;
    memset(running->ends_at, 0, input->group_count * sizeof *running->ends_at);
    for (size_t a = 0; a < count; a++) {
        if (running->sent[a] == PLACE_NONE) continue;
        running->ends_at[input->choices[running->sent[a]].group]++;
        left++;
    }
    for (size_t g = 0; g < input->group_count; g++) {
        uint32_t own = running->ends_at[g];
        running->ends_at[g] = files;
        files += own;
    }
    bool by_rank = running->batch->mode == PLACE_SEQUENTIAL;
    for (uint32_t rank = 1; left > 0; rank++) {
        for (size_t i = 0; i < count; i++) {
            uint32_t choice = running->sent[running->result->order[i]];
            if (choice == PLACE_NONE) continue;
            if (by_rank && input->choices[choice].rank != rank) continue;
            running->files[running->ends_at[input->choices[choice].group]++] =
                running->result->order[i];
            left--;
        }
    }
}

static bool take(struct running *running, const struct place_applicant *who, uint32_t programme,
                 struct place_fate *fate)
{
    if (!place_has_subjects(who, &running->input->programmes[programme])) return false;
    if (running->free[programme] == 0) {
        if (running->taken_in[programme] == running->equals) fate->number_decided = true;
        return false;
    }
    running->free[programme]--;
    running->taken_in[programme] = running->equals;
    fate->programme = programme;
    return true;
}

/* The wished majors in order, else any of the group's where the applicant agrees to it. */
static struct place_fate admit_file(struct running *running, const struct place_group *group,
                                    uint32_t applicant)
{
    const struct place_input *input = running->input;
    const struct place_choice *choice = &input->choices[running->sent[applicant]];
    const struct place_applicant *who = &input->applicants[applicant];
    struct place_fate fate = {.programme = PLACE_NONE, .outcome = PLACE_ADMITTED};
    for (uint32_t m = 0; m < choice->major_count; m++) {
        fate.wish = (uint16_t)(m + 1);
        if (take(running, who, group->first + input->majors[choice->first + m], &fate)) return fate;
    }
    fate.wish = 0;
    fate.outcome = PLACE_ADJUSTED;
    for (uint32_t p = 0; choice->adjust && p < group->count; p++) {
        if (take(running, who, group->first + p, &fate)) return fate;
    }
    fate.outcome = PLACE_RETURNED;
    return fate;
}

static void settle(struct running *running, uint32_t applicant, struct place_fate fate)
{
    uint32_t choice = running->sent[applicant];
    struct place_result *result = running->result;
    if (running->fates != NULL) running->fates[choice] = fate;
    if (fate.outcome == PLACE_RETURNED) return;
    result->placed[applicant] = choice;
    result->programmes[applicant] = fate.programme;
    result->wishes[applicant] = fate.wish;
    result->placed_count++;
}

static void admit_group(struct running *running, uint32_t number, uint32_t from, uint32_t end)
{
    const struct place_input *input = running->input;
    bool by_rank = running->batch->mode == PLACE_SEQUENTIAL;
    for (uint32_t f = from; f < end; f++) {
        uint32_t now = running->files[f], before = f > from ? running->files[f - 1] : PLACE_NONE;
        bool equal = before != PLACE_NONE && compare_scores(input, before, now) == 0;
        if (equal && by_rank) {
            equal = input->choices[running->sent[before]].rank
                    == input->choices[running->sent[now]].rank;
        }
        if (!equal) running->equals++;
        settle(running, now, admit_file(running, &input->groups[number], now));
    }
}

static void run_batch(struct running *running, uint32_t number, struct arena *scratch)
{
    const struct place_input *input = running->input;
    running->batch = &input->rules.batches[number];
    running->batch_number = number;
    for (size_t g = 0; g < input->group_count; g++) {
        const struct place_group *group = &input->groups[g];
        int64_t seats = 0;
        running->room[g] = 0;
        if (group->batch != running->batch->round_of) continue;
        for (uint32_t p = 0; p < group->count; p++) seats += running->free[group->first + p];
        running->room[g] = place_capacity(running->batch, seats);
    }
    for (size_t a = 0; a < input->applicant_count; a++) running->sent[a] = PLACE_NONE;
    if (running->batch->mode == PLACE_PARALLEL) {
        send_parallel(running, scratch);
    } else {
        send_sequential(running, scratch);
    }
    gather(running);
    for (size_t g = 0; g < input->group_count; g++) {
        admit_group(running, (uint32_t)g, g > 0 ? running->ends_at[g - 1] : 0, running->ends_at[g]);
    }
}

void place_run(struct arena *arena, const struct place_input *input, bool trace,
               struct place_result *out)
{
    struct arena scratch = {0};
    size_t count = input->applicant_count;
    struct place_result result = {0};
    struct running running = {.input = input, .result = &result};
    CHECK(input->rules.batch_count <= PLACE_BATCHES_MAX);
    result.placed = arena_array(arena, uint32_t, count);
    result.programmes = arena_array(arena, uint32_t, count);
    result.wishes = arena_array(arena, uint16_t, count);
    if (trace) running.fates = arena_array(arena, struct place_fate, input->choice_count);
    running.next = arena_array(&scratch, uint32_t, count);
    running.sent = arena_array(&scratch, uint32_t, count);
    running.files = arena_array(&scratch, uint32_t, count);
    running.room = arena_array(&scratch, int64_t, input->group_count);
    running.ends_at = arena_array(&scratch, uint32_t, input->group_count);
    running.free = arena_array(&scratch, int64_t, input->programme_count);
    running.taken_in = arena_array(&scratch, uint32_t, input->programme_count);
    for (size_t a = 0; a < count; a++) {
        result.placed[a] = result.programmes[a] = PLACE_NONE;
        running.next[a] = input->applicants[a].first;
    }
    for (size_t p = 0; p < input->programme_count; p++) {
        running.free[p] = input->programmes[p].quota;
    }
    for (size_t c = 0; trace && c < input->choice_count; c++) {
        running.fates[c].programme = PLACE_NONE;
    }
    sort_applicants(&running, arena, &scratch);
    for (size_t b = 0; b < input->rules.batch_count; b++) {
        run_batch(&running, (uint32_t)b, &scratch);
    }
    result.fates = running.fates;
    arena_free(&scratch);
    *out = result;
}
