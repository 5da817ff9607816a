#include "ledger/close.h"

#include "ledger/pay_internal.h"
#include "ledger/reconcile.h"
#include "ledger/statement.h"

#include <string.h>

/* What of a time is in a state, the first of it named: "s1 of 2020-11-25, P12 and 3 more". */
struct holding {
    const struct reconciled *reconciled;
    day after, through; /* after: DAY_NONE: from the first */
    size_t count;
    struct text en, zh;
};

static bool is_of_time(const struct holding *holding, const struct reconcile_item *one)
{
    if (one->state == RECONCILE_SUSPENSE || day_is_none(one->on)) return true;
    return one->on.days <= holding->through.days
           && (day_is_none(holding->after) || one->on.days > holding->after.days);
}

static void name_held(struct holding *holding, enum reconcile_state state)
{
    enum { NAMED_MAX = 3 };
    size_t count = 0;
    for (size_t i = 0; i < holding->reconciled->count; i++) {
        const struct reconcile_item *one = &holding->reconciled->items[i];
        char day_text[DAY_TEXT_SIZE];
        if (one->state != state || !is_of_time(holding, one) || ++count > NAMED_MAX) continue;
        bool dated = !day_is_none(one->on) && state != RECONCILE_SUSPENSE;
        const char *on = dated ? day_format(one->on, day_text) : "";
        text_add_f(&holding->zh, "%s%.*s%s%s", count == 1 ? "" : "、", STR_ARG(one->name),
                   dated ? " " : "", on);
        text_add_f(&holding->en, "%s%.*s%s%s", count == 1 ? "" : ", ", STR_ARG(one->name),
                   dated ? " of " : "", on);
    }
    holding->count += count;
    if (count <= NAMED_MAX) return;
    text_add_f(&holding->zh, " 等 %zu 项", count);
    text_add_f(&holding->en, " and %zu more", count - NAMED_MAX);
}

static struct holding hold(struct arena *arena, const struct reconciled *reconciled, day after,
                           day through)
{
    struct holding holding = {.reconciled = reconciled, .after = after, .through = through};
    text_init(&holding.en, arena, ERR_TEXT_MAX);
    text_init(&holding.zh, arena, ERR_TEXT_MAX);
    return holding;
}

/* Nothing goes into suspense before claims are decided: the line of the statement that nobody knows
 * may be the money that one of them waits for. */
static bool check_decided(struct arena *arena, const struct reconciled *reconciled, day through,
                          struct err *err)
{
    struct holding holding = hold(arena, reconciled, DAY_NONE, through);
    char text[DAY_TEXT_SIZE];
    name_held(&holding, RECONCILE_UNDECIDED);
    if (holding.count == 0) return true;
    err_set(err, ERR_CONFLICT,
            "the period up to %s cannot close: of %zu recoveries nobody has decided whether the "
            "money came back",
            "%s 之前不能结账：有 %zu 笔收回待另一人审批", day_format(through, text), holding.count);
    return err_hint(err, "baoxue pay recoveries --waiting", "baoxue pay recoveries --waiting");
}

/* … nor before orders are answered: it may be the payment of one. */
static bool check_answered(struct arena *arena, const struct reconciled *reconciled, day through,
                           struct err *err)
{
    struct holding holding = hold(arena, reconciled, DAY_NONE, through);
    char text[DAY_TEXT_SIZE];
    name_held(&holding, RECONCILE_UNANSWERED);
    if (holding.count == 0) return true;
    return err_set(err, ERR_CONFLICT,
                   "the period up to %s cannot close: the bank has not answered all of %s%.0s",
                   "%s 之前不能结账：银行尚未逐笔回执%.0s %s", day_format(through, text),
                   holding.en.ptr, holding.zh.ptr);
}

/* What lies before the statement is proven by nothing. A period that is closed stays closed, by the
 * rule of its time. */
static bool check_proven(struct arena *arena, const struct reconciled *reconciled, day closed,
                         day through, struct err *err)
{
    struct holding holding = hold(arena, reconciled, closed, through);
    char text[DAY_TEXT_SIZE], from[DAY_TEXT_SIZE];
    name_held(&holding, RECONCILE_UNPROVEN);
    if (holding.count == 0) return true;
    err_set(err, ERR_CONFLICT,
            "the period up to %s cannot close: the statement begins on %s, and nothing proves what "
            "was before: %s%.0s; the statement of the days before is needed",
            "%s 之前不能结账：对账单自 %s 起，此前的无从证明：%.0s%s；请先读入更早的对账单",
            day_format(through, text), day_format(reconciled->from, from), holding.en.ptr,
            holding.zh.ptr);
    return err_hint(err, "baoxue pay statement FILE", "baoxue pay statement 文件");
}

/* Until it is over the bank may move something on a day, and no new line of a closed period is
 * taken (statement.h). */
static bool check_over(const struct ledger *ledger, day through, struct err *err)
{
    char text[DAY_TEXT_SIZE];
    if (through.days < clock_today(ledger->clock).days) return true;
    return err_set(err, ERR_CONFLICT, "%s is not over: what is closed is over",
                   "%s 尚未过完，不能结账", day_format(through, text));
}

