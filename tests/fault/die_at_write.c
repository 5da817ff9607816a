/* Each function by its own name, whatever the build says of long files. */
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

/* Put before the C library (LD_PRELOAD): the program is killed at the nth time that it writes to a
 * file, has one flushed, cut or taken away (DIE_AT_WRITE=n); of what it would write then, half is
 * written. At the end of a program that lives, their number is written to the file that
 * DIE_AT_WRITE_COUNT names. Only for programs that write on one thread. */

static unsigned long long count, die_at;

__attribute__((constructor)) static void read_settings(void)
{
    const char *at = getenv("DIE_AT_WRITE");
    die_at = at == NULL ? 0 : strtoull(at, NULL, 10);
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("DIE_AT_WRITE_COUNT");
    FILE *file = path == NULL ? NULL : fopen(path, "w");
    if (file == NULL) return;
    fprintf(file, "%llu\n", count);
    fclose(file);
}

static int is_the_one(void)
{
    count++;
    return count == die_at;
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* The function of the C library. Through an integer: ISO C has no cast of a pointer to an object
 * to one of a function. */
#define NEXT(type, name) ((type)(unsigned long)dlsym(RTLD_NEXT, name))

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    ssize_t (*next)(int, const void *, size_t, off_t) =
        NEXT(ssize_t(*)(int, const void *, size_t, off_t), "pwrite");
    if (is_the_one()) {
        (void)!next(fd, bytes, size / 2, at);
        die();
    }
    return next(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
    ssize_t (*next)(int, const void *, size_t, off64_t) =
        NEXT(ssize_t(*)(int, const void *, size_t, off64_t), "pwrite64");
    if (is_the_one()) {
        (void)!next(fd, bytes, size / 2, at);
        die();
    }
    return next(fd, bytes, size, at);
}

int fdatasync(int fd)
{
    int (*next)(int) = NEXT(int (*)(int), "fdatasync");
    if (is_the_one()) die();
    return next(fd);
}

int fsync(int fd)
{
    int (*next)(int) = NEXT(int (*)(int), "fsync");
    if (is_the_one()) die();
    return next(fd);
}

int ftruncate64(int fd, off64_t size)
{
    int (*next)(int, off64_t) = NEXT(int (*)(int, off64_t), "ftruncate64");
    if (is_the_one()) die();
    return next(fd, size);
}

int unlink(const char *path)
{
    int (*next)(const char *) = NEXT(int (*)(const char *), "unlink");
    if (is_the_one()) die();
    return next(path);
}
