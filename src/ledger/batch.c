#include "ledger/pay_internal.h"

#include "access/approval.h"
#include "access/audit.h"
#include "base/list.h"

static const struct {
    const char *key, *zh, *en;
} steps[PAY_STEPS] = {
    [PAY_STEP_PROPOSED] = {"proposed", "待审批", "waits for approval"},
    [PAY_STEP_APPROVED] = {"approved", "已审批", "approved"},
    [PAY_STEP_REFUSED] = {"refused", "已驳回", "refused"},
    [PAY_STEP_EXPORTED] = {"exported", "已送银行", "with the bank"},
    [PAY_STEP_VOID] = {"void", "已作废", "void"},
};

const char *pay_step_key(enum pay_step step)
{
    CHECK((int)step >= 0 && step < PAY_STEPS);
    return steps[step].key;
}

const char *pay_step_text(enum pay_step step, enum lang lang)
{
    CHECK((int)step >= 0 && step < PAY_STEPS);
    return lang == LANG_EN ? steps[step].en : steps[step].zh;
}

static enum pay_step step_of(struct str key)
{
    for (int i = 0; i < PAY_STEPS; i++) {
        if (str_is(key, steps[i].key)) return (enum pay_step)i;
    }
    return PAY_STEP_VOID;
}

struct pay_line pay_line_row(struct store_statement *row, struct arena *arena)
{
    struct pay_line line = {.post = {.number = store_i64(row, 0),
                                     .person = store_i64(row, 3),
                                     .scheme = str_copy(arena, store_str(row, 6)),
                                     .period = str_copy(arena, store_str(row, 7)),
                                     .instalment = store_i64(row, 8),
                                     .attempt = store_i64(row, 9),
                                     .fen = store_i64(row, 10)},
                            .batch = store_i64(row, 1),
                            .ordinal = store_i64(row, 2),
                            .name = str_copy(arena, store_str(row, 4)),
                            .area = str_copy(arena, store_str(row, 5)),
                            .payee = str_copy(arena, store_str(row, 15)),
                            .settled = !store_is_null(row, 16),
                            .back_fen = store_i64(row, 19)};
    for (int i = 0; i < FUND_LEVELS; i++) line.post.parts[i] = store_i64(row, 11 + i);
    line.paid = line.settled && str_is(store_str(row, 16), "paid");
    if (line.paid) line.paid_fen = store_i64(row, 17);
    line.serial = str_copy(arena, store_str(row, 18));
    line.on = store_day(row, 20);
    return line;
}

bool pay_event_put(struct ledger *ledger, const struct asker *asker, const struct pay_event *event,
                   struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO pay_event (line, kind, fen, reason, bank_serial, day, booked, "
                       "file, row, user, at_ms) VALUES ($line, $kind, $fen, $reason, $serial, "
                       "$day, $booked, $file, $row, $user, $now)",
                       err)) {
        return false;
    }
    store_bind_i64(put, "$line", event->line);
    store_bind_str(put, "$kind", str_from(event->kind));
    store_bind_i64(put, "$fen", event->fen);
    store_bind_text(put, "$reason", event->reason);
    store_bind_text(put, "$serial", event->serial);
    store_bind_day(put, "$day", event->on);
    store_bind_day(put, "$booked", event->booked);
    store_bind_i64(put, "$file", event->file);
    store_bind_i64(put, "$row", event->row);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    return store_run_once(put, err);
}

bool pay_step_put(struct ledger *ledger, const struct asker *asker, int64_t batch,
                  enum pay_step step, int64_t approval, struct str why, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO pay_step (batch, step, approval, why, user, at_ms) VALUES "
                       "($batch, $step, $approval, $why, $user, $now)",
                       err)) {
        return false;
    }
    store_bind_i64(put, "$batch", batch);
    store_bind_str(put, "$step", str_from(pay_step_key(step)));
    store_bind_i64(put, "$approval", approval);
    store_bind_text(put, "$why", why);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    return store_run_once(put, err);
}

bool pay_ask_approval(struct ledger *ledger, const struct asker *asker, const char *what,
                      int64_t number, struct str area, struct str why, int64_t *approval,
                      struct err *err)
{
    const struct asker within = area.len == 0 ? *asker : asker_within(asker, area);
    struct arena scratch = {0};
    struct text object;
    text_init(&object, &scratch, 64);
    text_add_f(&object, "%s %lld", what, (long long)number);
    bool good = approval_ask(ledger->store, ledger->clock, &within, STR("pay"), text_str(&object),
                             why, approval, err);
    arena_free(&scratch);
    return good;
}

