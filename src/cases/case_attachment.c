#include "cases/case_attachment.h"

#include "access/audit.h"
#include "base/file.h"
#include "identity/mask.h"

enum { NAME_BYTES_MAX = 200, HASH_BYTES = 32 };

/* Kinds of files by the end of the name and how their bytes begin. What a colleague opens from a
 * case has to be what it says: a program, or a page with a script, is taken from nobody. */
static const struct kind {
    const char *ending;
    size_t from;
    struct str begins;
} kinds[] = {
    {"pdf", 0, {"%PDF-", 5}},
    {"ofd", 0, {"PK\3\4", 4}},
    {"jpg", 0, {"\xff\xd8\xff", 3}},
    {"jpeg", 0, {"\xff\xd8\xff", 3}},
    {"png", 0, {"\x89PNG\r\n\x1a\n", 8}},
    {"bmp", 0, {"BM", 2}},
    {"tif", 0, {"II*\0", 4}},
    {"tif", 0, {"MM\0*", 4}},
    {"tiff", 0, {"II*\0", 4}},
    {"tiff", 0, {"MM\0*", 4}},
    {"heic", 4, {"ftyp", 4}},
    {"docx", 0, {"PK\3\4", 4}},
    {"xlsx", 0, {"PK\3\4", 4}},
    {"zip", 0, {"PK\3\4", 4}},
    {"doc", 0, {"\xd0\xcf\x11\xe0", 4}},
    {"xls", 0, {"\xd0\xcf\x11\xe0", 4}},
    {"wps", 0, {"\xd0\xcf\x11\xe0", 4}},
    {"et", 0, {"\xd0\xcf\x11\xe0", 4}},
    {"mp3", 0, {"ID3", 3}},
    {"mp3", 0, {"\xff\xfb", 2}},
    {"m4a", 4, {"ftyp", 4}},
    {"mp4", 4, {"ftyp", 4}},
    {"amr", 0, {"#!AMR", 5}},
    {"wav", 0, {"RIFF", 4}},
};

static bool ends_as(struct str name, const char *ending)
{
    struct str end = str_from(ending);
    if (name.len <= end.len + 1 || name.ptr[name.len - end.len - 1] != '.') return false;
    for (size_t i = 0; i < end.len; i++) {
        char c = name.ptr[name.len - end.len + i];
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        if (c != end.ptr[i]) return false;
    }
    return true;
}

static bool check_kind(struct str name, struct str bytes, struct err *err)
{
    bool known = false;
    if (bytes.len == 0) {
        return err_set(err, ERR_INPUT, "\"%.*s\" is empty", "“%.*s”是空文件", STR_ARG(name));
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct kind *kind = &kinds[i];
        if (!ends_as(name, kind->ending)) continue;
        known = true;
        if (bytes.len >= kind->from
            && str_starts(str_slice(bytes, kind->from, bytes.len), kind->begins)) {
            return true;
        }
    }
    if (known) {
        return err_set(err, ERR_INPUT,
                       "\"%.*s\" is not what its name says: its first bytes are of another kind; "
                       "save it again in the program that made it",
                       "“%.*s”的内容与扩展名不符，请在原来的软件里重新保存", STR_ARG(name));
    }
    return err_set(
        err, ERR_INPUT,
        "\"%.*s\" is of a kind that is not taken as proof: PDF, OFD, pictures, Word, "
        "Excel and WPS files, recordings and zip are",
        "附件不收“%.*s”这种文件；可收 PDF、OFD、图片、Word、Excel、WPS 文档、录音录像和 zip",
        STR_ARG(name));
}

bool case_attachment_read(struct arena *arena, const char *path, struct str name,
                          struct case_attachment *out, struct err *err)
{
    out->name = str_trim(name);
    if (out->name.len == 0 || out->name.len > NAME_BYTES_MAX || !utf8_valid(out->name)) {
        return err_set(err, ERR_INPUT, "the name of an attachment has 1 to %d bytes of UTF-8",
                       "附件的文件名应为 1 到 %d 字节的 UTF-8", (int)NAME_BYTES_MAX);
    }
    out->name = mask_people(arena, out->name);
    return file_read(arena, path, CASE_ATTACHMENT_BYTES_MAX, &out->bytes, err)
           && check_kind(out->name, out->bytes, err);
}

static struct str hash_of(struct arena *arena, struct str bytes)
{
    unsigned char sum[HASH_BYTES];
    char *hex = arena_alloc(arena, HASH_BYTES * 2 + 1);
    sm3_hash(bytes, sum);
    hex_of(sum, HASH_BYTES, hex);
    return str_from(hex);
}

void case_attachment_tell(const struct case_attachment *attachment, struct case_fields *fields)
{
    case_fields_add(fields, "file", attachment->name);
    case_fields_add(fields, "file_hash", hash_of(fields->arena, attachment->bytes));
}

static struct str context_of(struct arena *arena, int64_t case_number, int64_t version)
{
    struct text text;
    text_init(&text, arena, 64);
    text_add_f(&text, "case_attachment:%lld:%lld", (long long)case_number, (long long)version);
    return text_str(&text);
}

