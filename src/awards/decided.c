#include "awards/decided.h"

#include "awards/award_decide.h"
#include "base/csv.h"
#include "base/thread.h"

#include <stdlib.h>
#include <string.h>

enum { CITES_BYTES_MAX = 1 << 16, NEEDS_BYTES_MAX = 1 << 13, MONEY_BYTES = 24 };

/* Rows are written in pieces by all threads, and given out a wave of pieces at a time. Pieces are
 * still in the caches when they are. */
enum { PIECE_ROWS = 1024, PIECES_A_THREAD = 4, PIECE_BYTES_MAX = 1 << 28 };

static int by_key(const void *a, const void *b, void *context)
{
    const struct policy *policy = context;
    return str_compare(policy->inputs[*(const uint16_t *)a].name.key,
                       policy->inputs[*(const uint16_t *)b].name.key);
}

static struct str cites_of(struct arena *arena, const struct award_decided *decided,
                           uint16_t scheme)
{
    const uint16_t *documents;
    size_t count;
    bool unconfirmed;
    struct text text;
    policy_cited(decided->program, scheme, &documents, &count, &unconfirmed);
    text_init(&text, arena, CITES_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_add_byte(&text, ';');
        text_add(&text, decided->policy->documents[documents[i]].number);
    }
    return text_str(&text);
}

static struct str period_of_scheme(struct arena *arena, const struct policy_scheme *scheme, day at)
{
    char buffer[PERIOD_TEXT_SIZE];
    return str_copy(arena, str_from(period_format(period_of(scheme->period, at), buffer)));
}

/* What is open is filled in before kinds are decided: they are then those of the facts. */
static void decide_open(struct arena *arena, const struct award_people *people, size_t threads,
                        struct award_decided *out)
{
    struct award_kinds kinds;
    award_decide_kinds(arena, out->program, &people->rows, people->open, threads, &kinds);
    out->kinds = (struct policy_kinds){.kind_of = kinds.kind_of,
                                       .rows = kinds.rows,
                                       .count = kinds.count,
                                       .firsts = kinds.firsts,
                                       .decisions = kinds.decisions};
}

static void count_verdicts(struct award_decided *out, size_t row_count)
{
    struct arena scratch = {0};
    const struct policy_kinds *kinds = &out->kinds;
    uint64_t *rows = arena_array(&scratch, uint64_t, kinds->count);
    for (size_t r = 0; r < row_count; r++) rows[kinds->kind_of == NULL ? r : kinds->kind_of[r]]++;
    for (size_t k = 0; k < kinds->count; k++) {
        for (size_t d = kinds->firsts[k]; d < kinds->firsts[k + 1]; d++) {
            out->verdicts[kinds->decisions[d].verdict] += rows[k];
        }
    }
    arena_free(&scratch);
}

void award_decide_people(struct arena *arena, const struct policy *policy,
                         const struct award_people *people,
                         const struct policy_decide_options *options, size_t threads,
                         struct award_decided *out)
{
    CHECK(people->rows.subject == options->subject);
    *out = (struct award_decided){.policy = policy, .people = people, .at = options->at};
    out->program = policy_compile(arena, policy, options);
    if (people->open == NULL) {
        policy_decide_kinds(arena, out->program, &people->rows, threads, &out->kinds);
    } else {
        decide_open(arena, people, threads, out);
    }
    count_verdicts(out, people->rows.count);
    out->periods = arena_array(arena, struct str, policy->scheme_count);
    out->cites = arena_array(arena, struct str, policy->scheme_count);
    for (size_t i = 0; i < out->kinds.firsts[out->kinds.count]; i++) {
        uint16_t scheme = out->kinds.decisions[i].scheme;
        if (out->periods[scheme].len > 0) continue;
        out->periods[scheme] = period_of_scheme(arena, &policy->schemes[scheme], options->at);
        out->cites[scheme] = cites_of(arena, out, scheme);
    }
    out->inputs = arena_array(arena, uint16_t, policy->input_count);
    for (size_t i = 0; i < policy->input_count; i++) out->inputs[i] = (uint16_t)i;
    qsort_r(out->inputs, policy->input_count, sizeof *out->inputs, by_key,
            (void *)(uintptr_t)policy);
}

