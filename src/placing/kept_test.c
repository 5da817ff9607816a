#include "store/testing.h"

#include "access/audit.h"
#include "base/file.h"
#include "placing/kept.h"

/* A run is kept whole or not at all, comes back as it came, and opens only for who may see it. */

static const char *const contents[KEPT_PARTS] = {"ties: []\n", "batch\n", "applicant\n1\n",
                                                 "",           "r\n",     "batch,seats\n"};

struct bench {
    struct store *store;
    struct codec *codec;
    struct clock clock;
    const char *paths[KEPT_PARTS];
};

static void set_up(struct bench *bench, void **state)
{
    static const unsigned char secret[CODEC_SECRET_BYTES] = {7};
    struct err err = ERR_INIT;
    *bench = (struct bench){.store = test_store_fresh(state), .codec = codec_from_secret(secret)};
    assert_true(access_migrate(bench->store, &err));
    assert_true(kept_migrate(bench->store, &err));
    for (int part = 0; part < KEPT_PARTS; part++) {
        bench->paths[part] = test_path(state, kept_part_key((enum kept_part)part));
        assert_true(file_write(bench->paths[part], str_from(contents[part]), 0600, &err));
    }
}

static void take_down(struct bench *bench)
{
    codec_close(bench->codec);
    store_close(bench->store);
}

static bool keep(struct bench *bench, const struct asker *asker, struct kept_run *run,
                 struct err *err)
{
    *run = (struct kept_run){.name = STR("2020"), .area = STR("620400"), .applicants = 3};
    return kept_add(bench->store, bench->codec, &bench->clock, asker, bench->paths, run, err);
}

static size_t count_runs(struct bench *bench, const struct asker *asker)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct kept_run *runs;
    size_t count;
    assert_true(kept_list(bench->store, &arena, asker, &runs, &count, &err));
    arena_free(&arena);
    return count;
}

static void test_comes_back(void **state)
{
    struct bench bench;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct kept_run run;
    struct kept_files files;
    struct asker local = asker_local();
    set_up(&bench, state);
    assert_true(keep(&bench, &local, &run, &err));
    assert_true(kept_open(&files, bench.store, bench.codec, &arena, &local, run.number, &err));
    assert_true(files.whole);
    assert_int_equal(files.run.applicants, 3);
    for (int part = 0; part < KEPT_PARTS; part++) {
        struct str read;
        assert_true(file_read(&arena, files.paths[part], 1000, &read, &err));
        assert_true(str_is(read, contents[part]));
    }
    assert_string_equal(kept_paths(&files).allotments, files.paths[KEPT_ALLOTMENTS]);
    kept_close(&files);
    assert_true(kept_remove(bench.store, &bench.clock, &local, run.number, &err));
    bench.paths[KEPT_ALLOTMENTS] = NULL;
    assert_true(keep(&bench, &local, &run, &err));
    assert_true(kept_open(&files, bench.store, bench.codec, &arena, &local, run.number, &err));
    assert_null(kept_paths(&files).allotments);
    kept_close(&files);
    assert_true(kept_remove(bench.store, &bench.clock, &local, run.number, &err));
    assert_int_equal(count_runs(&bench, &local), 0);
    assert_false(kept_open(&files, bench.store, bench.codec, &arena, &local, run.number, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    kept_close(&files);
    arena_free(&arena);
    take_down(&bench);
}

static void test_who_sees_it(void **state)
{
    struct bench bench;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct kept_run run;
    struct kept_files files;
    struct asker city = asker_local(), county, other, school;
    city.all_areas = false;
    county = other = school = city;
    city.areas[city.area_count++] = STR("620400");
    county.areas[county.area_count++] = STR("620422");
    other.areas[other.area_count++] = STR("620500");
    school.school = STR("2162900001");
    set_up(&bench, state);
    assert_false(keep(&bench, &county, &run, &err));
    assert_int_equal(err.kind, ERR_DENIED);
    assert_true(keep(&bench, &city, &run, &err));
    assert_int_equal(count_runs(&bench, &county), 1);
    assert_int_equal(count_runs(&bench, &other), 0);
    assert_int_equal(count_runs(&bench, &school), 0);
    assert_true(kept_open(&files, bench.store, bench.codec, &arena, &county, run.number, &err));
    assert_false(files.whole);
    kept_close(&files);
    assert_false(kept_remove(bench.store, &bench.clock, &county, run.number, &err));
    assert_int_equal(err.kind, ERR_DENIED);
    assert_false(kept_open(&files, bench.store, bench.codec, &arena, &other, run.number, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    kept_close(&files);
    arena_free(&arena);
    take_down(&bench);
}

/* The nth call of the store fails: nothing is there, and once more it works. */
static void test_faults(void **state)
{
    struct bench bench;
    struct kept_run run;
    struct asker local = asker_local();
    bool kept = false, removed = false;
    set_up(&bench, state);
    for (uint64_t nth = 1; !kept; nth++) {
        struct err err = ERR_INIT;
        store_fault_set(bench.store, nth);
        kept = keep(&bench, &local, &run, &err);
        store_fault_set(bench.store, 0);
        assert_int_equal(count_runs(&bench, &local), kept ? 1 : 0);
    }
    for (uint64_t nth = 1; !removed; nth++) {
        struct err err = ERR_INIT;
        store_fault_set(bench.store, nth);
        removed = kept_remove(bench.store, &bench.clock, &local, run.number, &err);
        store_fault_set(bench.store, 0);
        assert_int_equal(count_runs(&bench, &local), removed ? 0 : 1);
    }
    take_down(&bench);
}

/* A file of one run does not open as that of another, and none under another key. */
static void test_is_sealed(void **state)
{
    static const unsigned char secret[CODEC_SECRET_BYTES] = {8};
    struct bench bench;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct kept_run run;
    struct kept_files files;
    struct asker local = asker_local();
    set_up(&bench, state);
    assert_true(keep(&bench, &local, &run, &err));
    assert_true(store_exec(bench.store,
                           "UPDATE placing_file SET content = (SELECT content FROM placing_file "
                           "WHERE part = 'rules') WHERE part = 'result'",
                           &err));
    assert_false(kept_open(&files, bench.store, bench.codec, &arena, &local, run.number, &err));
    kept_close(&files);
    codec_close(bench.codec);
    bench.codec = codec_from_secret(secret);
    assert_false(kept_open(&files, bench.store, bench.codec, &arena, &local, run.number, &err));
    kept_close(&files);
    arena_free(&arena);
    take_down(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comes_back),
        cmocka_unit_test(test_who_sees_it),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_is_sealed),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
