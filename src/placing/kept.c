#include "placing/kept.h"

#include "access/audit.h"
#include "base/asset.h"
#include "base/file.h"
#include "base/list.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const parts[KEPT_PARTS] = {"rules",   "programmes", "applicants",
                                              "choices", "result",     "allotments"};

const char *kept_part_key(enum kept_part part)
{
    return parts[part];
}

bool kept_migrate(struct store *store, struct err *err)
{
    struct str script;
    CHECK(asset_find("src/placing/schema.sql", &script));
    return store_migrate(store, "placing", &script, 1, err);
}

/* What binds a sealed file to its place. */
static struct str context_of_key(struct arena *arena, int64_t number, struct str key)
{
    struct text text;
    text_init(&text, arena, 128);
    text_add_f(&text, "placing_file %lld ", (long long)number);
    text_add(&text, key);
    return text_str(&text);
}

static struct str context_of(struct arena *arena, int64_t number, enum kept_part part)
{
    return context_of_key(arena, number, str_from(parts[part]));
}

static bool add_file(struct store *store, struct codec *codec, int64_t number, enum kept_part part,
                     const char *path, struct err *err)
{
    struct arena arena = {0};
    struct str content;
    struct store_statement *insert = NULL;
    bool done = file_read(&arena, path, KEPT_FILE_BYTES_MAX, &content, err)
                && store_prepare(store, &insert,
                                 "INSERT INTO placing_file (run, part, content) VALUES ($run, "
                                 "$part, $content)",
                                 err);
    if (done) {
        store_bind_i64(insert, "$run", number);
        store_bind_str(insert, "$part", str_from(parts[part]));
        store_bind_blob(insert, "$content",
                        codec_seal(codec, &arena, context_of(&arena, number, part), content));
        done = store_run(insert, err);
    }
    store_finish(insert);
    arena_free(&arena);
    return done;
}

static bool add_run(struct store *store, struct kept_run *run, struct err *err)
{
    struct store_statement *insert;
    if (!store_prepare(store, &insert,
                       "INSERT INTO placing_run (name, area, made_ms, user_name, applicants, "
                       "choices, groups, seats, placed, given, violations) VALUES ($name, $area, "
                       "$made, $user, $applicants, $choices, $groups, $seats, $placed, $given, "
                       "$violations)",
                       err))
        return false;
    store_bind_text(insert, "$name", run->name);
    store_bind_text(insert, "$area", run->area);
    store_bind_i64(insert, "$made", run->made_ms);
    store_bind_text(insert, "$user", run->user_name);
    store_bind_i64(insert, "$applicants", run->applicants);
    store_bind_i64(insert, "$choices", run->choices);
    store_bind_i64(insert, "$groups", run->groups);
    store_bind_i64(insert, "$seats", run->seats);
    store_bind_i64(insert, "$placed", run->placed);
    store_bind_i64(insert, "$given", run->given);
    store_bind_i64(insert, "$violations", run->violations);
    if (!store_run_once(insert, err)) return false;
    run->number = store_last_id(store);
    return true;
}

static bool on_record(struct store *store, const struct clock *clock, const struct asker *asker,
                      enum audit_action action, int64_t number, struct err *err)
{
    struct arena arena = {0};
    struct text object;
    text_init(&object, &arena, 64);
    text_add_f(&object, "placing %lld", (long long)number);
    bool done = audit_append(store, clock, asker, action, text_str(&object), STR(""), err);
    arena_free(&arena);
    return done;
}

bool kept_add(struct store *store, struct codec *codec, const struct clock *clock,
              const struct asker *asker, const char *const paths[KEPT_PARTS], struct kept_run *run,
              struct err *err)
{
    if (run->name.len == 0)
        return err_set(err, ERR_INPUT, "the run has no name", "没有给这次投档起名称");
    if (!asker_sees(asker, run->area))
        return err_set(err, ERR_DENIED, "it takes a user of the whole area of the run",
                       "须由看得到整个范围的用户保存");
    run->made_ms = clock_now_ms(clock);
    run->user_name = asker->name;
    if (!store_begin(store, err)) return false;
    bool done = add_run(store, run, err);
    for (int part = 0; done && part < KEPT_PARTS; part++)
        done = paths[part] == NULL
               || add_file(store, codec, run->number, (enum kept_part)part, paths[part], err);
    done = done && on_record(store, clock, asker, AUDIT_PLACING_KEEP, run->number, err);
    return store_end(store, done, err);
}

