#include "ledger/pay_sim_testing.h"

#include "base/testing.h"

#include <stdio.h>

uint32_t sim_below(struct sim *sim, uint32_t bound)
{
    return rng_below(&sim->rng, bound);
}

bool sim_chance(struct sim *sim, uint32_t percent)
{
    return sim_below(sim, 100) < percent;
}

struct str sim_keep(struct sim *sim, const char *format, unsigned long long a, unsigned long long b)
{
    char text[64];
    snprintf(text, sizeof text, format, a, b);
    return str_copy(&sim->arena, str_from(text));
}

static const char bank_text[] =
    "key: sim\nzh: 模拟\nen: sim\norder:\n  encoding: utf-8\n  separator: \"|\"\n  line_end: lf\n"
    "  headings: no\n  columns: [{heading: r, value: reference}, {heading: f, value: fen}]\n"
    "answer: {reference: r, result: s, paid: ok, refused: no}\nstatement: {day: d}\n";

void sim_bank_moves(struct sim *sim, int account, struct str serial, struct str words, int64_t fen)
{
    struct bank_account *of = &sim->accounts[account];
    if (fen == 0) return;
    of->balance_fen -= fen;
    struct statement_line *line = list_push(&sim->arena, &of->moves);
    *line = (struct statement_line){.on = {sim->bank_day}, .balance_fen = of->balance_fen};
    line->serial = str_copy(&sim->arena, serial);
    line->words = str_copy(&sim->arena, words); /* some are read for one step alone */
    *(fen > 0 ? &line->out_fen : &line->in_fen) = fen > 0 ? fen : -fen;
}

void sim_bank_takes(struct sim *sim, int account, struct str content)
{
    struct str rest = content, line, cell;
    while (str_split(&rest, '\n', &line)) {
        struct str cells = line;
        struct bank_record record = {.account = account};
        if (line.len == 0) continue;
        assert_true(str_split(&cells, '|', &cell));
        record.reference = str_copy(&sim->arena, cell);
        assert_true(str_split(&cells, '|', &cell) && str_to_i64(cell, &record.fen));
        *list_push(&sim->arena, &sim->records) = record;
    }
}

struct bank_record *sim_bank_record(struct sim *sim, struct str reference)
{
    if (str_starts(reference, STR("X"))) return NULL; /* nobody ordered it */
    for (size_t r = sim->records.count; r > 0; r--) {
        if (str_equal(sim->records.items[r - 1].reference, reference)) {
            return &sim->records.items[r - 1];
        }
    }
    return NULL;
}

/* Some events a day, so that a million steps stay inside of the calendar (day.h); but of one
 * payment no two on the same day unless wanted: then nothing but the order of telling says which
 * came first (answer.h), and this bank tells in any order. */
static day next_day(struct sim *sim, struct bank_record *record, bool same)
{
    enum { EVENTS_A_DAY = 8 };
    if (!same && (sim->serial % EVENTS_A_DAY == 0 || record->last_day == sim->bank_day)) {
        sim->bank_day++;
    }
    record->last_day = sim->bank_day;
    return (day){sim->bank_day};
}

/* Tells one thing that happened, and moves the money: above 0 out, below 0 back; 0: refused. */
static void happen(struct sim *sim, struct bank_record *record, int64_t fen, bool same_day)
{
    struct bank_event *event = list_push(&sim->arena, &sim->events);
    sim->serial++;
    event->account = record->account;
    event->line = (struct answer_line){.reference = record->reference,
                                       .paid = fen > 0,
                                       .fen = fen > 0 ? fen : -1,
                                       .reason = fen > 0 ? STR_EMPTY : STR("账户已销户"),
                                       .serial = sim_keep(sim, "N%llu", sim->serial, 0),
                                       .on = next_day(sim, record, same_day)};
    record->out_fen += fen;
    if (fen < 0) record->back_serial = event->line.serial;
    sim_bank_moves(sim, record->account, event->line.serial, record->reference, fen);
}

/* The bank does what it was ordered to: or refuses it, or pays another amount. */
static void bank_tries(struct sim *sim, struct bank_record *record)
{
    uint32_t what = sim_below(sim, 100);
    record->tried = true;
    happen(sim, record,
           what < 80   ? record->fen
           : what < 92 ? 0
           : what < 96 ? 1 + sim_below(sim, (uint32_t)record->fen)
                       : record->fen + 1 + sim_below(sim, 700),
           false);
    if (record->out_fen > 0 || !sim_chance(sim, 10)) return;
    record->bounced = record->doubled = true; /* refused, and paid the same day */
    sim->accounts[record->account].same_day = true;
    happen(sim, record, record->fen, true);
}

void sim_bank_works(struct sim *sim)
{
    size_t count = sim->records.count, window = count < 60 ? count : 60;
    if (window == 0 || sim_chance(sim, 1)) {
        struct bank_record alien = {.reference = sim_keep(sim, "X%llu", sim->serial, 0),
                                    .account = sim->account};
        happen(sim, &alien, 1 + sim_below(sim, 5000), false);
        return;
    }
    struct bank_record *record = &sim->records.items[count - 1 - sim_below(sim, (uint32_t)window)];
    if (!record->tried) {
        bank_tries(sim, record);
    } else if (record->out_fen == 0 && !record->bounced && sim_chance(sim, 20)) {
        record->bounced = record->doubled = true; /* refused, and paid after all */
        happen(sim, record, record->fen, false);
    } else if (record->out_fen == record->fen && !record->doubled && sim_chance(sim, 4)) {
        record->doubled = record->bounced = true;
        happen(sim, record, record->fen, false);
    } else if (record->out_fen == record->fen && !record->bounced && sim_chance(sim, 8)) {
        record->bounced = record->doubled = true; /* comes back from the other bank */
        happen(sim, record, -record->fen, false);
    }
}

void sim_bank_states(struct sim *sim, struct bank_account *account)
{
    struct statement_file file = {.name = STR("statement"),
                                  .account = account->key,
                                  .lines = account->moves.items + account->stated,
                                  .count = account->moves.count - account->stated};
    struct err err = ERR_INIT;
    uint64_t fresh;
    if (file.count == 0) return;
    sm3_hash(sim_keep(sim, "S%llu", ++sim->serial, 0), file.hash);
    if (!statement_take(&sim->ledgers[0], &sim->askers[0], &file, &fresh, &err)) {
        fail_msg("statement: %s", err.en);
    }
    assert_int_equal(fresh, file.count);
    account->stated = account->moves.count;
}

void sim_bank_read(struct sim *sim)
{
    struct err err = ERR_INIT;
    assert_true(bank_read(&sim->arena, str_from(bank_text), "sim", &sim->bank, &err));
}