bool pay_audit(struct ledger *ledger, const struct asker *asker, enum audit_action action,
               const char *what, int64_t number, struct str reason, struct err *err)
{
    struct arena scratch = {0};
    struct text object;
    text_init(&object, &scratch, 64);
    text_add_f(&object, "%s %lld", what, (long long)number);
    bool good =
        audit_append(ledger->store, ledger->clock, asker, action, text_str(&object), reason, err);
    arena_free(&scratch);
    return good;
}

static struct str payee_context(struct arena *arena, int64_t line)
{
    struct text text;
    text_init(&text, arena, 64);
    text_add_f(&text, "pay_line/%lld", (long long)line);
    return text_str(&text);
}

struct str pay_payee_seal(struct ledger *ledger, struct arena *arena, int64_t line,
                          const struct pay_payee *payee)
{
    struct text plain;
    text_init(&plain, arena, 4 * LEDGER_TEXT_BYTES_MAX);
    text_add_f(&plain, "%.*s\t%.*s\t%.*s", STR_ARG(payee->bank), STR_ARG(payee->account),
               STR_ARG(payee->name));
    CHECK(!plain.cut);
    return codec_seal(ledger->codec, arena, payee_context(arena, line), text_str(&plain));
}

static void split_payee(struct str plain, struct pay_payee *out)
{
    struct str rest = plain;
    *out = (struct pay_payee){0};
    (void)(str_split(&rest, '\t', &out->bank) && str_split(&rest, '\t', &out->account)
           && str_split(&rest, '\t', &out->name));
}

bool pay_payee_open(struct ledger *ledger, struct arena *arena, int64_t line, struct str sealed,
                    struct pay_payee *out, struct err *err)
{
    struct str plain;
    if (!codec_unseal(ledger->codec, arena, payee_context(arena, line), sealed, &plain, err)) {
        return false;
    }
    split_payee(plain, out);
    return true;
}

#define BATCH_COLUMNS                                                                              \
    "SELECT b.number, b.scheme, b.period, b.fund, f.key, b.area, b.at, b.award_run, b.lines, "     \
    "b.fen, b.user, b.made_ms, "                                                                   \
    "(SELECT step FROM pay_step AS t WHERE t.batch = b.number ORDER BY number DESC LIMIT 1), "     \
    "(SELECT approval FROM pay_step AS t WHERE t.batch = b.number AND approval > 0 "               \
    "ORDER BY number DESC LIMIT 1), "                                                              \
    "(SELECT user FROM pay_step AS t WHERE t.batch = b.number AND step = 'approved') "             \
    "FROM pay_batch AS b JOIN fund AS f ON f.number = b.fund "

static struct pay_batch batch_row(struct store_statement *row, struct arena *arena)
{
    return (struct pay_batch){.number = store_i64(row, 0),
                              .scheme = str_copy(arena, store_str(row, 1)),
                              .period = str_copy(arena, store_str(row, 2)),
                              .fund = store_i64(row, 3),
                              .fund_key = str_copy(arena, store_str(row, 4)),
                              .area = str_copy(arena, store_str(row, 5)),
                              .at = store_day(row, 6),
                              .award_run = store_i64(row, 7),
                              .lines = store_i64(row, 8),
                              .fen = store_i64(row, 9),
                              .made_by = str_copy(arena, store_str(row, 10)),
                              .made_ms = store_i64(row, 11),
                              .step = step_of(store_str(row, 12)),
                              .approval = store_i64(row, 13),
                              .approved_by = str_copy(arena, store_str(row, 14))};
}

