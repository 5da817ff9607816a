#include "ledger/answer.h"

#include "base/dict.h"
#include "base/file.h"
#include "base/list.h"
#include "ledger/pay_internal.h"
#include "ledger/reference.h"
#include "ledger/statement.h"
#include "ledger/suspense.h"

static const struct {
    const char *key, *zh, *en;
} outcomes[ANSWER_OUTCOMES] = {
    [ANSWER_PAID] = {"paid", "已发放", "paid"},
    [ANSWER_REFUSED] = {"refused", "银行退回", "refused"},
    [ANSWER_LESS] = {"less", "少付", "paid less"},
    [ANSWER_MORE] = {"more", "多付（多出部分挂账）", "paid more: the surplus is in suspense"},
    [ANSWER_RETURNED] = {"returned", "入账后退回", "paid and come back"},
    [ANSWER_REPEATED] = {"repeated", "重复的回执", "known already"},
    [ANSWER_TWICE] = {"twice", "重复付款（挂账）", "paid twice: in suspense"},
    [ANSWER_AFTER_REFUSAL] = {"after_refusal", "退回后又付（挂账）",
                              "paid after a refusal: in suspense"},
    [ANSWER_UNKNOWN] = {"unknown", "不是我方指令（挂账）", "no order of ours: in suspense"},
    [ANSWER_UNKNOWN_REFUSED] = {"unknown_refused", "不是我方指令，未付",
                                "no order of ours, refused"},
};

const char *answer_outcome_key(enum answer_outcome outcome)
{
    CHECK((int)outcome >= 0 && outcome < ANSWER_OUTCOMES);
    return outcomes[outcome].key;
}

const char *answer_outcome_text(enum answer_outcome outcome, enum lang lang)
{
    CHECK((int)outcome >= 0 && outcome < ANSWER_OUTCOMES);
    return lang == LANG_EN ? outcomes[outcome].en : outcomes[outcome].zh;
}

static bool read_line(struct arena *arena, const struct bank *bank, const struct bank_row *row,
                      struct answer_line *out, struct err *err)
{
    const struct str *cells = row->cells;
    struct answer_line line = {.row = row->row,
                               .reference = cells[ANSWER_REFERENCE],
                               .reason = cells[ANSWER_REASON],
                               .serial = reference_serial(arena, cells[ANSWER_SERIAL]),
                               .on = DAY_NONE,
                               .fen = -1};
    if (line.reference.len == 0) {
        return err_set(err, ERR_INPUT, "the reference is missing", "缺少业务编号");
    }
    line.paid = bank_says(&bank->paid, cells[ANSWER_RESULT]);
    if (!line.paid && !bank_says(&bank->refused, cells[ANSWER_RESULT])) {
        return err_set(err, ERR_INPUT, "\"%.*s\" is no result that bank \"%.*s\" gives",
                       "“%.*s”不是银行“%.*s”的处理结果", STR_ARG(cells[ANSWER_RESULT]),
                       STR_ARG(bank->key));
    }
    if (cells[ANSWER_AMOUNT].len > 0 && !money_read(cells[ANSWER_AMOUNT], &line.fen)) {
        return err_set(err, ERR_INPUT, "\"%.*s\" is no amount", "“%.*s”不是金额",
                       STR_ARG(cells[ANSWER_AMOUNT]));
    }
    if (cells[ANSWER_DAY].len > 0 && !bank_day(cells[ANSWER_DAY], &line.on)) {
        return err_set(err, ERR_INPUT, "\"%.*s\" is no day", "“%.*s”不是日期",
                       STR_ARG(cells[ANSWER_DAY]));
    }
    if (line.serial.len > LEDGER_TEXT_BYTES_MAX) {
        return err_set(err, ERR_INPUT, "the serial number is too long", "流水号过长");
    }
    line.reference = str_slice(line.reference, 0, LEDGER_TEXT_BYTES_MAX);
    line.reason = str_slice(line.reason, 0, LEDGER_TEXT_BYTES_MAX);
    *out = line;
    return true;
}

