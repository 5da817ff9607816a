#include "base/testing.h"

#include "ledger/verify.h"
#include "store/testing.h"

#include <stdlib.h>

/* Cases are text, a line an event:
 *
 *     account NAME [debits|credits]     opens an account ("debits": its debits stay within its
 * credits) post|pending ID DEBIT CREDIT FEN [expires MS] [linked] = STATUS take|void|correct ID
 * TARGET FEN [linked] = STATUS   "take" posts what is pending commit asks for the transfers since
 * the last commit, in one call balance NAME DEBITS_POSTED DEBITS_PENDING CREDITS_POSTED
 * CREDITS_PENDING time MS                           the clock stands at this moment reopen another
 * program goes on
 *
 * After each case the journal is verified. */

enum { EVENTS_MAX = 64, WORDS_MAX = 12 };

struct bench {
    struct arena arena;
    struct store *store;
    struct book *book;
    struct clock clock;
    struct book_transfer events[EVENTS_MAX];
    enum book_status statuses[EVENTS_MAX];
    struct str expected[EVENTS_MAX];
    size_t event_count;
};

static struct book_id id_for(struct str name)
{
    struct book_id id = {0};
    if (name.len > 0 && !str_is(name, "-")) id = book_id_of(name);
    return id;
}

static int64_t account_number(struct bench *bench, struct str name)
{
    struct book_account account;
    struct err err = ERR_INIT;
    bool found;
    if (str_is(name, "-")) return 0;
    if (str_is(name, "?")) return 999;
    assert_true(book_account_find(bench->book, name, &account, &found, &err));
    assert_true(found);
    return account.number;
}

static int64_t number_of(struct str text)
{
    int64_t number = 0;
    assert_true(str_to_i64(text, &number));
    return number;
}

static void open_named(struct bench *bench, struct str *words, size_t count)
{
    struct err err = ERR_INIT;
    struct book_account account = {.id = id_for(words[1]), .code = words[1]};
    if (count > 2) {
        account.flags =
            str_is(words[2], "debits") ? BOOK_DEBITS_WITHIN_CREDITS : BOOK_CREDITS_WITHIN_DEBITS;
    }
    assert_true(book_account_open(bench->book, &account, &err));
}

static void add_event(struct bench *bench, struct str *words, size_t count)
{
    struct book_transfer *event = &bench->events[bench->event_count];
    bool named = !str_is(words[0], "post") && !str_is(words[0], "pending");
    size_t at = named ? 4 : 5;
    *event = (struct book_transfer){.id = id_for(words[1]), .reason = STR("test")};
    event->kind = str_is(words[0], "post")      ? BOOK_POST
                  : str_is(words[0], "pending") ? BOOK_PENDING
                  : str_is(words[0], "take")    ? BOOK_POST_PENDING
                  : str_is(words[0], "void")    ? BOOK_VOID_PENDING
                                                : BOOK_CORRECT;
    if (named) {
        event->target = id_for(words[2]);
    } else {
        event->debit = account_number(bench, words[2]);
        event->credit = account_number(bench, words[3]);
    }
    event->fen = number_of(words[at - 1]);
    for (; at < count; at++) {
        if (str_is(words[at], "expires")) event->expires_ms = number_of(words[++at]);
        if (str_is(words[at], "linked")) event->linked = true;
        if (str_is(words[at], "=")) bench->expected[bench->event_count] = words[at + 1];
    }
    bench->event_count++;
}

static void commit(struct bench *bench)
{
    struct err err = ERR_INIT;
    assert_true(
        book_transfer(bench->book, bench->events, bench->event_count, bench->statuses, &err));
    for (size_t i = 0; i < bench->event_count; i++) {
        const char *key = book_status_key(bench->statuses[i]);
        if (!str_is(bench->expected[i], key)) {
            print_error("event %zu: expected %.*s, got %s\n", i, STR_ARG(bench->expected[i]), key);
        }
        assert_str_is(bench->expected[i], key);
    }
    bench->event_count = 0;
}

