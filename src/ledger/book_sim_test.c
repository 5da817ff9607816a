#include "base/testing.h"

#include "base/rng.h"
#include "ledger/verify.h"
#include "store/testing.h"

#include <stdio.h>
#include <stdlib.h>

/* Random calls against a naive model that keeps every transfer in a list and sums it up anew for
 * each question; store calls that fail, clocks that jump, a second program that writes, calls
 * repeated after a failure. The seed is printed; BAOXUE_TEST_LONG makes it longer. */

enum {
    ACCOUNTS = 8,
    NAMES = 400, /* ids are drawn from these, so that they meet again */
    CALL_MAX = 12,
    MODEL_MAX = 200000,
    STEPS = 140, /* calls to one book */
    BOOKS_SHORT = 15,
    BOOKS_LONG = 600,
};

struct kept {
    struct book_transfer transfer;
    bool alive;
};

/* The model: what was created, in order. */
struct model {
    struct kept *items;
    size_t count;
    unsigned flags[ACCOUNTS + 1];
    int64_t last_ms;
};

struct sim {
    struct arena arena;
    struct store *stores[2];
    struct book *books[2];
    struct clock clock;
    struct rng rng;
    struct model model;
    uint64_t created, refused, failed;
};

static struct book_id name_id(uint32_t number)
{
    char text[16];
    snprintf(text, sizeof text, "t%u", number);
    return book_id_of(str_from(text));
}