bool answer_read(struct arena *arena, const char *path, const struct bank *banks, size_t count,
                 struct answer *out, struct err *err)
{
    struct answer answer = {.name = file_name(path)};
    struct bank_rows rows;
    struct str content;
    const uint32_t needed = 1u << ANSWER_REFERENCE | 1u << ANSWER_RESULT;
    bool found = false;
    for (size_t i = 0; !found && i < count; i++) {
        answer.bank = &banks[i];
        if (!bank_rows_read(arena, path, banks[i].answer, ANSWER_COLUMNS, needed, &rows, &found,
                            err)) {
            return false;
        }
    }
    if (!found) {
        return err_set(err, ERR_INPUT, "%.*s: no bank's answer has such headings",
                       "%.*s：没有哪家银行的回执是这样的表头", STR_ARG(answer.name));
    }
    answer.lines = arena_array(arena, struct answer_line, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct str *cells = rows.items[i].cells;
        if (bank_says(&answer.bank->totals, cells[ANSWER_REFERENCE])) continue;
        struct answer_line *line = &answer.lines[answer.count++];
        if (read_line(arena, answer.bank, &rows.items[i], line, err)) continue;
        return err_at(err, "%.*s: line %llu", "%.*s：第 %llu 行", STR_ARG(answer.name),
                      (unsigned long long)rows.items[i].row);
    }
    if (!sm3_file(path, answer.hash, err) || !file_map(path, &content, err)) return false;
    answer.bytes = (int64_t)content.len;
    file_unmap(content);
    *out = answer;
    return true;
}

/* A batch that answers speak of. */
struct known_batch {
    struct pay_batch batch;
    struct fund fund;
    day closed; /* the fund's account is closed up to there */
    bool there; /* it exists, and went to the bank */
};

struct taking {
    struct ledger *ledger;
    const struct asker *asker;
    struct answer *answer;
    struct answer_taken *out;
    struct store_statement *find, *stated; /* stated: in suspense from the statement */
    struct arena scratch;
    struct u64_map places; /* batch number → in `batches` */
    LIST(struct known_batch *) batches;
    struct post *post;
    int64_t file;
    day closed;       /* the answer's account is closed up to there */
    struct str clean; /* the reference of the line at hand, in its one form */
    day booked;       /* … and when it counts; DAY_NONE: on its own day */
};

static bool was_sent(struct ledger *ledger, int64_t batch, bool *sent, struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(ledger->store, &find,
                       "SELECT 1 FROM pay_step WHERE batch = $batch AND step = 'exported'", err)) {
        return false;
    }
    store_bind_i64(find, "$batch", batch);
    bool good = store_step(find, sent, err);
    store_finish(find);
    return good;
}

static bool find_batch(struct taking *taking, int64_t number, struct known_batch **out,
                       struct err *err)
{
    uint32_t place = u64_map_find(&taking->places, (uint64_t)number);
    if (place != DICT_NONE) {
        *out = taking->batches.items[place];
        return true;
    }
    struct known_batch *known = arena_new(&taking->scratch, struct known_batch);
    const struct asker all = asker_local();
    struct err none = ERR_INIT;
    known->there = pay_batch_find(taking->ledger, &all, number, &known->batch, &none);
    if (!known->there && none.kind != ERR_NOT_FOUND) {
        if (err != NULL) *err = none;
        return false;
    }
    /* Another's order is none that nobody gave: it may not end in suspense. */
    if (known->there && !asker_sees(taking->asker, known->batch.area)) {
        return err_set(err, ERR_DENIED, "batch %lld is of another area than yours",
                       "第 %lld 号批次不在您的区划内", (long long)number);
    }
    if (known->there
        && (!was_sent(taking->ledger, number, &known->there, err)
            || !fund_read(taking->ledger, known->batch.fund, &known->fund, err)
            || !statement_closed(taking->ledger, known->fund.account, &known->closed, err))) {
        return false;
    }
    u64_map_put(&taking->places, (uint64_t)number, (uint32_t)taking->batches.count);
    *list_push(&taking->scratch, &taking->batches) = known;
    *out = known;
    return true;
}

/* The attempt that took the place of a payment whose return was taken back, if there is one. */
static bool follow(struct taking *taking, struct arena *arena, struct pay_line *line,
                   struct err *err)
{
    struct store_statement *next = NULL;
    bool row = true, good = true;
    while (good && row && line->paid && line->back_fen == line->paid_fen) {
        if (!store_prepare(taking->ledger->store, &next,
                           "SELECT " PAY_LINE_COLUMNS PAY_LINE_TABLES
                           "JOIN pay_reinstated AS r ON r.line = l.number JOIN pay_event AS e ON "
                           "e.number = r.event WHERE e.line = $line",
                           err)) {
            return false;
        }
        store_bind_i64(next, "$line", line->post.number);
        good = store_step(next, &row, err);
        if (good && row) {
            const struct fund *fund = line->post.fund;
            *line = pay_line_row(next, arena);
            line->post.fund = fund;
        }
        store_finish(next);
        next = NULL;
    }
    return good;
}

