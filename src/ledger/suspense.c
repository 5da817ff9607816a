#include "ledger/suspense.h"

#include "base/list.h"
#include "ledger/pay_internal.h"
#include "ledger/reference.h"
#include "ledger/statement.h"

static const struct {
    const char *key, *zh, *en;
} kinds[SUSPENSE_KINDS] = {
    [SUSPENSE_UNKNOWN] = {"unknown", "不是我方指令的付款", "paid without an order of ours"},
    [SUSPENSE_TWICE] = {"twice", "重复付款", "paid twice"},
    [SUSPENSE_MORE] = {"more", "多付", "paid more than ordered"},
    [SUSPENSE_AFTER_REFUSAL] = {"after_refusal", "退回后又付", "paid after a refusal"},
    [SUSPENSE_STATEMENT] = {"statement", "只在对账单上", "on the statement alone"},
};
static const char *const hows[SUSPENSE_HOWS] = {"returned", "accepted", "noted"};

const char *suspense_kind_key(enum suspense_kind kind)
{
    CHECK((int)kind >= 0 && kind < SUSPENSE_KINDS);
    return kinds[kind].key;
}

const char *suspense_kind_text(enum suspense_kind kind, enum lang lang)
{
    CHECK((int)kind >= 0 && kind < SUSPENSE_KINDS);
    return lang == LANG_EN ? kinds[kind].en : kinds[kind].zh;
}

const char *suspense_how_key(enum suspense_how how)
{
    CHECK((int)how >= 0 && how < SUSPENSE_HOWS);
    return hows[how];
}

int suspense_how_of(struct str key)
{
    for (int i = 0; i < SUSPENSE_HOWS; i++) {
        if (str_is(key, hows[i])) return i;
    }
    return -1;
}

static enum suspense_kind kind_of(struct str key)
{
    for (int i = 0; i < SUSPENSE_KINDS; i++) {
        if (str_is(key, kinds[i].key)) return (enum suspense_kind)i;
    }
    return SUSPENSE_UNKNOWN;
}

#define SUSPENSE_COLUMNS                                                                           \
    "SELECT s.number, s.kind, s.account, s.fen, s.line, s.file, s.row, s.reference, "              \
    "s.bank_serial, s.transfer, e.how, e.why, e.bank_serial, s.at_ms, e.at_ms, EXISTS (SELECT 1 "  \
    "FROM pay_reinstated AS r WHERE r.suspense = s.number), s.day, s.booked, EXISTS (SELECT 1 "    \
    "FROM book_transfer AS t WHERE t.target = s.transfer) FROM pay_suspense AS s LEFT JOIN "       \
    "pay_explained AS e ON e.suspense = s.number "

static struct suspense read_row(struct store_statement *row, struct arena *arena)
{
    struct suspense suspense = {.number = store_i64(row, 0),
                                .kind = kind_of(store_str(row, 1)),
                                .account = str_copy(arena, store_str(row, 2)),
                                .fen = store_i64(row, 3),
                                .line = store_i64(row, 4),
                                .file = store_i64(row, 5),
                                .row = store_i64(row, 6),
                                .reference = str_copy(arena, store_str(row, 7)),
                                .serial = str_copy(arena, store_str(row, 8)),
                                .explained = !store_is_null(row, 10),
                                .why = str_copy(arena, store_str(row, 11)),
                                .back_serial = str_copy(arena, store_str(row, 12)),
                                .at_ms = store_i64(row, 13),
                                .explained_ms = store_i64(row, 14),
                                .reinstated = store_i64(row, 15) != 0,
                                .on = store_day(row, 16),
                                .booked = store_day(row, 17)};
    struct str id = store_str(row, 9);
    CHECK(id.len == BOOK_ID_BYTES);
    memcpy(suspense.transfer.bytes, id.ptr, BOOK_ID_BYTES);
    int how = suspense_how_of(store_str(row, 10));
    if (how >= 0) suspense.how = (enum suspense_how)how;
    suspense.answered =
        suspense.kind == SUSPENSE_STATEMENT && store_i64(row, 18) != 0 && how != SUSPENSE_RETURNED;
    return suspense;
}

