#include "placing/order.h"

#include "base/prefetch.h"
#include "base/thread.h"
#include "placing/allotted.h"

#include <string.h>

/* Sending first, then admission, batch by batch. Applicants are visited in one order throughout (by
 * total and ties, then number), so the files of a group lie in that order without being sorted. */

/* Memory is fetched before its turn. */
enum {
    AHEAD_FAR = 24,
    AHEAD = 12,
    AHEAD_FILES_FAR = 16,
    AHEAD_FILES = 8,
    CHOICES_LINE = 4,
    LINES_AHEAD = 5
};

enum { BATCH_NONE = UINT8_MAX };

enum {
    STRETCHES = 64,     /* that the files of a batch are divided into */
    FILES_ALONE = 20000 /* fewer are gone through by one thread: starting others costs more */
};

/* Applicants are known here by their place in the order: what is asked of many in turn lies in that
 * turn. */
struct running {
    const struct place_input *input;
    struct place_result *result;
    struct place_fate *fates;       /* by choice, or NULL */
    struct place_applicant *people; /* by place: copies */
    bool *ends;                     /* by place: the last of those who are equal */
    uint32_t *next;                 /* by place: the first choice not of an earlier batch */
    uint8_t *batches;  /* by place: the batch of that choice; BATCH_NONE: none, or placed */
    uint8_t *last;     /* by place: the batch of the last choice */
    uint32_t *sent;    /* by place: the choice by which its file was sent */
    uint32_t *went;    /* by place: the taker to which it was sent */
    uint32_t *members; /* places with choices in the batch at work, in order */
    bool *closes;      /* by member: the last of those who are equal */
    size_t member_count;
    int64_t *room;      /* by taker: files that it still takes */
    int64_t *free;      /* by programme: seats */
    uint32_t *files;    /* by taker: places, in the order of going through them */
    uint32_t *ends_at;  /* by taker: where its files end */
    uint32_t *taken_in; /* by programme: the run of equals in which a seat went last in the batch
                           at work; 0: in none */
    const struct place_batch *batch;
    uint32_t batch_number;
    bool allots;     /* that batch gives only seats of junior schools */
    uint32_t takers; /* what takes files: groups, and behind them allotments, in their batch */
    int64_t *left;   /* by allotment: seats */
    int64_t *held;   /* by group: seats put aside during the batch at work */
};

static void note(struct running *running, uint32_t choice, enum place_outcome outcome,
                 enum place_bar bar)
{
    if (running->fates == NULL) return;
    running->fates[choice].outcome = (uint8_t)outcome;
    running->fates[choice].bar = (uint8_t)bar;
}

static const struct place_applicant *applicant_at(const struct running *running, uint32_t place)
{
    return &running->people[place];
}

/* The choice of this rank in the batch at work, or PLACE_NONE. */
static uint32_t choice_of(const struct running *running, uint32_t place, uint32_t rank)
{
    const struct place_applicant *who = applicant_at(running, place);
    const struct place_choice *choices = running->input->choices;
    for (uint32_t c = running->next[place]; c < who->first + who->count; c++) {
        if (choices[c].batch != running->batch_number || choices[c].rank > rank) break;
        if (choices[c].rank == rank) return c;
    }
    return PLACE_NONE;
}

/* In a batch that allots seats: what takes the file of a choice is the allotment to the applicant's
 * junior school; PLACE_NONE: there is none. */
static uint32_t allotment_of(const struct running *running, uint32_t place, uint32_t choice)
{
    const struct place_input *input = running->input;
    const struct place_group *group = &input->groups[input->choices[choice].group];
    uint32_t own = place_allotment_of(input, running->batch, applicant_at(running, place), group);
    return own == PLACE_NONE ? PLACE_NONE : (uint32_t)input->group_count + own;
}

/* Notes why a file does not go, if it does not. */
static bool note_going(struct running *running, uint32_t choice, enum place_bar bar, bool full)
{
    if (bar != PLACE_BAR_NONE) {
        note(running, choice, PLACE_BARRED, bar);
        return false;
    }
    if (!full) return true;
    note(running, choice, PLACE_FULL, PLACE_BAR_NONE);
    return false;
}