/* The payment that a reference means. */
static bool find_line(struct taking *taking, struct arena *arena, struct pay_line *out,
                      struct known_batch **batch, bool *found, struct err *err)
{
    int64_t number, ordinal;
    *found = false;
    if (!reference_read(taking->clean, &number, &ordinal)) return true;
    if (!find_batch(taking, number, batch, err)) return false;
    if (!(*batch)->there) return true;
    store_bind_i64(taking->find, "$batch", number);
    store_bind_i64(taking->find, "$ordinal", ordinal);
    bool good = store_step(taking->find, found, err);
    if (good && *found) {
        *out = pay_line_row(taking->find, arena);
        out->post.fund = &(*batch)->fund;
    }
    store_reset(taking->find);
    return good && (!*found || follow(taking, arena, out, err));
}

/* `account` is the one that the money left: of an order of ours that of its fund, whichever account
 * the answer is said to be of. */
static bool put_suspense(struct taking *taking, struct answer_line *line, struct str account,
                         enum suspense_kind kind, int64_t fen, bool *made, struct err *err)
{
    struct arena scratch = {0};
    struct text name;
    char hash[2 * 32 + 1];
    bool known;
    const struct suspense suspense = {.kind = kind,
                                      .fen = fen,
                                      .account = account,
                                      .reference = line->reference,
                                      .serial = line->serial,
                                      .line = line->line,
                                      .file = taking->file,
                                      .row = (int64_t)line->row,
                                      .on = line->on,
                                      .booked = taking->booked};
    hex_of(taking->answer->hash, sizeof taking->answer->hash, hash);
    if (!suspense_known(taking->ledger, &suspense, &known, err)) {
        return false;
    }
    if (known) {
        *made = false;
        return true;
    }
    text_init(&name, &scratch, 1024);
    text_add_f(&name, "%s %.*s ", suspense_kind_key(kind), STR_ARG(taking->clean));
    if (line->serial.len > 0) {
        text_add(&name, line->serial);
    } else {
        text_add_f(&name, "%s %llu", hash, (unsigned long long)line->row);
    }
    bool good = suspense_put(taking->ledger, &suspense, text_str(&name), made, err);
    if (good && *made) line->moved_fen += fen;
    arena_free(&scratch);
    return good;
}

/* Into suspense, or known already. */
static bool take_beyond(struct taking *taking, struct answer_line *line, struct str account,
                        enum suspense_kind kind, enum answer_outcome outcome, int64_t fen,
                        struct err *err)
{
    bool made;
    if (fen <= 0) {
        return err_set(err, ERR_INPUT, "a payment that was not ordered needs its amount",
                       "未经指令的付款须写明金额");
    }
    if (!put_suspense(taking, line, account, kind, fen, &made, err)) return false;
    line->outcome = made ? outcome : ANSWER_REPEATED;
    return true;
}

static struct pay_event event_of(const struct taking *taking, const struct answer_line *line,
                                 const char *kind, int64_t fen)
{
    return (struct pay_event){.line = line->line,
                              .kind = kind,
                              .fen = fen,
                              .reason = line->reason,
                              .serial = line->serial,
                              .on = line->on,
                              .booked = taking->booked,
                              .file = taking->file,
                              .row = (int64_t)line->row};
}

/* What closing put into suspense from the statement, and what is the payment of an order of ours.
 */
static bool leave_suspense(struct taking *taking, const struct answer_line *line,
                           struct str account, int64_t fen, struct err *err)
{
    bool row = false;
    struct text why;
    struct arena scratch = {0};
    if (line->serial.len == 0) return true;
    store_bind_text(taking->stated, "$account", account);
    store_bind_text(taking->stated, "$serial", line->serial);
    store_bind_i64(taking->stated, "$fen", fen);
    bool good = store_step(taking->stated, &row, err);
    int64_t number = good && row ? store_i64(taking->stated, 0) : 0;
    store_reset(taking->stated);
    if (!good || number == 0) return good;
    text_init(&why, &scratch, 2 * LEDGER_TEXT_BYTES_MAX);
    text_add_f(&why, "%.*s: %llu", STR_ARG(taking->answer->name), (unsigned long long)line->row);
    good = suspense_answered(taking->ledger, taking->asker, number, text_str(&why), err);
    arena_free(&scratch);
    return good;
}

