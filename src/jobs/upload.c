#include "base/file.h"
#include "base/thread.h"
#include "jobs/upload_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { UPLOAD_PATH_BYTES_MAX = 8192, UPLOAD_DEPTH_MAX = 4 };

static const char *path_of(struct arena *arena, const char *folder, const char *name)
{
    struct text path;
    text_init(&path, arena, UPLOAD_PATH_BYTES_MAX);
    text_add_f(&path, "%s/%s", folder, name);
    return path.ptr;
}

static const char *folder_of(struct arena *arena, const struct uploads *uploads, int64_t number)
{
    char name[24];
    snprintf(name, sizeof name, "%lld", (long long)number);
    return path_of(arena, uploads->folder, name);
}

static void remove_tree(struct arena *arena, const char *path, int depth);

/* What is inside a folder, no deeper than uploads are. */
static void empty_folder(struct arena *arena, const char *path, int depth)
{
    DIR *stream = depth == 0 ? NULL : opendir(path);
    struct dirent *entry;
    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        struct str name = str_from(entry->d_name);
        if (str_is(name, ".") || str_is(name, "..")) continue;
        const char *inner = path_of(arena, path, entry->d_name);
        struct stat status;
        if (lstat(inner, &status) != 0) continue;
        if (S_ISDIR(status.st_mode))
            remove_tree(arena, inner, depth - 1);
        else
            unlink(inner);
    }
    if (stream != NULL) closedir(stream);
}

/* And the folder. */
static void remove_tree(struct arena *arena, const char *path, int depth)
{
    empty_folder(arena, path, depth);
    rmdir(path);
}

/* Made where it is not there, and held for as long as this server runs: another one on the same
 * workspace would throw away what waits here. */
static bool hold_folder(const char *path, int *out, struct err *err)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST) return file_failed(err, "make", "建立", path);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return file_failed(err, "open", "打开", path);
    if (flock(folder, LOCK_EX | LOCK_NB) == 0) {
        *out = folder;
        return true;
    }
    close(folder);
    return err_set(err, ERR_CONFLICT, "another baoxue serve runs on this workspace: end it first",
                   "这个工作区已有一个 baoxue serve 在运行，请先结束它");
}

bool uploads_open(struct uploads **out, struct arena *arena, const struct workspace *base,
                  struct tasks *tasks, struct snapshot_hub *hub, struct err *err)
{
    struct text folder;
    struct arena scratch = {0};
    struct uploads *uploads = arena_new(arena, struct uploads);
    text_init(&folder, arena, UPLOAD_PATH_BYTES_MAX);
    text_add_f(&folder, "%s.uploads", base->path);
    if (!hold_folder(folder.ptr, &uploads->held, err)) return false;
    /* What a program that ended left behind belongs to nobody any more. */
    empty_folder(&scratch, folder.ptr, UPLOAD_DEPTH_MAX);
    arena_free(&scratch);
    uploads->folder = folder.ptr;
    uploads->base = base;
    uploads->tasks = tasks;
    uploads->hub = hub;
    CHECK(pthread_mutex_init(&uploads->mutex, NULL) == 0);
    *out = uploads;
    return true;
}

static void forget(struct stored_upload *stored)
{
    for (size_t i = 0; i < stored->view.file_count; i++) arena_free(&stored->looks[i]);
    struct arena arena = stored->arena;
    arena_free(&arena);
}

void uploads_close(struct uploads *uploads)
{
    if (uploads == NULL) return;
    struct arena scratch = {0};
    while (uploads->first != NULL) {
        struct stored_upload *stored = uploads->first;
        uploads->first = stored->next;
        forget(stored);
    }
    remove_tree(&scratch, uploads->folder, UPLOAD_DEPTH_MAX);
    arena_free(&scratch);
    close(uploads->held);
    CHECK(pthread_mutex_destroy(&uploads->mutex) == 0);
}

struct stored_upload *uploads_find(struct uploads *uploads, int64_t number)
{
    struct stored_upload *stored = uploads->first;
    while (stored != NULL && stored->view.number != number) stored = stored->next;
    return stored;
}

void upload_discard(struct uploads *uploads, int64_t number)
{
    struct arena scratch = {0};
    thread_lock(&uploads->mutex);
    struct stored_upload **at = &uploads->first;
    while (*at != NULL && (*at)->view.number != number) at = &(*at)->next;
    struct stored_upload *stored = *at;
    if (stored != NULL) {
        *at = stored->next;
        uploads->count--;
        forget(stored);
    }
    thread_unlock(&uploads->mutex);
    remove_tree(&scratch, folder_of(&scratch, uploads, number), UPLOAD_DEPTH_MAX);
    arena_free(&scratch);
}

