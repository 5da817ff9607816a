#include "ledger/prove.h"

#include "base/dict.h"
#include "base/list.h"
#include "ledger/pay_internal.h"

#include <stdlib.h>

static const struct {
    const char *key, *zh, *en;
} faults[PROOF_FAULTS] = {
    [PROOF_SUM] = {"sum", "收入与去向不平",
                   "what came in is not what went out, is promised and is left"},
    [PROOF_LINE] = {"line", "发放与账不符", "a payment and the books differ"},
    [PROOF_ALIEN] = {"alien", "账上有不明的一笔", "a transfer belongs to nothing known"},
};

const char *proof_fault_key(enum proof_fault fault)
{
    CHECK((int)fault >= 0 && fault < PROOF_FAULTS);
    return faults[fault].key;
}

const char *proof_fault_text(enum proof_fault fault, enum lang lang)
{
    CHECK((int)fault >= 0 && fault < PROOF_FAULTS);
    return lang == LANG_EN ? faults[fault].en : faults[fault].zh;
}

/* What the journal says of a payment. */
struct moved {
    int64_t promised, pending, paid, back;
};

struct proving {
    struct arena *arena;
    struct arena scratch;
    const struct fund *fund;
    struct fund_proof *out;
    struct dict promises; /* ids of promises, by place in `promised` */
    LIST(int64_t) promised;
    struct u64_map places; /* number of a payment → in `lines` */
    LIST(struct moved) lines;
    LIST(struct proof_finding) findings;
};

static void find(struct proving *proving, enum proof_fault fault, int64_t number)
{
    if (proving->findings.count == PROOF_FINDINGS_MAX) {
        proving->out->more = true;
        return;
    }
    *list_push(proving->arena, &proving->findings) = (struct proof_finding){fault, number};
}

/* The payment that a reference names, "line 12"; NULL when it names none. */
static struct moved *moved_of(struct proving *proving, struct str reference)
{
    int64_t number;
    if (!str_starts(reference, STR("line "))
        || !str_to_i64(str_slice(reference, 5, reference.len), &number) || number <= 0) {
        return NULL;
    }
    uint32_t place = u64_map_find(&proving->places, (uint64_t)number);
    if (place == DICT_NONE) {
        place = (uint32_t)proving->lines.count;
        u64_map_put(&proving->places, (uint64_t)number, place);
        (void)list_push(&proving->scratch, &proving->lines);
    }
    return &proving->lines.items[place];
}

static int level_of(const struct fund *fund, int64_t account)
{
    for (int i = 0; i < FUND_LEVELS; i++) {
        if (fund->accounts[i] != 0 && fund->accounts[i] == account) return i;
    }
    return -1;
}

static struct str id_text(const struct book_id *id)
{
    return (struct str){(const char *)id->bytes, sizeof id->bytes};
}

/* What a promise reserved; 0 when there was none. */
static int64_t promised_of(const struct proving *proving, const struct book_id *id)
{
    uint32_t place = dict_find(&proving->promises, id_text(id));
    return place == DICT_NONE ? 0 : proving->promised.items[place];
}

static bool add_payment(struct proving *proving, const struct book_transfer *transfer,
                        struct fund_sums *sums, bool out)
{
    struct moved *moved = moved_of(proving, transfer->reference);
    int64_t reserved = promised_of(proving, &transfer->target);
    if (moved == NULL) return false;
    switch (transfer->kind) {
    case BOOK_PENDING:
        if (!out) return false;
        if (dict_put(&proving->promises, id_text(&transfer->id)) == proving->promised.count) {
            *list_push(&proving->scratch, &proving->promised) = transfer->fen;
        }
        sums->pending += transfer->fen;
        moved->promised += transfer->fen;
        moved->pending += transfer->fen;
        return true;
    case BOOK_POST_PENDING:
    case BOOK_VOID_PENDING:
        sums->pending -= reserved;
        moved->pending -= reserved;
        if (transfer->kind == BOOK_VOID_PENDING) return reserved > 0;
        sums->paid += transfer->fen;
        moved->paid += transfer->fen;
        return reserved >= transfer->fen;
    case BOOK_CORRECT:
        if (out) return false;
        sums->paid -= transfer->fen;
        sums->back += transfer->fen;
        moved->back += transfer->fen;
        return true;
    default: return false;
    }
}

static bool each_transfer(void *context, const struct book_transfer *transfer)
{
    struct proving *proving = context;
    int from = level_of(proving->fund, transfer->debit);
    int to = level_of(proving->fund, transfer->credit);
    bool known = true;
    proving->out->transfers = transfer->number;
    if (from < 0 && to < 0) return true;
    struct fund_sums *sums = &proving->out->levels[from >= 0 ? from : to];
    if (from >= 0 && to >= 0) {
        known = false;
    } else if (transfer->kind != BOOK_POST) {
        known = add_payment(proving, transfer, sums, from >= 0);
    } else if (str_is(transfer->reason, "receive") && to >= 0) {
        sums->received += transfer->fen;
    } else if (str_is(transfer->reason, "hand_back") && from >= 0) {
        sums->returned += transfer->fen;
    } else if (str_is(transfer->reason, "allot") && from >= 0) {
        sums->allotted += transfer->fen;
    } else {
        known = false;
    }
    if (!known) find(proving, PROOF_ALIEN, transfer->number);
    return true;
}

