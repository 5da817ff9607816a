#include "intake/workbook.h"

#include "base/file.h"
#include "intake/workbook_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Blank rows are passed over, but not for ever. */
enum { HEAD_BYTES = 4096, ROWS_SEEN_MAX = 2 * WORKBOOK_ROWS_MAX };

/* Kinds that are recognised only to be named: a Word file called .xlsx, a photo of a list. */
static const struct {
    const char *mark;
    size_t length;
    const char *en, *zh;
} foreign_kinds[] = {
    {"%PDF", 4, "a PDF file", "PDF 文件"},
    {"\x89PNG", 4, "a picture (PNG)", "图片（PNG）"},
    {"\xFF\xD8\xFF", 3, "a picture (JPEG)", "图片（JPEG）"},
    {"GIF8", 4, "a picture (GIF)", "图片（GIF）"},
    {"BM", 2, "a picture (BMP)", "图片（BMP）"},
    {"II*\0", 4, "a picture (TIFF)", "图片（TIFF）"},
    {"Rar!", 4, "a RAR archive", "RAR 压缩包"},
    {"7z\xBC\xAF", 4, "a 7z archive", "7z 压缩包"},
    {"\x1F\x8B", 2, "a gzip archive", "gzip 压缩包"},
    {"BZh", 3, "a bzip2 archive", "bzip2 压缩包"},
    {"\xFD"
     "7zXZ",
     5, "an xz archive", "xz 压缩包"},
    {"{\\rtf", 5, "a rich text document (RTF)", "写字板文档（RTF）"},
    {"SQLite format 3", 15, "an SQLite database", "SQLite 数据库"},
    {"\0\1\0\0Standard ", 13, "an Access database", "Access 数据库"},
    {"MZ", 2, "a program", "程序文件"},
    {"\x7F"
     "ELF",
     4, "a program", "程序文件"},
    {"MIME-Version:", 13, "a web archive (MHT)", "网页存档（MHT）"},
};

bool workbook_read_at(const struct workbook *workbook, uint64_t offset, void *buffer, size_t size,
                      size_t *got, struct err *err)
{
    size_t done = 0;
    while (done < size) {
        ssize_t part =
            pread(workbook->fd, (char *)buffer + done, size - done, (off_t)(offset + done));
        if (part < 0 && errno == EINTR) continue;
        if (part < 0) {
            int code = errno;
            err_set(err, ERR_IO, "could not be read", "无法读取");
            return file_reason(err, code);
        }
        if (part == 0) break;
        done += (size_t)part;
    }
    *got = done;
    return true;
}

static bool open_file(struct workbook *workbook, const char *path, struct err *err)
{
    workbook->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (workbook->fd < 0 && errno == ENOENT) {
        return err_set(err, ERR_IO, "no such file", "没有这个文件");
    }
    if (workbook->fd < 0 && errno == EACCES) {
        return err_set(err, ERR_IO, "no permission to read it", "没有读取权限");
    }
    struct stat info;
    if (workbook->fd < 0 || fstat(workbook->fd, &info) != 0) {
        int code = errno;
        err_set(err, ERR_IO, "could not be opened", "无法打开");
        return file_reason(err, code);
    }
    if (S_ISDIR(info.st_mode)) {
        return err_set(err, ERR_INPUT, "a folder, not a file", "这是文件夹，不是文件");
    }
    if (!S_ISREG(info.st_mode)) {
        return err_set(err, ERR_INPUT, "not a regular file", "不是普通文件");
    }
    if (info.st_size == 0) return err_set(err, ERR_INPUT, "the file is empty", "文件是空的");
    workbook->size = (uint64_t)info.st_size;
    if (workbook->size > WORKBOOK_FILE_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "larger than the limit of %llu MB; split it",
                       "超过 %llu MB 的上限，请拆分",
                       (unsigned long long)(WORKBOOK_FILE_BYTES_MAX >> 20));
    }
    return true;
}

static bool starts(struct str head, const char *mark, size_t length)
{
    return head.len >= length && memcmp(head.ptr, mark, length) == 0;
}

/* Whether the head, with the zero bytes of UTF-16 passed over, begins with `word` in any case. */
static bool starts_word(struct str head, const char *word)
{
    size_t at = 0;
    for (size_t i = 0; word[i] != '\0'; i++, at++) {
        while (at < head.len && head.ptr[at] == '\0') at++;
        if (at >= head.len || (head.ptr[at] | 0x20) != (word[i] | 0x20)) return false;
    }
    return true;
}