static void check_balance(struct bench *bench, struct str *words)
{
    struct book_account account;
    struct err err = ERR_INIT;
    bool found;
    assert_true(book_account_find(bench->book, words[1], &account, &found, &err));
    assert_int_equal(account.debits_posted, number_of(words[2]));
    assert_int_equal(account.debits_pending, number_of(words[3]));
    assert_int_equal(account.credits_posted, number_of(words[4]));
    assert_int_equal(account.credits_pending, number_of(words[5]));
}

static void reopen(struct bench *bench)
{
    struct err err = ERR_INIT;
    book_close(bench->book);
    assert_true(book_open(&bench->book, &bench->arena, bench->store, &bench->clock, &err));
}

static void do_line(struct bench *bench, struct str line)
{
    struct str words[WORDS_MAX], rest = str_trim(line), word;
    size_t count = 0;
    while (rest.len > 0 && str_split(&rest, ' ', &word)) {
        if (word.len > 0) words[count++] = word;
    }
    if (count == 0) return;
    if (str_is(words[0], "account")) {
        open_named(bench, words, count);
    } else if (str_is(words[0], "commit")) {
        commit(bench);
    } else if (str_is(words[0], "balance")) {
        check_balance(bench, words);
    } else if (str_is(words[0], "time")) {
        bench->clock.fixed_ms = number_of(words[1]);
    } else if (str_is(words[0], "reopen")) {
        reopen(bench);
    } else {
        add_event(bench, words, count);
    }
}

static void check_books(struct bench *bench)
{
    struct book_report report;
    struct err err = ERR_INIT;
    assert_true(book_verify(&bench->arena, bench->store, &report, &err));
    for (size_t i = 0; i < report.finding_count; i++) {
        print_error("verify: %s\n", book_fault_key(report.findings[i].fault));
    }
    assert_int_equal(report.finding_count, 0);
    assert_int_equal(report.debits, report.credits);
}

static void bench_open(struct bench *bench, void **state)
{
    struct err err = ERR_INIT;
    *bench = (struct bench){.store = test_store_fresh(state), .clock = clock_fixed(1000)};
    assert_true(book_migrate(bench->store, &err));
    assert_true(book_open(&bench->book, &bench->arena, bench->store, &bench->clock, &err));
}

static void bench_close(struct bench *bench)
{
    book_close(bench->book);
    store_close(bench->store);
    arena_free(&bench->arena);
}

