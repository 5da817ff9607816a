#include "ledger/reconcile.h"

#include "base/list.h"
#include "ledger/pay_internal.h"
#include "ledger/recovery.h"
#include "ledger/reference.h"
#include "ledger/statement.h"

#include <stdlib.h>

static const struct {
    const char *key, *zh, *en;
} states[RECONCILE_STATES] = {
    [RECONCILE_MATCHED] = {"matched", "相符", "matched"},
    [RECONCILE_DIFFERS] = {"differs", "金额不符", "the amounts differ"},
    [RECONCILE_UNKNOWN] = {"unknown", "对账单有而账上没有", "on the statement alone"},
    [RECONCILE_DUPLICATE] = {"duplicate", "对账单重复", "twice on the statement"},
    [RECONCILE_MISSING] = {"missing", "账上有而对账单没有", "not on the statement"},
    [RECONCILE_UNPROVEN] = {"unproven", "早于对账单，无从证明", "before the statement begins"},
    [RECONCILE_NOT_YET] = {"not_yet", "对账单未到", "the statement does not reach it"},
    [RECONCILE_UNANSWERED] = {"unanswered", "银行未回执", "not answered"},
    [RECONCILE_UNDECIDED] = {"undecided", "收回待审批", "claimed back, not decided"},
    [RECONCILE_SUSPENSE] = {"suspense", "挂账未说明", "in suspense"},
};

const char *reconcile_state_key(enum reconcile_state state)
{
    CHECK((int)state >= 0 && state < RECONCILE_STATES);
    return states[state].key;
}

const char *reconcile_state_text(enum reconcile_state state, enum lang lang)
{
    CHECK((int)state >= 0 && state < RECONCILE_STATES);
    return lang == LANG_EN ? states[state].en : states[state].zh;
}

/* A movement of ours on the account. */
struct ours {
    struct str what, name; /* name: serial number or voucher; empty: by batch alone */
    struct str key;        /* the name in its one form (reference.h) */
    day on;
    int64_t fen, batch, payment;
    bool matched, voucher;
};

struct comparing {
    struct ledger *ledger;
    struct str account;
    struct arena *arena;
    LIST(struct ours) ours;
    LIST(struct reconcile_item) items;
    struct reconciled *out;
    int64_t bank_before_fen; /* balance before the first line of the statement */
};

static day day_of_ms(int64_t ms)
{
    struct clock clock = clock_fixed(ms);
    return clock_today(&clock);
}

static struct ours *add(struct comparing *comparing, const char *what, struct str name, day on,
                        int64_t at_ms, int64_t fen)
{
    struct ours *ours = list_push(comparing->arena, &comparing->ours);
    *ours = (struct ours){.what = str_from(what),
                          .name = str_copy(comparing->arena, name),
                          .on = day_is_none(on) ? day_of_ms(at_ms) : on,
                          .fen = fen};
    ours->key = reference_serial(comparing->arena, ours->name);
    return ours;
}

/* A return that was taken back, and the attempt that took its place, moved nothing at the bank. */
static bool read_payments(struct comparing *comparing, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    if (!store_prepare(
            comparing->ledger->store, &rows,
            "SELECT e.kind, e.bank_serial, max(e.day), max(e.at_ms), sum(e.fen), "
            "l.batch, CASE e.kind WHEN 'returned' THEN e.line ELSE 0 END AS payment FROM "
            "pay_event AS e JOIN pay_line AS l ON l.number = e.line JOIN pay_batch AS b "
            "ON b.number = l.batch JOIN fund AS f ON f.number = b.fund WHERE f.account = "
            "$account AND e.kind IN ('paid', 'returned', 'recovered') AND NOT EXISTS "
            "(SELECT 1 FROM pay_reinstated AS r WHERE r.event = e.number) AND (e.kind "
            "<> 'paid' OR NOT EXISTS (SELECT 1 FROM pay_reinstated AS r WHERE r.line = "
            "e.line)) GROUP BY e.kind, e.bank_serial, l.batch, payment",
            err)) {
        return false;
    }
    store_bind_text(rows, "$account", comparing->account);
    while ((good = store_step(rows, &row, err)) && row) {
        struct str kind = store_str(rows, 0);
        bool paid = str_is(kind, "paid");
        struct ours *ours = add(comparing,
                                paid                       ? "pay"
                                : str_is(kind, "returned") ? "return"
                                                           : "recover",
                                store_str(rows, 1), store_day(rows, 2), store_i64(rows, 3),
                                paid ? store_i64(rows, 4) : -store_i64(rows, 4));
        ours->batch = store_i64(rows, 5);
        ours->payment = store_i64(rows, 6);
        ours->voucher = str_is(kind, "recovered");
    }
    store_finish(rows);
    return good;
}