/* The text from its first "<" when nothing but blanks and a byte order mark stands before it. */
static struct str markup(struct str head)
{
    size_t at = 0;
    if (starts(head, "\xEF\xBB\xBF", 3)) at = 3;
    if (starts(head, "\xFF\xFE", 2) || starts(head, "\xFE\xFF", 2)) at = 2;
    while (at < head.len && head.ptr[at] != '\0' && strchr(" \t\r\n", head.ptr[at]) != NULL) at++;
    while (at < head.len && head.ptr[at] == '\0') at++;
    if (at < head.len && head.ptr[at] == '<') return str_slice(head, at, head.len);
    return STR_EMPTY;
}

static bool contains_word(struct str text, const char *word)
{
    for (size_t i = 0; i < text.len; i++) {
        if (starts_word(str_slice(text, i, text.len), word)) return true;
    }
    return false;
}

static bool open_markup(struct workbook *workbook, struct str text, struct err *err)
{
    static const char *const words[] = {"<html",   "<table", "<!doctype html", "<head",   "<meta",
                                        "<style",  "<body",  "<div",           "<tr",     "<!--",
                                        "<center", "<p",     "<font",          "<script", "<title"};
    bool xml = starts_word(text, "<?xml");
    if (xml && contains_word(text, "urn:schemas-microsoft-com:office:spreadsheet")
        && !contains_word(text, "<html")) {
        return workbook_open_html(workbook, true, err);
    }
    bool html = xml && (contains_word(text, "<html") || contains_word(text, "<table"));
    for (size_t i = 0; i < sizeof words / sizeof *words && !html; i++) {
        html = starts_word(text, words[i]);
    }
    if (html) return workbook_open_html(workbook, false, err);
    if (xml) return workbook_not_a_table(err, "an XML file", " XML 文件");
    workbook_open_text(workbook);
    return true;
}

/* The first record of an Excel workbook of any version, its length and the kind "sheet" or
 * "workbook". */
static bool is_bare_records(struct str head)
{
    if (head.len < 8 || head.ptr[0] != 0x09 || head.ptr[3] != 0) return false;
    unsigned version = (unsigned char)head.ptr[1], length = (unsigned char)head.ptr[2];
    bool known = version == 0 || version == 2 || version == 4 || version == 8;
    unsigned kind = (unsigned char)head.ptr[6] | (unsigned)(unsigned char)head.ptr[7] << 8;
    return known && length >= 4 && length <= 16 && (kind == 0x0005 || kind == 0x0010);
}

bool workbook_not_a_table(struct err *err, const char *en, const char *zh)
{
    err_set(err, ERR_INPUT, "this is %s, not a table; xlsx, xls and csv are read", "%s", en);
    if (err != NULL) {
        snprintf(err->zh, sizeof err->zh, "这是%s，不是表格；请提供 xlsx、xls 或 csv", zh);
    }
    return false;
}

static bool open_kind(struct workbook *workbook, struct err *err)
{
    char bytes[HEAD_BYTES];
    struct str head = {bytes, 0};
    if (!workbook_read_at(workbook, 0, bytes, sizeof bytes, &head.len, err)) return false;
    if (starts(head, "PK\3\4", 4) || starts(head, "PK\5\6", 4)) {
        return workbook_open_xlsx(workbook, err);
    }
    if (starts(head, "\xD0\xCF\x11\xE0", 4)) return workbook_open_xls(workbook, false, err);
    if (is_bare_records(head)) return workbook_open_xls(workbook, true, err);
    for (size_t i = 0; i < sizeof foreign_kinds / sizeof *foreign_kinds; i++) {
        if (!starts(head, foreign_kinds[i].mark, foreign_kinds[i].length)) continue;
        /* Two letters may also begin a list. */
        if (foreign_kinds[i].length == 2 && memchr(head.ptr, '\0', head.len) == NULL) continue;
        return workbook_not_a_table(err, foreign_kinds[i].en, foreign_kinds[i].zh);
    }
    struct str text = markup(head);
    if (text.len > 0) return open_markup(workbook, text, err);
    workbook_open_text(workbook);
    return true;
}