void award_needs(const struct award_decided *decided, uint64_t needs, const char *separator,
                 struct text *out)
{
    bool first = true;
    for (size_t i = 0; needs != 0 && i < decided->policy->input_count; i++) {
        uint16_t input = decided->inputs[i];
        if ((needs >> input & 1) == 0) continue;
        if (!first) text_add_c(out, separator);
        text_add(out, decided->policy->inputs[input].name.key);
        first = false;
    }
}

static struct str amount_text(int64_t fen, char digits[MONEY_BYTES])
{
    CHECK(fen >= 0);
    return (struct str){digits, u64_digits((uint64_t)fen, digits)};
}

void award_cells(struct arena *arena, const struct award_decided *decided,
                 const struct policy_decision *decision, struct str cells[AWARD_COLUMNS])
{
    char digits[MONEY_BYTES];
    struct text needs;
    text_init(&needs, arena, NEEDS_BYTES_MAX);
    award_needs(decided, decision->needs, ";", &needs);
    bool yes = decision->verdict == POLICY_ENTITLED;
    cells[0] = decided->people->ids[decision->row];
    cells[1] = decided->policy->schemes[decision->scheme].name.key;
    cells[2] = str_from(policy_verdict_key(decision->verdict));
    cells[3] = yes ? str_copy(arena, amount_text(decision->fen, digits)) : STR_EMPTY;
    cells[4] = decided->periods[decision->scheme];
    cells[5] = text_str(&needs);
    cells[6] = decided->cites[decision->scheme];
}

/* What stands around the amount of a scheme and verdict, made once. */
struct frame {
    struct str before; /* ",boarding_subsidy,yes," */
    struct str behind; /* ",2020-autumn," */
    struct str cites;  /* ",…" with the line end */
};

struct piece {
    struct arena arena;
    struct text text;
    struct text id, needs; /* of the row at hand */
    uint64_t rows;
};

/* A wave of pieces is given out while the next is written: the first task gives out. */
struct wave {
    struct piece *pieces;
    size_t first; /* place in the order at which it begins */
    size_t count; /* of pieces */
};

struct writing {
    const struct award_decided *decided;
    struct frame *frames; /* by scheme, then verdict */
    struct wave out, in;
    const struct award_sink *sink;
    bool good;
    struct err *err;
};

static struct frame *make_frames(struct arena *arena, const struct award_decided *decided)
{
    size_t count = decided->policy->scheme_count;
    struct frame *frames = arena_array(arena, struct frame, count * AWARD_VERDICTS + 1);
    for (size_t i = 0; i < count * AWARD_VERDICTS; i++) {
        struct text before, behind, cites;
        size_t scheme = i / AWARD_VERDICTS;
        text_init(&before, arena, NEEDS_BYTES_MAX);
        text_init(&behind, arena, NEEDS_BYTES_MAX);
        text_init(&cites, arena, 2 * CITES_BYTES_MAX);
        csv_put(&before, decided->policy->schemes[scheme].name.key, false);
        csv_put(&before, str_from(policy_verdict_key((enum policy_verdict)(i % AWARD_VERDICTS))),
                false);
        text_add_byte(&before, ',');
        csv_put(&behind, decided->periods[scheme], false);
        text_add_byte(&behind, ',');
        csv_put(&cites, decided->cites[scheme], false);
        text_add_byte(&cites, '\n');
        frames[i] = (struct frame){text_str(&before), text_str(&behind), text_str(&cites)};
    }
    return frames;
}

static char *put_bytes(char *place, struct str bytes)
{
    if (bytes.len > 0) memcpy(place, bytes.ptr, bytes.len);
    return place + bytes.len;
}