/* One that is too old, or 0. */
static int64_t find_expired(struct uploads *uploads)
{
    int64_t found = 0, now_ms = clock_now_ms(&uploads->base->clock);
    thread_lock(&uploads->mutex);
    for (struct stored_upload *at = uploads->first; at != NULL && found == 0; at = at->next) {
        if (now_ms - at->made_ms > UPLOAD_LIFE_MS) found = at->view.number;
    }
    thread_unlock(&uploads->mutex);
    return found;
}

bool upload_begin(struct uploads *uploads, struct arena *arena, int64_t *number,
                  const char **folder, struct err *err)
{
    int64_t expired;
    while ((expired = find_expired(uploads)) != 0) upload_discard(uploads, expired);
    thread_lock(&uploads->mutex);
    int64_t fresh = ++uploads->last;
    thread_unlock(&uploads->mutex);
    const char *path = folder_of(arena, uploads, fresh);
    if (mkdir(path, 0700) != 0) return file_failed(err, "make", "建立", path);
    *number = fresh;
    *folder = path;
    return true;
}

/* Two files of one name come from two folders: the second is called "NAME (2)". */
static struct str unique_name(struct arena *arena, const struct upload *upload, size_t count,
                              struct str name)
{
    struct str tried = name;
    for (int copy = 2;; copy++) {
        bool taken = false;
        for (size_t i = 0; i < count; i++) taken = taken || str_equal(upload->files[i].name, tried);
        if (!taken) return str_copy(arena, tried);
        struct text text;
        text_init(&text, arena, 1024);
        text_add_f(&text, "%.*s (%d)", STR_ARG(name), copy);
        tried = text_str(&text);
    }
}

static struct stored_upload *store(const struct uploads *uploads, const struct asker *asker,
                                   int64_t number, const struct upload_file *files, size_t count,
                                   const struct upload_wish *wish)
{
    struct arena arena = {0};
    struct stored_upload *stored = arena_new(&arena, struct stored_upload);
    stored->asker = asker_copy(&arena, asker);
    stored->wish = (struct upload_wish){
        .as = str_copy(&arena, wish->as), .area = str_copy(&arena, wish->area), .at = wish->at};
    stored->made_ms = clock_now_ms(&uploads->base->clock);
    stored->view.number = number;
    stored->view.owner = stored->asker.name;
    stored->view.files = arena_array(&arena, struct upload_file, count);
    stored->corrections = arena_array(&arena, struct upload_corrections, count);
    stored->looks = arena_array(&arena, struct arena, count);
    for (size_t i = 0; i < count; i++) {
        stored->view.files[i] =
            (struct upload_file){.name = unique_name(&arena, &stored->view, i, files[i].name),
                                 .path = str_cstr(&arena, str_from(files[i].path))};
        stored->corrections[i].as = stored->wish.as;
    }
    stored->view.file_count = count;
    stored->arena = arena;
    return stored;
}

/* Under the lock. */
static bool has_room(const struct uploads *uploads, struct str owner, struct err *err)
{
    size_t own = 0;
    for (const struct stored_upload *at = uploads->first; at != NULL; at = at->next) {
        own += str_equal(at->view.owner, owner);
    }
    if (own < UPLOADS_OF_ONE_MAX && uploads->count < UPLOADS_MAX) return true;
    return err_set(err, ERR_LIMIT,
                   "too many uploads wait to be imported, import or throw away some first",
                   "待导入的上传过多，请先导入或放弃一些");
}

bool upload_keep(struct uploads *uploads, const struct asker *asker, int64_t number,
                 const struct upload_file *files, size_t count, const struct upload_wish *wish,
                 int64_t *task, struct err *err)
{
    CHECK(count > 0);
    thread_lock(&uploads->mutex);
    bool room = has_room(uploads, asker->name, err);
    if (room) {
        struct stored_upload *stored = store(uploads, asker, number, files, count, wish);
        stored->next = uploads->first;
        uploads->first = stored;
        uploads->count++;
    }
    thread_unlock(&uploads->mutex);
    return room && upload_look_start(uploads, number, SIZE_MAX, task, err);
}

