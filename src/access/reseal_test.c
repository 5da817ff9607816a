#include "store/testing.h"

#include "access/audit.h"
#include "access/reseal.h"

#include <string.h>

/* Rows of a table of its own, sealed anew step by step. */

enum { FEW = 10, MANY = 9000, LARGE_BYTES = 4 << 20 };

struct shop {
    struct arena arena;
    struct store *store;
    struct codec *old, *fresh;
};

static struct codec *codec_of(unsigned char first)
{
    unsigned char secret[CODEC_SECRET_BYTES] = {first};
    return codec_from_secret(secret);
}

static struct shop open_shop(void **state)
{
    struct err err = ERR_INIT;
    struct shop shop = {.store = test_store_fresh(state), .old = codec_of(1), .fresh = codec_of(2)};
    assert_true(store_exec(shop.store,
                           "CREATE TABLE thing (a INTEGER, b INTEGER, sealed BLOB, blind BLOB, "
                           "PRIMARY KEY (a, b))",
                           &err));
    return shop;
}

static void close_shop(struct shop *shop)
{
    store_close(shop->store);
    codec_close(shop->old);
    codec_close(shop->fresh);
    arena_free(&shop->arena);
}

RESEAL_STATEMENT(select_by_one, "SELECT a, b, sealed, '' FROM thing WHERE a > $after ORDER BY a, b")
RESEAL_STATEMENT(count_by_one, "SELECT count(*) FROM thing WHERE a > $after")
RESEAL_STATEMENT(select_by_two, "SELECT a, b, sealed, '' FROM thing WHERE (a, b) > ($after, "
                                "$after_b) ORDER BY a, b")
RESEAL_STATEMENT(count_by_two, "SELECT count(*) FROM thing WHERE (a, b) > ($after, $after_b)")
RESEAL_STATEMENT(update_thing,
                 "UPDATE thing SET sealed = $sealed, blind = $blind WHERE a = $a AND b = $b")

static void bind_thing(struct store_statement *update, const struct reseal_row *row)
{
    store_bind_i64(update, "$a", row->a);
    store_bind_i64(update, "$b", row->b);
    store_bind_blob(update, "$blind", (struct str){(const char *)row->blind, sizeof row->blind});
}

static struct str place_at(struct arena *arena, int64_t a, int64_t b)
{
    struct text text;
    text_init(&text, arena, 64);
    text_add_f(&text, "thing %lld %lld", (long long)a, (long long)b);
    return text_str(&text);
}

static struct str place_of(struct arena *arena, const struct reseal_row *row, const void *context)
{
    (void)context;
    return place_at(arena, row->a, row->b);
}

static void index_thing(struct codec *fresh, struct str plain, struct reseal_row *row,
                        const void *context)
{
    (void)context;
    codec_blind(fresh, plain, row->blind);
    row->has_blind = true;
}

static const struct reseal_part by_one = {.name = "one",
                                          .select = select_by_one,
                                          .count = count_by_one,
                                          .update = update_thing,
                                          .bind = bind_thing,
                                          .place = place_of,
                                          .index = index_thing};

static const struct reseal_part by_two = {.name = "two",
                                          .two = true,
                                          .select = select_by_two,
                                          .count = count_by_two,
                                          .update = update_thing,
                                          .bind = bind_thing,
                                          .place = place_of,
                                          .index = index_thing};

static void put(struct shop *shop, struct codec *codec, int64_t a, int64_t b, struct str plain)
{
    struct err err = ERR_INIT;
    struct arena scratch = {0};
    struct store_statement *insert = NULL;
    assert_true(store_prepare(shop->store, &insert,
                              "INSERT INTO thing (a, b, sealed) VALUES ($a, $b, $sealed)", &err));
    store_bind_i64(insert, "$a", a);
    store_bind_i64(insert, "$b", b);
    store_bind_blob(insert, "$sealed",
                    codec == NULL ? plain
                                  : codec_seal(codec, &scratch, place_at(&scratch, a, b), plain));
    assert_true(store_run_once(insert, &err));
    arena_free(&scratch);
}

static uint64_t left(struct shop *shop, const struct reseal_part *part, struct reseal_place after)
{
    struct err err = ERR_INIT;
    uint64_t rows = 0;
    assert_true(reseal_count(shop->store, part, after, &rows, &err));
    return rows;
}

/* All steps of a part; the most rows of one. */
static uint64_t seal_all(struct shop *shop, const struct reseal_part *part, bool checking,
                         uint64_t *rows, uint64_t *damaged)
{
    struct reseal reseal = {
        .store = shop->store, .old = shop->old, .fresh = shop->fresh, .checking = checking};
    struct reseal_step did = {.last = RESEAL_START};
    struct err err = ERR_INIT;
    uint64_t total = left(shop, part, RESEAL_START), most = 0;
    *rows = *damaged = 0;
    do {
        assert_true(store_begin(shop->store, &err));
        assert_true(reseal_step(&reseal, part, did.last, &did, &err));
        assert_true(store_commit(shop->store, &err));
        *rows += did.rows;
        *damaged += did.damaged;
        assert_int_equal(left(shop, part, did.last), total - *rows);
        if (did.rows > most) most = did.rows;
    } while (did.rows > 0);
    return most;
}