/* The floor is known only while placing. */
__attribute__((noinline)) static bool may_go_allotted(struct running *running, uint32_t place,
                                                      uint32_t choice)
{
    const struct place_input *input = running->input;
    const struct place_applicant *who = applicant_at(running, place);
    const struct place_group *group = &input->groups[input->choices[choice].group];
    uint32_t taker = allotment_of(running, place, choice);
    enum place_bar bar = place_barred(input, running->batch, who, group);
    if (bar != PLACE_BAR_NONE) return note_going(running, choice, bar, false);
    CHECK(taker != PLACE_NONE);
    int64_t general = running->result->general[taker - input->group_count];
    if (who->total < place_floor_of(running->batch, general)) bar = PLACE_BAR_FLOOR;
    return note_going(running, choice, bar, running->room[taker] <= 0);
}

/* Whether the file would go to the group of this choice now. */
static bool may_go(struct running *running, uint32_t place, uint32_t choice)
{
    const struct place_input *input = running->input;
    uint32_t number = input->choices[choice].group;
    bool full = running->room[number] <= 0;
    if (full && running->fates == NULL) return false;
    if (running->allots) return may_go_allotted(running, place, choice);
    enum place_bar bar =
        place_barred(input, running->batch, applicant_at(running, place), &input->groups[number]);
    return note_going(running, choice, bar, full);
}

