#include "cases/case_sheet.h"

#include <string.h>

/* What stands in a seal, in this order; a later program that adds something takes another one. */
enum { SEAL_FIELDS = 8 + SHEET_FIXED_COUNT, SEAL_BYTES_MAX = 1 << 14, WORKSPACE_BYTES = 8 };

static const char separator = '\x1f';

static const struct str context = {"case sheet", sizeof "case sheet" - 1};

static const struct {
    const char *zh, *en;
} headings[SHEET_COLUMN_COUNT] = {
    [SHEET_CASE] = {"案卷", "case"},
    [SHEET_NAME] = {"姓名", "name"},
    [SHEET_ID_NUMBER] = {"证件号码", "ID number"},
    [SHEET_SCHOOL] = {"学校", "school"},
    [SHEET_AREA] = {"区划", "area"},
    [SHEET_STATE] = {"状态", "status"},
    [SHEET_STEP] = {"待办", "step owed"},
    [SHEET_OWES] = {"责任人", "by whom"},
    [SHEET_DUE] = {"期限", "due"},
    [SHEET_OVERDUE] = {"逾期天数", "days overdue"},
    [SHEET_DAY] = {"联系日期", "day"},
    [SHEET_WAY] = {"方式", "way"},
    [SHEET_WHO] = {"见了谁", "who was met"},
    [SHEET_SAID] = {"说了什么", "what was said"},
    [SHEET_RESULT] = {"联系结果", "result"},
    [SHEET_OUTCOME] = {"核查结果", "outcome"},
    [SHEET_EVIDENCE] = {"佐证", "evidence"},
    [SHEET_NOTE] = {"备注", "note"},
    [SHEET_SEAL] = {"签章", "seal"},
};

const char *case_sheet_heading(enum case_sheet_column column, enum lang lang)
{
    CHECK((int)column >= 0 && column < SHEET_COLUMN_COUNT);
    return lang == LANG_ZH ? headings[column].zh : headings[column].en;
}

struct str case_sheet_choice(struct arena *arena, const struct procedure_word *word)
{
    struct text text;
    text_init(&text, arena, word->zh.len + word->en.len + 2);
    text_add(&text, word->zh);
    text_add_c(&text, " ");
    text_add(&text, word->en);
    return text_str(&text);
}

struct str case_sheet_workspace(struct codec *codec, struct arena *arena)
{
    unsigned char print[WORKSPACE_BYTES];
    char hex[WORKSPACE_BYTES * 2 + 1];
    codec_fingerprint(codec, print);
    hex_of(print, sizeof print, hex);
    return str_copy(arena, str_from(hex));
}

static void add_part(struct text *text, struct str part)
{
    CHECK(part.len == 0 || memchr(part.ptr, separator, part.len) == NULL);
    text_add(text, part);
    text_add_byte(text, separator);
}

static void add_number(struct text *text, int64_t number)
{
    text_add_f(text, "%lld%c", (long long)number, separator);
}

struct str case_sheet_seal_write(struct codec *codec, struct arena *arena,
                                 const struct case_sheet_seal *seal)
{
    struct text plain, out;
    char at[DAY_TEXT_SIZE];
    text_init(&plain, arena, SEAL_BYTES_MAX);
    add_part(&plain, seal->pack);
    add_number(&plain, seal->row);
    add_number(&plain, seal->rows);
    add_part(&plain, seal->by);
    add_part(&plain, str_from(day_format(seal->at, at)));
    add_number(&plain, seal->number);
    add_number(&plain, seal->version);
    add_part(&plain, seal->step);
    for (size_t i = 0; i < SHEET_FIXED_COUNT; i++) add_part(&plain, seal->fixed[i]);
    CHECK(!plain.cut); /* names and words are far shorter */
    struct str sealed = codec_seal(codec, arena, context, text_str(&plain));
    char *hex = arena_alloc(arena, sealed.len * 2 + 1);
    hex_of((const unsigned char *)sealed.ptr, sealed.len, hex);
    text_init(&out, arena, 4 * SEAL_BYTES_MAX);
    text_add_c(&out, "1.");
    text_add(&out, case_sheet_workspace(codec, arena));
    text_add_c(&out, ".");
    text_add_c(&out, hex);
    return text_str(&out);
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Hexadecimal to bytes in the arena; empty when it is none. */
static struct str bytes_of(struct arena *arena, struct str hex)
{
    char *out = arena_alloc(arena, hex.len / 2 + 1);
    if (hex.len % 2 != 0) return STR_EMPTY;
    for (size_t i = 0; i < hex.len; i += 2) {
        int high = digit_of(hex.ptr[i]), low = digit_of(hex.ptr[i + 1]);
        if (high < 0 || low < 0) return STR_EMPTY;
        out[i / 2] = (char)(high * 16 + low);
    }
    return (struct str){out, hex.len / 2};
}

/* What was sealed, field by field. It comes from this program, so only another version of it can
 * have written other fields. */
static bool take_parts(struct str plain, struct case_sheet_seal *out)
{
    struct str parts[SEAL_FIELDS], part;
    size_t count = 0;
    while (str_split(&plain, separator, &part) && count < SEAL_FIELDS) parts[count++] = part;
    if (count < SEAL_FIELDS) return false;
    *out = (struct case_sheet_seal){.pack = parts[0], .by = parts[3], .step = parts[7]};
    memcpy(out->fixed, parts + 8, sizeof out->fixed);
    return str_to_i64(parts[1], &out->row) && str_to_i64(parts[2], &out->rows)
           && day_parse(parts[4], &out->at) && str_to_i64(parts[5], &out->number)
           && str_to_i64(parts[6], &out->version);
}

static bool changed(struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "the seal of this row was changed; take the row as it was packed",
                   "这一行的签章已被改动，请用原工作簿中的这一行");
}

bool case_sheet_seal_read(struct codec *codec, struct arena *arena, struct str text,
                          struct case_sheet_seal *out, struct err *err)
{
    struct str rest = text, format, workspace, plain;
    struct case_sheet_seal seal;
    struct err inner = ERR_INIT;
    if (text.len == 0) {
        return err_set(
            err, ERR_INPUT,
            "this row was not packed by the program: it has no seal; rows cannot be added",
            "这一行没有签章，不是系统写出的：不能自行加行");
    }
    if (!str_split(&rest, '.', &format) || !str_is(format, "1")
        || !str_split(&rest, '.', &workspace) || workspace.len != (size_t)WORKSPACE_BYTES * 2
        || bytes_of(arena, workspace).len == 0) {
        return changed(err);
    }
    if (!str_equal(workspace, case_sheet_workspace(codec, arena))) {
        return err_set(err, ERR_INPUT,
                       "this row was packed by another workspace, or by this one before it was "
                       "sealed anew (%.*s, now %.*s): pack anew and copy what was filled in",
                       "这一行由另一工作区写出，或在本工作区重新加密之前写出"
                       "（%.*s，现为 %.*s）：请重新写出工作簿，把填好的内容抄过去",
                       STR_ARG(workspace), STR_ARG(case_sheet_workspace(codec, arena)));
    }
    struct str sealed = bytes_of(arena, rest);
    if (sealed.len == 0 || !codec_unseal(codec, arena, context, sealed, &plain, &inner)
        || !take_parts(plain, &seal)) {
        return changed(err);
    }
    *out = seal;
    return true;
}