static bool same_id(struct book_id a, struct book_id b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static const struct book_transfer *model_find(const struct model *model, struct book_id id)
{
    for (size_t i = 0; i < model->count; i++) {
        if (same_id(model->items[i].transfer.id, id)) return &model->items[i].transfer;
    }
    return NULL;
}

/* What was done to a transfer by later ones. */
static void model_effects(const struct model *model, struct book_id id, bool *posted, bool *voided,
                          int64_t *corrected)
{
    *posted = *voided = false;
    *corrected = 0;
    for (size_t i = 0; i < model->count; i++) {
        const struct book_transfer *transfer = &model->items[i].transfer;
        if (book_id_is_none(transfer->target) || !same_id(transfer->target, id)) continue;
        if (transfer->kind == BOOK_POST_PENDING) *posted = true;
        if (transfer->kind == BOOK_VOID_PENDING) *voided = true;
        if (transfer->kind == BOOK_CORRECT) *corrected += transfer->fen;
    }
}

/* Four sums of an account from all transfers. */
static void model_balance(const struct model *model, int64_t account, int64_t out[4])
{
    memset(out, 0, 4 * sizeof *out);
    for (size_t i = 0; i < model->count; i++) {
        const struct book_transfer *transfer = &model->items[i].transfer;
        bool posted, voided,
            moves = transfer->kind != BOOK_PENDING && transfer->kind != BOOK_VOID_PENDING;
        int64_t corrected;
        model_effects(model, transfer->id, &posted, &voided, &corrected);
        bool reserves = transfer->kind == BOOK_PENDING && !posted && !voided;
        if (transfer->debit == account) out[moves ? 0 : 1] += moves || reserves ? transfer->fen : 0;
        if (transfer->credit == account) {
            out[moves ? 2 : 3] += moves || reserves ? transfer->fen : 0;
        }
    }
}

static bool model_is_below(const struct model *model, int64_t account)
{
    int64_t sums[4];
    model_balance(model, account, sums);
    unsigned flags = model->flags[account];
    return ((flags & BOOK_DEBITS_WITHIN_CREDITS) != 0 && sums[0] + sums[1] > sums[2])
           || ((flags & BOOK_CREDITS_WITHIN_DEBITS) != 0 && sums[2] + sums[3] > sums[0]);
}

static void model_add(struct model *model, const struct book_transfer *transfer)
{
    CHECK(model->count < MODEL_MAX);
    model->items[model->count++].transfer = *transfer;
}

/* Would this transfer be created now? If so it is added. Only yes or no: which reason is said is
 * the business of the cases by hand. */
static bool model_ask(struct model *model, struct book_transfer asked, int64_t now_ms, bool sweep)
{
    bool named = asked.kind >= BOOK_POST_PENDING;
    if (asked.fen < 0 || (!named && asked.fen == 0)) return false;
    if (asked.expires_ms != 0 && (asked.kind != BOOK_PENDING || asked.expires_ms <= now_ms)) {
        return false;
    }
    if (named) {
        bool posted, voided;
        int64_t corrected;
        const struct book_transfer *target = model_find(model, asked.target);
        if (target == NULL) return false;
        model_effects(model, asked.target, &posted, &voided, &corrected);
        bool correct = asked.kind == BOOK_CORRECT, reserves = target->kind == BOOK_PENDING;
        bool moves = !reserves && target->kind != BOOK_VOID_PENDING;
        if (correct ? !moves : !reserves || posted || voided) return false;
        bool expired = target->expires_ms != 0 && target->expires_ms <= now_ms;
        if (!correct && expired && !sweep) return false;
        int64_t left = target->fen - corrected;
        if (left == 0 || asked.fen > left) return false;
        if (asked.kind == BOOK_VOID_PENDING && asked.fen != 0 && asked.fen != left) return false;
        if (asked.fen == 0) asked.fen = left;
        asked.debit = correct ? target->credit : target->debit;
        asked.credit = correct ? target->debit : target->credit;
    }
    if (asked.debit == asked.credit) return false;
    bool frees = asked.kind == BOOK_POST_PENDING || asked.kind == BOOK_VOID_PENDING;
    model_add(model, &asked);
    bool below =
        !frees && (model_is_below(model, asked.debit) || model_is_below(model, asked.credit));
    if (below) model->count--;
    return !below;
}

static void model_sweep(struct model *model, int64_t now_ms)
{
    size_t count = model->count;
    for (size_t i = 0; i < count; i++) {
        const struct book_transfer *transfer = &model->items[i].transfer;
        if (transfer->kind != BOOK_PENDING || transfer->expires_ms == 0) continue;
        if (transfer->expires_ms > now_ms) continue;
        struct book_transfer expiry = {.kind = BOOK_VOID_PENDING, .target = transfer->id};
        char name[6 + BOOK_ID_BYTES] = "expire";
        memcpy(name + 6, transfer->id.bytes, BOOK_ID_BYTES);
        expiry.id = book_id_of((struct str){name, sizeof name});
        if (model_find(model, expiry.id) == NULL) model_ask(model, expiry, now_ms, true);
    }
}

/* A whole call as the model sees it: which of its transfers are created. */
static void model_call(struct model *model, const struct book_transfer *asked, size_t count,
                       int64_t now_ms, bool *created)
{
    if (now_ms < model->last_ms) now_ms = model->last_ms;
    size_t before_all = model->count;
    model_sweep(model, now_ms);
    for (size_t i = 0; i < count;) {
        size_t end = i, before = model->count, fresh = 0;
        bool open = false;
        do {
            bool there = model_find(model, asked[end].id) != NULL;
            created[end] =
                !there && fresh == end - i && model_ask(model, asked[end], now_ms, false);
            fresh += created[end];
            open = asked[end].linked;
        } while (asked[end++].linked && end < count);
        if (open || fresh != end - i) {
            model->count = before;
            for (size_t e = i; e < end; e++) created[e] = false;
        }
        i = end;
    }
    if (model->count > before_all) model->last_ms = now_ms;
}

static struct book_transfer draw(struct sim *sim, bool last)
{
    struct rng *rng = &sim->rng;
    struct book_transfer asked = {.id = name_id(rng_below(rng, NAMES)),
                                  .kind = (enum book_kind)rng_below(rng, BOOK_CORRECT + 1),
                                  .fen = rng_below(rng, 40),
                                  .linked = !last && rng_below(rng, 8) == 0,
                                  .reason = STR("sim")};
    if (asked.kind >= BOOK_POST_PENDING) {
        asked.target = name_id(rng_below(rng, NAMES));
        if (rng_below(rng, 2) == 0) asked.fen = 0;
        return asked;
    }
    asked.debit = 1 + rng_below(rng, ACCOUNTS);
    asked.credit = 1 + rng_below(rng, ACCOUNTS);
    if (asked.kind == BOOK_PENDING && rng_below(rng, 3) == 0) {
        asked.expires_ms = sim->clock.fixed_ms + rng_below(rng, 3000);
    }
    return asked;
}

/* The ids are few, so most would be asked for again with other fields, which the model does not
 * look into: these are drawn anew as what is there. */
static void draw_call(struct sim *sim, struct book_transfer *asked, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        asked[i] = draw(sim, i + 1 == count && rng_below(&sim->rng, 20) != 0);
        const struct book_transfer *there = model_find(&sim->model, asked[i].id);
        bool again = there != NULL && rng_below(&sim->rng, 3) == 0;
        if (again) {
            asked[i] = *there;
        } else if (there != NULL) {
            char fresh[32];
            snprintf(fresh, sizeof fresh, "f%llu", (unsigned long long)rng_next(&sim->rng));
            asked[i].id = book_id_of(str_from(fresh));
        }
        for (size_t j = 0; j < i; j++) {
            if (!same_id(asked[j].id, asked[i].id)) continue;
            asked[i].id = book_id_of((struct str){(const char *)asked[i].id.bytes, 15});
        }
    }
}

