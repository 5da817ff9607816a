#include "web/receive.h"

#include "base/file.h"
#include "base/list.h"
#include "web/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PARSER_BYTES = 64 * 1024 };

struct receive {
    struct arena *arena;
    const char *folder;
    struct MHD_PostProcessor *parser;
    LIST(struct receive_file) files;
    LIST(struct receive_field) fields;
    struct text field; /* value of the last field, while it comes */
    int file;          /* -1: none open */
    uint64_t bytes;    /* of all files */
    bool failed, broken;
    struct err err;
};

static bool is_allowed(uint32_t code)
{
    if (code < 0x20 || code == 0x7F || code == 0xFFFD) return false;
    return code > 0x7F || strchr("/\\:*?\"<>|", (int)code) == NULL;
}

struct str receive_name(struct arena *arena, struct str written)
{
    struct text text;
    text_init(&text, arena, WEB_FILE_NAME_BYTES_MAX);
    size_t at = 0, from = 0;
    uint32_t code;
    for (size_t i = 0; i < written.len; i++) {
        if (written.ptr[i] == '/' || written.ptr[i] == '\\') from = i + 1;
    }
    struct str name = str_trim(str_slice(written, from, written.len));
    while (utf8_next(name, &at, &code)) {
        bool leading = text.len == 0 && (code == '.' || code == '~' || code == '-' || code == ' ');
        if (!leading) text_add_code(&text, is_allowed(code) ? code : '_');
    }
    /* A name too long is cut between characters; its ending says little, since kinds are told by
     * content. */
    return text.len == 0 ? STR("file") : text_str(&text);
}

static bool fail(struct receive *receive)
{
    receive->failed = true;
    return false;
}

static void close_file(struct receive *receive)
{
    if (receive->file < 0) return;
    if (close(receive->file) != 0 && !receive->failed) {
        file_failed(&receive->err, "write", "写入",
                    receive->files.items[receive->files.count - 1].path);
        fail(receive);
    }
    receive->file = -1;
}

static bool open_file(struct receive *receive, struct str written)
{
    struct text path;
    close_file(receive);
    if (receive->files.count == WEB_UPLOAD_FILES_MAX) {
        err_set(&receive->err, ERR_LIMIT, "more than %d files at once, send them in parts",
                "一次上传的文件超过 %d 个，请分批上传", (int)WEB_UPLOAD_FILES_MAX);
        return fail(receive);
    }
    struct receive_file *file = list_push(receive->arena, &receive->files);
    file->name = receive_name(receive->arena, written);
    text_init(&path, receive->arena, 8192);
    text_add_f(&path, "%s/%zu", receive->folder, receive->files.count);
    if (mkdir(path.ptr, 0700) != 0 && errno != EEXIST) {
        file_failed(&receive->err, "make", "建立", path.ptr);
        return fail(receive);
    }
    text_add_byte(&path, '/');
    text_add(&path, file->name);
    file->path = path.ptr;
    receive->file = open(path.ptr, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (receive->file >= 0) return true;
    file_failed(&receive->err, "write", "写入", path.ptr);
    return fail(receive);
}

static bool write_piece(struct receive *receive, const char *data, size_t size)
{
    struct receive_file *file = &receive->files.items[receive->files.count - 1];
    receive->bytes += size;
    if (receive->bytes > WEB_UPLOAD_BYTES_MAX) {
        err_set(&receive->err, ERR_LIMIT, "the files are larger than %llu MB together",
                "文件合计超过 %llu MB", (unsigned long long)(WEB_UPLOAD_BYTES_MAX >> 20));
        return fail(receive);
    }
    file->bytes += size;
    while (size > 0) {
        ssize_t written = write(receive->file, data, size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            file_failed(&receive->err, "write", "写入", file->path);
            return fail(receive);
        }
        data += written;
        size -= (size_t)written;
    }
    return true;
}

static bool take_field(struct receive *receive, const char *key, const char *data, uint64_t offset,
                       size_t size)
{
    close_file(receive);
    if (offset == 0) {
        if (receive->fields.count == WEB_UPLOAD_FIELDS_MAX) {
            err_set(&receive->err, ERR_LIMIT, "the form has more than %d fields", "表单超过 %d 项",
                    (int)WEB_UPLOAD_FIELDS_MAX);
            return fail(receive);
        }
        list_push(receive->arena, &receive->fields)->name =
            str_copy(receive->arena, str_from(key == NULL ? "" : key));
        text_init(&receive->field, receive->arena, WEB_UPLOAD_FIELD_BYTES_MAX);
    }
    if (size > 0) text_add(&receive->field, (struct str){data, size});
    if (receive->field.cut) {
        err_set(&receive->err, ERR_LIMIT, "a field of the form is longer than %d bytes",
                "表单中有一项超过 %d 字节", (int)WEB_UPLOAD_FIELD_BYTES_MAX);
        return fail(receive);
    }
    receive->fields.items[receive->fields.count - 1].value = text_str(&receive->field);
    return true;
}

static enum MHD_Result take_part(void *context, enum MHD_ValueKind kind, const char *key,
                                 const char *file_name, const char *content_type,
                                 const char *transfer_encoding, const char *data, uint64_t offset,
                                 size_t size)
{
    struct receive *receive = context;
    (void)kind;
    (void)content_type;
    (void)transfer_encoding;
    if (receive->failed) return MHD_NO;
    bool good;
    if (file_name == NULL) {
        good = take_field(receive, key, data, offset, size);
    } else {
        good = offset > 0 || open_file(receive, str_from(file_name));
        if (good && size > 0) good = write_piece(receive, data, size);
    }
    return good ? MHD_YES : MHD_NO;
}

struct receive *receive_begin(struct arena *arena, struct MHD_Connection *connection,
                              const char *folder)
{
    struct receive *receive = arena_new(arena, struct receive);
    receive->arena = arena;
    receive->folder = folder;
    receive->file = -1;
    receive->err = ERR_INIT;
    receive->parser = MHD_create_post_processor(connection, PARSER_BYTES, take_part, receive);
    return receive->parser == NULL ? NULL : receive;
}

void receive_take(struct receive *receive, const char *data, size_t size)
{
    if (receive->failed || receive->broken) return;
    if (MHD_post_process(receive->parser, data, size) != MHD_YES && !receive->failed) {
        receive->broken = true;
    }
}

void receive_abandon(struct receive *receive)
{
    if (receive == NULL || receive->parser == NULL) return;
    MHD_destroy_post_processor(receive->parser);
    receive->parser = NULL;
    close_file(receive);
}

bool receive_end(struct receive *receive, struct receive_file **files, size_t *file_count,
                 struct receive_field **fields, size_t *field_count, struct err *err)
{
    CHECK(receive->parser != NULL);
    bool whole = MHD_destroy_post_processor(receive->parser) == MHD_YES && !receive->broken;
    receive->parser = NULL;
    close_file(receive);
    if (receive->failed) {
        if (err != NULL) *err = receive->err;
        return false;
    }
    if (!whole) {
        return err_set(err, ERR_INPUT, "the form was cut off or is not well formed",
                       "表单不完整或格式不正确");
    }
    if (receive->files.count == 0) {
        return err_set(err, ERR_INPUT, "no file came with the request", "请求中没有文件");
    }
    *files = receive->files.items;
    *file_count = receive->files.count;
    *fields = receive->fields.items;
    *field_count = receive->fields.count;
    return true;
}