static bool read_vouchers(struct comparing *comparing, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    if (!store_prepare(comparing->ledger->store, &rows,
                       "SELECT v.kind, v.voucher, v.day, v.at_ms, v.fen FROM fund_voucher AS v "
                       "JOIN fund AS f ON f.number = v.fund WHERE f.account = $account AND v.kind "
                       "<> 'allot'",
                       err)) {
        return false;
    }
    store_bind_text(rows, "$account", comparing->account);
    while ((good = store_step(rows, &row, err)) && row) {
        struct str kind = store_str(rows, 0);
        bool in = str_is(kind, "receive");
        const char *what = in ? "receive" : str_is(kind, "hand_back") ? "hand_back" : "project_pay";
        struct ours *ours = add(comparing, what, store_str(rows, 1), store_day(rows, 2),
                                store_i64(rows, 3), in ? -store_i64(rows, 4) : store_i64(rows, 4));
        ours->voucher = true;
    }
    store_finish(rows);
    return good;
}

static void item(struct comparing *comparing, enum reconcile_state state, struct str what,
                 struct str name, day on, int64_t ours_fen, int64_t bank_fen, int64_t number)
{
    *list_push(comparing->arena, &comparing->items) = (struct reconcile_item){.state = state,
                                                                              .what = what,
                                                                              .name = name,
                                                                              .on = on,
                                                                              .ours_fen = ours_fen,
                                                                              .bank_fen = bank_fen,
                                                                              .number = number};
}