bool case_attachment_keep(struct store *store, struct codec *codec, int64_t case_number,
                          int64_t version, const struct case_attachment *attachment,
                          struct err *err)
{
    struct arena arena = {0};
    struct store_statement *put = NULL;
    bool good = store_prepare(store, &put,
                              "INSERT INTO case_attachment (case_number, version, bytes, sealed) "
                              "VALUES ($case, $version, $bytes, $sealed)",
                              err);
    if (good) {
        store_bind_i64(put, "$case", case_number);
        store_bind_i64(put, "$version", version);
        store_bind_i64(put, "$bytes", (int64_t)attachment->bytes.len);
        store_bind_blob(
            put, "$sealed",
            codec_seal(codec, &arena, context_of(&arena, case_number, version), attachment->bytes));
        good = store_run(put, err);
    }
    store_finish(put);
    arena_free(&arena);
    return good;
}

bool case_attachment_sizes(const struct casework *work, struct arena *arena,
                           const struct case_file *file, int64_t **bytes, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = true, good;
    *bytes = arena_array(arena, int64_t, file->event_count);
    if (!store_prepare(work->registry->store, &rows,
                       "SELECT version, bytes FROM case_attachment WHERE case_number = $case",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$case", file->number);
    for (;;) {
        good = store_step(rows, &row, err);
        if (!good || !row) break;
        for (size_t i = 0; i < file->event_count; i++) {
            if (file->events[i].version == store_i64(rows, 0)) (*bytes)[i] = store_i64(rows, 1);
        }
    }
    store_finish(rows);
    return good;
}

static bool none(const struct case_file *file, int64_t version, struct err *err)
{
    return err_set(err, ERR_NOT_FOUND, "case %lld keeps no file with event %lld",
                   "案卷 %lld 第 %lld 条没有附件", (long long)file->number, (long long)version);
}

static bool unseal(const struct casework *work, struct arena *arena, const struct case_file *file,
                   int64_t version, struct str *bytes, struct err *err)
{
    struct store_statement *get = NULL;
    bool row = false;
    if (!store_prepare(work->registry->store, &get,
                       "SELECT sealed FROM case_attachment "
                       "WHERE case_number = $case AND version = $version",
                       err)) {
        return false;
    }
    store_bind_i64(get, "$case", file->number);
    store_bind_i64(get, "$version", version);
    bool good = store_step(get, &row, err);
    if (good && !row) good = none(file, version, err);
    good = good
           && codec_unseal(work->registry->codec, arena, context_of(arena, file->number, version),
                           store_str(get, 0), bytes, err);
    store_finish(get);
    return good;
}

static bool audit(const struct casework *work, struct arena *arena, const struct asker *asker,
                  const struct case_file *file, int64_t version, struct err *err)
{
    struct text object;
    text_init(&object, arena, 64);
    text_add_f(&object, "case %lld, file of event %lld", (long long)file->number,
               (long long)version);
    return audit_append(work->registry->store, &work->registry->clock, asker, AUDIT_EXPORT,
                        text_str(&object), STR_EMPTY, err);
}

bool case_attachment_open(const struct casework *work, struct arena *arena,
                          const struct asker *asker, const struct case_file *file, int64_t version,
                          struct case_attachment *out, struct err *err)
{
    const struct case_event *event = NULL;
    for (size_t i = 0; i < file->event_count; i++) {
        if (file->events[i].version == version) event = &file->events[i];
    }
    if (event == NULL || case_event_get(event, "file").len == 0) return none(file, version, err);
    out->name = case_event_get(event, "file");
    if (!unseal(work, arena, file, version, &out->bytes, err)) return false;
    if (!str_equal(hash_of(arena, out->bytes), case_event_get(event, "file_hash"))) {
        return err_set(err, ERR_STORE, "the file of event %lld is not the one that was attached",
                       "第 %lld 条的附件与当时的校验值不符", (long long)version);
    }
    return audit(work, arena, asker, file, version, err);
}

RESEAL_STATEMENT(select_sealed,
                 "SELECT case_number, version, sealed, '' FROM case_attachment WHERE (case_number, "
                 "version) > ($after, $after_b) ORDER BY case_number, version")
RESEAL_STATEMENT(count_sealed, "SELECT count(*) FROM case_attachment WHERE (case_number, version) "
                               "> ($after, $after_b)")
RESEAL_STATEMENT(update_sealed, "UPDATE case_attachment SET sealed = $sealed WHERE case_number = "
                                "$case AND version = $version")

static void bind_sealed(struct store_statement *update, const struct reseal_row *row)
{
    store_bind_i64(update, "$case", row->a);
    store_bind_i64(update, "$version", row->b);
}

static struct str place_of_sealed(struct arena *arena, const struct reseal_row *row,
                                  const void *context)
{
    (void)context;
    return context_of(arena, row->a, row->b);
}

const struct reseal_part case_attachment_reseal = {.name = "case_attachment",
                                                   .two = true,
                                                   .select = select_sealed,
                                                   .count = count_sealed,
                                                   .update = update_sealed,
                                                   .bind = bind_sealed,
                                                   .place = place_of_sealed};
