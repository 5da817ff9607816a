#include "base/testing.h"

#include "ledger/pay_testing.h"

#include "access/audit.h"
#include "ledger/close.h"
#include "ledger/prove.h"
#include "ledger/statement.h"
#include "ledger/verify.h"
#include "link/people.h"

static const char bank_text[] =
    "key: test\nzh: 测试\nen: test\norder:\n  encoding: utf-8\n  separator: \"|\"\n  line_end: lf\n"
    "  columns: [{heading: r, value: reference}, {heading: n, value: holder}, {heading: a, value: "
    "account}, {heading: y, value: yuan}]\n"
    "answer: {reference: r, result: s, amount: y, serial: t, paid: ok, refused: no}\n"
    "statement: {day: d, serial: s, words: w, out: o, in: i, balance: b}\n";

static void open_store(struct pay_office *office, enum store_mode mode)
{
    struct err err = ERR_INIT;
    assert_true(store_open(&office->store, office->path, mode, &err));
    assert_true(access_migrate(office->store, &err) && people_migrate(office->store, &err)
                && ledger_migrate(office->store, &err));
    assert_true(ledger_open(&office->ledger, &office->arena, office->store, office->codec,
                            &office->clock, &err));
}

void pay_office_open(struct pay_office *office, void **state, int64_t fen)
{
    static const unsigned char secret[CODEC_SECRET_BYTES] = {3};
    struct err err = ERR_INIT;
    bool made;
    *office = (struct pay_office){.path = test_path_fresh(state), .li = asker_local()};
    office->wang = office->li;
    office->li.name = STR("li");
    office->wang.name = STR("wang");
    office->clock = clock_fixed(1606262400000);
    office->codec = codec_from_secret(secret);
    open_store(office, STORE_CREATE);
    office->fund = (struct fund){.key = STR("f"),
                                 .document = STR("甘财教〔2020〕15号"),
                                 .account = STR("main"),
                                 .schemes = STR("aid,other"),
                                 .shares = {5000, 0, 0, 5000}};
    assert_true(fund_open(&office->ledger, &office->li, &office->fund, &made, &err));
    for (int level = 0; fen > 0 && level < FUND_LEVELS; level += FUND_COUNTY) {
        struct fund_move move = {
            .level = (enum fund_level)level, .fen = fen, .voucher = STR("v1"), .on = {18500}};
        assert_true(fund_move(&office->ledger, &office->li, &office->fund, &move, &made, &err));
    }
    assert_true(bank_read(&office->arena, str_from(bank_text), "test", &office->bank, &err));
}

void pay_office_close(struct pay_office *office)
{
    ledger_close(&office->ledger);
    store_close(office->store);
    codec_close(office->codec);
    arena_free(&office->arena);
}

void pay_office_restart(struct pay_office *office)
{
    ledger_close(&office->ledger);
    store_close(office->store);
    open_store(office, STORE_WRITE);
}

int64_t pay_office_propose(struct pay_office *office, const int64_t *due, size_t count,
                           struct pay_proposed *made, struct err *err)
{
    struct err own = ERR_INIT;
    struct pay_candidate *candidates = arena_array(&office->arena, struct pay_candidate, count);
    struct pay_wish wish = {.scheme = STR("aid"),
                            .period = STR("2020-autumn"),
                            .fund = &office->fund,
                            .at = {18500},
                            .candidates = candidates};
    for (size_t i = 0; i < count; i++) {
        if (due[i] == 0) continue;
        struct text account;
        text_init(&account, &office->arena, 64);
        text_add_f(&account, "6228%04zu", i + 1);
        candidates[wish.count++] =
            (struct pay_candidate){.person = (int64_t)i + 1,
                                   .name = STR("王小明"),
                                   .area = STR("620422"),
                                   .due_fen = due[i],
                                   .payee = {STR("农行"), text_str(&account), STR("王小明")},
                                   .holder = PAY_HOLDER_OWN};
    }
    wish.retry = true;
    bool good = pay_propose(&office->ledger, &office->li, &wish, made, &own);
    if (err != NULL) *err = own;
    if (!good && err == NULL) fail_msg("%s", own.en);
    return good ? made->batch : 0;
}

void pay_office_send(struct pay_office *office, int64_t batch)
{
    struct order_sent sent;
    struct err err = ERR_INIT;
    if (!pay_decide(&office->ledger, &office->wang, batch, true, STR_EMPTY, &err)
        || !order_send(&office->ledger, &office->li, batch, &office->bank, STR("资助"), &sent,
                       &err)) {
        fail_msg("%s", err.en);
    }
}

bool pay_office_take(struct pay_office *office, struct answer_line *line, struct answer_taken *out,
                     struct err *err)
{
    struct answer answer = {
        .name = STR("answer"), .account = STR("main"), .lines = line, .count = 1};
    struct text name;
    text_init(&name, &office->arena, 256);
    text_add_f(&name, "%.*s %lld", STR_ARG(line->reference), (long long)office->clock.fixed_ms++);
    sm3_hash(text_str(&name), answer.hash);
    *err = ERR_INIT;
    return answer_take(&office->ledger, &office->wang, &answer, out, err);
}

