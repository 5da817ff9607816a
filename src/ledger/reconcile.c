#include "ledger/reconcile.h"

#include "base/list.h"
#include "ledger/pay_internal.h"
#include "ledger/recovery.h"
#include "ledger/reference.h"

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

/* A return that was taken back, and the attempt that took its place, moved nothing at the bank. The
 * joins are in the order written: from the few batches of the account to what became of them. */
static bool read_payments(struct comparing *comparing, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    if (!store_prepare(
            comparing->ledger->store, &rows,
            "SELECT e.kind, e.bank_serial, max(coalesce(e.booked, e.day)), max(e.at_ms), "
            "sum(e.fen), l.batch, CASE e.kind WHEN 'returned' THEN e.line ELSE 0 END AS payment "
            "FROM "
            "fund AS f CROSS JOIN pay_batch AS b ON b.fund = f.number CROSS JOIN pay_line AS l ON "
            "l.batch = b.number CROSS JOIN pay_event AS e ON e.line = l.number WHERE f.account = "
            "$account AND e.kind IN ('paid', 'returned', 'recovered') AND NOT EXISTS (SELECT 1 "
            "FROM pay_reinstated AS r WHERE r.event = e.number) AND (e.kind <> 'paid' OR NOT "
            "EXISTS (SELECT 1 FROM pay_reinstated AS r WHERE r.line = e.line)) GROUP BY e.kind, "
            "e.bank_serial, l.batch, payment",
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
        if (one->answered || (one->explained && one->how == SUSPENSE_ACCEPTED)) continue;
        if (!one->reinstated) {
            add(comparing, "suspense", one->serial,
                day_is_none(one->booked) ? one->on : one->booked, one->at_ms, one->fen);
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

/* A voucher whose number stands in the words, or in the place of the serial number. */
static struct ours *find_voucher(struct comparing *comparing, struct str serial, struct str words,
                                 int64_t fen)
{
    for (size_t i = 0; i < comparing->ours.count; i++) {
        struct ours *ours = &comparing->ours.items[i];
        if (!ours->voucher || ours->matched || ours->key.len < 3) continue;
        if (ours->fen != fen) continue;
        if (reference_stands_in(words, ours->key) || reference_same(serial, ours->name)) {
            return ours;
        }
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
    if (ours == NULL) ours = find_voucher(comparing, serial, words, fen);
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
    if (!store_prepare(
            comparing->ledger->store, &rows,
            "SELECT b.number, max(t.at_ms), sum(l.fen) FROM fund AS f CROSS JOIN pay_batch "
            "AS b ON b.fund = f.number CROSS JOIN pay_step AS t ON t.batch = b.number "
            "AND t.step = 'exported' CROSS JOIN pay_line AS l ON l.batch = b.number "
            "LEFT JOIN pay_event AS s ON s.line = l.number AND s.kind IN ('paid', 'refused', "
            "'void') WHERE "
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
