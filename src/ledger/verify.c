#include "ledger/verify.h"

#include "base/dict.h"
#include "ledger/book_internal.h"

#include <string.h>

struct proven {
    struct book_account account; /* as the journal sums to */
    int64_t stated[4];           /* as stored: debits posted, pending, credits posted, pending */
};

/* A transfer that a later one may name. */
struct moved {
    int64_t debit, credit, fen, corrected;
    uint8_t kind;
    bool done; /* posted or voided */
};

struct proving {
    struct arena *arena;
    struct arena scratch;
    struct book_report *report;
    struct u64_map places; /* account number → in `accounts` */
    struct proven *accounts;
    size_t account_count;
    struct dict ids;     /* of transfers, numbered as `moved` */
    struct moved *moved; /* by number in ids */
    size_t moved_capacity;
    unsigned char hash[BOOK_HASH_BYTES];
    int64_t last_at_ms;
};

static void find(struct proving *proving, enum book_fault fault, int64_t number, int64_t account)
{
    struct book_report *report = proving->report;
    if (report->finding_count == BOOK_FINDINGS_MAX) {
        report->more = true;
        return;
    }
    report->findings[report->finding_count++] = (struct book_finding){fault, number, account};
}

static bool read_accounts(struct proving *proving, struct store *store, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    int64_t count = 0;
    if (!store_prepare(store, &rows, "SELECT count(*) FROM book_account", err)) return false;
    if (store_step_row(rows, err)) count = store_i64(rows, 0);
    store_finish(rows);
    rows = NULL;
    proving->accounts = arena_array(&proving->scratch, struct proven, (size_t)count);
    if (!store_prepare(store, &rows,
                       "SELECT number, flags, debits_posted, debits_pending, credits_posted, "
                       "credits_pending FROM book_account LEFT JOIN book_balance ON account = "
                       "number ORDER BY number LIMIT $count",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$count", count);
    while ((good = store_step(rows, &row, err)) && row) {
        struct proven *proven = &proving->accounts[proving->account_count];
        proven->account.number = store_i64(rows, 0);
        proven->account.flags = (unsigned)store_i64(rows, 1);
        for (int i = 0; i < 4; i++) proven->stated[i] = store_i64(rows, 2 + i);
        u64_map_put(&proving->places, (uint64_t)proven->account.number,
                    (uint32_t)proving->account_count++);
    }
    store_finish(rows);
    return good;
}

static struct book_account *account_of(struct proving *proving, int64_t number)
{
    uint32_t place = u64_map_find(&proving->places, (uint64_t)number);
    return place == DICT_NONE ? NULL : &proving->accounts[place].account;
}

static struct moved *moved_of(struct proving *proving, const struct book_id *id)
{
    struct str bytes = {(const char *)id->bytes, sizeof id->bytes};
    uint32_t number = dict_find(&proving->ids, bytes);
    return number == DICT_NONE ? NULL : &proving->moved[number];
}

static void remember(struct proving *proving, const struct book_transfer *transfer)
{
    struct str bytes = {(const char *)transfer->id.bytes, sizeof transfer->id.bytes};
    uint32_t number = dict_put(&proving->ids, bytes);
    if (number == proving->moved_capacity) {
        size_t more = proving->moved_capacity == 0 ? 1024 : proving->moved_capacity * 2;
        struct moved *fresh = arena_array(&proving->scratch, struct moved, more);
        if (number > 0) memcpy(fresh, proving->moved, number * sizeof *fresh);
        arena_give_back(&proving->scratch, proving->moved, proving->moved_capacity * sizeof *fresh);
        proving->moved = fresh;
        proving->moved_capacity = more;
    }
    proving->moved[number] = (struct moved){
        transfer->debit, transfer->credit, transfer->fen, 0, (uint8_t)transfer->kind, false};
}

/* What a transfer does to the one that it names; false when that cannot be. */
static bool settle_target(struct proving *proving, const struct book_transfer *transfer,
                          int64_t *reserved)
{
    struct moved *target = moved_of(proving, &transfer->target);
    if (target == NULL) return false;
    if (transfer->kind == BOOK_CORRECT) {
        bool movable = target->kind == BOOK_POST || target->kind == BOOK_POST_PENDING
                       || target->kind == BOOK_CORRECT;
        target->corrected += transfer->fen;
        return movable && target->corrected <= target->fen && target->debit == transfer->credit
               && target->credit == transfer->debit;
    }
    if (target->kind != BOOK_PENDING || target->done) return false;
    target->done = true;
    *reserved = target->fen;
    return transfer->fen <= target->fen && target->debit == transfer->debit
           && target->credit == transfer->credit;
}

/* No sum can overflow here that did not there: amounts are bounded and checked when written; what
 * was tampered with is found by the chain, so wrapping sums do no harm. */
static void sum(int64_t *into, int64_t fen)
{
    *into = (int64_t)((uint64_t)*into + (uint64_t)fen);
}

static void post(struct book_account *debit, struct book_account *credit,
                 const struct book_transfer *transfer, int64_t reserved)
{
    bool frees = transfer->kind == BOOK_POST_PENDING || transfer->kind == BOOK_VOID_PENDING;
    if (frees) {
        sum(&debit->debits_pending, -reserved);
        sum(&credit->credits_pending, -reserved);
    }
    if (transfer->kind == BOOK_PENDING) {
        sum(&debit->debits_pending, transfer->fen);
        sum(&credit->credits_pending, transfer->fen);
    } else if (transfer->kind != BOOK_VOID_PENDING) {
        sum(&debit->debits_posted, transfer->fen);
        sum(&credit->credits_posted, transfer->fen);
    }
}

static bool is_below(const struct book_account *account)
{
    bool debits = account->debits_posted + account->debits_pending > account->credits_posted;
    bool credits = account->credits_posted + account->credits_pending > account->debits_posted;
    return ((account->flags & BOOK_DEBITS_WITHIN_CREDITS) != 0 && debits)
           || ((account->flags & BOOK_CREDITS_WITHIN_DEBITS) != 0 && credits);
}

static void prove(struct proving *proving, const struct book_transfer *transfer, struct str stated)
{
    struct book_account *debit = account_of(proving, transfer->debit);
    struct book_account *credit = account_of(proving, transfer->credit);
    int64_t reserved = 0, number = transfer->number;
    book_hash(proving->hash, transfer, proving->hash);
    bool fits =
        stated.len == BOOK_HASH_BYTES && memcmp(stated.ptr, proving->hash, BOOK_HASH_BYTES) == 0;
    if (!fits || number != (int64_t)proving->report->transfers + 1
        || transfer->at_ms < proving->last_at_ms) {
        find(proving, BOOK_FAULT_CHAIN, number, 0);
    }
    if (stated.len == BOOK_HASH_BYTES) memcpy(proving->hash, stated.ptr, BOOK_HASH_BYTES);
    proving->last_at_ms = transfer->at_ms;
    proving->report->transfers++;
    if (debit == NULL || credit == NULL || debit == credit) {
        find(proving, BOOK_FAULT_ACCOUNT, number,
             debit == NULL ? transfer->debit : transfer->credit);
        return;
    }
    bool names = transfer->kind >= BOOK_POST_PENDING;
    if (names && !settle_target(proving, transfer, &reserved)) {
        find(proving, BOOK_FAULT_TARGET, number, 0);
    }
    remember(proving, transfer);
    post(debit, credit, transfer, reserved);
    if (is_below(debit)) find(proving, BOOK_FAULT_LIMIT, number, debit->number);
    if (is_below(credit)) find(proving, BOOK_FAULT_LIMIT, number, credit->number);
}

static bool read_journal(struct proving *proving, struct store *store, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    if (!store_prepare(store, &rows,
                       "SELECT " BOOK_COLUMNS ", hash FROM book_transfer ORDER BY number", err)) {
        return false;
    }
    while ((good = store_step(rows, &row, err)) && row) {
        struct book_transfer transfer = book_row(rows);
        bool readable = transfer.reason.len <= BOOK_TEXT_BYTES_MAX
                        && transfer.reference.len <= BOOK_TEXT_BYTES_MAX;
        if (!readable) {
            find(proving, BOOK_FAULT_CHAIN, transfer.number, 0);
            transfer.reason = transfer.reference = STR_EMPTY;
        }
        prove(proving, &transfer, store_str(rows, 12));
    }
    store_finish(rows);
    return good;
}

static bool check_end(struct proving *proving, struct store *store, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    if (!store_prepare(store, &rows, "SELECT count, hash FROM book_head", err)) return false;
    if ((good = store_step(rows, &row, err))) {
        struct str hash = row ? store_str(rows, 1) : STR_EMPTY;
        bool fits = row && store_i64(rows, 0) == (int64_t)proving->report->transfers
                    && hash.len == BOOK_HASH_BYTES
                    && memcmp(hash.ptr, proving->hash, BOOK_HASH_BYTES) == 0;
        if (!fits) find(proving, BOOK_FAULT_END, (int64_t)proving->report->transfers, 0);
    }
    store_finish(rows);
    memcpy(proving->report->root, proving->hash, BOOK_HASH_BYTES);
    return good;
}

static bool check_seals(struct proving *proving, struct store *store, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    int64_t before = 0;
    if (!store_prepare(store, &rows,
                       "SELECT transfer, root, hash FROM book_seal LEFT JOIN book_transfer ON "
                       "number = transfer ORDER BY day",
                       err)) {
        return false;
    }
    while ((good = store_step(rows, &row, err)) && row) {
        struct str root = store_str(rows, 1), hash = store_str(rows, 2);
        int64_t transfer = store_i64(rows, 0);
        if (!str_equal(root, hash) || root.len == 0 || transfer <= before) {
            find(proving, BOOK_FAULT_SEAL, transfer, 0);
        }
        before = transfer;
        proving->report->seals++;
    }
    store_finish(rows);
    return good;
}

static void check_balances(struct proving *proving)
{
    struct book_report *report = proving->report;
    int64_t debits_pending = 0, credits_pending = 0;
    for (size_t i = 0; i < proving->account_count; i++) {
        const struct proven *proven = &proving->accounts[i];
        const struct book_account *account = &proven->account;
        bool same = proven->stated[0] == account->debits_posted
                    && proven->stated[1] == account->debits_pending
                    && proven->stated[2] == account->credits_posted
                    && proven->stated[3] == account->credits_pending;
        if (!same) find(proving, BOOK_FAULT_BALANCE, 0, account->number);
        sum(&report->debits, account->debits_posted);
        sum(&report->credits, account->credits_posted);
        sum(&debits_pending, account->debits_pending);
        sum(&credits_pending, account->credits_pending);
    }
    report->accounts = proving->account_count;
    if (report->debits != report->credits || debits_pending != credits_pending) {
        find(proving, BOOK_FAULT_SUM, 0, 0);
    }
}

bool book_verify(struct arena *arena, struct store *store, struct book_report *out, struct err *err)
{
    struct book_report report = {0};
    struct proving proving = {.arena = arena, .report = &report};
    report.findings = arena_array(arena, struct book_finding, BOOK_FINDINGS_MAX);
    u64_map_init(&proving.places, &proving.scratch);
    dict_init(&proving.ids, &proving.scratch);
    bool good = read_accounts(&proving, store, err) && read_journal(&proving, store, err)
                && check_end(&proving, store, err) && check_seals(&proving, store, err);
    if (good) {
        check_balances(&proving);
        *out = report;
    }
    arena_free(&proving.scratch);
    return good;
}

static const struct {
    const char *key, *zh, *en;
} faults[BOOK_FAULT_COUNT] = {
    [BOOK_FAULT_CHAIN] = {"chain", "记录被改动、抽走或插入",
                          "a row was changed, taken out or put in"},
    [BOOK_FAULT_END] = {"end", "账簿末尾缺少或多出记录",
                        "rows are missing at the end, or too many"},
    [BOOK_FAULT_SEAL] = {"seal", "封存与账簿不符", "a seal does not fit the journal"},
    [BOOK_FAULT_BALANCE] = {"balance", "余额与账簿合计不符",
                            "a balance is not what the journal sums to"},
    [BOOK_FAULT_LIMIT] = {"limit", "账户透支", "an account is below zero"},
    [BOOK_FAULT_ACCOUNT] = {"account", "账户不存在或借贷相同",
                            "an account is not there, or stands on both sides"},
    [BOOK_FAULT_TARGET] = {"target", "重复入账、取消或冲正过头",
                           "posted or voided twice, or corrected too far"},
    [BOOK_FAULT_SUM] = {"sum", "借贷合计不平", "debits and credits do not sum to the same"},
};

const char *book_fault_key(enum book_fault fault)
{
    CHECK(fault < BOOK_FAULT_COUNT);
    return faults[fault].key;
}

const char *book_fault_text(enum book_fault fault, enum lang lang)
{
    CHECK(fault < BOOK_FAULT_COUNT);
    return lang == LANG_ZH ? faults[fault].zh : faults[fault].en;
}