static void check_balances(struct sim *sim, struct book *book)
{
    for (int64_t account = 1; account <= ACCOUNTS; account++) {
        int64_t sums[4];
        bool found;
        struct book_account there;
        struct err err = ERR_INIT;
        model_balance(&sim->model, account, sums);
        assert_true(book_account_read(book, account, &there, &found, &err));
        assert_true(found);
        assert_int_equal(there.debits_posted, sums[0]);
        assert_int_equal(there.debits_pending, sums[1]);
        assert_int_equal(there.credits_posted, sums[2]);
        assert_int_equal(there.credits_pending, sums[3]);
    }
}

static void step(struct sim *sim)
{
    struct book_transfer asked[CALL_MAX], given[CALL_MAX];
    enum book_status statuses[CALL_MAX];
    bool created[CALL_MAX];
    size_t count = 1 + rng_below(&sim->rng, CALL_MAX), who = rng_below(&sim->rng, 2);
    struct err err = ERR_INIT;
    bool done = false;
    if (rng_below(&sim->rng, 50) == 0) sim->clock.fixed_ms -= rng_below(&sim->rng, 5000);
    sim->clock.fixed_ms += rng_below(&sim->rng, 400);
    draw_call(sim, asked, count);
    memcpy(given, asked, sizeof given);
    if (rng_below(&sim->rng, 8) == 0) {
        store_fault_set(sim->stores[who], 1 + rng_below(&sim->rng, 40));
        done = book_transfer(sim->books[who], given, count, statuses, &err);
        store_fault_set(sim->stores[who], 0);
        sim->failed += !done;
    }
    if (!done) {
        memcpy(given, asked, sizeof given);
        assert_true(book_transfer(sim->books[who], given, count, statuses, &err));
    }
    model_call(&sim->model, asked, count, sim->clock.fixed_ms, created);
    for (size_t i = 0; i < count; i++) {
        bool ours = statuses[i] == BOOK_CREATED;
        if (ours != created[i]) print_error("%s\n", book_status_key(statuses[i]));
        assert_true(ours == created[i]);
        sim->created += statuses[i] == BOOK_CREATED;
        sim->refused += statuses[i] > BOOK_EXISTS;
    }
    check_balances(sim, sim->books[who]);
}

static void open_all(struct sim *sim, void **state)
{
    struct err err = ERR_INIT;
    const char *path = test_path_fresh(state);
    sim->model.items = arena_array(&sim->arena, struct kept, MODEL_MAX);
    sim->clock = clock_fixed(1000000);
    for (int i = 0; i < 2; i++) {
        assert_true(store_open(&sim->stores[i], path, STORE_CREATE, &err));
        assert_true(book_migrate(sim->stores[i], &err));
        assert_true(book_open(&sim->books[i], &sim->arena, sim->stores[i], &sim->clock, &err));
    }
    for (unsigned a = 1; a <= ACCOUNTS; a++) {
        char code[8];
        snprintf(code, sizeof code, "a%u", a);
        struct book_account account = {
            .id = book_id_of(str_from(code)), .code = str_from(code), .flags = a <= 2 ? a : 0};
        assert_true(book_account_open(sim->books[0], &account, &err));
        assert_int_equal(account.number, a);
        sim->model.flags[a] = account.flags;
    }
}

static void random_calls_agree_with_the_model(void **state)
{
    struct sim sim = {0};
    struct err err = ERR_INIT;
    struct book_report report;
    bool is_long = getenv("BAOXUE_TEST_LONG") != NULL;
    uint64_t seed = is_long ? 20201125 : 1;
    sim.rng = rng_seed(seed);
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int round = 0; round < (is_long ? BOOKS_LONG : BOOKS_SHORT); round++) {
        open_all(&sim, state);
        sim.model.count = 0;
        sim.model.last_ms = 0;
        for (int i = 0; i < STEPS; i++) {
            step(&sim);
            if (i % 40 != 0) continue;
            assert_true(book_verify(&sim.arena, sim.stores[0], &report, &err));
            assert_int_equal(report.finding_count, 0);
            assert_int_equal(report.transfers, sim.model.count);
        }
        for (int i = 0; i < 2; i++) {
            book_close(sim.books[i]);
            store_close(sim.stores[i]);
        }
        arena_reset(&sim.arena);
    }
    print_message("%llu created, %llu refused, %llu calls failed and were asked again\n",
                  (unsigned long long)sim.created, (unsigned long long)sim.refused,
                  (unsigned long long)sim.failed);
    assert_true(sim.created > 1000);
    assert_true(sim.refused > 1000);
    assert_true(sim.failed > 10);
    arena_free(&sim.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_calls_agree_with_the_model)};
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