static bool same_rights(const struct asker *a, const struct asker *b)
{
    bool same = a->all_areas == b->all_areas && a->capabilities == b->capabilities
                && a->area_count == b->area_count && str_equal(a->school, b->school);
    for (size_t i = 0; same && i < a->area_count; i++) same = str_equal(a->areas[i], b->areas[i]);
    return same;
}

/* Under the lock: the asker's upload, which is read and imported by the rights that they have now,
 * not by those of when they sent it. */
static bool find_own(struct uploads *uploads, const struct asker *asker, int64_t number,
                     struct stored_upload **out, struct err *err)
{
    struct stored_upload *stored = uploads_find(uploads, number);
    if (stored == NULL || !str_equal(stored->view.owner, asker->name)) {
        return err_set(err, ERR_NOT_FOUND, "there is no upload %lld", "没有上传 %lld",
                       (long long)number);
    }
    if (!same_rights(&stored->asker, asker)) stored->asker = asker_copy(&stored->arena, asker);
    *out = stored;
    return true;
}

bool upload_visit(struct uploads *uploads, const struct asker *asker, int64_t number,
                  void (*visit)(void *context, const struct upload *upload), void *context,
                  struct err *err)
{
    struct stored_upload *stored = NULL;
    thread_lock(&uploads->mutex);
    bool found = find_own(uploads, asker, number, &stored, err);
    if (found) visit(context, &stored->view);
    thread_unlock(&uploads->mutex);
    return found;
}

static bool find_file(const struct stored_upload *stored, struct str name, size_t *file,
                      struct err *err)
{
    for (size_t i = 0; i < stored->view.file_count; i++) {
        const struct upload_file *at = &stored->view.files[i];
        if (!str_equal(at->name, name)) continue;
        if (at->imported) {
            return err_set(err, ERR_CONFLICT, "this file is imported already", "这份文件已经导入");
        }
        if (!at->looked) {
            return err_set(err, ERR_CONFLICT, "this file is still being read, wait a moment",
                           "这份文件还在读取，请稍候");
        }
        *file = i;
        return true;
    }
    return err_set(err, ERR_NOT_FOUND, "there is no such file in the upload", "上传中没有这份文件");
}

static bool find_sheet(const struct upload_file *file, struct str name,
                       const struct upload_sheet **out, struct err *err)
{
    for (size_t i = 0; i < file->look.sheet_count; i++) {
        if (!str_equal(file->look.sheets[i].name, name)) continue;
        *out = &file->look.sheets[i];
        return true;
    }
    return err_set(err, ERR_NOT_FOUND, "there is no such sheet in the file",
                   "文件中没有这张工作表");
}

static bool check_key(const struct uploads *uploads, struct str as, struct str field,
                      struct err *err)
{
    const struct profiles *profiles = &uploads->base->profiles;
    struct arena scratch = {0};
    bool known = field.len == 0;
    const struct profile *profile = as.len == 0 ? NULL : profile_find(profiles, as);
    for (size_t i = 0; !known && i < profiles->count; i++) {
        if (profile != NULL && profile != &profiles->items[i]) continue;
        known = profile_field_number(&profiles->items[i], str_cstr(&scratch, field)) >= 0;
    }
    arena_free(&scratch);
    if (as.len > 0 && profile == NULL)
        return err_set(err, ERR_USAGE, "there is no such register", "没有这个名册");
    return known || err_set(err, ERR_USAGE, "the register has no such field", "名册没有这个字段");
}

/* One correction of a column; a later one of the same column takes its place. */
static bool put_column(struct stored_upload *stored, struct upload_corrections *corrections,
                       const struct upload_sheet *sheet, const struct intake_column *column,
                       struct err *err)
{
    struct intake_column *at = NULL;
    if (column->place >= sheet->column_count)
        return err_set(err, ERR_NOT_FOUND, "there is no such column", "没有这一列");
    for (size_t i = 0; i < corrections->columns.count; i++) {
        struct intake_column *old = &corrections->columns.items[i];
        if (old->place == column->place && str_equal(old->sheet, sheet->name)) at = old;
    }
    if (at == NULL && corrections->columns.count == UPLOAD_COLUMNS_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d columns were corrected in this file",
                       "这份文件更正的列超过 %d 个", (int)UPLOAD_COLUMNS_MAX);
    }
    if (at == NULL) at = list_push(&stored->arena, &corrections->columns);
    *at = (struct intake_column){
        .sheet = str_copy(&stored->arena, sheet->name),
        .place = column->place,
        .heading = str_copy(&stored->arena, sheet->columns[column->place].heading),
        .field = str_copy(&stored->arena, column->field)};
    return true;
}

