#include "awards/decided.h"

#include "awards/award_decide.h"
#include "base/csv.h"
#include "base/thread.h"

#include <stdlib.h>

enum { CITES_BYTES_MAX = 1 << 16, NEEDS_BYTES_MAX = 1 << 13, MONEY_BYTES = 24 };

/* Rows are written in pieces by all threads, and given out a wave of pieces at a time. */
enum { PIECE_ROWS = 4096, PIECES_A_THREAD = 4, PIECE_BYTES_MAX = 1 << 28 };

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

static void find_starts(struct arena *arena, struct award_decided *out)
{
    size_t rows = out->people->rows.count, at = 0;
    out->starts = arena_array(arena, size_t, rows + 1);
    for (size_t r = 0; r < rows; r++) {
        out->starts[r] = at;
        while (at < out->decisions.count && out->decisions.items[at].row == r) at++;
    }
    out->starts[rows] = at;
    CHECK(at == out->decisions.count);
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
        policy_decide(arena, out->program, &people->rows, threads, &out->decisions);
    } else {
        award_decide(arena, out->program, &people->rows, people->open, threads, &out->decisions);
    }
    find_starts(arena, out);
    out->periods = arena_array(arena, struct str, policy->scheme_count);
    out->cites = arena_array(arena, struct str, policy->scheme_count);
    for (size_t i = 0; i < out->decisions.count; i++) {
        uint16_t scheme = out->decisions.items[i].scheme;
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
    uint64_t rows;
};

struct writing {
    const struct award_decided *decided;
    struct frame *frames; /* by scheme, then verdict */
    struct piece *pieces;
    size_t first; /* place in the order at which the wave begins */
};

enum { VERDICTS = 3 };

static struct frame *make_frames(struct arena *arena, const struct award_decided *decided)
{
    size_t count = decided->policy->scheme_count;
    struct frame *frames = arena_array(arena, struct frame, count * VERDICTS + 1);
    for (size_t i = 0; i < count * VERDICTS; i++) {
        struct text before, behind, cites;
        size_t scheme = i / VERDICTS;
        text_init(&before, arena, NEEDS_BYTES_MAX);
        text_init(&behind, arena, NEEDS_BYTES_MAX);
        text_init(&cites, arena, 2 * CITES_BYTES_MAX);
        csv_put(&before, decided->policy->schemes[scheme].name.key, false);
        csv_put(&before, str_from(policy_verdict_key((enum policy_verdict)(i % VERDICTS))), false);
        text_add_byte(&before, ',');
        csv_put(&behind, decided->periods[scheme], false);
        text_add_byte(&behind, ',');
        csv_put(&cites, decided->cites[scheme], false);
        text_add_byte(&cites, '\n');
        frames[i] = (struct frame){text_str(&before), text_str(&behind), text_str(&cites)};
    }
    return frames;
}

static void write_person(const struct writing *writing, uint32_t row, struct piece *piece)
{
    const struct award_decided *decided = writing->decided;
    char digits[MONEY_BYTES];
    for (size_t i = decided->starts[row]; i < decided->starts[row + 1]; i++) {
        const struct policy_decision *decision = &decided->decisions.items[i];
        const struct frame *frame =
            &writing->frames[(size_t)decision->scheme * VERDICTS + decision->verdict];
        csv_put(&piece->text, decided->people->ids[row], true);
        text_add(&piece->text, frame->before);
        if (decision->verdict == POLICY_ENTITLED) {
            text_add(&piece->text, amount_text(decision->fen, digits));
        }
        text_add(&piece->text, frame->behind);
        award_needs(decided, decision->needs, ";", &piece->text);
        text_add(&piece->text, frame->cites);
        piece->rows++;
    }
}

static void write_piece(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct writing *writing = context;
    struct piece *piece = &writing->pieces[number];
    const struct award_people *people = writing->decided->people;
    size_t from = writing->first + number * PIECE_ROWS, end = from + PIECE_ROWS;
    if (end > people->rows.count) end = people->rows.count;
    text_clear(&piece->text);
    piece->rows = 0;
    for (size_t i = from; i < end; i++) write_person(writing, people->order[i], piece);
}

static bool give_out(const struct writing *writing, size_t count, const struct award_sink *sink,
                     struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct piece *piece = &writing->pieces[i];
        if (piece->text.cut) {
            return err_set(err, ERR_LIMIT, "the ids are too long to be written",
                           "编号过长，无法写出");
        }
        if (!sink->put(sink->context, text_str(&piece->text), piece->rows, err)) return false;
    }
    return true;
}

bool award_write_csv(const struct award_decided *decided, size_t threads,
                     const struct award_sink *sink, struct err *err)
{
    struct arena arena = {0};
    struct writing writing = {.decided = decided, .frames = make_frames(&arena, decided)};
    size_t total = decided->people->rows.count;
    if (threads == 0) threads = thread_count_default();
    size_t most = threads * PIECES_A_THREAD;
    writing.pieces = arena_array(&arena, struct piece, most);
    for (size_t i = 0; i < most; i++) {
        text_init(&writing.pieces[i].text, &writing.pieces[i].arena, PIECE_BYTES_MAX);
    }
    bool done = true;
    while (done && writing.first < total) {
        size_t left = (total - writing.first + PIECE_ROWS - 1) / PIECE_ROWS;
        size_t count = left < most ? left : most;
        thread_run(threads, count, write_piece, &writing);
        done = give_out(&writing, count, sink, err);
        writing.first += count * PIECE_ROWS;
    }
    for (size_t i = 0; i < most; i++) arena_free(&writing.pieces[i].arena);
    arena_free(&arena);
    return done;
}
