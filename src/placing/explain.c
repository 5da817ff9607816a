#include "placing/explain.h"

#include "access/codec.h"
#include "base/sheet_out.h"
#include "placing/allotted.h"

#include <stdlib.h>
#include <string.h>

enum { RECEIPT_BYTES_MAX = 1 << 20 };

struct explaining {
    struct arena *arena;
    struct place_input *input;
    const struct place_result *result;
    uint32_t applicant;
    bool *better; /* by applicant: stands before this one by total and ties */
    bool *worse;  /* stands behind */
};

static int64_t tie_of(const struct place_input *input, uint32_t applicant, size_t tie)
{
    return input->ties[applicant * input->rules.tie_count + tie];
}

/* Below 0 when x stands before y. */
static int compare(const struct place_input *input, uint32_t x, uint32_t y)
{
    int64_t a = input->applicants[x].total, b = input->applicants[y].total;
    if (a != b) return a > b ? -1 : 1;
    for (size_t t = 0; t < input->rules.tie_count; t++) {
        a = tie_of(input, x, t);
        b = tie_of(input, y, t);
        if (a != b) return a > b ? -1 : 1;
    }
    return 0;
}

static uint32_t find(const struct place_input *input, struct str number)
{
    size_t low = 0, high = input->applicant_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(input->applicants[middle].number, number);
        if (order == 0) return (uint32_t)middle;
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return PLACE_NONE;
}

/* Whether another asks for the same seats: in a batch that allots them, one of the own junior
 * school. */
static bool competes(const struct explaining *explaining, uint32_t batch, size_t other)
{
    const struct place_input *input = explaining->input;
    if (input->rules.batches[batch].allot.batch == PLACE_NONE) return true;
    return input->has_sources
           && input->applicants[other].source == input->applicants[explaining->applicant].source;
}

/* Seats that a group had when this batch began: its quota, without those given away before and
 * those that are kept for junior schools; or those left to the own one. */
static void count_seats(const struct explaining *explaining, struct place_reason *reason)
{
    const struct place_input *input = explaining->input;
    const struct place_result *result = explaining->result;
    const struct place_choice *choice = reason->choice;
    const struct place_batch *batch = &input->rules.batches[choice->batch];
    const struct place_group *group = &input->groups[choice->group];
    struct arena scratch = {0};
    int64_t *left = place_left_of(&scratch, input, result, choice->batch);
    reason->allotted = batch->allot.batch != PLACE_NONE;
    reason->general = reason->floor = INT64_MIN;
    if (reason->allotted) {
        uint32_t own =
            place_allotment_of(input, batch, &input->applicants[explaining->applicant], group);
        reason->seats = own == PLACE_NONE ? 0 : left[own];
        for (size_t i = 0; i < input->allotment_count; i++) {
            const struct place_allotment *any = &input->allotments[i];
            if (any->batch != batch->allot.batch || any->group != choice->group) continue;
            reason->general = result->general[i];
        }
        reason->floor = place_floor_of(batch, reason->general);
    } else {
        int64_t *held = arena_array(&scratch, int64_t, input->group_count);
        place_hold(input, left, choice->batch, held);
        reason->reserved = held[choice->group];
        reason->seats = group->quota - reason->reserved;
        for (size_t a = 0; a < input->applicant_count; a++) {
            if (result->placed[a] == PLACE_NONE) continue;
            const struct place_choice *placed = &input->choices[result->placed[a]];
            reason->seats -= placed->group == choice->group && placed->batch < choice->batch;
        }
    }
    arena_free(&scratch);
}

/* Who got into the group by a seat of a junior school and stands behind this applicant. */
static void count_behind(const struct explaining *explaining, struct place_reason *reason)
{
    const struct place_input *input = explaining->input;
    for (size_t a = 0; input->allotment_count > 0 && a < input->applicant_count; a++) {
        if (explaining->result->placed[a] == PLACE_NONE || !explaining->worse[a]) continue;
        const struct place_choice *placed = &input->choices[explaining->result->placed[a]];
        if (placed->group != reason->choice->group) continue;
        reason->behind += input->rules.batches[placed->batch].allot.batch != PLACE_NONE;
    }
}

