#include "access/key_file.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { KEY_FILE_BYTES_MAX = 4096, KEY_MARK_BYTES = 8 };

static int nibble(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static bool parse_secret(struct str text, unsigned char secret[CODEC_SECRET_BYTES])
{
    text = str_trim(text);
    if (text.len != 2 * CODEC_SECRET_BYTES) return false;
    for (size_t i = 0; i < CODEC_SECRET_BYTES; i++) {
        int high = nibble(text.ptr[2 * i]), low = nibble(text.ptr[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        secret[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

static bool io_failed(const char *path, int code, struct err *err)
{
    err_set(err, ERR_IO, "could not write the key file \"%s\"", "无法写入密钥文件“%s”", path);
    return file_reason(err, code);
}

static bool write_secret(int fd, const unsigned char *secret)
{
    char line[2 * CODEC_SECRET_BYTES + 2];
    hex_of(secret, CODEC_SECRET_BYTES, line);
    line[2 * CODEC_SECRET_BYTES] = '\n';
    ssize_t length = 2 * CODEC_SECRET_BYTES + 1;
    bool done = write(fd, line, (size_t)length) == length && fsync(fd) == 0;
    OPENSSL_cleanse(line, sizeof line);
    return done;
}

static bool draw_bytes(unsigned char *out, int count, struct err *err)
{
    if (RAND_priv_bytes(out, count) == 1) return true;
    return err_set(err, ERR_IO, "the system gives no random numbers for a key",
                   "系统无法提供生成密钥所需的随机数");
}

/* A name that nobody can have put something under before. */
static bool temporary_name(struct arena *scratch, const char *path, const char **out,
                           struct err *err)
{
    unsigned char mark[KEY_MARK_BYTES];
    char hex[2 * KEY_MARK_BYTES + 1];
    struct text name;
    if (!draw_bytes(mark, sizeof mark, err)) return false;
    hex_of(mark, KEY_MARK_BYTES, hex);
    text_init(&name, scratch, KEY_FILE_BYTES_MAX + 32);
    text_add_f(&name, "%s.%s.tmp", path, hex);
    *out = str_cstr(scratch, text_str(&name));
    return true;
}

/* A fresh secret in a file of its own, flushed. */
static bool write_fresh(struct arena *scratch, const char *path, const char **temporary,
                        unsigned char secret[CODEC_SECRET_BYTES], struct err *err)
{
    if (!temporary_name(scratch, path, temporary, err)) return false;
    if (!draw_bytes(secret, CODEC_SECRET_BYTES, err)) return false;
    int fd = open(*temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return io_failed(path, errno, err);
    bool done = write_secret(fd, secret);
    int code = errno;
    close(fd);
    if (done) return true;
    unlink(*temporary);
    return io_failed(path, code, err);
}

/* Written beside and put in place whole; a key that is there already is never replaced, for with
 * it everything sealed would be lost. */
static bool make_key(struct arena *scratch, const char *path, struct err *err)
{
    const char *temporary = NULL;
    unsigned char secret[CODEC_SECRET_BYTES];
    bool done = write_fresh(scratch, path, &temporary, secret, err);
    OPENSSL_cleanse(secret, sizeof secret);
    if (!done) return false;
    int code = 0;
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) != 0) {
        code = errno;
        done = code == EEXIST; /* another process was first: its key is used */
        /* Some file systems know no exclusive rename. */
        if (code == EINVAL && !file_exists(path)) done = rename(temporary, path) == 0;
    }
    unlink(temporary);
    if (!done) return io_failed(path, code, err);
    file_sync_folder(path);
    return true;
}

static const char *path_of(struct arena *arena, const char *workspace)
{
    struct text name;
    text_init(&name, arena, KEY_FILE_BYTES_MAX);
    text_add_f(&name, "%s.key", workspace);
    return str_cstr(arena, text_str(&name));
}

bool key_file_prepare(struct arena *arena, const char *workspace, struct key_file_next *next,
                      struct err *err)
{
    *next = (struct key_file_next){.path = path_of(arena, workspace)};
    return write_fresh(arena, next->path, &next->temporary, next->secret, err);
}

bool key_file_put(struct key_file_next *next, struct err *err)
{
    CHECK(next->temporary != NULL);
    if (rename(next->temporary, next->path) != 0) return io_failed(next->path, errno, err);
    next->temporary = NULL;
    file_sync_folder(next->path);
    return true;
}

void key_file_forget(struct key_file_next *next)
{
    if (next->temporary != NULL) unlink(next->temporary);
    next->temporary = NULL;
    OPENSSL_cleanse(next->secret, sizeof next->secret);
}

static bool read_key(struct arena *scratch, const char *path,
                     unsigned char secret[CODEC_SECRET_BYTES], struct err *err)
{
    struct str text;
    if (!file_read(scratch, path, KEY_FILE_BYTES_MAX, &text, err)) return false;
    bool done = parse_secret(text, secret);
    OPENSSL_cleanse((void *)(uintptr_t)text.ptr, text.len);
    if (done) return true;
    return err_set(err, ERR_INPUT,
                   "the key file \"%s\" is damaged, put back a copy of it; without it the "
                   "identifying values are lost",
                   "密钥文件“%s”已损坏，请用备份的副本恢复；没有它，身份信息将无法读出", path);
}

bool codec_fresh(struct codec **out, struct err *err)
{
    CHECK(out != NULL);
    unsigned char secret[CODEC_SECRET_BYTES];
    if (!draw_bytes(secret, sizeof secret, err)) return false;
    *out = codec_from_secret(secret);
    OPENSSL_cleanse(secret, sizeof secret);
    return true;
}

bool codec_open(struct codec **out, const char *workspace, bool create, struct err *err)
{
    CHECK(out != NULL);
    CHECK(workspace != NULL);
    struct arena scratch = {0};
    const char *path = path_of(&scratch, workspace);
    unsigned char secret[CODEC_SECRET_BYTES];
    bool done = false;
    if (!file_exists(path) && !create) {
        err_set(err, ERR_STORE,
                "the key file \"%s\" is missing, put it back beside the workspace; without it the "
                "identifying values are lost",
                "缺少密钥文件“%s”，请把它放回工作区旁边；没有它，身份信息将无法读出", path);
        goto out;
    }
    if (!file_exists(path) && !make_key(&scratch, path, err)) goto out;
    if (!read_key(&scratch, path, secret, err)) goto out;
    *out = codec_from_secret(secret);
    OPENSSL_cleanse(secret, sizeof secret);
    done = true;
out:
    arena_free(&scratch);
    return done;
}