static const struct {
    const char *name, *text;
} cases[] = {
    {"moves and asks again",
     "account a\n account b\n"
     "post t1 a b 100 = created\n post t1 a b 100 = exists\n post t1 a b 101 = exists_other\n"
     "commit\n balance a 100 0 0 0\n balance b 0 0 100 0\n"
     "reopen\n post t1 a b 100 = exists\n post t1 b a 100 = exists_other\n commit\n"
     "balance a 100 0 0 0"},
    {"refuses what cannot be",
     "account a\n account b\n"
     "post - a b 1 = id\n post x1 a b 0 = amount\n post x2 a b 1000000000000001 = amount\n"
     "post x3 a a 1 = same_account\n post x4 a ? 1 = account\n take x5 nothing 0 = target\n"
     "post x6 a b 5 expires 5000 = expiry\n pending x7 a b 5 expires 1000 = expiry\n"
     "commit\n balance a 0 0 0 0"},
    /* Blnk #181: six payments of 1,000 in flight from a fund of 5,000. */
    {"what is pending counts against a limit",
     "account source\n account fund debits\n account out\n"
     "post in source fund 5000 = created\n"
     "pending p1 fund out 1000 = created\n pending p2 fund out 1000 = created\n"
     "pending p3 fund out 1000 = created\n pending p4 fund out 1000 = created\n"
     "pending p5 fund out 1000 = created\n pending p6 fund out 1000 = exceeds\n"
     "post t1 fund out 1 = exceeds\n commit\n balance fund 0 5000 5000 0\n"
     "void v1 p1 0 = created\n pending p6 fund out 1000 = created\n commit\n"
     "balance fund 0 5000 5000 0"},
    /* Blnk #182: what was rejected is not committed afterwards. */
    {"what is voided is not posted, what is posted not voided",
     "account a\n account b\n"
     "pending p1 a b 10 = created\n pending p2 a b 20 = created\n commit\n"
     "void v1 p1 0 = created\n take t1 p1 0 = voided\n take t2 p2 0 = created\n"
     "void v2 p2 0 = posted\n take t3 p2 0 = posted\n commit\n"
     "balance a 20 0 0 0\n balance b 0 0 20 0"},
    /* Blnk #195: what is in flight in bulk can be committed in bulk. */
    {"many pending ones are posted in one call",
     "account a\n account b\n"
     "pending p1 a b 1 = created\n pending p2 a b 2 = created\n pending p3 a b 3 = created\n"
     "take t1 p1 0 = created\n take t2 p2 0 = created\n take t3 p3 2 = created\n commit\n"
     "balance a 5 0 0 0"},
    /* Blnk #152: a refund cannot be repeated without end. */
    {"corrections never sum to more than was moved",
     "account fund\n account child\n"
     "post t1 fund child 1000 = created\n commit\n"
     "correct c1 t1 400 = created\n correct c1 t1 400 = exists\n correct c2 t1 700 = target_more\n"
     "correct c3 t1 600 = created\n correct c4 t1 1 = target_more\n correct c5 t1 0 = target_more\n"
     "commit\n balance fund 1000 0 1000 0\n balance child 1000 0 1000 0\n"
     "correct c6 c1 400 = created\n commit\n balance fund 1400 0 1000 0"},
    {"part of what is pending is posted, the rest is free",
     "account source\n account fund debits\n account out\n"
     "post in source fund 100 = created\n pending p1 fund out 100 = created\n commit\n"
     "take t1 p1 60 = created\n take t2 p1 40 = posted\n commit\n balance fund 60 0 100 0\n"
     "post t3 fund out 41 = exceeds\n post t4 fund out 40 = created\n commit\n"
     "balance fund 100 0 100 0"},
    {"more than is pending is not posted",
     "account a\n account b\n pending p1 a b 10 = created\n take t1 p1 11 = target_more\n"
     "void v1 p1 5 = target_more\n void v2 p1 10 = created\n commit\n balance a 0 0 0 0"},
    /* Formance stack #1596: a bulk is not committed in part. */
    {"a chain stands or falls together",
     "account source\n account fund debits\n account b\n"
     "post in source fund 10 = created\n commit\n"
     "post c1 fund b 4 linked = chain\n post c2 fund b 4 linked = chain\n"
     "post c3 fund b 4 = exceeds\n post alone fund b 10 = created\n commit\n"
     "balance fund 10 0 10 0\n post c1 fund b 4 linked = exceeds\n post c4 b fund 1 = chain\n"
     "commit"},
    {"a chain asked for again exists",
     "account a\n account b\n"
     "post c1 a b 1 linked = created\n post c2 a b 2 = created\n commit\n"
     "post c1 a b 1 linked = exists\n post c2 a b 2 = exists\n commit\n"
     "post c1 a b 1 linked = exists\n post c3 a b 3 = chain\n commit\n balance a 3 0 0 0"},
    {"a chain without an end is refused",
     "account a\n account b\n post t0 a b 1 = created\n post c1 a b 1 linked = chain\n"
     "post c2 a b 1 linked = chain_open\n commit\n balance a 1 0 0 0"},
    {"ids of a chain that fell can be used",
     "account a\n account b\n post c1 a b 1 linked = chain\n post c2 a b 0 = amount\n"
     "post c1 a b 7 = created\n commit\n balance a 7 0 0 0"},
    /* Formance stack #1633: the same key twice in one call. */
    {"the same id twice in one call",
     "account a\n account b\n post t1 a b 1 = created\n post t1 a b 1 = exists\n"
     "post t1 a b 2 = exists_other\n commit\n balance a 1 0 0 0"},
    {"what expires is free again",
     "account source\n account fund debits\n account b\n"
     "post in source fund 10 = created\n pending p1 fund b 10 expires 2000 = created\n commit\n"
     "time 1999\n post t1 fund b 1 = exceeds\n commit\n time 2000\n take t2 p1 0 = voided\n"
     "post t3 fund b 10 = created\n commit\n balance fund 10 0 10 0"},
    {"a clock set back does not go back",
     "account a\n account b\n time 5000\n pending p1 a b 1 expires 6000 = created\n commit\n"
     "time 10\n take t1 p1 0 = created\n commit\n balance a 1 0 0 0"},
    {"no more comes back than went out",
     "account fund\n account returned credits\n"
     "post t1 returned fund 5 = created\n post t2 fund returned 6 = exceeds\n"
     "post t3 fund returned 5 = created\n commit\n balance returned 5 0 5 0"},
};

