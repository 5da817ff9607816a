#include "base/clock.h"
#include "base/file.h"
#include "ledger/journal.h"
#include "ledger/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the books cost, beside the least that anybody could do: the same rows, with the same keys
 * and indexes, each batch made durable, by a bare loop of a prepared insert in a second file.
 * Batches of both take turns, so that a slow moment of the machine hits both. Then everything is
 * derived anew from the journal, and the journal is written for hledger and ledger. bench/ledger.py
 * runs it.
 *
 *     ledger_bench FOLDER TRANSFERS      prints one JSON object; leaves FOLDER/books.journal */

enum { ACCOUNTS = 400 };

struct row {
    struct book_transfer transfer;
    char reference[24];
    unsigned char hash[BOOK_HASH_BYTES];
};

struct bench {
    struct arena arena;
    struct store *ours, *bare;
    struct ledger ledger;
    struct clock clock;
    struct store_statement *insert;
    int64_t accounts[ACCOUNTS];
    struct row *rows;
    struct book_transfer *transfers;
    enum book_status *statuses;
    int64_t ours_us, bare_us;
};

static void fail(const struct err *err)
{
    fprintf(stderr, "%s\n", err->en);
    exit(1);
}

static void make_bare(struct bench *bench, struct err *err)
{
    if (!store_exec(
            bench->bare,
            "CREATE TABLE bare (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, kind "
            "INTEGER NOT NULL, linked INTEGER NOT NULL, debit INTEGER NOT NULL, credit "
            "INTEGER NOT NULL, fen INTEGER NOT NULL CHECK (fen > 0), target BLOB, expires_ms "
            "INTEGER NOT NULL, reason TEXT NOT NULL, reference TEXT NOT NULL, at_ms INTEGER "
            "NOT NULL, hash BLOB NOT NULL) STRICT",
            err)
        || !store_exec(bench->bare,
                       "CREATE INDEX bare_target ON bare (target) WHERE target IS NOT NULL", err)
        || !store_exec(bench->bare, "CREATE INDEX bare_debit ON bare (debit)", err)
        || !store_exec(bench->bare, "CREATE INDEX bare_credit ON bare (credit)", err)
        || !store_exec(bench->bare,
                       "CREATE INDEX bare_expires ON bare (expires_ms) WHERE expires_ms > 0", err)
        || !store_prepare(bench->bare, &bench->insert,
                          "INSERT INTO bare VALUES ($number, $id, $kind, $linked, $debit, $credit, "
                          "$fen, $target, $expires_ms, $reason, $reference, $at_ms, $hash)",
                          err)) {
        fail(err);
    }
}

static void open_all(struct bench *bench, const char *folder)
{
    struct err err = ERR_INIT;
    char path[4096];
    snprintf(path, sizeof path, "%s/ours.db", folder);
    bool good = store_open(&bench->ours, path, STORE_CREATE, &err);
    snprintf(path, sizeof path, "%s/bare.db", folder);
    good = good && store_open(&bench->bare, path, STORE_CREATE, &err)
           && ledger_migrate(bench->ours, &err);
    bench->clock = clock_system();
    good =
        good && ledger_open(&bench->ledger, &bench->arena, bench->ours, NULL, &bench->clock, &err);
    for (int i = 0; good && i < ACCOUNTS; i++) {
        snprintf(path, sizeof path, "%s/%d", i % 2 == 0 ? "fund" : "bank", i);
        good = ledger_account(&bench->ledger, str_copy(&bench->arena, str_from(path)).ptr, 0,
                              &bench->accounts[i], &err);
    }
    if (!good) fail(&err);
    make_bare(bench, &err);
    bench->rows = arena_array(&bench->arena, struct row, BOOK_BATCH_MAX);
    bench->transfers = arena_array(&bench->arena, struct book_transfer, BOOK_BATCH_MAX);
    bench->statuses = arena_array(&bench->arena, enum book_status, BOOK_BATCH_MAX);
}

static void make_transfer(struct bench *bench, size_t number, size_t place)
{
    struct row *row = &bench->rows[place];
    char name[32];
    uint64_t mixed = number * UINT64_C(0x9E3779B97F4A7C15);
    int size = snprintf(name, sizeof name, "transfer %zu", number);
    int words = snprintf(row->reference, sizeof row->reference, "line %zu", number);
    row->transfer =
        (struct book_transfer){.id = book_id_of((struct str){name, (size_t)size}),
                               .kind = BOOK_POST,
                               .debit = bench->accounts[2 * ((mixed >> 20) % (ACCOUNTS / 2))],
                               .credit = bench->accounts[2 * ((mixed >> 40) % (ACCOUNTS / 2)) + 1],
                               .fen = (int64_t)(1 + (mixed >> 50)),
                               .reason = STR("pay"),
                               .reference = {row->reference, (size_t)words}};
    bench->transfers[place] = row->transfer;
}

