#include "base/file.h"

#include "base/list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *reason_zh(int code)
{
    switch (code) {
    case ENOENT: return "没有这个文件或文件夹";
    case EACCES:
    case EPERM: return "没有权限";
    case ENOSPC: return "磁盘已满";
    case EDQUOT: return "磁盘配额已用完";
    case EFBIG: return "超过了系统允许的文件大小";
    case EIO: return "读写出错，磁盘可能已损坏";
    case EROFS: return "只读，不能写入";
    case EISDIR: return "这是一个文件夹";
    case ENOTDIR: return "上级不是文件夹";
    case EEXIST: return "已经存在";
    case EBUSY:
    case ETXTBSY: return "正被别的程序使用";
    case ENAMETOOLONG: return "名称过长";
    case ELOOP: return "链接绕成了圈";
    case EMFILE:
    case ENFILE: return "打开的文件太多";
    case EADDRINUSE: return "这个地址和端口已被占用";
    case EADDRNOTAVAIL: return "本机没有这个地址";
    default: return strerror(code);
    }
}

static void add_reason(char *text, const char *joint, const char *reason)
{
    size_t used = strlen(text);
    snprintf(text + used, ERR_TEXT_MAX - used, "%s%s", joint, reason);
}

bool file_reason(struct err *err, int code)
{
    if (err == NULL || err->kind == ERR_NONE) return false;
    char low[128];
    snprintf(low, sizeof low, "%s", strerror(code));
    if (low[0] >= 'A' && low[0] <= 'Z') low[0] = (char)(low[0] - 'A' + 'a');
    add_reason(err->en, ": ", low);
    add_reason(err->zh, "：", reason_zh(code));
    return false;
}

bool file_failed(struct err *err, const char *en, const char *zh, const char *path)
{
    int code = errno;
    err_set(err, ERR_IO, "could not %s \"%s\"", "无法%s“%s”", en, path);
    if (err != NULL) snprintf(err->zh, sizeof err->zh, "无法%s“%.300s”", zh, path);
    return file_reason(err, code);
}

static bool open_regular(const char *path, int *fd, off_t *size, struct err *err)
{
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0) return file_failed(err, "read", "读取", path);
    struct stat info;
    if (fstat(*fd, &info) != 0) {
        file_failed(err, "read", "读取", path);
        close(*fd);
        return false;
    }
    if (!S_ISREG(info.st_mode)) {
        close(*fd);
        return err_set(err, ERR_IO, "could not read \"%s\": not a regular file",
                       "无法读取“%s”：不是普通文件", path);
    }
    *size = info.st_size;
    return true;
}

bool file_read(struct arena *arena, const char *path, size_t size_max, struct str *out,
               struct err *err)
{
    int fd;
    off_t size;
    if (!open_regular(path, &fd, &size, err)) return false;
    if ((uint64_t)size > size_max) {
        close(fd);
        return err_set(err, ERR_LIMIT, "\"%s\" is larger than the limit of %zu bytes",
                       "“%s”超过了 %zu 字节的上限", path, size_max);
    }
    char *bytes = arena_alloc(arena, (size_t)size + 1);
    size_t done = 0;
    while (done < (size_t)size) {
        ssize_t got = read(fd, bytes + done, (size_t)size - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            file_failed(err, "read", "读取", path);
            close(fd);
            return false;
        }
        if (got == 0) break;
        done += (size_t)got;
    }
    close(fd);
    *out = (struct str){bytes, done};
    return true;
}

bool file_map(const char *path, struct str *out, struct err *err)
{
    int fd;
    off_t size;
    if (!open_regular(path, &fd, &size, err)) return false;
    if (size == 0) {
        close(fd);
        *out = STR_EMPTY;
        return true;
    }
    void *bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED) {
        file_failed(err, "read", "读取", path);
        close(fd);
        return false;
    }
    close(fd);
    *out = (struct str){bytes, (size_t)size};
    return true;
}

void file_unmap(struct str mapped)
{
    if (mapped.ptr == NULL || mapped.len == 0) return;
    CHECK(munmap((void *)(uintptr_t)mapped.ptr, mapped.len) == 0);
}