static bool read_suspense(struct comparing *comparing, struct err *err)
{
    struct suspense *list;
    size_t count;
    if (!suspense_list(comparing->ledger, comparing->account, false, &list, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct suspense *one = &list[i];
        if (one->explained && one->how == SUSPENSE_ACCEPTED) continue;
        if (!one->reinstated) {
            add(comparing, "suspense", one->serial, DAY_NONE, one->at_ms, one->fen);
        }
        if (one->explained && one->how == SUSPENSE_RETURNED) {
            add(comparing, "suspense", one->back_serial, DAY_NONE, one->explained_ms, -one->fen);
        }
        if (one->explained) continue;
        struct text name;
        text_init(&name, comparing->arena, 32);
        text_add_f(&name, "%lld", (long long)one->number);
        item(comparing, RECONCILE_SUSPENSE, str_from(suspense_kind_key(one->kind)), text_str(&name),
             day_of_ms(one->at_ms), one->fen, 0, 0);
    }
    return true;
}

/* What has one serial number and one direction is one movement at the bank: a payment and its
 * surplus. */
static int by_name(const void *a, const void *b)
{
    const struct ours *x = a, *y = b;
    int order = str_compare(x->key, y->key);
    if (order != 0) return order;
    if ((x->fen < 0) != (y->fen < 0)) return x->fen < 0 ? -1 : 1;
    if (x->batch != y->batch) return x->batch < y->batch ? -1 : 1;
    return str_compare(x->what, y->what);
}

static void merge(struct comparing *comparing)
{
    size_t kept = 0;
    struct ours *list = comparing->ours.items;
    if (comparing->ours.count > 0) qsort(list, comparing->ours.count, sizeof *list, by_name);
    for (size_t i = 0; i < comparing->ours.count; i++) {
        struct ours *last = kept == 0 ? NULL : &list[kept - 1];
        if (last != NULL && list[i].key.len > 0 && str_equal(last->key, list[i].key)
            && (last->fen < 0) == (list[i].fen < 0)) {
            last->fen += list[i].fen;
            if (last->batch == 0) last->batch = list[i].batch;
            last->payment = 0;
            continue;
        }
        list[kept++] = list[i];
    }
    comparing->ours.count = kept;
}

/* The first of ours with this serial number, in the order of merge(). */
static struct ours *find_key(struct comparing *comparing, struct str key, bool in)
{
    size_t low = 0, high = comparing->ours.count;
    struct ours *list = comparing->ours.items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(list[middle].key, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < comparing->ours.count && str_equal(list[low].key, key); low++) {
        if ((list[low].fen < 0) == in) return &list[low];
    }
    return NULL;
}

/* A voucher whose number stands in the words. */
static struct ours *find_voucher(struct comparing *comparing, struct str words, int64_t fen)
{
    for (size_t i = 0; i < comparing->ours.count; i++) {
        struct ours *ours = &comparing->ours.items[i];
        if (!ours->voucher || ours->matched || ours->key.len < 3) continue;
        if (ours->fen == fen && str_find(words, ours->key) != SIZE_MAX) return ours;
    }
    return NULL;
}

/* Payments of a batch that the bank took in one sum. */
static int64_t take_batch(struct comparing *comparing, int64_t batch, size_t *taken)
{
    int64_t sum = 0;
    *taken = 0;
    for (size_t i = 0; i < comparing->ours.count; i++) {
        struct ours *ours = &comparing->ours.items[i];
        if (ours->batch != batch || ours->matched || ours->fen < 0) continue;
        ours->matched = true;
        sum += ours->fen;
        ++*taken;
    }
    return sum;
}

static void compare_line(struct comparing *comparing, struct store_statement *row)
{
    struct arena *arena = comparing->arena;
    struct str serial = str_copy(arena, store_str(row, 2));
    struct str words = reference_serial(arena, str_copy(arena, store_str(row, 3)));
    int64_t number = store_i64(row, 0), fen = store_i64(row, 4) - store_i64(row, 5);
    day on = store_day(row, 1);
    size_t taken;
    if (day_is_none(comparing->out->from)) {
        comparing->out->from = on;
        comparing->bank_before_fen = store_i64(row, 6) + fen;
    }
    comparing->out->through = on;
    comparing->out->bank_fen = store_i64(row, 6) - comparing->bank_before_fen;
    struct ours *ours = find_key(comparing, reference_serial(arena, serial), fen < 0);
    if (ours == NULL) ours = find_voucher(comparing, words, fen);
    if (ours != NULL) {
        enum reconcile_state state = ours->matched      ? RECONCILE_DUPLICATE
                                     : ours->fen == fen ? RECONCILE_MATCHED
                                                        : RECONCILE_DIFFERS;
        ours->matched = true;
        item(comparing, state, ours->what, serial, on, ours->fen, fen, number);
        return;
    }
    int64_t batch = fen > 0 ? reference_batch(words) : 0;
    int64_t sum = batch > 0 ? take_batch(comparing, batch, &taken) : 0;
    if (batch > 0 && taken > 0) {
        item(comparing, sum == fen ? RECONCILE_MATCHED : RECONCILE_DIFFERS, STR("batch"), serial,
             on, sum, fen, number);
        return;
    }
    item(comparing, RECONCILE_UNKNOWN, STR_EMPTY, serial, on, 0, fen, number);
}

static bool compare_statement(struct comparing *comparing, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    if (!store_prepare(comparing->ledger->store, &rows,
                       "SELECT number, day, bank_serial, words, out_fen, in_fen, balance_fen FROM "
                       "pay_statement WHERE account = $account ORDER BY number",
                       err)) {
        return false;
    }
    store_bind_text(rows, "$account", comparing->account);
    while ((good = store_step(rows, &row, err)) && row) compare_line(comparing, rows);
    store_finish(rows);
    return good;
}

static bool read_unanswered(struct comparing *comparing, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    if (!store_prepare(comparing->ledger->store, &rows,
                       "SELECT b.number, max(t.at_ms), sum(l.fen) FROM pay_batch AS b JOIN fund AS "
                       "f ON f.number = b.fund JOIN pay_step AS t ON t.batch = b.number AND t.step "
                       "= 'exported' JOIN pay_line AS l ON l.batch = b.number LEFT JOIN pay_event "
                       "AS s ON s.line = l.number AND s.kind IN ('paid', 'refused', 'void') WHERE "
                       "f.account = $account AND s.kind IS NULL GROUP BY b.number",
                       err)) {
        return false;
    }
    store_bind_text(rows, "$account", comparing->account);
    while ((good = store_step(rows, &row, err)) && row) {
        struct text name;
        text_init(&name, comparing->arena, 32);
        text_add_f(&name, "P%lld", (long long)store_i64(rows, 0));
        item(comparing, RECONCILE_UNANSWERED, STR("batch"), text_str(&name),
             day_of_ms(store_i64(rows, 1)), store_i64(rows, 2), 0, 0);
    }
    store_finish(rows);
    return good;
}

static bool read_undecided(struct comparing *comparing, struct err *err)
{
    struct pay_recovery *list;
    size_t count;
    if (!pay_recovery_waiting(comparing->ledger, comparing->account, &list, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        item(comparing, RECONCILE_UNDECIDED, STR("recover"), list[i].voucher, list[i].on,
             -list[i].fen, 0, 0);
        comparing->items.items[comparing->items.count - 1].payment = list[i].line;
    }
    return true;
}

/* How a movement of ours stands that no line of the statement has. */
static enum reconcile_state state_alone(const struct reconciled *reconciled, day on)
{
    if (day_is_none(reconciled->from) || on.days > reconciled->through.days) {
        return RECONCILE_NOT_YET;
    }
    return on.days < reconciled->from.days ? RECONCILE_UNPROVEN : RECONCILE_MISSING;
}

/* What the bank gave no serial number is named by its batch. */
static struct str name_of(struct arena *arena, const struct ours *ours)
{
    struct text name;
    if (ours->name.len > 0 || ours->batch == 0) return ours->name;
    text_init(&name, arena, 32);
    text_add_f(&name, "P%lld", (long long)ours->batch);
    return text_str(&name);
}

/* What is ours alone; and whether all that the books moved on the account is among ours. */
static bool sum_up(struct comparing *comparing, struct err *err)
{
    struct reconciled *out = comparing->out;
    struct text code;
    struct book_account account;
    bool found = false;
    int64_t all = 0;
    for (size_t i = 0; i < comparing->ours.count; i++) {
        const struct ours *ours = &comparing->ours.items[i];
        all += ours->fen;
        if (ours->matched || ours->fen == 0) continue;
        item(comparing, state_alone(out, ours->on), ours->what, name_of(comparing->arena, ours),
             ours->on, ours->fen, 0, 0);
        comparing->items.items[comparing->items.count - 1].payment = ours->payment;
    }
    text_init(&code, comparing->arena, 256);
    text_add_f(&code, "bank/%.*s", STR_ARG(comparing->account));
    if (!book_account_find(comparing->ledger->book, text_str(&code), &account, &found, err)) {
        return false;
    }
    if (found) out->books_fen = account.debits_posted - account.credits_posted;
    out->balanced = out->books_fen == -all;
    if (!out->balanced) {
        item(comparing, RECONCILE_DIFFERS, STR("balance"), comparing->account, DAY_NONE,
             out->books_fen, -all, 0);
    }
    return true;
}

static int by_state(const void *a, const void *b)
{
    const struct reconcile_item *x = a, *y = b;
    if (x->state != y->state) return x->state < y->state ? -1 : 1;
    if (x->on.days != y->on.days) return x->on.days < y->on.days ? -1 : 1;
    int order = str_compare(x->name, y->name);
    if (order != 0) return order;
    return x->number == y->number ? 0 : x->number < y->number ? -1 : 1;
}

bool reconcile(struct ledger *ledger, struct str account, struct reconciled *out, struct err *err)
{
    struct reconciled made = {.from = DAY_NONE, .through = DAY_NONE};
    struct comparing comparing = {
        .ledger = ledger, .account = account, .arena = ledger->arena, .out = &made};
    if (!read_payments(&comparing, err) || !read_vouchers(&comparing, err)
        || !read_suspense(&comparing, err)) {
        return false;
    }
    merge(&comparing);
    if (!compare_statement(&comparing, err) || !read_unanswered(&comparing, err)
        || !read_undecided(&comparing, err) || !sum_up(&comparing, err)) {
        return false;
    }
    made.items = comparing.items.items;
    made.count = comparing.items.count;
    if (made.count > 0) qsort(made.items, made.count, sizeof *made.items, by_state);
    for (size_t i = 0; i < made.count; i++) made.counts[made.items[i].state]++;
    *out = made;
    return true;
}

bool reconcile_is_clean(const struct reconciled *reconciled)
{
    const size_t *counts = reconciled->counts;
    return reconciled->balanced && counts[RECONCILE_DIFFERS] == 0 && counts[RECONCILE_UNKNOWN] == 0
           && counts[RECONCILE_DUPLICATE] == 0 && counts[RECONCILE_MISSING] == 0
           && counts[RECONCILE_UNPROVEN] == 0 && counts[RECONCILE_SUSPENSE] == 0;
}

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

/* What nobody knows of goes into suspense, to be explained there. */
static bool book_unknown(struct ledger *ledger, struct str account, day through, struct err *err)
{
    struct reconciled reconciled;
    day closed;
    if (!statement_closed(ledger, account, &closed, err)
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
                                          .row = one->number};
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
    if (!statement_closed(ledger, account, &closed, err)) return false;
    if (!day_is_none(closed) && closed.days >= through.days) {
        return err_set(err, ERR_CONFLICT, "the books are closed up to %s", "已结账至 %s",
                       day_format(closed, text));
    }
    return check_closing(ledger, account, through, err)
           && put_close(ledger, asker, account, through, err) && seal(ledger, through, root, err)
           && pay_audit(ledger, asker, AUDIT_PAY_CLOSE, "day", through.days, account, err);
}

bool reconcile_close(struct ledger *ledger, const struct asker *asker, struct str account,
                     day through, unsigned char root[BOOK_HASH_BYTES], struct err *err)
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