/* Whether the asker sees all of the area, or at least a part of it. A school is no part. */
static bool sees(const struct asker *asker, struct str area, bool *whole)
{
    *whole = asker_sees(asker, area);
    if (*whole) return true;
    for (size_t i = 0; i < asker->area_count; i++)
        if (area_covers(area, asker->areas[i])) return true;
    return false;
}

static struct kept_run read_run(struct store_statement *query, struct arena *arena)
{
    return (struct kept_run){.number = store_i64(query, 0),
                             .name = str_copy(arena, store_str(query, 1)),
                             .area = str_copy(arena, store_str(query, 2)),
                             .made_ms = store_i64(query, 3),
                             .user_name = str_copy(arena, store_str(query, 4)),
                             .applicants = store_i64(query, 5),
                             .choices = store_i64(query, 6),
                             .groups = store_i64(query, 7),
                             .seats = store_i64(query, 8),
                             .placed = store_i64(query, 9),
                             .given = store_i64(query, 10) != 0,
                             .violations = store_i64(query, 11)};
}

bool kept_list(struct store *store, struct arena *arena, const struct asker *asker,
               struct kept_run **out, size_t *count, struct err *err)
{
    struct store_statement *query;
    LIST(struct kept_run) runs = {0};
    bool row = false, whole, done;
    if (!store_prepare(store, &query,
                       "SELECT number, name, area, made_ms, user_name, applicants, choices, "
                       "groups, seats, placed, given, violations FROM placing_run WHERE removed_ms "
                       "IS NULL ORDER BY number DESC",
                       err))
        return false;
    while ((done = store_step(query, &row, err)) && row && runs.count < KEPT_RUNS_MAX)
        if (sees(asker, store_str(query, 2), &whole))
            *list_push(arena, &runs) = read_run(query, arena);
    store_finish(query);
    *out = runs.items;
    *count = runs.count;
    return done;
}