static bool take_first(struct taking *taking, struct answer_line *line,
                       const struct pay_line *payment, struct err *err)
{
    struct pay_event event = event_of(taking, line, "refused", 0);
    int64_t ordered = payment->post.fen, fen = line->fen < 0 ? ordered : line->fen;
    bool made;
    if (!line->paid) {
        line->outcome = ANSWER_REFUSED;
        return post_void(taking->post, &payment->post, err)
               && pay_event_put(taking->ledger, taking->asker, &event, err);
    }
    if (fen == 0) {
        return err_set(err, ERR_INPUT, "an amount of 0 was not paid", "金额为 0 不是已付");
    }
    int64_t paid = fen < ordered ? fen : ordered;
    event.kind = "paid";
    event.fen = paid;
    line->outcome = fen == ordered ? ANSWER_PAID : fen < ordered ? ANSWER_LESS : ANSWER_MORE;
    line->moved_fen = paid;
    return leave_suspense(taking, line, payment->post.fund->account, fen, err)
           && post_paid(taking->post, &payment->post, paid, err)
           && pay_event_put(taking->ledger, taking->asker, &event, err)
           && (fen <= ordered
               || put_suspense(taking, line, payment->post.fund->account, SUSPENSE_MORE,
                               fen - ordered, &made, err));
}

/* Whether this is the refusal that was once booked as a return, and taken back. */
static bool was_taken_back(struct taking *taking, const struct answer_line *line,
                           const struct pay_line *payment, bool *out, struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(
            taking->ledger->store, &find,
            "SELECT 1 FROM pay_reinstated AS r JOIN pay_event AS e ON e.number = r.event "
            "WHERE r.line = $line AND e.bank_serial = $serial AND e.day IS $day",
            err)) {
        return false;
    }
    store_bind_i64(find, "$line", payment->post.number);
    store_bind_text(find, "$serial", line->serial);
    store_bind_day(find, "$day", line->on);
    bool good = store_step(find, out, err);
    store_finish(find);
    return good;
}

/* The bank speaks of a payment that it said was paid. */
static bool take_paid(struct taking *taking, struct answer_line *line,
                      const struct pay_line *payment, struct err *err)
{
    int64_t out = payment->paid_fen - payment->back_fen;
    if (line->paid) {
        bool same = line->serial.len == 0 || payment->serial.len == 0
                    || str_equal(line->serial, payment->serial);
        line->outcome = ANSWER_REPEATED;
        return same
               || take_beyond(taking, line, payment->post.fund->account, SUSPENSE_TWICE,
                              ANSWER_TWICE, line->fen < 0 ? payment->post.fen : line->fen, err);
    }
    /* A refusal of an earlier day was of an earlier try, and comes late. */
    bool late =
        !day_is_none(line->on) && !day_is_none(payment->on) && line->on.days < payment->on.days;
    bool known = false;
    if (!was_taken_back(taking, line, payment, &known, err)) return false;
    line->outcome = out == 0 || late || known ? ANSWER_REPEATED : ANSWER_RETURNED;
    if (line->outcome == ANSWER_REPEATED) return true;
    struct pay_event event = event_of(taking, line, "returned", out);
    line->moved_fen = out;
    return post_flush(taking->post, err)
           && post_back(taking->ledger, &payment->post, out, STR("return"), line->serial, err)
           && pay_event_put(taking->ledger, taking->asker, &event, err);
}

static bool take_line(struct taking *taking, struct arena *arena, struct answer_line *line,
                      struct err *err)
{
    struct pay_line payment;
    struct known_batch *batch = NULL;
    bool found;
    taking->clean = reference_clean(arena, line->reference);
    if (!find_line(taking, arena, &payment, &batch, &found, err)) return false;
    line->line = found ? payment.post.number : 0;
    line->moved_fen = 0;
    taking->booked =
        statement_booked(taking->ledger, found ? batch->closed : taking->closed, line->on);
    if (!found) {
        line->outcome = ANSWER_UNKNOWN_REFUSED;
        return !line->paid
               || take_beyond(taking, line, taking->answer->account, SUSPENSE_UNKNOWN,
                              ANSWER_UNKNOWN, line->fen, err);
    }
    if (!payment.settled) return take_first(taking, line, &payment, err);
    if (payment.paid) return take_paid(taking, line, &payment, err);
    line->outcome = ANSWER_REPEATED;
    return !line->paid
           || take_beyond(taking, line, payment.post.fund->account, SUSPENSE_AFTER_REFUSAL,
                          ANSWER_AFTER_REFUSAL, line->fen < 0 ? payment.post.fen : line->fen, err);
}