static void send(struct running *running, uint32_t place, uint32_t choice)
{
    running->sent[place] = choice;
    running->went[place] = running->allots ? allotment_of(running, place, choice)
                                           : running->input->choices[choice].group;
    running->room[running->went[place]]--;
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
static void send_alone(struct running *running, uint32_t place)
{
    const struct place_applicant *who = applicant_at(running, place);
    for (uint32_t c = running->next[place]; c < who->first + who->count; c++) {
        if (running->input->choices[c].batch != running->batch_number) return;
        if (!may_go(running, place, c)) continue;
        send(running, place, c);
        return;
    }
}

/* Choices of members soon to be looked at. */
static void fetch(const struct running *running, size_t at)
{
    if (at + AHEAD >= running->member_count) return;
    uint32_t next = running->next[running->members[at + AHEAD]];
    for (int line = 0; line < LINES_AHEAD; line++) {
        prefetch(&running->input->choices[next] + line * CHOICES_LINE);
    }
}

static void send_parallel(struct running *running, uint32_t *going)
{
    for (size_t from = 0, i = 0; i < running->member_count; i++) {
        fetch(running, i);
        if (!running->closes[i]) continue;
        const uint32_t *members = running->members + from;
        size_t count = i + 1 - from, left = count;
        from = i + 1;
        if (count == 1) {
            send_alone(running, members[0]);
            continue;
        }
        for (uint32_t rank = 1; left > 0 && rank <= running->batch->choices_max; rank++) {
            left -= send_step(running, members, count, rank, going);
        }
    }
}

static void send_sequential(struct running *running, uint32_t *going)
{
    for (uint32_t rank = 1; rank <= running->batch->choices_max; rank++) {
        for (size_t from = 0, i = 0; i < running->member_count; i++) {
            fetch(running, i);
            if (!running->closes[i]) continue;
            send_step(running, running->members + from, i + 1 - from, rank, going);
            from = i + 1;
        }
    }
}

/* Whoever is not placed and has choices in the batch at work. */
static void find_members(struct running *running)
{
    size_t count = 0;
    for (size_t i = 0; i < running->input->applicant_count; i++) {
        if (running->batches[i] == running->batch_number) {
            running->closes[count] = false;
            running->sent[i] = PLACE_NONE;
            running->members[count++] = (uint32_t)i;
        }
        if (running->ends[i] && count > 0) running->closes[count - 1] = true;
    }
    running->member_count = count;
}

/* Brings those who are not placed to their first choice behind the batch at work. */
static void pass_on(struct running *running)
{
    for (size_t i = 0; i < running->member_count; i++) {
        uint32_t place = running->members[i], *next = &running->next[place];
        if (running->batches[place] == BATCH_NONE) continue;
        if (running->last[place] == running->batch_number) {
            running->batches[place] = BATCH_NONE;
            continue;
        }
        while (running->input->choices[*next].batch == running->batch_number) (*next)++;
        running->batches[place] = running->input->choices[*next].batch;
    }
}

/* Puts each group's files together in the order in which it goes through them: by total, ties and
 * number; in a sequential batch those sent by a first choice before those sent by a second. */
static void gather(struct running *running)
{
    const struct place_input *input = running->input;
    uint32_t files = 0, left = 0;
    memset(running->ends_at, 0, running->takers * sizeof *running->ends_at);
    for (size_t i = 0; i < running->member_count; i++) {
        uint32_t place = running->members[i];
        if (running->sent[place] == PLACE_NONE) continue;
        running->ends_at[running->went[place]]++;
        left++;
    }
    for (size_t t = 0; t < running->takers; t++) {
        uint32_t own = running->ends_at[t];
        running->ends_at[t] = files;
        files += own;
    }
    bool by_rank = running->batch->mode == PLACE_SEQUENTIAL;
    for (uint32_t rank = 1; left > 0; rank++) {
        for (size_t i = 0; i < running->member_count; i++) {
            uint32_t place = running->members[i], choice = running->sent[place];
            if (choice == PLACE_NONE) continue;
            if (by_rank && input->choices[choice].rank != rank) continue;
            running->files[running->ends_at[running->went[place]]++] = place;
            left--;
        }
    }
}

/* `equals` is the number of the run of equals to which the file belongs, from 1. */
static bool take(struct running *running, const struct place_applicant *who, uint32_t programme,
                 uint32_t equals, struct place_fate *fate)
{
    if (!place_has_subjects(who, &running->input->programmes[programme])) return false;
    if (running->free[programme] == 0) {
        if (running->taken_in[programme] == equals) fate->number_decided = true;
        return false;
    }
    running->free[programme]--;
    running->taken_in[programme] = equals;
    fate->programme = programme;
    return true;
}

/* The wished majors in order, else any of the group's where the applicant agrees to it. */
static struct place_fate admit_file(struct running *running, const struct place_group *group,
                                    uint32_t place, uint32_t equals)
{
    const struct place_input *input = running->input;
    const struct place_choice *choice = &input->choices[running->sent[place]];
    const struct place_applicant *who = applicant_at(running, place);
    struct place_fate fate = {.programme = PLACE_NONE, .outcome = PLACE_ADMITTED};
    for (uint32_t m = 0; m < choice->major_count; m++) {
        fate.wish = (uint16_t)(m + 1);
        uint32_t wished = group->first + input->majors[choice->first + m];
        if (take(running, who, wished, equals, &fate)) return fate;
    }
    fate.wish = 0;
    fate.outcome = PLACE_ADJUSTED;
    for (uint32_t p = 0; choice->adjust && p < group->count; p++) {
        if (take(running, who, group->first + p, equals, &fate)) return fate;
    }
    fate.outcome = PLACE_RETURNED;
    return fate;
}

/* Whether the file has a place now. */
static bool settle(struct running *running, uint32_t place, struct place_fate fate)
{
    struct place_result *result = running->result;
    uint32_t choice = running->sent[place], applicant = result->order[place];
    if (running->fates != NULL) running->fates[choice] = fate;
    if (fate.outcome == PLACE_RETURNED) return false;
    running->batches[place] = BATCH_NONE;
    result->placed[applicant] = choice;
    result->programmes[applicant] = fate.programme;
    result->wishes[applicant] = fate.wish;
    return true;
}

/* The choices and majors of files soon to be gone through. */
static void fetch_file(const struct running *running, uint32_t at, uint32_t end)
{
    const struct place_choice *choices = running->input->choices;
    if (at + AHEAD_FILES_FAR < end) {
        prefetch(&choices[running->sent[running->files[at + AHEAD_FILES_FAR]]]);
    }
    if (at + AHEAD_FILES < end) {
        uint32_t choice = running->sent[running->files[at + AHEAD_FILES]];
        prefetch(&running->input->majors[choices[choice].first]);
    }
}

/* The files of a taker, to the seats that its group has free; how many got one. */
static size_t admit_files(struct running *running, const struct place_group *group, uint32_t from,
                          uint32_t end)
{
    const struct place_input *input = running->input;
    bool by_rank = running->batch->mode == PLACE_SEQUENTIAL;
    uint32_t equals = 0;
    size_t placed = 0;
    for (uint32_t f = from; f < end; f++) {
        uint32_t now = running->files[f], before = f > from ? running->files[f - 1] : PLACE_NONE;
        fetch_file(running, f, end);
        bool equal =
            running->fates != NULL && before != PLACE_NONE
            && place_compare(input, running->result->order[before], running->result->order[now])
                   == 0;
        if (equal && by_rank) {
            equal = input->choices[running->sent[before]].rank
                    == input->choices[running->sent[now]].rank;
        }
        if (!equal) equals = f + 1;
        placed += settle(running, now, admit_file(running, group, now, equals));
    }
    return placed;
}

/* The group of an allotment has one programme; only what is allotted is free to its files. */
static size_t admit_allotted(struct running *running, uint32_t allotment, uint32_t from,
                             uint32_t end)
{
    const struct place_input *input = running->input;
    const struct place_group *group = &input->groups[input->allotments[allotment].group];
    int64_t *free = &running->free[group->first], all = *free, had = running->left[allotment];
    *free = had;
    size_t placed = admit_files(running, group, from, end);
    running->left[allotment] = *free;
    *free = all - (had - *free);
    return placed;
}

/* Takers next to each other, to be gone through by one thread. */
struct stretch {
    uint32_t first, end; /* takers */
    size_t placed;       /* out */
};

struct admitting {
    struct running *running;
    struct stretch stretches[STRETCHES];
};

static void admit_stretch(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct admitting *admitting = context;
    struct running *running = admitting->running;
    struct stretch *stretch = &admitting->stretches[number];
    const struct place_input *input = running->input;
    uint32_t from = stretch->first == 0 ? 0 : running->ends_at[stretch->first - 1];
    for (uint32_t t = stretch->first; t < stretch->end; from = running->ends_at[t++]) {
        uint32_t end = running->ends_at[t];
        if (t < input->group_count) {
            stretch->placed += admit_files(running, &input->groups[t], from, end);
        } else if (end > from) {
            stretch->placed += admit_allotted(running, t - (uint32_t)input->group_count, from, end);
        }
    }
}

/* Groups share nothing, so they are gone through side by side; allotments share the seats of their
 * group. */
static void admit_all(struct running *running)
{
    struct admitting admitting = {.running = running};
    uint32_t takers = running->takers, files = takers == 0 ? 0 : running->ends_at[takers - 1];
    bool apart = running->batch->allot.batch == PLACE_NONE;
    size_t count = 0;
    memset(running->taken_in, 0, running->input->programme_count * sizeof *running->taken_in);
    for (uint32_t first = 0; first < takers; count++) {
        uint64_t until = (uint64_t)files * (count + 1) / STRETCHES;
        bool last = count + 1 == STRETCHES || !apart;
        uint32_t end = last ? takers : first + 1;
        while (end < takers && running->ends_at[end - 1] < until) end++;
        admitting.stretches[count] = (struct stretch){.first = first, .end = end};
        first = end;
    }
    thread_run(files < FILES_ALONE ? 1 : 0, count, admit_stretch, &admitting);
    for (size_t i = 0; i < count; i++) {
        running->result->placed_count += admitting.stretches[i].placed;
    }
}

/* The lowest total by which somebody has got into each group of an allotment by the batch whose
 * groups it fills. */
static void find_general(struct running *running)
{
    const struct place_input *input = running->input;
    struct place_result *result = running->result;
    struct arena scratch = {0};
    int64_t *lowest = arena_array(&scratch, int64_t, input->group_count);
    for (size_t g = 0; g < input->group_count; g++) lowest[g] = INT64_MAX;
    for (size_t a = 0; a < input->applicant_count; a++) {
        if (result->placed[a] == PLACE_NONE) continue;
        const struct place_choice *choice = &input->choices[result->placed[a]];
        int64_t *own = &lowest[choice->group];
        if (choice->batch != running->batch->round_of) continue;
        if (input->applicants[a].total < *own) *own = input->applicants[a].total;
    }
    for (size_t i = 0; i < input->allotment_count; i++) {
        const struct place_allotment *allotment = &input->allotments[i];
        if (allotment->batch != running->batch_number) continue;
        if (lowest[allotment->group] == INT64_MAX) continue;
        result->general[i] = lowest[allotment->group];
    }
    arena_free(&scratch);
}

/* Files that each taker takes in the batch at work. Where seats are allotted a group is never full:
 * its allotments may be. */
static void make_room(struct running *running)
{
    const struct place_input *input = running->input;
    const struct place_batch *batch = running->batch;
    for (size_t g = 0; g < input->group_count; g++) {
        const struct place_group *group = &input->groups[g];
        int64_t seats = 0;
        running->room[g] = running->allots;
        if (group->batch != batch->round_of || running->allots) continue;
        for (uint32_t p = 0; p < group->count; p++) seats += running->free[group->first + p];
        running->room[g] = place_capacity(batch, seats);
    }
    for (size_t i = 0; i < input->allotment_count; i++) {
        bool own = input->allotments[i].batch == batch->allot.batch;
        running->room[input->group_count + i] = own ? place_capacity(batch, running->left[i]) : 0;
    }
}

/* Puts aside, or gives back, what the batch at work may not give; the groups have one programme. */
static void move_held(struct running *running, int64_t sign)
{
    const struct place_input *input = running->input;
    if (input->allotment_count == 0 || running->allots) return;
    if (sign < 0) place_hold(input, running->left, running->batch_number, running->held);
    for (size_t g = 0; g < input->group_count; g++) {
        running->free[input->groups[g].first] += sign * running->held[g];
    }
}

static void run_batch(struct running *running, uint32_t number, uint32_t *going)
{
    running->batch = &running->input->rules.batches[number];
    running->batch_number = number;
    running->allots = running->batch->allot.batch != PLACE_NONE;
    if (running->batch->allot.batch == number && running->batch->allot.has_below) {
        find_general(running);
    }
    move_held(running, -1);
    make_room(running);
    find_members(running);
    if (running->batch->mode == PLACE_PARALLEL) {
        send_parallel(running, going);
    } else {
        send_sequential(running, going);
    }
    gather(running);
    admit_all(running);
    move_held(running, 1);
}

/* Where an applicant begins. */
struct start {
    uint32_t choice;
    uint8_t batch, last;
};

/* Everybody is looked at several times in the one order; in it they lie side by side. */
static void copy_people(struct running *running, struct arena *scratch)
{
    size_t count = running->input->applicant_count;
    const struct place_applicant *from = running->input->applicants;
    const uint32_t *order = running->result->order;
    running->people = arena_array(scratch, struct place_applicant, count);
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD_FAR < count) {
            prefetch(&from[order[i + AHEAD_FAR]]);
            prefetch(&from[order[i + AHEAD_FAR]].first);
        }
        running->people[i] = from[order[i]];
    }
}