bool suspense_list(struct ledger *ledger, struct str account, bool open, struct suspense **out,
                   size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct suspense) list = {0};
    bool row = false, good = false;
    if (!store_prepare(ledger->store, &rows,
                       SUSPENSE_COLUMNS "WHERE ($account = '' OR s.account = $account) AND "
                                        "($open = 0 OR e.how IS NULL) ORDER BY s.number",
                       err)) {
        return false;
    }
    store_bind_text(rows, "$account", account);
    store_bind_i64(rows, "$open", open);
    while ((good = store_step(rows, &row, err)) && row) {
        *list_push(ledger->arena, &list) = read_row(rows, ledger->arena);
    }
    store_finish(rows);
    if (!good) return false;
    *out = list.items;
    *count = list.count;
    return true;
}

bool suspense_known(struct ledger *ledger, const struct suspense *suspense, bool *out,
                    struct err *err)
{
    struct store_statement *rows = NULL;
    struct arena scratch = {0};
    bool row = false, good = true, known = false;
    *out = false;
    if (suspense->serial.len == 0) return true;
    if (!store_prepare(ledger->store, &rows,
                       "SELECT reference, kind, fen FROM pay_suspense WHERE account = $account AND "
                       "bank_serial = $serial AND bank_serial <> ''",
                       err)) {
        return false;
    }
    struct str reference = reference_clean(&scratch, suspense->reference);
    store_bind_text(rows, "$account", suspense->account);
    store_bind_text(rows, "$serial", suspense->serial);
    while (!known && (good = store_step(rows, &row, err)) && row) {
        known = str_equal(reference_clean(&scratch, store_str(rows, 0)), reference)
                || (kind_of(store_str(rows, 1)) == SUSPENSE_STATEMENT
                    && store_i64(rows, 2) == suspense->fen);
    }
    store_finish(rows);
    arena_free(&scratch);
    if (good) *out = known;
    return good;
}

bool suspense_put(struct ledger *ledger, const struct suspense *suspense, struct str name,
                  bool *made, struct err *err)
{
    struct store_statement *put = NULL;
    struct book_id id;
    if (!post_suspense(ledger, suspense->account, suspense->fen, name, &id, made, err)) {
        return false;
    }
    if (!*made) return true;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO pay_suspense (kind, account, fen, line, file, row, reference, "
                       "bank_serial, transfer, day, booked, at_ms) VALUES ($kind, $account, $fen, "
                       "$line, $file, $row, $reference, $serial, $transfer, $day, $booked, $now)",
                       err)) {
        return false;
    }
    store_bind_str(put, "$kind", str_from(suspense_kind_key(suspense->kind)));
    store_bind_text(put, "$account", suspense->account);
    store_bind_i64(put, "$fen", suspense->fen);
    store_bind_i64(put, "$line", suspense->line);
    store_bind_i64(put, "$file", suspense->file);
    store_bind_i64(put, "$row", suspense->row);
    store_bind_text(put, "$reference", suspense->reference);
    store_bind_text(put, "$serial", suspense->serial);
    store_bind_blob(put, "$transfer", (struct str){(const char *)id.bytes, sizeof id.bytes});
    store_bind_day(put, "$day", suspense->on);
    store_bind_day(put, "$booked", suspense->booked);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    return store_run_once(put, err);
}

static bool find(struct ledger *ledger, int64_t number, struct suspense *out, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false;
    if (!store_prepare(ledger->store, &rows, SUSPENSE_COLUMNS "WHERE s.number = $number", err)) {
        return false;
    }
    store_bind_i64(rows, "$number", number);
    bool good = store_step(rows, &row, err);
    if (good && row) *out = read_row(rows, ledger->arena);
    store_finish(rows);
    if (!good || row) return good;
    return err_set(err, ERR_NOT_FOUND, "there is nothing with number %lld in suspense",
                   "没有第 %lld 号挂账", (long long)number);
}