/* A file in which no sheet has a row says so at once, before anyone looks for a header in it. */
static bool check_rows(struct workbook *workbook, struct err *err)
{
    for (size_t i = 0; i < workbook->sheet_count; i++) {
        struct workbook_row row;
        bool more;
        if (!workbook_sheet(workbook, i, err)) return false;
        if (!workbook_next(workbook, &row, &more, err)) return false;
        if (more) return true;
    }
    if (workbook->sheets[0].name.len > 0) {
        return err_set(err, ERR_INPUT, "no sheet has a row with anything in it",
                       "所有工作表都是空的");
    }
    return err_set(err, ERR_INPUT, "no row with anything in it", "没有任何一行有内容");
}

bool workbook_open(struct workbook **out, const char *path, struct err *err)
{
    CHECK(out != NULL);
    CHECK(path != NULL);
    struct arena arena = {0};
    struct workbook *workbook = arena_new(&arena, struct workbook);
    workbook->arena = arena;
    workbook->fd = -1;
    workbook->path = str_cstr(&workbook->arena, str_from(path));
    if (open_file(workbook, path, err) && open_kind(workbook, err) && check_rows(workbook, err)) {
        *out = workbook;
        return true;
    }
    workbook_release(workbook);
    return false;
}

void workbook_release(struct workbook *workbook)
{
    if (workbook == NULL) return;
    if (workbook->reader != NULL) workbook->reader->close(workbook);
    if (workbook->fd >= 0) close(workbook->fd);
    struct arena arena = workbook->arena;
    arena_free(&arena);
}

struct str workbook_kind(const struct workbook *workbook)
{
    CHECK(workbook != NULL);
    return workbook->kind;
}

size_t workbook_sheet_count(const struct workbook *workbook)
{
    CHECK(workbook != NULL);
    return workbook->sheet_count;
}

struct str workbook_sheet_name(const struct workbook *workbook, size_t sheet)
{
    CHECK(sheet < workbook->sheet_count);
    return workbook->sheets[sheet].name;
}

bool workbook_sheet_hidden(const struct workbook *workbook, size_t sheet)
{
    CHECK(sheet < workbook->sheet_count);
    return workbook->sheets[sheet].hidden;
}

static bool at_sheet(const struct workbook *workbook, size_t sheet, struct err *err)
{
    struct str name = workbook->sheets[sheet].name;
    if (name.len == 0) return false;
    return err_at(err, "sheet \"%.*s\"", "工作表“%.*s”", STR_ARG(name));
}

bool workbook_sheet(struct workbook *workbook, size_t sheet, struct err *err)
{
    CHECK(workbook != NULL);
    CHECK(sheet < workbook->sheet_count);
    workbook->rows = workbook->rows_seen = 0;
    workbook->sheet = sheet;
    if (workbook->reader->start(workbook, sheet, err)) return true;
    return at_sheet(workbook, sheet, err);
}

/* Anything but blanks, ASCII or ideographic. */
static bool says_something(struct str text)
{
    for (size_t i = 0; i < text.len;) {
        if (memchr(" \t\n", text.ptr[i], 3) != NULL)
            i++;
        else if (text.len - i >= 3 && memcmp(text.ptr + i, "\xE3\x80\x80", 3) == 0)
            i += 3;
        else if (text.len - i >= 2 && memcmp(text.ptr + i, "\xC2\xA0", 2) == 0)
            i += 2;
        else
            return true;
    }
    return false;
}

static bool is_blank(const struct workbook_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        if (!row->cells[i].merged && says_something(row->cells[i].text)) return false;
    }
    return true;
}

bool workbook_next(struct workbook *workbook, struct workbook_row *row, bool *more, struct err *err)
{
    CHECK(workbook != NULL);
    struct workbook_row found = {0};
    do {
        if (!workbook->reader->next(workbook, &found, more, err)) {
            return at_sheet(workbook, workbook->sheet, err);
        }
        workbook->rows_seen += *more;
    } while (*more && is_blank(&found) && workbook->rows_seen <= ROWS_SEEN_MAX);
    workbook->rows += *more;
    if (workbook->rows > WORKBOOK_ROWS_MAX || workbook->rows_seen > ROWS_SEEN_MAX) {
        err_set(err, ERR_LIMIT, "more than %d rows; split the file", "超过 %d 行，请拆分文件",
                WORKBOOK_ROWS_MAX);
        return at_sheet(workbook, workbook->sheet, err);
    }
    if (*more) *row = found;
    return true;
}

unsigned workbook_done_permille(const struct workbook *workbook)
{
    CHECK(workbook != NULL);
    return workbook->reader->done_permille(workbook);
}