static bool take_lines(struct taking *taking, struct err *err)
{
    struct answer *answer = taking->answer;
    struct arena arena = {0};
    bool good = true;
    for (size_t i = 0; good && i < answer->count; i++) {
        struct answer_line *line = &answer->lines[i];
        good = take_line(taking, &arena, line, err);
        if (!good) {
            err_at(err, "%.*s: line %llu", "%.*s：第 %llu 行", STR_ARG(answer->name),
                   (unsigned long long)line->row);
        }
        line->booked = line->moved_fen == 0 ? DAY_NONE : taking->booked;
        taking->out->late += !day_is_none(line->booked);
        taking->out->counts[line->outcome]++;
        taking->out->fen[line->outcome] += line->moved_fen;
        arena_reset(&arena);
    }
    good = post_end(taking->post, good, err);
    arena_free(&arena);
    return good;
}

static bool was_taken(struct ledger *ledger, const struct answer *answer, bool *taken,
                      struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(ledger->store, &find,
                       "SELECT 1 FROM pay_file WHERE kind = 'answer' AND batch = 0 AND hash = "
                       "$hash",
                       err)) {
        return false;
    }
    store_bind_blob(find, "$hash", (struct str){(const char *)answer->hash, sizeof answer->hash});
    bool good = store_step(find, taken, err);
    store_finish(find);
    return good;
}

static bool put_file(struct ledger *ledger, const struct asker *asker, const struct answer *answer,
                     int64_t *file, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO pay_file (kind, batch, account, name, hash, bytes, lines, "
                       "bank, form, user, at_ms) VALUES ('answer', 0, $account, $name, $hash, "
                       "$bytes, $lines, $bank, '', $user, $now)",
                       err)) {
        return false;
    }
    store_bind_text(put, "$account", answer->account);
    store_bind_text(put, "$name", answer->name);
    store_bind_blob(put, "$hash", (struct str){(const char *)answer->hash, sizeof answer->hash});
    store_bind_i64(put, "$bytes", answer->bytes);
    store_bind_i64(put, "$lines", (int64_t)answer->count);
    store_bind_text(put, "$bank", answer->bank == NULL ? STR_EMPTY : answer->bank->key);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    if (!store_run_once(put, err)) return false;
    *file = store_last_id(ledger->store);
    return true;
}

static bool take_in(struct ledger *ledger, const struct asker *asker, struct answer *answer,
                    struct answer_taken *out, struct err *err)
{
    struct taking taking = {.ledger = ledger, .asker = asker, .answer = answer, .out = out};
    if (!was_taken(ledger, answer, &out->unchanged, err)) return false;
    if (out->unchanged) return true;
    u64_map_init(&taking.places, &taking.scratch);
    taking.post = post_begin(&taking.scratch, ledger);
    bool good =
        put_file(ledger, asker, answer, &taking.file, err)
        && store_prepare(ledger->store, &taking.find,
                         "SELECT " PAY_LINE_COLUMNS PAY_LINE_TABLES
                         "WHERE l.batch = $batch AND l.ordinal = $ordinal",
                         err)
        && store_prepare(ledger->store, &taking.stated,
                         SUSPENSE_STATED "AND s.account = $account AND s.bank_serial = $serial AND "
                                         "s.fen = $fen",
                         err)
        && statement_closed(ledger, answer->account, &taking.closed, err)
        && take_lines(&taking, err)
        && pay_audit(ledger, asker, AUDIT_PAY_ANSWER, "pay_file", taking.file, STR_EMPTY, err);
    store_finish(taking.find);
    store_finish(taking.stated);
    arena_free(&taking.scratch);
    return good;
}

bool answer_take(struct ledger *ledger, const struct asker *asker, struct answer *answer,
                 struct answer_taken *out, struct err *err)
{
    struct answer_taken taken = {0};
    if (!fund_check_account(ledger, asker, answer->account, err)
        || !store_begin(ledger->store, err)) {
        return false;
    }
    bool done = take_in(ledger, asker, answer, &taken, err);
    if (!store_end(ledger->store, done, err)) return false;
    *out = taken;
    return true;
}
