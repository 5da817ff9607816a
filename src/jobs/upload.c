#include "jobs/upload.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { UPLOAD_PATH_BYTES_MAX = 8192, UPLOAD_DEPTH_MAX = 4 };

struct uploads {
    pthread_mutex_t mutex;
    const char *folder;
    int64_t last; /* number given out last */
};

static const char *path_of(struct arena *arena, const char *folder, const char *name)
{
    struct text path;
    text_init(&path, arena, UPLOAD_PATH_BYTES_MAX);
    text_add_f(&path, "%s/%s", folder, name);
    return path.ptr;
}

static bool make_private(const char *path, struct err *err)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST) return true;
    return file_failed(err, "make", "建立", path);
}

/* The largest number that is there: the next goes on from it. */
static int64_t last_number(const char *folder)
{
    int64_t last = 0, number;
    DIR *stream = opendir(folder);
    struct dirent *entry;
    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        if (str_to_i64(str_from(entry->d_name), &number) && number > last) last = number;
    }
    if (stream != NULL) closedir(stream);
    return last;
}

bool uploads_open(struct uploads **out, struct arena *arena, const char *workspace, struct err *err)
{
    struct text folder;
    struct uploads *uploads = arena_new(arena, struct uploads);
    text_init(&folder, arena, UPLOAD_PATH_BYTES_MAX);
    text_add_f(&folder, "%s.uploads", workspace);
    if (!make_private(folder.ptr, err)) return false;
    uploads->folder = folder.ptr;
    uploads->last = last_number(folder.ptr);
    CHECK(pthread_mutex_init(&uploads->mutex, NULL) == 0);
    *out = uploads;
    return true;
}

void uploads_close(struct uploads *uploads)
{
    if (uploads == NULL) return;
    CHECK(pthread_mutex_destroy(&uploads->mutex) == 0);
}

bool upload_begin(struct uploads *uploads, struct arena *arena, int64_t *number,
                  const char **folder, struct err *err)
{
    char name[24];
    CHECK(pthread_mutex_lock(&uploads->mutex) == 0);
    int64_t fresh = ++uploads->last;
    CHECK(pthread_mutex_unlock(&uploads->mutex) == 0);
    snprintf(name, sizeof name, "%lld", (long long)fresh);
    const char *path = path_of(arena, uploads->folder, name);
    if (mkdir(path, 0700) != 0) return file_failed(err, "make", "建立", path);
    *number = fresh;
    *folder = path;
    return true;
}

/* Only what is under the folder, and no deeper than uploads are. */
static void remove_tree(struct arena *arena, const char *path, int depth)
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
    rmdir(path);
}

void upload_discard(struct uploads *uploads, int64_t number)
{
    char name[24];
    struct arena arena = {0};
    snprintf(name, sizeof name, "%lld", (long long)number);
    remove_tree(&arena, path_of(&arena, uploads->folder, name), UPLOAD_DEPTH_MAX);
    arena_free(&arena);
}
