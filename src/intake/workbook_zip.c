#include "intake/workbook_zip.h"

#include "intake/workbook.h"

#include <string.h>
#include <unistd.h>

enum { END_BYTES = 22, END64_LOCATOR_BYTES = 20, END64_BYTES = 56, COMMENT_BYTES_MAX = 65535 };

static uint64_t little(const unsigned char *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = bytes; i-- > 0;) value = value << 8 | at[i];
    return value;
}

static bool read_at(int fd, uint64_t offset, void *buffer, size_t size)
{
    return pread(fd, buffer, size, (off_t)offset) == (ssize_t)size;
}

/* The number of parts that the end of the file states: the library would make a record of each
 * before we could refuse. 0 when there is no end: the library then says so itself. */
static uint64_t stated_parts(int fd, uint64_t size)
{
    unsigned char tail[END_BYTES + COMMENT_BYTES_MAX];
    size_t length = size < sizeof tail ? (size_t)size : sizeof tail;
    if (length < END_BYTES || !read_at(fd, size - length, tail, length)) return 0;
    for (size_t i = length - END_BYTES + 1; i-- > 0;) {
        if (memcmp(tail + i, "PK\5\6", 4) != 0) continue;
        uint64_t parts = little(tail + i + 10, 2);
        unsigned char locator[END64_LOCATOR_BYTES], end[END64_BYTES];
        uint64_t at = size - length + i;
        if (at < sizeof locator || !read_at(fd, at - sizeof locator, locator, sizeof locator)
            || memcmp(locator, "PK\6\7", 4) != 0
            || !read_at(fd, little(locator + 8, 8) & INT64_MAX, end, sizeof end)) {
            return parts;
        }
        uint64_t more = little(end + 32, 8);
        return more > parts ? more : parts;
    }
    return 0;
}

static bool damaged(struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "truncated or damaged: it begins like an xlsx workbook but cannot be unpacked; "
                   "copy or export it again",
                   "文件不完整或已损坏：开头像 xlsx 工作簿，但无法解开，请重新复制或导出");
}

static bool part_failed(int code, struct err *err)
{
    if (code == ZIP_ER_NOPASSWD || code == ZIP_ER_WRONGPASSWD || code == ZIP_ER_ENCRNOTSUPP) {
        return err_set(err, ERR_INPUT, "the file has a password; save it without one",
                       "文件设有密码，请取消密码后另存");
    }
    return damaged(err);
}

bool package_open(struct package *package, int fd, uint64_t size, struct err *err)
{
    if (stated_parts(fd, size) > PACKAGE_PARTS_MAX) {
        return err_set(err, ERR_LIMIT, "a zip bomb: more than %d parts",
                       "压缩炸弹：内含超过 %d 个文件", PACKAGE_PARTS_MAX);
    }
    int copy = dup(fd), code = 0;
    zip_t *zip = copy < 0 ? NULL : zip_fdopen(copy, 0, &code);
    if (zip == NULL) {
        if (copy >= 0) close(copy);
        return part_failed(code, err);
    }
    package->zip = zip;
    return true;
}

void package_close(struct package *package)
{
    if (package->zip != NULL) zip_discard(package->zip);
    package->zip = NULL;
}

static int64_t find(const struct package *package, const char *name)
{
    int64_t index = zip_name_locate(package->zip, name, 0);
    if (index < 0) index = zip_name_locate(package->zip, name, ZIP_FL_NOCASE);
    if (index >= 0) return index;
    char turned[1024];
    size_t length = strlen(name);
    if (length >= sizeof turned) return -1;
    for (size_t i = 0; i <= length; i++) turned[i] = name[i] == '/' ? '\\' : name[i];
    return zip_name_locate(package->zip, turned, ZIP_FL_NOCASE);
}

bool package_has(const struct package *package, const char *name)
{
    return find(package, name) >= 0;
}

bool package_part_open(const struct package *package, const char *name, struct package_part *part,
                       struct err *err)
{
    int64_t index = find(package, name);
    if (index < 0) {
        return err_set(err, ERR_INPUT, "damaged: the part \"%.200s\" is missing from the workbook",
                       "文件已损坏：工作簿中缺少“%.200s”", name);
    }
    zip_stat_t info;
    zip_stat_init(&info);
    if (zip_stat_index(package->zip, (zip_uint64_t)index, 0, &info) != 0) return damaged(err);
    zip_file_t *file = zip_fopen_index(package->zip, (zip_uint64_t)index, 0);
    if (file == NULL) return part_failed(zip_error_code_zip(zip_get_error(package->zip)), err);
    *part = (struct package_part){.file = file};
    if (info.valid & ZIP_STAT_COMP_SIZE) part->packed = info.comp_size;
    if (info.valid & ZIP_STAT_SIZE) part->size = info.size;
    return true;
}

void package_part_close(struct package_part *part)
{
    if (part->file != NULL) zip_fclose(part->file);
    *part = (struct package_part){0};
}

bool package_part_read(struct package_part *part, void *buffer, size_t size, size_t *got,
                       struct err *err)
{
    zip_int64_t count = zip_fread(part->file, buffer, size);
    if (count < 0) return damaged(err);
    part->read += (uint64_t)count;
    bool swollen = part->read > PACKAGE_FREE_BYTES && part->read / PACKAGE_RATIO_MAX > part->packed;
    if (swollen || part->read > WORKBOOK_UNZIPPED_BYTES_MAX) {
        return err_set(err, ERR_LIMIT,
                       "a zip bomb: %llu bytes unpack to more than %llu MB; save the sheet again "
                       "without the empty rows",
                       "压缩炸弹：%llu 字节解开后超过 %llu MB，请删去空行后另存",
                       (unsigned long long)part->packed, (unsigned long long)(part->read >> 20));
    }
    *got = (size_t)count;
    return true;
}