/* How many rows the codec opens. */
static uint64_t opened_by(struct shop *shop, struct codec *codec)
{
    struct err err = ERR_INIT;
    struct store_statement *select = NULL;
    uint64_t count = 0;
    bool row;
    assert_true(store_prepare(shop->store, &select, "SELECT a, b, sealed FROM thing", &err));
    while (store_step(select, &row, &err) && row) {
        struct arena scratch = {0};
        struct err ignored = ERR_INIT;
        struct str plain, place = place_at(&scratch, store_i64(select, 0), store_i64(select, 1));
        count += codec_unseal(codec, &scratch, place, store_str(select, 2), &plain, &ignored);
        arena_free(&scratch);
    }
    store_finish(select);
    return count;
}

/* One `a` with very many rows is cut where they are named by both, and kept together else. */
static void steps_go_on_where_the_last_ended(void **state)
{
    static const struct reseal_part *const parts[] = {&by_two, &by_one};
    for (int i = 0; i < 2; i++) {
        struct shop shop = open_shop(state);
        struct err err = ERR_INIT;
        uint64_t rows, damaged;
        assert_true(store_begin(shop.store, &err));
        for (int64_t n = 0; n < FEW; n++) put(&shop, shop.old, n - FEW, 0, STR("few"));
        for (int64_t n = 0; n < MANY; n++) put(&shop, shop.old, 7, n, STR("many"));
        assert_true(store_commit(shop.store, &err));
        uint64_t most = seal_all(&shop, parts[i], false, &rows, &damaged);
        if (parts[i]->two)
            assert_in_range(most, 1, MANY / 2);
        else
            assert_in_range(most, MANY, MANY + FEW);
        assert_int_equal(rows, MANY + FEW);
        assert_int_equal(damaged, 0);
        assert_int_equal(opened_by(&shop, shop.old), 0);
        assert_int_equal(opened_by(&shop, shop.fresh), MANY + FEW);
        close_shop(&shop);
    }
}

static void large_rows_end_a_step_early(void **state)
{
    struct shop shop = open_shop(state);
    uint64_t rows, damaged;
    char *bytes = arena_alloc(&shop.arena, LARGE_BYTES);
    memset(bytes, 'x', LARGE_BYTES);
    for (int64_t n = 0; n < FEW; n++) {
        put(&shop, shop.old, n, 0, (struct str){bytes, LARGE_BYTES});
    }
    assert_in_range(seal_all(&shop, &by_one, false, &rows, &damaged), 1, FEW - 1);
    assert_int_equal(rows, FEW);
    assert_int_equal(opened_by(&shop, shop.fresh), FEW);
    close_shop(&shop);
}

static struct str sealed_of(struct shop *shop, int64_t a)
{
    struct err err = ERR_INIT;
    struct store_statement *select = NULL;
    assert_true(store_prepare(shop->store, &select, "SELECT sealed FROM thing WHERE a = $a", &err));
    store_bind_i64(select, "$a", a);
    assert_true(store_step_row(select, &err));
    struct str sealed = str_copy(&shop->arena, store_str(select, 0));
    store_finish(select);
    return sealed;
}

/* Whichever of both times over: what the fresh key opens stays, what neither opens is counted and
 * stays, what was erased stays. */
static void each_row_is_left_or_sealed_anew(void **state)
{
    for (int checking = 0; checking < 2; checking++) {
        struct shop shop = open_shop(state);
        uint64_t rows, damaged;
        put(&shop, shop.old, 1, 0, STR("old"));
        put(&shop, shop.fresh, 2, 0, STR("fresh"));
        put(&shop, NULL, 3, 0, STR("bytes that nobody opens, of some length"));
        put(&shop, NULL, 4, 0, STR_EMPTY);
        struct str before[] = {sealed_of(&shop, 1), sealed_of(&shop, 2), sealed_of(&shop, 3),
                               sealed_of(&shop, 4)};
        seal_all(&shop, &by_one, checking == 1, &rows, &damaged);
        assert_int_equal(rows, 4);
        assert_int_equal(damaged, 1);
        for (int64_t a = 1; a <= 4; a++) {
            assert_int_equal(str_equal(sealed_of(&shop, a), before[a - 1]), a > 1);
        }
        assert_int_equal(opened_by(&shop, shop.fresh), 2);
        close_shop(&shop);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_go_on_where_the_last_ended),
        cmocka_unit_test(large_rows_end_a_step_early),
        cmocka_unit_test(each_row_is_left_or_sealed_anew),
    };
    return cmocka_run_group_tests(tests, test_folder_make_fast, test_folder_remove);
}