/* The hashes, as the books made them: the bare loop writes the same rows. */
static void read_hashes(struct bench *bench, size_t count, struct err *err)
{
    struct store_statement *read = NULL;
    bool row = false;
    if (!store_prepare(bench->ours, &read,
                       "SELECT number, at_ms, hash FROM book_transfer WHERE number >= $from ORDER "
                       "BY number",
                       err)) {
        fail(err);
    }
    store_bind_i64(read, "$from", bench->transfers[0].number);
    for (size_t i = 0; i < count; i++) {
        if (!store_step(read, &row, err) || !row) fail(err);
        bench->rows[i].transfer.number = store_i64(read, 0);
        bench->rows[i].transfer.at_ms = store_i64(read, 1);
        memcpy(bench->rows[i].hash, store_str(read, 2).ptr, BOOK_HASH_BYTES);
    }
    store_finish(read);
}

static bool insert_bare(struct bench *bench, size_t count, struct err *err)
{
    if (!store_begin(bench->bare, err)) return false;
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &bench->rows[i];
        const struct book_transfer *transfer = &row->transfer;
        struct store_statement *insert = bench->insert;
        store_bind_i64_at(insert, 1, transfer->number);
        store_bind_blob_at(insert, 2,
                           (struct str){(const char *)transfer->id.bytes, BOOK_ID_BYTES});
        store_bind_i64_at(insert, 3, transfer->kind);
        store_bind_i64_at(insert, 4, transfer->linked);
        store_bind_i64_at(insert, 5, transfer->debit);
        store_bind_i64_at(insert, 6, transfer->credit);
        store_bind_i64_at(insert, 7, transfer->fen);
        store_bind_null_at(insert, 8);
        store_bind_i64_at(insert, 9, transfer->expires_ms);
        store_bind_str_at(insert, 10, transfer->reason);
        store_bind_str_at(insert, 11, transfer->reference);
        store_bind_i64_at(insert, 12, transfer->at_ms);
        store_bind_blob_at(insert, 13, (struct str){(const char *)row->hash, BOOK_HASH_BYTES});
        if (!store_run(insert, err)) return false;
    }
    return store_commit(bench->bare, err);
}

static void run_batch(struct bench *bench, size_t from, size_t count)
{
    struct err err = ERR_INIT;
    for (size_t i = 0; i < count; i++) make_transfer(bench, from + i, i);
    int64_t start = clock_elapsed_us();
    if (!book_transfer(bench->ledger.book, bench->transfers, count, bench->statuses, &err)) {
        fail(&err);
    }
    bench->ours_us += clock_elapsed_us() - start;
    for (size_t i = 0; i < count; i++) CHECK(bench->statuses[i] == BOOK_CREATED);
    read_hashes(bench, count, &err);
    start = clock_elapsed_us();
    if (!insert_bare(bench, count, &err)) fail(&err);
    bench->bare_us += clock_elapsed_us() - start;
}

static bool put(void *context, struct str piece, struct err *err)
{
    if (fwrite(piece.ptr, 1, piece.len, context) == piece.len) return true;
    return file_failed(err, "write", "写入", "books.journal");
}

static void write_journal(struct bench *bench, const char *folder)
{
    struct err err = ERR_INIT;
    char path[4096];
    snprintf(path, sizeof path, "%s/books.journal", folder);
    FILE *file = fopen(path, "w");
    if (file == NULL) exit(1);
    if (!journal_write(&bench->ledger, JOURNAL_HLEDGER, put, file, &err)) fail(&err);
    if (fclose(file) != 0) exit(1);
}

/* All balances from the journal alone; the sum of debits is given back. */
static bool add_up(void *context, const struct book_transfer *transfer)
{
    int64_t *sums = context;
    sums[transfer->debit] += transfer->fen;
    sums[transfer->credit] -= transfer->fen;
    return true;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    struct err err = ERR_INIT;
    struct book_report report;
    static int64_t sums[ACCOUNTS + 8];
    if (argc != 3) return 2;
    size_t transfers = strtoul(argv[2], NULL, 10);
    open_all(&bench, argv[1]);
    for (size_t from = 0; from < transfers; from += BOOK_BATCH_MAX) {
        size_t count = transfers - from < BOOK_BATCH_MAX ? transfers - from : BOOK_BATCH_MAX;
        run_batch(&bench, from, count);
    }
    int64_t start = clock_elapsed_us();
    if (!book_walk(bench.ours, 0, 0, add_up, sums, &err)) fail(&err);
    int64_t sum_us = clock_elapsed_us() - start;
    start = clock_elapsed_us();
    if (!book_verify(&bench.arena, bench.ours, &report, &err)) fail(&err);
    int64_t verify_us = clock_elapsed_us() - start;
    CHECK(report.finding_count == 0 && report.transfers == transfers);
    write_journal(&bench, argv[1]);
    printf("{\"transfers\": %zu, \"ours_us\": %lld, \"bare_us\": %lld, \"sum_us\": %lld, "
           "\"verify_us\": %lld, \"balance_of_first\": %lld}\n",
           transfers, (long long)bench.ours_us, (long long)bench.bare_us, (long long)sum_us,
           (long long)verify_us, (long long)sums[bench.accounts[0]]);
    store_finish(bench.insert);
    ledger_close(&bench.ledger);
    store_close(bench.ours);
    store_close(bench.bare);
    arena_free(&bench.arena);
    return 0;
}