/* Under the lock. */
static bool correct_map_of(struct uploads *uploads, struct stored_upload *stored,
                           const struct upload_map *map, size_t *file, struct err *err)
{
    const struct upload_sheet *sheet = NULL;
    if (!find_file(stored, map->file, file, err)
        || !find_sheet(&stored->view.files[*file], map->sheet, &sheet, err)) {
        return false;
    }
    struct upload_corrections *corrections = &stored->corrections[*file];
    struct str as = map->as.len > 0 ? map->as : corrections->as;
    if (!check_key(uploads, as, STR_EMPTY, err)) return false;
    for (size_t i = 0; i < map->column_count; i++) {
        if (!check_key(uploads, as, map->columns[i].field, err)) return false;
    }
    for (size_t i = 0; i < map->column_count; i++) {
        if (!put_column(stored, corrections, sheet, &map->columns[i], err)) return false;
    }
    if (map->as.len > 0) corrections->as = str_copy(&stored->arena, map->as);
    return true;
}

bool upload_correct_map(struct uploads *uploads, const struct asker *asker, int64_t number,
                        const struct upload_map *map, int64_t *task, struct err *err)
{
    struct stored_upload *stored = NULL;
    size_t file = 0;
    thread_lock(&uploads->mutex);
    bool done = find_own(uploads, asker, number, &stored, err)
                && correct_map_of(uploads, stored, map, &file, err);
    thread_unlock(&uploads->mutex);
    return done && upload_look_start(uploads, number, file, task, err);
}

/* Under the lock. */
static bool correct_cell_of(struct stored_upload *stored, const struct upload_cell *cell,
                            size_t *file, struct err *err)
{
    const struct upload_sheet *sheet = NULL;
    if (!find_file(stored, cell->file, file, err)
        || !find_sheet(&stored->view.files[*file], cell->sheet, &sheet, err)) {
        return false;
    }
    if (cell->place >= sheet->column_count || cell->row <= sheet->header_row)
        return err_set(err, ERR_NOT_FOUND, "there is no such cell", "没有这个单元格");
    struct upload_corrections *corrections = &stored->corrections[*file];
    struct intake_fix *at = NULL;
    for (size_t i = 0; i < corrections->fixes.count; i++) {
        struct intake_fix *old = &corrections->fixes.items[i];
        if (old->row == cell->row && old->place == cell->place
            && str_equal(old->sheet, cell->sheet)) {
            at = old;
        }
    }
    if (at == NULL && corrections->fixes.count == UPLOAD_FIXES_MAX) {
        return err_set(err, ERR_LIMIT,
                       "more than %d cells were corrected in this file, correct the file itself",
                       "这份文件更正的单元格超过 %d 个，请改好文件再上传", (int)UPLOAD_FIXES_MAX);
    }
    if (at == NULL) at = list_push(&stored->arena, &corrections->fixes);
    *at = (struct intake_fix){.sheet = str_copy(&stored->arena, cell->sheet),
                              .row = cell->row,
                              .place = cell->place,
                              .value = str_copy(&stored->arena, cell->value)};
    return true;
}

bool upload_correct_cell(struct uploads *uploads, const struct asker *asker, int64_t number,
                         const struct upload_cell *cell, int64_t *task, struct err *err)
{
    struct stored_upload *stored = NULL;
    size_t file = 0;
    thread_lock(&uploads->mutex);
    bool done =
        find_own(uploads, asker, number, &stored, err) && correct_cell_of(stored, cell, &file, err);
    thread_unlock(&uploads->mutex);
    return done && upload_look_start(uploads, number, file, task, err);
}

bool upload_source(struct uploads *uploads, const struct asker *asker, int64_t number,
                   struct str file, struct arena *arena, const char **path,
                   struct intake_options *options, struct err *err)
{
    struct stored_upload *stored = NULL;
    size_t at = 0;
    thread_lock(&uploads->mutex);
    bool found =
        find_own(uploads, asker, number, &stored, err) && find_file(stored, file, &at, err);
    if (found) {
        *path = str_cstr(arena, str_from(stored->view.files[at].path));
        upload_options(options, arena, stored, at);
    }
    thread_unlock(&uploads->mutex);
    return found;
}