static void cases_hold(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench bench;
        struct str rest = str_from(cases[i].text), line;
        print_message("%s\n", cases[i].name);
        bench_open(&bench, state);
        while (str_split(&rest, '\n', &line)) do_line(&bench, line);
        assert_int_equal(bench.event_count, 0);
        check_books(&bench);
        bench_close(&bench);
    }
}

static const struct {
    const char *sql;
    enum book_fault fault;
} tampers[] = {
    {"UPDATE book_transfer SET fen = 11 WHERE number = 2", BOOK_FAULT_CHAIN},
    {"DELETE FROM book_transfer WHERE number = 2", BOOK_FAULT_CHAIN},
    {"DELETE FROM book_transfer WHERE number = 3", BOOK_FAULT_END},
    {"UPDATE book_balance SET debits_posted = debits_posted + 1 WHERE account = 1",
     BOOK_FAULT_BALANCE},
    {"UPDATE book_transfer SET debit = 99 WHERE number = 1", BOOK_FAULT_ACCOUNT},
    {"UPDATE book_account SET flags = 1 WHERE number = 1", BOOK_FAULT_LIMIT},
    {"UPDATE book_seal SET root = zeroblob(32)", BOOK_FAULT_SEAL},
    {"UPDATE book_transfer SET target = (SELECT id FROM book_transfer WHERE number = 1), kind = 2 "
     "WHERE number = 3",
     BOOK_FAULT_TARGET},
};

/* Whoever gets around the triggers is found. */
static void tampering_is_found(void **state)
{
    for (size_t i = 0; i < sizeof tampers / sizeof *tampers; i++) {
        struct bench bench;
        struct err err = ERR_INIT;
        struct book_report report;
        unsigned char root[BOOK_HASH_BYTES];
        int64_t sealed;
        day on;
        bool found = false;
        bench_open(&bench, state);
        struct str rest = STR("account a\n account b\n post t1 a b 5 = created\n"
                              "post t2 a b 6 = created\n post t3 b a 7 = created\n commit"),
                   line;
        while (str_split(&rest, '\n', &line)) do_line(&bench, line);
        assert_true(day_parse(STR("2020-11-25"), &on));
        assert_true(store_begin(bench.store, &err));
        assert_true(book_seal(bench.book, on, &sealed, root, &err));
        assert_true(store_commit(bench.store, &err));
        assert_int_equal(sealed, 3);
        assert_false(store_exec(bench.store, "UPDATE book_transfer SET fen = 1", &err));
        assert_false(store_exec(bench.store, "DELETE FROM book_transfer", &err));
        assert_true(store_exec(bench.store,
                               "DROP TRIGGER book_transfer_no_update;"
                               "DROP TRIGGER book_transfer_no_delete;"
                               "DROP TRIGGER book_account_no_update;"
                               "DROP TRIGGER book_seal_no_update;",
                               &err));
        check_books(&bench);
        assert_true(store_exec_literal(bench.store, tampers[i].sql, &err));
        assert_true(book_verify(&bench.arena, bench.store, &report, &err));
        for (size_t f = 0; f < report.finding_count; f++) {
            found = found || report.findings[f].fault == tampers[i].fault;
        }
        assert_true(found);
        bench_close(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_hold),
        cmocka_unit_test(tampering_is_found),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