static bool find_run(struct store *store, struct arena *arena, const struct asker *asker,
                     int64_t number, struct kept_run *out, bool *whole, struct err *err)
{
    struct kept_run *runs;
    size_t count;
    if (!kept_list(store, arena, asker, &runs, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        if (runs[i].number != number) continue;
        *out = runs[i];
        return sees(asker, out->area, whole);
    }
    return err_set(err, ERR_NOT_FOUND, "there is no kept run %lld", "没有保存的投档 %lld",
                   (long long)number);
}

bool kept_remove(struct store *store, const struct clock *clock, const struct asker *asker,
                 int64_t number, struct err *err)
{
    struct arena arena = {0};
    struct kept_run run;
    struct store_statement *files = NULL, *runs = NULL;
    bool whole = false, done = find_run(store, &arena, asker, number, &run, &whole, err);
    if (done && !whole)
        done = err_set(err, ERR_DENIED, "it takes a user of the whole area of the run",
                       "须由看得到整个范围的用户删除");
    arena_free(&arena);
    if (!done || !store_begin(store, err)) return false;
    done = store_prepare(store, &files, "DELETE FROM placing_file WHERE run = $run", err);
    if (done) store_bind_i64(files, "$run", number);
    done = done && store_run(files, err)
           && store_prepare(store, &runs,
                            "UPDATE placing_run SET removed_ms = $at WHERE number = $run", err);
    if (done) {
        store_bind_i64(runs, "$run", number);
        store_bind_i64(runs, "$at", clock_now_ms(clock));
    }
    done = done && store_run(runs, err)
           && on_record(store, clock, asker, AUDIT_PLACING_REMOVE, number, err);
    store_finish(files);
    store_finish(runs);
    return store_end(store, done, err);
}

/* The content in a file that has no name and no place on disk. */
static bool hold(struct str content, int *handle, char path[KEPT_PATH_BYTES], struct err *err)
{
    *handle = memfd_create("placing", MFD_CLOEXEC);
    for (size_t at = 0; *handle >= 0 && at < content.len;) {
        ssize_t written = write(*handle, content.ptr + at, content.len - at);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return file_failed(err, "write", "写入", "memory");
        at += (size_t)written;
    }
    if (*handle < 0) return file_failed(err, "make", "建立", "memory");
    struct text text;
    struct arena arena = {0};
    text_init(&text, &arena, KEPT_PATH_BYTES - 1);
    text_add_f(&text, "/proc/self/fd/%d", *handle);
    CHECK(!text.cut);
    memcpy(path, text.ptr, text.len + 1);
    arena_free(&arena);
    return true;
}

static bool open_file(struct kept_files *out, struct store *store, struct codec *codec,
                      enum kept_part part, struct err *err)
{
    struct arena arena = {0};
    struct store_statement *query = NULL;
    struct str content;
    int64_t number = out->run.number;
    bool row = false,
         done = store_prepare(store, &query,
                              "SELECT content FROM placing_file WHERE run = $run AND part = $part",
                              err);
    if (done) {
        store_bind_i64(query, "$run", number);
        store_bind_str(query, "$part", str_from(parts[part]));
        done = store_step(query, &row, err);
    }
    out->paths[part][0] = 0;
    bool lacks = done && !row, may_lack = part == KEPT_ALLOTMENTS;
    if (lacks && !may_lack)
        done = err_set(err, ERR_STORE, "the kept run %lld lacks its %s", "保存的投档 %lld 缺少 %s",
                       (long long)number, parts[part]);
    done = done && !lacks
           && codec_unseal(codec, &arena, context_of(&arena, number, part), store_str(query, 0),
                           &content, err)
           && hold(content, &out->handles[part], out->paths[part], err);
    store_finish(query);
    arena_free(&arena);
    return done || (lacks && may_lack);
}

bool kept_open(struct kept_files *out, struct store *store, struct codec *codec,
               struct arena *arena, const struct asker *asker, int64_t number, struct err *err)
{
    for (int part = 0; part < KEPT_PARTS; part++) out->handles[part] = -1;
    if (!find_run(store, arena, asker, number, &out->run, &out->whole, err)) return false;
    for (int part = 0; part < KEPT_PARTS; part++)
        if (!open_file(out, store, codec, (enum kept_part)part, err)) return false;
    return true;
}

void kept_close(struct kept_files *files)
{
    for (int part = 0; part < KEPT_PARTS; part++) {
        if (files->handles[part] >= 0) (void)close(files->handles[part]);
        files->handles[part] = -1;
    }
}

struct place_paths kept_paths(const struct kept_files *files)
{
    const char *allotments = files->paths[KEPT_ALLOTMENTS];
    return (struct place_paths){.rules = files->paths[KEPT_RULES],
                                .programmes = files->paths[KEPT_PROGRAMMES],
                                .applicants = files->paths[KEPT_APPLICANTS],
                                .choices = files->paths[KEPT_CHOICES],
                                .allotments = allotments[0] == 0 ? NULL : allotments};
}

RESEAL_STATEMENT(select_sealed, "SELECT run, 0, content, part FROM placing_file WHERE run > $after "
                                "ORDER BY run, part")
RESEAL_STATEMENT(count_sealed, "SELECT count(*) FROM placing_file WHERE run > $after")
RESEAL_STATEMENT(update_sealed,
                 "UPDATE placing_file SET content = $sealed WHERE run = $run AND part = $part")

static void bind_sealed(struct store_statement *update, const struct reseal_row *row)
{
    store_bind_i64(update, "$run", row->a);
    store_bind_str(update, "$part", row->extra);
}

static struct str place_of_sealed(struct arena *arena, const struct reseal_row *row,
                                  const void *context)
{
    (void)context;
    return context_of_key(arena, row->a, row->extra);
}

const struct reseal_part placing_file_reseal = {.name = "placing_file",
                                                .select = select_sealed,
                                                .count = count_sealed,
                                                .update = update_sealed,
                                                .bind = bind_sealed,
                                                .place = place_of_sealed};