/* The bank's payment after its refusal is the payment after all. */
static bool accept(struct ledger *ledger, const struct asker *asker,
                   const struct suspense *suspense, struct str why, struct err *err)
{
    struct pay_line line;
    struct pay_batch batch;
    struct fund fund;
    struct post_line again;
    day closed;
    bool found = false;
    if (suspense->kind != SUSPENSE_AFTER_REFUSAL) {
        return err_set(err, ERR_CONFLICT,
                       "only what was paid after a refusal can be accepted: number %lld is %s%.0s",
                       "只有退回后又付的才能认可：第 %lld 号是%.0s%s", (long long)suspense->number,
                       suspense_kind_text(suspense->kind, LANG_EN),
                       suspense_kind_text(suspense->kind, LANG_ZH));
    }
    if (!pay_line_read(ledger, suspense->line, &line, &found, err)) return false;
    CHECK(found);
    if (suspense->fen != line.post.fen) {
        return err_set(err, ERR_CONFLICT, "the amount is not that of payment %lld",
                       "金额与第 %lld 号发放不符", (long long)line.post.number);
    }
    if (!pay_batch_find(ledger, asker, line.batch, &batch, err)
        || !fund_read(ledger, batch.fund, &fund, err)
        || !statement_closed(ledger, fund.account, &closed, err)
        || !post_suspense_back(ledger, suspense->transfer, err)
        || !pay_attempt_free(ledger, &line.post, err)
        || !pay_attempt_again(ledger, asker, &line, &batch, &fund, line.post.parts, why, &again,
                              err)) {
        return false;
    }
    struct pay_event event = {.line = again.number,
                              .kind = "paid",
                              .fen = again.fen,
                              .reason = why,
                              .serial = suspense->serial,
                              .on = suspense->on,
                              .booked = statement_booked(ledger, closed, suspense->on),
                              .file = suspense->file,
                              .row = suspense->row};
    return pay_attempt_paid(ledger, asker, &again, &event, err);
}

static bool put_explained(struct ledger *ledger, const struct asker *asker, int64_t number,
                          enum suspense_how how, struct str why, struct str serial, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO pay_explained (suspense, how, why, bank_serial, user, at_ms) "
                       "VALUES ($suspense, $how, $why, $serial, $user, $now)",
                       err)) {
        return false;
    }
    store_bind_i64(put, "$suspense", number);
    store_bind_str(put, "$how", str_from(hows[how]));
    store_bind_text(put, "$why", why);
    store_bind_text(put, "$serial", serial);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    return store_run_once(put, err);
}

bool suspense_answered(struct ledger *ledger, const struct asker *asker, int64_t number,
                       struct str why, struct err *err)
{
    struct suspense suspense;
    if (!find(ledger, number, &suspense, err)) return false;
    CHECK(suspense.kind == SUSPENSE_STATEMENT);
    CHECK(!suspense.answered);
    return post_suspense_back(ledger, suspense.transfer, err)
           && (suspense.explained
               || put_explained(ledger, asker, number, SUSPENSE_ACCEPTED, why, STR_EMPTY, err))
           && pay_audit(ledger, asker, AUDIT_PAY_EXPLAIN, "suspense", number, why, err);
}

static bool explain_in(struct ledger *ledger, const struct asker *asker, int64_t number,
                       enum suspense_how how, struct str why, struct str serial, struct err *err)
{
    struct suspense suspense;
    if (!find(ledger, number, &suspense, err)
        || !fund_check_account(ledger, asker, suspense.account, err)) {
        return false;
    }
    if (suspense.explained) {
        return err_set(err, ERR_CONFLICT, "number %lld in suspense is explained already: %s",
                       "第 %lld 号挂账已说明：%s", (long long)number, hows[suspense.how]);
    }
    bool good = true;
    if (how == SUSPENSE_RETURNED) good = post_suspense_back(ledger, suspense.transfer, err);
    if (how == SUSPENSE_ACCEPTED) good = accept(ledger, asker, &suspense, why, err);
    return good && put_explained(ledger, asker, number, how, why, serial, err)
           && pay_audit(ledger, asker, AUDIT_PAY_EXPLAIN, "suspense", number, why, err);
}

bool suspense_explain(struct ledger *ledger, const struct asker *asker, int64_t number,
                      enum suspense_how how, struct str why, struct str serial, struct err *err)
{
    why = str_trim(why);
    serial = how == SUSPENSE_RETURNED ? reference_serial(ledger->arena, serial) : STR_EMPTY;
    if (!ledger_text(why, "a reason", "理由", err)) return false;
    if (how == SUSPENSE_RETURNED
        && !ledger_text(serial, "the bank's serial number of the return", "退回的银行流水号",
                        err)) {
        return false;
    }
    if (!store_begin(ledger->store, err)) return false;
    return store_end(ledger->store, explain_in(ledger, asker, number, how, why, serial, err), err);
}