/* A payment as its own tables tell it, against the journal. */
static void check_line(struct proving *proving, struct store_statement *row)
{
    struct fund_proof *out = proving->out;
    struct str kind = store_str(row, 2);
    bool settled = !store_is_null(row, 2), paid = settled && str_is(kind, "paid");
    int64_t fen = store_i64(row, 1);
    uint32_t place = u64_map_find(&proving->places, (uint64_t)store_i64(row, 0));
    struct moved none = {0};
    const struct moved *moved = place == DICT_NONE ? &none : &proving->lines.items[place];
    out->lines++;
    out->paid_lines += paid;
    out->open_lines += !settled;
    out->refused_lines += settled && !paid;
    if (moved->promised != fen || moved->pending != (settled ? 0 : fen)
        || moved->paid != (paid ? store_i64(row, 3) : 0) || moved->back != store_i64(row, 4)) {
        find(proving, PROOF_LINE, store_i64(row, 0));
    }
    if (place != DICT_NONE) proving->lines.items[place].promised = 0;
}

static bool check_lines(struct proving *proving, struct store *store, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    if (!store_prepare(store, &rows,
                       "SELECT l.number, l.fen, s.kind, s.fen, (SELECT coalesce(sum(b.fen), 0) "
                       "FROM pay_event AS b WHERE b.line = l.number AND b.kind IN ('returned', "
                       "'recovered')) FROM pay_batch AS t JOIN pay_line AS l ON l.batch = "
                       "t.number LEFT JOIN pay_event AS s ON s.line = l.number AND s.kind IN "
                       "('paid', 'refused', 'void') WHERE t.fund = $fund ORDER BY l.number",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$fund", proving->fund->number);
    while ((good = store_step(rows, &row, err)) && row) check_line(proving, rows);
    store_finish(rows);
    if (!good) return false;
    for (size_t i = 0; i < proving->lines.count; i++) {
        /* In the journal, and no payment of the fund. */
        if (proving->lines.items[i].promised != 0) find(proving, PROOF_LINE, 0);
    }
    return true;
}

static bool read_root(struct ledger *ledger, struct fund_proof *out, struct err *err)
{
    struct store_statement *head = NULL;
    if (!store_prepare(ledger->store, &head, "SELECT hash FROM book_head", err)) return false;
    bool good = store_step_row(head, err);
    struct str hash = good ? store_str(head, 0) : STR_EMPTY;
    if (hash.len == sizeof out->root) memcpy(out->root, hash.ptr, sizeof out->root);
    store_finish(head);
    return good;
}

bool fund_sums_hold(const struct fund_sums *sums)
{
    return sums->received
           == sums->paid + sums->returned + sums->pending + sums->allotted + sums->unspent;
}

static bool sum_up(struct proving *proving, struct ledger *ledger, struct err *err)
{
    struct fund_proof *out = proving->out;
    for (int i = 0; i < FUND_LEVELS; i++) {
        struct fund_sums *level = &out->levels[i];
        struct fund_balance balance;
        if (!fund_balance(ledger, proving->fund, (enum fund_level)i, &balance, err)) return false;
        level->unspent = balance.left;
        if (!fund_sums_hold(level) || level->pending != balance.pending) {
            find(proving, PROOF_SUM, i);
        }
        out->sum.received += level->received;
        out->sum.returned += level->returned;
        out->sum.paid += level->paid;
        out->sum.back += level->back;
        out->sum.pending += level->pending;
        out->sum.allotted += level->allotted;
        out->sum.unspent += level->unspent;
    }
    return true;
}

bool prove_fund(struct ledger *ledger, const struct fund *fund, struct fund_proof *out,
                struct err *err)
{
    struct fund_proof proof = {0};
    struct proving proving = {.arena = ledger->arena, .fund = fund, .out = &proof};
    dict_init(&proving.promises, &proving.scratch);
    u64_map_init(&proving.places, &proving.scratch);
    bool good = book_walk(ledger->store, 0, 0, each_transfer, &proving, err)
                && check_lines(&proving, ledger->store, err) && sum_up(&proving, ledger, err)
                && read_root(ledger, &proof, err);
    arena_free(&proving.scratch);
    if (!good) return false;
    proof.findings = proving.findings.items;
    proof.finding_count = proving.findings.count;
    *out = proof;
    return true;
}

static struct person_payment payment_row(struct store_statement *rows, struct arena *arena,
                                         struct post_line *line)
{
    *line = (struct post_line){.person = store_i64(rows, 3),
                               .scheme = str_copy(arena, store_str(rows, 4)),
                               .period = str_copy(arena, store_str(rows, 5)),
                               .instalment = store_i64(rows, 6),
                               .attempt = store_i64(rows, 7)};
    for (int i = 0; i < FUND_LEVELS; i++) line->parts[i] = store_i64(rows, 20 + i);
    bool settled = !store_is_null(rows, 13), paid = str_is(store_str(rows, 13), "paid");
    return (struct person_payment){.line = store_i64(rows, 0),
                                   .batch = store_i64(rows, 1),
                                   .ordinal = store_i64(rows, 2),
                                   .person = line->person,
                                   .scheme = line->scheme,
                                   .period = line->period,
                                   .instalment = line->instalment,
                                   .attempt = line->attempt,
                                   .fen = store_i64(rows, 8),
                                   .fund = str_copy(arena, store_str(rows, 9)),
                                   .document = str_copy(arena, store_str(rows, 10)),
                                   .area = str_copy(arena, store_str(rows, 11)),
                                   .holder = str_copy(arena, store_str(rows, 12)),
                                   .status =
                                       settled ? str_copy(arena, store_str(rows, 13)) : STR("open"),
                                   .paid_fen = paid ? store_i64(rows, 14) : 0,
                                   .reason = str_copy(arena, store_str(rows, 15)),
                                   .serial = str_copy(arena, store_str(rows, 16)),
                                   .on = store_day(rows, 17),
                                   .file = str_copy(arena, store_str(rows, 18)),
                                   .row = store_i64(rows, 19),
                                   .back_fen = store_i64(rows, 24),
                                   .award_run = store_i64(rows, 25),
                                   .at = store_day(rows, 26),
                                   .batch_area = str_copy(arena, store_str(rows, 27)),
                                   .booked = store_day(rows, 28)};
}

struct person_payments {
    LIST(struct person_payment) list;
    LIST(struct post_line) lines; /* of the same places */
};

/* Those under one number. */
static bool read_payments(struct ledger *ledger, const struct asker *asker, int64_t person,
                          struct person_payments *out, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    if (!store_prepare(
            ledger->store, &rows,
            "SELECT l.number, l.batch, l.ordinal, l.person, l.scheme, l.period, l.instalment, "
            "l.attempt, l.fen, f.key, f.document, l.area, l.holder, s.kind, s.fen, s.reason, "
            "s.bank_serial, s.day, p.name, s.row, l.central, l.province, l.city, l.county, "
            "(SELECT coalesce(sum(b.fen), 0) FROM pay_event AS b WHERE b.line = l.number AND "
            "b.kind IN ('returned', 'recovered')), t.award_run, t.at, t.area, s.booked FROM "
            "pay_line AS l "
            "JOIN pay_batch AS t ON t.number = l.batch JOIN fund AS f ON f.number = t.fund "
            "LEFT JOIN pay_event AS s ON s.line = l.number AND s.kind IN ('paid', 'refused', "
            "'void') LEFT JOIN pay_file AS p ON p.number = s.file WHERE l.person = $person "
            "ORDER BY l.number",
            err)) {
        return false;
    }
    store_bind_i64(rows, "$person", person);
    while ((good = store_step(rows, &row, err)) && row) {
        if (!asker_sees(asker, store_str(rows, 11))) continue;
        struct person_payment *payment = list_push(ledger->arena, &out->list);
        *payment = payment_row(rows, ledger->arena, list_push(ledger->arena, &out->lines));
    }
    store_finish(rows);
    return good;
}

static int by_period(const void *a, const void *b)
{
    const struct person_payment *x = a, *y = b;
    int order = str_compare(x->period, y->period);
    if (order == 0) order = str_compare(x->scheme, y->scheme);
    if (order != 0) return order;
    if (x->instalment != y->instalment) return x->instalment < y->instalment ? -1 : 1;
    if (x->attempt != y->attempt) return x->attempt < y->attempt ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

bool prove_person(struct ledger *ledger, const struct asker *asker, int64_t person,
                  struct person_payment **out, size_t *count, struct err *err)
{
    struct person_payments found = {0};
    int64_t *numbers;
    size_t number_count = 0;
    bool good = pay_person_numbers(ledger, ledger->arena, person, &numbers, &number_count, err);
    for (size_t i = 0; good && i < number_count; i++) {
        good = read_payments(ledger, asker, numbers[i], &found, err);
    }
    for (size_t i = 0; good && i < found.list.count; i++) {
        good = post_promised(ledger, &found.lines.items[i], &found.list.items[i].transfer, err);
    }
    if (!good) return false;
    if (found.list.count > 0) {
        qsort(found.list.items, found.list.count, sizeof *found.list.items, by_period);
    }
    *out = found.list.items;
    *count = found.list.count;
    return true;
}
