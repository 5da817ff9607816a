#include "store/testing.h"

#include "access/audit.h"
#include "access/data_key.h"

#include <pthread.h>
#include <string.h>

enum { ROTATIONS = 40 };

/* A workspace with one sealed value. */
struct safe {
    struct arena arena;
    const char *path, *key_path;
    struct store *store;
    struct clock clock;
    struct str sealed;
};

static struct codec *open_codec(struct safe *safe, struct err *err)
{
    struct codec *file_key = NULL, *codec = NULL;
    assert_true(codec_open(&file_key, safe->path, false, err));
    return data_key_open(safe->store, file_key, &codec, err) ? codec : NULL;
}

static void open_safe(struct safe *safe, void **state)
{
    struct err err = ERR_INIT;
    struct codec *codec = NULL;
    struct text key;
    *safe = (struct safe){.path = test_path_fresh(state), .clock = clock_fixed(1606262400000)};
    text_init(&key, &safe->arena, 4096);
    text_add_f(&key, "%s.key", safe->path);
    safe->key_path = key.ptr;
    assert_true(store_open(&safe->store, safe->path, STORE_CREATE, &err));
    assert_true(access_migrate(safe->store, &err));
    assert_true(codec_open(&codec, safe->path, true, &err));
    safe->sealed = codec_seal(codec, &safe->arena, STR("here"), STR("62042220120305001X"));
    codec_close(codec);
}

static void close_safe(struct safe *safe)
{
    store_close(safe->store);
    arena_free(&safe->arena);
}

static bool opens(struct safe *safe)
{
    struct err err = ERR_INIT;
    struct str plain;
    struct codec *codec = open_codec(safe, &err);
    if (codec == NULL) return false;
    bool good = codec_unseal(codec, &safe->arena, STR("here"), safe->sealed, &plain, &err)
                && str_is(plain, "62042220120305001X");
    codec_close(codec);
    return good;
}

static bool rotate(struct safe *safe, struct err *err)
{
    struct asker local = asker_local();
    struct codec *codec = open_codec(safe, err);
    assert_non_null(codec);
    bool done = data_key_rotate(safe->store, &safe->clock, &local, safe->path, codec, err);
    codec_close(codec);
    return done;
}

static void what_was_sealed_opens_after_each_rotation(void **state)
{
    struct safe safe;
    struct err err = ERR_INIT;
    struct str keys[4];
    open_safe(&safe, state);
    assert_true(opens(&safe));
    for (size_t i = 0; i < 4; i++) {
        assert_true(file_read(&safe.arena, safe.key_path, 4096, &keys[i], &err));
        for (size_t n = 0; n < i; n++) assert_false(str_equal(keys[i], keys[n]));
        assert_true(rotate(&safe, &err));
        assert_true(opens(&safe));
    }
    /* A copy of an old key file is worth nothing. */
    for (size_t i = 0; i < 4; i++) {
        assert_true(file_write(safe.key_path, keys[i], 0600, &err));
        assert_false(opens(&safe));
    }
    close_safe(&safe);
}

static void a_foreign_key_file_is_told(void **state)
{
    struct safe safe;
    struct err err = ERR_INIT;
    open_safe(&safe, state);
    assert_true(rotate(&safe, &err));
    assert_true(file_write(safe.key_path,
                           STR("000102030405060708090a0b0c0d0e0f"
                               "101112131415161718191a1b1c1d1e1f"),
                           0600, &err));
    assert_null(open_codec(&safe, &err));
    assert_int_equal(err.kind, ERR_STORE);
    assert_non_null(strstr(err.en, "does not belong"));
    close_safe(&safe);
}

/* Whatever fails, the key file that is there opens the workspace, and nothing lies about. */
static void any_call_may_fail(void **state)
{
    bool passed = false;
    uint64_t n = 0;
    while (!passed) {
        struct safe safe;
        struct err err = ERR_INIT;
        open_safe(&safe, state);
        struct asker local = asker_local();
        struct codec *codec = open_codec(&safe, &err);
        store_fault_set(safe.store, ++n);
        passed = data_key_rotate(safe.store, &safe.clock, &local, safe.path, codec, &err);
        bool reached = store_fault_reached(safe.store);
        store_fault_set(safe.store, 0);
        codec_close(codec);
        assert_int_equal(passed, !reached);
        assert_true(opens(&safe));
        assert_true(rotate(&safe, &err));
        assert_true(opens(&safe));
        close_safe(&safe);
    }
    assert_true(n > 8);
}

struct rotating {
    const char *path;
    int done;
};

/* By a program of its own: with a handle of the workspace that is its own. */
static void *rotate_often(void *context)
{
    struct rotating *rotating = context;
    struct err err = ERR_INIT;
    struct codec *file_key = NULL, *codec = NULL;
    struct store *store = NULL;
    const struct clock clock = clock_fixed(1606262400000);
    const struct asker local = asker_local();
    if (!store_open(&store, rotating->path, STORE_WRITE, &err)
        || !codec_open(&file_key, rotating->path, false, &err)
        || !data_key_open(store, file_key, &codec, &err)) {
        fail_msg("%s", err.en);
    }
    for (int i = 0; i < ROTATIONS; i++) {
        err = ERR_INIT;
        rotating->done += data_key_rotate(store, &clock, &local, rotating->path, codec, &err);
    }
    codec_close(codec);
    store_close(store);
    return NULL;
}

/* Whoever is late is refused; what is sealed opens whatever the order of their steps was. */
static void two_rotations_at_once_lose_nothing(void **state)
{
    struct safe safe;
    struct err err = ERR_INIT;
    pthread_t threads[2];
    open_safe(&safe, state);
    assert_true(rotate(&safe, &err));
    struct rotating both[] = {{safe.path, 0}, {safe.path, 0}};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, rotate_often, &both[i]), 0);
    }
    for (int i = 0; i < 2; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_true(both[0].done + both[1].done > 0);
    assert_true(opens(&safe));
    assert_true(rotate(&safe, &err));
    assert_true(opens(&safe));
    close_safe(&safe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sealed_opens_after_each_rotation),
        cmocka_unit_test(a_foreign_key_file_is_told),
        cmocka_unit_test(any_call_may_fail),
        cmocka_unit_test(two_rotations_at_once_lose_nothing),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