void file_forget(struct str mapped)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = (uintptr_t)mapped.ptr / page * page;
    uintptr_t end = ((uintptr_t)mapped.ptr + mapped.len) / page * page;
    /* A page that stays is no harm, so what this says does not matter. */
    if (end > from) (void)madvise((void *)from, end - from, MADV_DONTNEED);
}

void file_begin_flush(int fd, uint64_t from, uint64_t size)
{
#ifdef SYNC_FILE_RANGE_WRITE
    /* What fails here fails again when the file is flushed, and is told then. */
    (void)sync_file_range(fd, (off_t)from, (off_t)size, SYNC_FILE_RANGE_WRITE);
#else
    (void)fd;
    (void)from;
    (void)size;
#endif
}

static bool write_all(int fd, struct str content)
{
    while (content.len > 0) {
        ssize_t put = write(fd, content.ptr, content.len);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return false;
        content.ptr += put;
        content.len -= (size_t)put;
    }
    return true;
}

void file_sync_folder(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path);
    if (length >= sizeof folder) return;
    memcpy(folder, path, length);
    folder[length] = '\0';
    int fd = open(slash == NULL ? "." : length == 0 ? "/" : folder, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    (void)fsync(fd);
    close(fd);
}

const char *file_temporary(struct arena *arena, const char *path)
{
    struct text name;
    text_init(&name, arena, strlen(path) + 32);
    text_add_f(&name, "%s.%ld.tmp", path, (long)getpid());
    return name.ptr;
}

/* A folder is left to rename, which refuses it. */
static bool may_be_replaced(const char *path)
{
    struct stat info;
    return stat(path, &info) != 0 || S_ISREG(info.st_mode) || S_ISDIR(info.st_mode);
}

bool file_replace(const char *temporary, const char *path, struct err *err)
{
    if (!may_be_replaced(path)) {
        unlink(temporary);
        return err_set(err, ERR_IO, "could not write \"%s\": not a regular file",
                       "无法写入“%s”：不是普通文件", path);
    }
    int fd = open(temporary, O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    int code = errno;
    if (fd >= 0) close(fd);
    if (done && rename(temporary, path) != 0) {
        done = false;
        code = errno;
    }
    if (!done) {
        unlink(temporary);
        errno = code;
        return file_failed(err, "write", "写入", path);
    }
    /* The rename itself must reach the disk, or a power cut could bring the old name back. */
    file_sync_folder(path);
    return true;
}

bool file_write(const char *path, struct str content, unsigned mode, struct err *err)
{
    struct arena arena = {0};
    const char *temporary = file_temporary(&arena, path);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
    bool done = fd >= 0 && write_all(fd, content);
    int code = errno;
    if (fd >= 0 && close(fd) != 0 && done) {
        done = false;
        code = errno;
    }
    if (done) {
        done = file_replace(temporary, path, err);
    } else {
        if (fd >= 0) unlink(temporary);
        errno = code;
        file_failed(err, "write", "写入", path);
    }
    arena_free(&arena);
    return done;
}

static int compare_names(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

bool file_list(struct arena *arena, const char *folder, struct str **names, size_t *count,
               struct err *err)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) return file_failed(err, "read", "读取", folder);
    LIST(struct str) list = {0};
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.') continue;
        *list_push(arena, &list) = str_copy(arena, str_from(entry->d_name));
    }
    closedir(dir);
    if (list.count > 1) qsort(list.items, list.count, sizeof *list.items, compare_names);
    *names = list.items;
    *count = list.count;
    return true;
}

bool file_make_folder(const char *path, struct err *err)
{
    char part[4096];
    size_t length = strlen(path);
    if (length >= sizeof part) {
        errno = ENAMETOOLONG;
        return file_failed(err, "make", "建立", path);
    }
    memcpy(part, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (part[i] != '/' && part[i] != '\0') continue;
        char saved = part[i];
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return file_failed(err, "make", "建立", part);
        part[i] = saved;
    }
    if (file_is_folder(path)) return true;
    errno = ENOTDIR;
    return file_failed(err, "make", "建立", path);
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool file_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

struct str file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return str_from(slash == NULL ? path : slash + 1);
}