/* A decision's row, in one go. */
static void write_decision(const struct writing *writing, struct str id,
                           const struct policy_decision *decision, struct piece *piece)
{
    char digits[MONEY_BYTES];
    size_t number = (size_t)decision->scheme * AWARD_VERDICTS + decision->verdict;
    const struct frame *frame = &writing->frames[number];
    struct str amount = STR_EMPTY, needs = STR_EMPTY;
    if (decision->verdict == POLICY_ENTITLED) amount = amount_text(decision->fen, digits);
    if (decision->needs != 0) {
        text_clear(&piece->needs);
        award_needs(writing->decided, decision->needs, ";", &piece->needs);
        needs = text_str(&piece->needs);
    }
    size_t bytes =
        id.len + frame->before.len + amount.len + frame->behind.len + needs.len + frame->cites.len;
    char *place = text_extend(&piece->text, bytes);
    piece->rows++;
    if (place == NULL) return;
    place = put_bytes(place, id);
    place = put_bytes(place, frame->before);
    place = put_bytes(place, amount);
    place = put_bytes(place, frame->behind);
    place = put_bytes(place, needs);
    put_bytes(place, frame->cites);
}

static void write_person(const struct writing *writing, uint32_t row, struct piece *piece)
{
    const struct award_decided *decided = writing->decided;
    size_t at, end;
    policy_decisions_of(&decided->kinds, row, &at, &end);
    if (at == end) return;
    text_clear(&piece->id);
    csv_put(&piece->id, decided->people->ids[row], true);
    if (piece->id.cut) piece->text.cut = true;
    for (; at < end; at++) {
        struct policy_decision decision = policy_decision_at(&decided->kinds, row, at);
        write_decision(writing, text_str(&piece->id), &decision, piece);
    }
}

static void write_piece(const struct writing *writing, size_t number)
{
    struct piece *piece = &writing->in.pieces[number];
    const struct award_people *people = writing->decided->people;
    size_t from = writing->in.first + number * PIECE_ROWS, end = from + PIECE_ROWS;
    if (end > people->rows.count) end = people->rows.count;
    text_clear(&piece->text);
    piece->rows = 0;
    for (size_t i = from; i < end; i++) write_person(writing, people->order[i], piece);
}

static bool give_out(const struct writing *writing)
{
    for (size_t i = 0; i < writing->out.count; i++) {
        const struct piece *piece = &writing->out.pieces[i];
        if (piece->text.cut) {
            return err_set(writing->err, ERR_LIMIT, "the ids are too long to be written",
                           "编号过长，无法写出");
        }
        if (!writing->sink->put(writing->sink->context, text_str(&piece->text), piece->rows,
                                writing->err)) {
            return false;
        }
    }
    return true;
}

static void do_task(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct writing *writing = context;
    if (number == 0) {
        writing->good = give_out(writing);
    } else {
        write_piece(writing, number - 1);
    }
}

static struct piece *make_pieces(struct arena *arena, size_t count)
{
    struct piece *pieces = arena_array(arena, struct piece, count);
    for (size_t i = 0; i < count; i++) {
        text_init(&pieces[i].text, &pieces[i].arena, PIECE_BYTES_MAX);
        text_init(&pieces[i].id, &pieces[i].arena, PIECE_BYTES_MAX);
        text_init(&pieces[i].needs, &pieces[i].arena, NEEDS_BYTES_MAX);
    }
    return pieces;
}

bool award_write_csv(const struct award_decided *decided, size_t threads,
                     const struct award_sink *sink, struct err *err)
{
    struct arena arena = {0};
    struct writing writing = {.decided = decided, .sink = sink, .good = true, .err = err};
    size_t total = decided->people->rows.count, most, next = 0;
    if (threads == 0) threads = thread_count_default();
    most = threads * PIECES_A_THREAD;
    writing.frames = make_frames(&arena, decided);
    writing.in.pieces = make_pieces(&arena, most);
    writing.out.pieces = make_pieces(&arena, most);
    while (writing.good && (next < total || writing.out.count > 0)) {
        size_t left = (total - next + PIECE_ROWS - 1) / PIECE_ROWS;
        writing.in.first = next;
        writing.in.count = left < most ? left : most;
        thread_run(threads, 1 + writing.in.count, do_task, &writing);
        next += writing.in.count * PIECE_ROWS;
        if (next > total) next = total;
        struct wave done = writing.in;
        writing.in = writing.out;
        writing.out = done;
    }
    for (size_t i = 0; i < most; i++) {
        arena_free(&writing.in.pieces[i].arena);
        arena_free(&writing.out.pieces[i].arena);
    }
    arena_free(&arena);
    return writing.good;
}