/* Adds one other's file that was sent to the same group in the same batch. */
static void count_file(const struct explaining *explaining, uint32_t other,
                       const struct place_fate *fate, struct place_reason *reason)
{
    int64_t total = explaining->input->applicants[other].total;
    if (!reason->any_sent || total < reason->sent_total) reason->sent_total = total;
    reason->any_sent = true;
    reason->files++;
    reason->ahead += explaining->better[other];
    if (fate->outcome == PLACE_RETURNED) return;
    if (!reason->any_admitted || total < reason->admitted_total) reason->admitted_total = total;
    reason->any_admitted = true;
}

static void count_files(const struct explaining *explaining, struct place_reason *reason)
{
    const struct place_input *input = explaining->input;
    for (size_t a = 0; a < input->applicant_count; a++) {
        const struct place_applicant *who = &input->applicants[a];
        if (!competes(explaining, reason->choice->batch, a)) continue;
        for (uint32_t c = who->first; c < who->first + who->count; c++) {
            const struct place_choice *choice = &input->choices[c];
            const struct place_fate *fate = &explaining->result->fates[c];
            if (choice->batch != reason->choice->batch || choice->group != reason->choice->group) {
                continue;
            }
            if (fate->outcome < PLACE_ADMITTED) continue;
            count_file(explaining, (uint32_t)a, fate, reason);
        }
    }
}

/* Places everybody again with what was changed; whether this choice now places the applicant. */
static bool would_place(const struct explaining *explaining, const struct place_choice *choice)
{
    struct arena scratch = {0};
    struct place_result again;
    place_run(&scratch, explaining->input, false, &again);
    uint32_t placed = again.placed[explaining->applicant];
    bool same = placed != PLACE_NONE && &explaining->input->choices[placed] == choice;
    arena_free(&scratch);
    return same;
}

static void keep(struct place_reason *reason, enum place_remedy_kind kind, int64_t points)
{
    CHECK(reason->remedy_count < PLACE_REMEDIES_MAX);
    reason->remedies[reason->remedy_count].kind = kind;
    reason->remedies[reason->remedy_count++].points = points;
}