/* What nobody knows of goes into suspense, to be explained there. */
static bool book_unknown(struct ledger *ledger, struct str account, day through, struct err *err)
{
    struct reconciled reconciled;
    day closed;
    if (!check_over(ledger, through, err) || !statement_closed(ledger, account, &closed, err)
        || !reconcile(ledger, account, &reconciled, err)
        || !check_decided(ledger->arena, &reconciled, through, err)
        || !check_answered(ledger->arena, &reconciled, through, err)
        || !check_proven(ledger->arena, &reconciled, closed, through, err)) {
        return false;
    }
    for (size_t i = 0; i < reconciled.count; i++) {
        const struct reconcile_item *one = &reconciled.items[i];
        struct text name;
        bool made;
        if (one->state != RECONCILE_UNKNOWN || one->on.days > through.days || one->bank_fen == 0) {
            continue;
        }
        text_init(&name, ledger->arena, 512);
        text_add_f(&name, "statement %.*s", STR_ARG(one->name));
        const struct suspense suspense = {.kind = SUSPENSE_STATEMENT,
                                          .account = account,
                                          .fen = one->bank_fen,
                                          .reference = one->name,
                                          .serial = one->name,
                                          .row = one->number,
                                          .on = one->on,
                                          .booked = DAY_NONE};
        if (!suspense_put(ledger, &suspense, text_str(&name), &made, err)) return false;
    }
    return true;
}

/* What is left when all else is decided, answered and proven: named state by state. */
static bool check_closing(struct ledger *ledger, struct str account, day through, struct err *err)
{
    static const enum reconcile_state held[] = {RECONCILE_DIFFERS, RECONCILE_UNKNOWN,
                                                RECONCILE_DUPLICATE, RECONCILE_MISSING,
                                                RECONCILE_SUSPENSE};
    struct reconciled reconciled;
    char text[DAY_TEXT_SIZE];
    if (!reconcile(ledger, account, &reconciled, err)) return false;
    if (day_is_none(reconciled.through) || reconciled.through.days < through.days) {
        return err_set(err, ERR_CONFLICT, "the statement does not reach %s", "对账单未到 %s",
                       day_format(through, text));
    }
    struct holding holding = hold(ledger->arena, &reconciled, DAY_NONE, through);
    for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
        struct holding of_state = hold(ledger->arena, &reconciled, DAY_NONE, through);
        name_held(&of_state, held[i]);
        if (of_state.count == 0) continue;
        text_add_f(&holding.en, "%s%s: %s", holding.count == 0 ? "" : "; ",
                   reconcile_state_text(held[i], LANG_EN), of_state.en.ptr);
        text_add_f(&holding.zh, "%s%s：%s", holding.count == 0 ? "" : "；",
                   reconcile_state_text(held[i], LANG_ZH), of_state.zh.ptr);
        holding.count += of_state.count;
    }
    if (holding.count == 0) return true;
    return err_set(err, ERR_CONFLICT,
                   "the period up to %s cannot close: %zu items are not matched or not explained: "
                   "%s%.0s",
                   "%s 之前不能结账：有 %zu 项未对上或未说明：%.0s%s", day_format(through, text),
                   holding.count, holding.en.ptr, holding.zh.ptr);
}

static bool put_close(struct ledger *ledger, const struct asker *asker, struct str account,
                      day through, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO pay_close (through, account, user, at_ms) VALUES ($through, "
                       "$account, $user, $now)",
                       err)) {
        return false;
    }
    store_bind_day(put, "$through", through);
    store_bind_text(put, "$account", account);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    return store_run_once(put, err);
}

/* The journal is sealed with the period, unless a later day has sealed it already. */
static bool seal(struct ledger *ledger, day through, unsigned char root[BOOK_HASH_BYTES],
                 struct err *err)
{
    struct store_statement *last = NULL;
    int64_t number;
    if (!store_prepare(ledger->store, &last,
                       "SELECT max(day), (SELECT hash FROM book_head) FROM "
                       "book_seal",
                       err)) {
        return false;
    }
    bool good = store_step_row(last, err);
    day sealed = good ? store_day(last, 0) : DAY_NONE;
    struct str hash = good ? store_str(last, 1) : STR_EMPTY;
    if (hash.len == BOOK_HASH_BYTES) memcpy(root, hash.ptr, BOOK_HASH_BYTES);
    store_finish(last);
    if (!good || (!day_is_none(sealed) && sealed.days >= through.days)) return good;
    unsigned char made[BOOK_HASH_BYTES];
    return book_seal(ledger->book, through, &number, made, err);
}

static bool close_in(struct ledger *ledger, const struct asker *asker, struct str account,
                     day through, unsigned char root[BOOK_HASH_BYTES], struct err *err)
{
    day closed;
    char text[DAY_TEXT_SIZE];
    if (!statement_closed(ledger, account, &closed, err) || !check_over(ledger, through, err)) {
        return false;
    }
    if (!day_is_none(closed) && closed.days >= through.days) {
        return err_set(err, ERR_CONFLICT, "the books are closed up to %s", "已结账至 %s",
                       day_format(closed, text));
    }
    return check_closing(ledger, account, through, err)
           && put_close(ledger, asker, account, through, err) && seal(ledger, through, root, err)
           && pay_audit(ledger, asker, AUDIT_PAY_CLOSE, "day", through.days, account, err);
}

bool close_period(struct ledger *ledger, const struct asker *asker, struct str account, day through,
                  unsigned char root[BOOK_HASH_BYTES], struct err *err)
{
    unsigned char made[BOOK_HASH_BYTES] = {0};
    if (!fund_check_account(ledger, asker, account, err) || !store_begin(ledger->store, err)
        || !store_end(ledger->store, book_unknown(ledger, account, through, err), err)
        || !store_begin(ledger->store, err)
        || !store_end(ledger->store, close_in(ledger, asker, account, through, made, err), err)) {
        return false;
    }
    memcpy(root, made, sizeof made);
    return true;
}