enum answer_outcome pay_office_answer(struct pay_office *office, const char *reference, int64_t fen,
                                      const char *serial)
{
    struct err err = ERR_INIT;
    struct answer_taken taken;
    struct answer_line line = {.reference = str_from(reference),
                               .paid = fen != 0,
                               .fen = fen > 0 ? fen : -1,
                               .serial = str_from(serial),
                               .on = DAY_NONE};
    if (!pay_office_take(office, &line, &taken, &err)) fail_msg("%s", err.en);
    assert_false(taken.unchanged);
    return line.outcome;
}

bool pay_office_statement(struct pay_office *office, const struct pay_told *told, size_t count,
                          struct err *err)
{
    struct statement_line *lines = arena_array(&office->arena, struct statement_line, count);
    struct statement_file file = {
        .name = STR("statement"), .account = STR("main"), .lines = lines, .count = count};
    uint64_t fresh;
    struct text bytes;
    text_init(&bytes, &office->arena, 4096);
    for (size_t i = 0; i < count; i++) {
        lines[i] = (struct statement_line){.on = {told[i].day},
                                           .serial = str_from(told[i].serial),
                                           .out_fen = told[i].out_fen > 0 ? told[i].out_fen : 0,
                                           .in_fen = told[i].out_fen < 0 ? -told[i].out_fen : 0,
                                           .balance_fen = told[i].balance_fen};
        text_add_f(&bytes, "%d %s %lld\n", (int)told[i].day, told[i].serial,
                   (long long)told[i].balance_fen);
    }
    sm3_hash(text_str(&bytes), file.hash);
    *err = ERR_INIT;
    return statement_take(&office->ledger, &office->li, &file, &fresh, err);
}

bool pay_office_close_through(struct pay_office *office, int32_t through, struct err *err)
{
    unsigned char root[BOOK_HASH_BYTES];
    const int64_t day_after_ms = ((int64_t)through + 1) * 24 * 60 * 60 * 1000;
    if (office->clock.fixed_ms < day_after_ms) office->clock.fixed_ms = day_after_ms;
    *err = ERR_INIT;
    return close_period(&office->ledger, &office->li, STR("main"), (day){through}, root, err);
}

size_t pay_office_suspense(struct pay_office *office)
{
    struct suspense *list;
    size_t count;
    struct err err = ERR_INIT;
    assert_true(suspense_list(&office->ledger, STR("main"), false, &list, &count, &err));
    return count;
}

bool pay_office_recover(struct pay_office *office, int64_t line, int64_t fen, const char *voucher,
                        struct err *err)
{
    int64_t number;
    bool again;
    *err = ERR_INIT;
    return pay_recovery_propose(&office->ledger, &office->li, line, fen, str_from(voucher),
                                (day){18591}, STR("转出"), &number, &again, err)
           && pay_recovery_decide(&office->ledger, &office->wang, number, true, STR_EMPTY, err);
}

bool pay_office_reinstate(struct pay_office *office, int64_t payment, const char *why,
                          struct pay_reinstatement *out, struct err *err)
{
    struct pay_reinstatement *list;
    size_t count;
    int64_t number = 0;
    *err = ERR_INIT;
    if (!pay_reinstate_list(&office->ledger, &office->li, true, &list, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        if (list[i].payment == payment) number = list[i].number;
    }
    return (number > 0
            || pay_reinstate_propose(&office->ledger, &office->li, payment, str_from(why), &number,
                                     err))
           && pay_reinstate_decide(&office->ledger, &office->wang, number, true, STR_EMPTY, err)
           && pay_reinstate_find(&office->ledger, &office->li, number, out, err);
}

static struct fund_balance both(struct pay_office *office)
{
    struct fund_balance sum = {0};
    struct err err = ERR_INIT;
    for (int level = 0; level < FUND_LEVELS; level++) {
        struct fund_balance one;
        assert_true(
            fund_balance(&office->ledger, &office->fund, (enum fund_level)level, &one, &err));
        sum.left += one.left;
        sum.pending += one.pending;
    }
    return sum;
}

int64_t pay_office_left(struct pay_office *office)
{
    return both(office).left;
}

int64_t pay_office_pending(struct pay_office *office)
{
    return both(office).pending;
}

void pay_office_whole(struct pay_office *office)
{
    struct book_report report;
    struct fund_proof proof;
    struct err err = ERR_INIT;
    assert_true(book_verify(&office->arena, office->store, &report, &err));
    assert_int_equal(report.finding_count, 0);
    assert_true(prove_fund(&office->ledger, &office->fund, &proof, &err));
    assert_int_equal(proof.finding_count, 0);
}