static int compare_totals(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Whether so many points more would place the applicant here. */
static bool try_total(struct explaining *explaining, struct place_reason *reason, int64_t total)
{
    struct place_applicant *who = &explaining->input->applicants[explaining->applicant];
    int64_t own = who->total;
    if (total <= own) return false;
    who->total = total;
    bool places = would_place(explaining, reason->choice);
    who->total = own;
    if (places) keep(reason, PLACE_MORE_POINTS, total - own);
    return places;
}

/* The lowest total with which somebody got this programme in this batch; false when nobody did. */
static bool border_of(const struct explaining *explaining, uint32_t batch, uint32_t programme,
                      int64_t *out)
{
    const struct place_input *input = explaining->input;
    bool found = false;
    for (size_t a = 0; a < input->applicant_count; a++) {
        uint32_t choice = explaining->result->placed[a];
        if (choice == PLACE_NONE || input->choices[choice].batch != batch) continue;
        if (explaining->result->programmes[a] != programme) continue;
        if (!competes(explaining, batch, a)) continue;
        if (!found || input->applicants[a].total < *out) *out = input->applicants[a].total;
        found = true;
    }
    return found;
}

/* More points: as many as a border has, or one more where equals of the border are not taken. */
static void try_points(struct explaining *explaining, struct place_reason *reason)
{
    const struct place_input *input = explaining->input;
    const struct place_choice *choice = reason->choice;
    int64_t borders[PLACE_MAJORS_MAX + 2];
    size_t count = 0;
    bool below = reason->fate.bar == PLACE_BAR_FLOOR;
    if (reason->fate.bar == PLACE_BAR_LINE) borders[count++] = reason->line;
    if (below) borders[count++] = reason->floor;
    if ((reason->fate.outcome == PLACE_FULL || below) && reason->any_sent) {
        borders[count++] = reason->sent_total;
    }
    for (uint32_t m = 0; m < choice->major_count; m++) {
        uint32_t programme = input->groups[choice->group].first + input->majors[choice->first + m];
        if (border_of(explaining, choice->batch, programme, &borders[count])) count++;
    }
    if (count > 0) qsort(borders, count, sizeof *borders, compare_totals);
    for (size_t i = 0; i < count; i++) {
        if (try_total(explaining, reason, borders[i])) return;
        if (try_total(explaining, reason, borders[i] + 1)) return;
    }
}

static void try_adjust(struct explaining *explaining, struct place_reason *reason,
                       struct place_choice *choice)
{
    if (choice->adjust) return;
    choice->adjust = true;
    if (would_place(explaining, choice)) keep(reason, PLACE_ADJUST, 0);
    choice->adjust = false;
}

static void try_plan(struct explaining *explaining, struct place_reason *reason)
{
    struct place_applicant *who = &explaining->input->applicants[explaining->applicant];
    uint64_t own = who->plans;
    who->plans |= (uint64_t)1 << explaining->input->groups[reason->choice->group].plan;
    if (would_place(explaining, reason->choice)) keep(reason, PLACE_PROVEN_PLAN, 0);
    who->plans = own;
}

/* One seat more, in the major wished first. */
static void try_seat(struct explaining *explaining, struct place_reason *reason)
{
    struct place_input *input = explaining->input;
    struct place_group *group = &input->groups[reason->choice->group];
    uint32_t major = reason->choice->major_count > 0 ? input->majors[reason->choice->first] : 0;
    input->programmes[group->first + major].quota++;
    group->quota++;
    if (would_place(explaining, reason->choice)) keep(reason, PLACE_MORE_SEATS, 1);
    input->programmes[group->first + major].quota--;
    group->quota--;
}

/* One seat more of the group for the own junior school, and one more in all, so that nobody else
 * has less. */
static void try_allotted(struct explaining *explaining, struct place_reason *reason)
{
    struct place_input *input = explaining->input;
    struct place_group *group = &input->groups[reason->choice->group];
    uint32_t source = input->applicants[explaining->applicant].source;
    uint32_t batch = input->rules.batches[reason->choice->batch].allot.batch;
    struct place_allotment *had = input->allotments;
    size_t count = input->allotment_count, at = 0;
    struct arena scratch = {0};
    if (source == PLACE_NONE || group->count > 1) return;
    struct place_allotment *more = arena_array(&scratch, struct place_allotment, count + 1);
    memcpy(more, had, count * sizeof *more);
    while (at < count && place_allotment_before(&more[at], batch, reason->choice->group, source)) {
        at++;
    }
    bool there = at < count && more[at].batch == batch && more[at].group == reason->choice->group
                 && more[at].source == source;
    if (!there) {
        memmove(&more[at + 1], &more[at], (count - at) * sizeof *more);
        more[at] = (struct place_allotment){batch, reason->choice->group, source, 0};
        input->allotment_count++;
    }
    more[at].seats++;
    input->allotments = more;
    input->programmes[group->first].quota++;
    group->quota++;
    if (would_place(explaining, reason->choice)) keep(reason, PLACE_MORE_ALLOTTED, 1);
    input->programmes[group->first].quota--;
    group->quota--;
    input->allotments = had;
    input->allotment_count = count;
    arena_free(&scratch);
}

static void try_any_seat(struct explaining *explaining, struct place_reason *reason)
{
    if (reason->allotted) {
        try_allotted(explaining, reason);
    } else {
        try_seat(explaining, reason);
    }
}

static void try_remedies(struct explaining *explaining, struct place_reason *reason,
                         struct place_choice *choice)
{
    switch ((enum place_outcome)reason->fate.outcome) {
    case PLACE_BARRED:
        if (reason->fate.bar == PLACE_BAR_PLAN) try_plan(explaining, reason);
        if (reason->fate.bar == PLACE_BAR_LINE || reason->fate.bar == PLACE_BAR_FLOOR) {
            try_points(explaining, reason);
        }
        if (reason->fate.bar == PLACE_BAR_SOURCE) try_allotted(explaining, reason);
        break;
    case PLACE_FULL:
        try_points(explaining, reason);
        try_any_seat(explaining, reason);
        break;
    case PLACE_RETURNED:
        try_adjust(explaining, reason, choice);
        try_points(explaining, reason);
        try_any_seat(explaining, reason);
        break;
    default: break;
    }
}

bool place_explain(struct arena *arena, struct place_input *input,
                   const struct place_result *result, struct str number, bool remedies,
                   struct place_explanation *out, struct err *err)
{
    CHECK(result->fates != NULL);
    struct explaining explaining = {.arena = arena, .input = input, .result = result};
    explaining.applicant = find(input, number);
    if (explaining.applicant == PLACE_NONE) {
        return err_set(err, ERR_NOT_FOUND, "there is no applicant \"%.*s\"", "没有考生“%.*s”",
                       STR_ARG(number));
    }
    const struct place_applicant *who = &input->applicants[explaining.applicant];
    struct place_explanation done = {.applicant = who, .rank = 1, .reason_count = who->count};
    explaining.better = arena_array(arena, bool, input->applicant_count);
    explaining.worse = arena_array(arena, bool, input->applicant_count);
    if (who->source != PLACE_NONE) done.source = input->sources[who->source];
    for (size_t a = 0; a < input->applicant_count; a++) {
        int order = compare(input, (uint32_t)a, explaining.applicant);
        explaining.better[a] = order < 0;
        explaining.worse[a] = order > 0;
        done.rank += order < 0;
        done.equal += order == 0 && a != explaining.applicant;
    }
    done.placed = result->placed[explaining.applicant];
    done.reasons = arena_array(arena, struct place_reason, who->count);
    for (uint32_t c = 0; c < who->count; c++) {
        struct place_choice *choice = &input->choices[who->first + c];
        const struct place_batch *batch = &input->rules.batches[choice->batch];
        struct place_reason *reason = &done.reasons[c];
        *reason = (struct place_reason){.choice = choice, .fate = result->fates[who->first + c]};
        count_seats(&explaining, reason);
        count_behind(&explaining, reason);
        reason->capacity = place_capacity(batch, reason->seats);
        reason->line = place_line_of(input, batch, who, &input->groups[choice->group]);
        count_files(&explaining, reason);
        if (remedies) try_remedies(&explaining, reason, choice);
    }
    place_receipt(input, who, done.receipt);
    *out = done;
    return true;
}

static void add_choice(struct text *text, const struct place_input *input,
                       const struct place_choice *choice)
{
    const struct place_group *group = &input->groups[choice->group];
    text_add(text, input->rules.batches[choice->batch].key);
    text_add_f(text, ",%u,%.*s,", choice->rank, STR_ARG(group->code));
    for (uint32_t m = 0; m < choice->major_count; m++) {
        uint32_t programme = group->first + input->majors[choice->first + m];
        text_add_f(text, "%s%.*s", m > 0 ? ";" : "", STR_ARG(input->programmes[programme].code));
    }
    text_add_c(text, choice->adjust ? ",yes\n" : ",no\n");
}

void place_receipt(const struct place_input *input, const struct place_applicant *applicant,
                   char out[65])
{
    struct arena arena = {0};
    struct text text;
    unsigned char hash[32];
    uint32_t number = (uint32_t)(applicant - input->applicants);
    bool first = true;
    text_init(&text, &arena, RECEIPT_BYTES_MAX);
    text_add_f(&text, "%.*s,%.*s,%.*s,%lld,", STR_ARG(applicant->number), STR_ARG(applicant->track),
               STR_ARG(applicant->county), (long long)applicant->total);
    for (size_t t = 0; t < input->rules.tie_count; t++) {
        text_add_f(&text, "%lld,", (long long)tie_of(input, number, t));
    }
    for (size_t p = 0; p < input->rules.plan_count; p++) {
        if ((applicant->plans >> p & 1) == 0) continue;
        text_add_f(&text, "%s%.*s", first ? "" : ";", STR_ARG(input->rules.plans[p]));
        first = false;
    }
    text_add_f(&text, ",%.*s", STR_ARG(applicant->subjects));
    if (input->has_sources) {
        uint32_t source = applicant->source;
        struct str own = source == PLACE_NONE ? STR_EMPTY : input->sources[source];
        text_add_f(&text, ",%.*s", STR_ARG(own));
    }
    text_add_byte(&text, '\n');
    for (uint32_t c = 0; c < applicant->count; c++) {
        add_choice(&text, input, &input->choices[applicant->first + c]);
    }
    CHECK(!text.cut);
    sm3_hash(text_str(&text), hash);
    hex_of(hash, sizeof hash, out);
    arena_free(&arena);
}

bool place_write_receipts(const char *path, const struct place_input *input, struct err *err)
{
    static const struct str header[] = {{"applicant", 9}, {"receipt", 7}};
    struct sheet_out *sheet = NULL;
    if (!sheet_open(&sheet, path, "receipts", false, err)) return false;
    bool good = sheet_header(sheet, header, 2, NULL, err);
    for (size_t a = 0; good && a < input->applicant_count; a++) {
        char receipt[65];
        place_receipt(input, &input->applicants[a], receipt);
        struct str cells[] = {input->applicants[a].number, str_from(receipt)};
        good = sheet_row(sheet, cells, 2, err);
    }
    if (good) return sheet_close(sheet, err);
    sheet_abandon(sheet);
    return false;
}