/* Room for what is known by place, group and programme; everybody at their first choice. */
static void begin(struct running *running, struct arena *scratch)
{
    const struct place_input *input = running->input;
    size_t count = input->applicant_count;
    copy_people(running, scratch);
    running->next = arena_array(scratch, uint32_t, count);
    running->batches = arena_array(scratch, uint8_t, count);
    running->last = arena_array(scratch, uint8_t, count);
    running->sent = arena_array(scratch, uint32_t, count);
    running->went = arena_array(scratch, uint32_t, count);
    running->members = arena_array(scratch, uint32_t, count);
    running->closes = arena_array(scratch, bool, count);
    running->files = arena_array(scratch, uint32_t, count);
    CHECK(input->group_count + input->allotment_count < PLACE_NONE);
    running->takers = (uint32_t)(input->group_count + input->allotment_count);
    running->room = arena_array(scratch, int64_t, running->takers);
    running->ends_at = arena_array(scratch, uint32_t, running->takers);
    running->held = arena_array(scratch, int64_t, input->group_count);
    running->left = arena_array(scratch, int64_t, input->allotment_count);
    for (size_t i = 0; i < input->allotment_count; i++) {
        running->left[i] = input->allotments[i].seats;
    }
    running->free = arena_array(scratch, int64_t, input->programme_count);
    running->taken_in = arena_array(scratch, uint32_t, input->programme_count);
    /* In the order in which they lie in memory, then by place. */
    struct start *starts = arena_array(scratch, struct start, count);
    for (size_t a = 0; a < count; a++) {
        const struct place_applicant *who = &input->applicants[a];
        starts[a] = (struct start){who->first, BATCH_NONE, BATCH_NONE};
        if (who->count == 0) continue;
        starts[a].batch = input->choices[who->first].batch;
        starts[a].last = input->choices[who->first + who->count - 1].batch;
    }
    for (size_t i = 0; i < count; i++) {
        const struct start *start = &starts[running->result->order[i]];
        running->next[i] = start->choice;
        running->batches[i] = start->batch;
        running->last[i] = start->last;
    }
    arena_give_back(scratch, starts, count * sizeof *starts);
    for (size_t p = 0; p < input->programme_count; p++) {
        running->free[p] = input->programmes[p].quota;
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
    for (size_t a = 0; a < count; a++) result.placed[a] = result.programmes[a] = PLACE_NONE;
    result.general = arena_array(arena, int64_t, input->allotment_count);
    for (size_t i = 0; i < input->allotment_count; i++) result.general[i] = INT64_MIN;
    if (trace) running.fates = arena_array(arena, struct place_fate, input->choice_count);
    for (size_t c = 0; trace && c < input->choice_count; c++) {
        running.fates[c].programme = PLACE_NONE;
    }
    place_order(arena, &scratch, input, &result.order, &running.ends);
    begin(&running, &scratch);
    uint32_t *going = arena_array(&scratch, uint32_t, count);
    for (size_t b = 0; b < input->rules.batch_count; b++) {
        run_batch(&running, (uint32_t)b, going);
        if (b + 1 < input->rules.batch_count) pass_on(&running);
    }
    result.fates = running.fates;
    arena_free(&scratch);
    *out = result;
}
