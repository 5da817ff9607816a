#include "base/file.h"
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* `name` is what the file at `path` will be called once it is whole. */
static bool copy_pages(struct store *store, const char *path, const char *name, struct err *err)
{
    struct store target = {.path = name};
    int code = sqlite3_open_v2(path, &target.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    sqlite3_backup *backup = NULL;
    if (code == SQLITE_OK) {
        backup = sqlite3_backup_init(target.db, "main", store->db, "main");
        /* All pages in one step: a reader's view, which writers do not disturb in WAL mode. */
        code = backup == NULL ? sqlite3_errcode(target.db) : sqlite3_backup_step(backup, -1);
        if (backup != NULL) sqlite3_backup_finish(backup);
    }
    bool done = code == SQLITE_DONE || store_failed(&target, code, err);
    CHECK(sqlite3_close(target.db) == SQLITE_OK);
    return done;
}

static bool sync_file(const char *path, struct err *err)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    int code = errno;
    if (fd >= 0) close(fd);
    if (done) return true;
    errno = code;
    return file_failed(err, "write", "写入", path);
}

/* SQLite would play what a workspace of this name left unfinished over the copy. */
static bool no_journal(struct arena *scratch, const char *path, struct err *err)
{
    struct text name;
    struct stat info;
    text_init(&name, scratch, 4096);
    text_add_f(&name, "%s-wal", path);
    if (stat(str_cstr(scratch, text_str(&name)), &info) != 0 || info.st_size == 0) return true;
    return err_set(err, ERR_CONFLICT,
                   "the journal \"%s-wal\" of another workspace lies there: move it to that "
                   "workspace, or give another name",
                   "那里有另一个工作区的日志“%s-wal”：请移到那个工作区旁边，或另取一个名字", path);
}

bool store_backup(struct store *store, const char *path, struct err *err)
{
    CHECK(store != NULL);
    CHECK(path != NULL);
    if (!store_fault_pass(store, err)) return false;
    if (access(path, F_OK) == 0) {
        return err_set(err, ERR_CONFLICT, "\"%s\" is there already, give another name",
                       "“%s”已存在，请换一个名字", path);
    }
    struct arena scratch = {0};
    struct text name;
    text_init(&name, &scratch, 4096);
    text_add_f(&name, "%s.part", path);
    const char *part = str_cstr(&scratch, text_str(&name));
    bool done = false;
    if (!no_journal(&scratch, path, err)) {
        arena_free(&scratch);
        return false;
    }
    unlink(part);
    int fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        file_failed(err, "write", "写入", path);
        goto out;
    }
    close(fd);
    if (!copy_pages(store, part, path, err) || !sync_file(part, err)) goto out;
    if (rename(part, path) != 0) {
        file_failed(err, "write", "写入", path);
        goto out;
    }
    done = true;
out:
    if (!done) {
        unlink(part);
        text_add_c(&name, "-journal");
        unlink(str_cstr(&scratch, text_str(&name)));
    }
    arena_free(&scratch);
    return done;
}