static bool count_lines(struct ledger *ledger, struct pay_batch *batch, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    int64_t settled = 0;
    if (!store_prepare(ledger->store, &rows,
                       "SELECT e.kind, count(*), sum(e.fen) FROM pay_line AS l JOIN pay_event AS e "
                       "ON e.line = l.number WHERE l.batch = $batch GROUP BY e.kind",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$batch", batch->number);
    while ((good = store_step(rows, &row, err)) && row) {
        struct str kind = store_str(rows, 0);
        if (str_is(kind, "paid")) {
            batch->paid_lines = store_i64(rows, 1);
            batch->paid_fen = store_i64(rows, 2);
        } else if (str_is(kind, "refused") || str_is(kind, "void")) {
            batch->refused_lines += store_i64(rows, 1);
        } else {
            batch->back_fen += store_i64(rows, 2);
            continue;
        }
        settled += store_i64(rows, 1);
    }
    store_finish(rows);
    batch->open_lines = batch->lines - settled;
    return good;
}

bool pay_batch_find(struct ledger *ledger, const struct asker *asker, int64_t number,
                    struct pay_batch *out, struct err *err)
{
    struct store_statement *rows = NULL;
    struct pay_batch batch = {0};
    bool row = false;
    if (!store_prepare(ledger->store, &rows, BATCH_COLUMNS "WHERE b.number = $number", err)) {
        return false;
    }
    store_bind_i64(rows, "$number", number);
    bool good = store_step(rows, &row, err);
    if (good && row) batch = batch_row(rows, ledger->arena);
    store_finish(rows);
    if (!good) return false;
    if (!row || !asker_sees(asker, batch.area)) {
        return err_set(err, ERR_NOT_FOUND, "there is no batch %lld of payments",
                       "没有第 %lld 号发放批次", (long long)number);
    }
    if (!count_lines(ledger, &batch, err)) return false;
    *out = batch;
    return true;
}

bool pay_batch_list(struct ledger *ledger, const struct asker *asker, struct pay_batch **out,
                    size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct pay_batch) list = {0};
    bool row = false, good = false;
    if (!store_prepare(ledger->store, &rows, BATCH_COLUMNS "ORDER BY b.number", err)) return false;
    while ((good = store_step(rows, &row, err)) && row) {
        if (!asker_sees(asker, store_str(rows, 5))) continue;
        *list_push(ledger->arena, &list) = batch_row(rows, ledger->arena);
    }
    store_finish(rows);
    for (size_t i = 0; good && i < list.count; i++) {
        good = count_lines(ledger, &list.items[i], err);
    }
    if (!good) return false;
    *out = list.items;
    *count = list.count;
    return true;
}

/* The lines of a batch that nobody has settled; funds are those of the batch. */
static bool read_open(struct ledger *ledger, struct arena *arena, const struct pay_batch *batch,
                      const struct fund *fund, struct pay_line **out, size_t *count,
                      struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct pay_line) list = {0};
    bool row = false, good = false;
    if (!store_prepare(ledger->store, &rows,
                       "SELECT " PAY_LINE_COLUMNS PAY_LINE_TABLES
                       "WHERE l.batch = $batch AND s.kind IS NULL ORDER BY l.ordinal",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$batch", batch->number);
    while ((good = store_step(rows, &row, err)) && row) {
        struct pay_line *line = list_push(arena, &list);
        *line = pay_line_row(rows, arena);
        line->post.fund = fund;
    }
    store_finish(rows);
    if (!good) return false;
    *out = list.items;
    *count = list.count;
    return true;
}

/* Voids what is open of a batch. */
static bool void_lines(struct ledger *ledger, const struct asker *asker,
                       const struct pay_batch *batch, struct str why, uint64_t *voided,
                       struct err *err)
{
    struct arena scratch = {0};
    struct fund fund;
    struct pay_line *lines = NULL;
    size_t count = 0;
    bool good = fund_read(ledger, batch->fund, &fund, err)
                && read_open(ledger, &scratch, batch, &fund, &lines, &count, err);
    if (good) {
        struct post *post = post_begin(&scratch, ledger);
        for (size_t i = 0; good && i < count; i++) {
            struct pay_event event = {.line = lines[i].post.number,
                                      .kind = "void",
                                      .reason = why,
                                      .on = DAY_NONE,
                                      .booked = DAY_NONE};
            good =
                post_void(post, &lines[i].post, err) && pay_event_put(ledger, asker, &event, err);
        }
        good = post_end(post, good, err);
    }
    *voided = count;
    arena_free(&scratch);
    return good;
}

static bool decide_in(struct ledger *ledger, const struct asker *asker, int64_t number, bool grant,
                      struct str why, struct err *err)
{
    struct pay_batch batch;
    uint64_t voided;
    if (!pay_batch_find(ledger, asker, number, &batch, err)) return false;
    if (batch.step != PAY_STEP_PROPOSED) {
        return err_set(err, ERR_CONFLICT, "batch %lld does not wait for approval: %s%.0s",
                       "第 %lld 号批次不待审批：%.0s%s", (long long)number,
                       pay_step_text(batch.step, LANG_EN), pay_step_text(batch.step, LANG_ZH));
    }
    if (str_equal(batch.made_by, asker->name)) {
        return err_set(err, ERR_DENIED, "whoever proposed cannot approve: it takes another user",
                       "提出的人不能自己审批，须由另一名用户审批");
    }
    return approval_decide(ledger->store, ledger->clock, asker, batch.approval, grant, why, err)
           && pay_step_put(ledger, asker, number, grant ? PAY_STEP_APPROVED : PAY_STEP_REFUSED, 0,
                           why, err)
           && (grant || void_lines(ledger, asker, &batch, why, &voided, err))
           && pay_audit(ledger, asker, AUDIT_PAY_APPROVE, "pay_batch", number, why, err);
}

bool pay_decide(struct ledger *ledger, const struct asker *asker, int64_t batch, bool grant,
                struct str why, struct err *err)
{
    why = str_trim(why);
    if (!grant && !ledger_text(why, "a reason", "理由", err)) return false;
    if (!store_begin(ledger->store, err)) return false;
    return store_end(ledger->store, decide_in(ledger, asker, batch, grant, why, err), err);
}

static bool void_in(struct ledger *ledger, const struct asker *asker, int64_t number, bool lost,
                    struct str why, uint64_t *lines, struct err *err)
{
    struct pay_batch batch;
    if (!pay_batch_find(ledger, asker, number, &batch, err)) return false;
    if (batch.step == PAY_STEP_EXPORTED && !lost) {
        return err_set(err, ERR_CONFLICT,
                       "batch %lld went to the bank: it can be taken back only when the bank says "
                       "that it has not carried it out",
                       "第 %lld 号批次已送银行，银行确认未办理才能作废", (long long)number);
    }
    if (batch.open_lines == 0) {
        return err_set(err, ERR_CONFLICT, "batch %lld has no open payment",
                       "第 %lld 号批次没有未结的发放", (long long)number);
    }
    return void_lines(ledger, asker, &batch, why, lines, err)
           && pay_step_put(ledger, asker, number, PAY_STEP_VOID, 0, why, err)
           && pay_audit(ledger, asker, AUDIT_PAY, "pay_batch", number, why, err);
}

bool pay_void(struct ledger *ledger, const struct asker *asker, int64_t batch, bool lost,
              struct str why, uint64_t *lines, struct err *err)
{
    why = str_trim(why);
    if (!ledger_text(why, "a reason", "理由", err)) return false;
    if (!store_begin(ledger->store, err)) return false;
    return store_end(ledger->store, void_in(ledger, asker, batch, lost, why, lines, err), err);
}

bool pay_line_read(struct ledger *ledger, int64_t number, struct pay_line *out, bool *found,
                   struct err *err)
{
    struct store_statement *rows = NULL;
    if (!store_prepare(ledger->store, &rows,
                       "SELECT " PAY_LINE_COLUMNS PAY_LINE_TABLES "WHERE l.number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$number", number);
    bool good = store_step(rows, found, err);
    if (good && *found) *out = pay_line_row(rows, ledger->arena);
    store_finish(rows);
    return good;
}

bool pay_line_find(struct ledger *ledger, const struct asker *asker, int64_t number,
                   struct pay_line *out, struct err *err)
{
    bool found = false;
    if (!pay_line_read(ledger, number, out, &found, err)) return false;
    if (found && asker_sees(asker, out->area)) return true;
    return err_set(err, ERR_NOT_FOUND, "there is no payment %lld", "没有第 %lld 号发放",
                   (long long)number);
}

RESEAL_STATEMENT(select_sealed, "SELECT number, 0, payee, '' FROM pay_line WHERE number > $after "
                                "ORDER BY number")
RESEAL_STATEMENT(count_sealed, "SELECT count(*) FROM pay_line WHERE number > $after")
RESEAL_STATEMENT(update_sealed, "UPDATE pay_line SET payee = $sealed, account_blind = $blind WHERE "
                                "number = $number")

static void bind_sealed(struct store_statement *update, const struct reseal_row *row)
{
    CHECK(row->has_blind);
    store_bind_i64(update, "$number", row->a);
    store_bind_blob(update, "$blind", (struct str){(const char *)row->blind, sizeof row->blind});
}

static struct str place_of_sealed(struct arena *arena, const struct reseal_row *row,
                                  const void *context)
{
    (void)context;
    return payee_context(arena, row->a);
}

static void index_sealed(struct codec *fresh, struct str plain, struct reseal_row *row,
                         const void *context)
{
    struct pay_payee payee;
    (void)context;
    split_payee(plain, &payee);
    codec_blind(fresh, payee.account, row->blind);
    row->has_blind = true;
}

const struct reseal_part pay_line_reseal = {.name = "pay_line",
                                            .select = select_sealed,
                                            .count = count_sealed,
                                            .update = update_sealed,
                                            .bind = bind_sealed,
                                            .place = place_of_sealed,
                                            .index = index_sealed};
