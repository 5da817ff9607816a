#include "figures/repair.h"

#include "figures/repair_internal.h"
#include "intake/workbook_decode.h"

#include <string.h>

static const struct {
    const char *key, *zh, *en;
} kinds[REPAIR_KIND_COUNT] = {
    [REPAIR_ENCODING] = {"encoding", "编码转换", "encoding converted"},
    [REPAIR_HTML] = {"html", "去除网页标记", "markup taken off"},
    [REPAIR_ENTITY] = {"entity", "字符实体还原", "entities decoded"},
    [REPAIR_MOJIBAKE] = {"mojibake", "乱码还原", "wrong encodings undone"},
    [REPAIR_LOST] = {"lost", "无法还原的字符", "characters lost"},
    [REPAIR_INVISIBLE] = {"invisible", "不可见字符", "characters without width"},
    [REPAIR_PINYIN] = {"pinyin", "去除括注拼音", "pinyin in brackets taken off"},
    [REPAIR_TRADITIONAL] = {"traditional", "繁体转简体", "traditional to simplified"},
    [REPAIR_WIDTH] = {"width", "全角转半角", "full width to half"},
    [REPAIR_BLANK] = {"blank", "去除多余空格", "blanks inside words and numbers"},
    [REPAIR_LINE_BREAK] = {"line_break", "接回断行", "broken lines joined"},
    [REPAIR_SPAM] = {"spam", "去除垃圾广告", "advertising dropped"},
    [REPAIR_NAVIGATION] = {"navigation", "去除导航栏目", "navigation dropped"},
    [REPAIR_IMPRINT] = {"imprint", "去除版权编辑信息", "imprint dropped"},
    [REPAIR_REPEATED] = {"repeated", "去除重复段落", "repeated paragraphs dropped"},
};

const char *repair_kind_key(enum repair_kind kind)
{
    CHECK(kind < REPAIR_KIND_COUNT);
    return kinds[kind].key;
}

const char *repair_kind_text(enum repair_kind kind, enum lang lang)
{
    CHECK(kind < REPAIR_KIND_COUNT);
    return lang == LANG_ZH ? kinds[kind].zh : kinds[kind].en;
}

/* The text without line ends and blanks around, cut after a whole character. */
static struct str shown(struct arena *arena, struct str s)
{
    s = str_trim(s);
    size_t end = 0, at = 0;
    uint32_t code;
    while (utf8_next(s, &at, &code) && at <= REPAIR_TEXT_BYTES_MAX) end = at;
    return str_copy(arena, str_slice(s, 0, end));
}

void repair_note(struct repairs *repairs, struct arena *arena, enum repair_kind kind, size_t line,
                 struct str before, struct str after)
{
    CHECK(kind < REPAIR_KIND_COUNT);
    if (repairs->counts[kind]++ >= REPAIR_SHOWN_MAX) return;
    CHECK(repairs->shown_count < REPAIR_KIND_COUNT * REPAIR_SHOWN_MAX);
    repairs->shown[repairs->shown_count++] = (struct repair){
        .kind = kind, .line = line, .before = shown(arena, before), .after = shown(arena, after)};
}

/* Lines of another encoding within a page of UTF-8, as programs that join pages make them: each
 * line that is not UTF-8 is taken as GB18030 where it is that. NULL bytes are left for the decoder
 * to refuse. */
static struct str mend_lines(struct arena *arena, struct str bytes, struct repairs *repairs)
{
    struct text out;
    struct str rest = bytes, line;
    size_t number = 0;
    text_init(&out, arena, bytes.len * 4 + 16);
    while (str_split(&rest, '\n', &line)) {
        struct str mended;
        number++;
        if (!utf8_valid(line) && repair_from_gb18030(arena, line, &mended)) {
            repair_note(repairs, arena, REPAIR_ENCODING, number, STR_EMPTY, mended);
            line = mended;
        }
        text_add(&out, line);
        if (rest.ptr != NULL) text_add_byte(&out, '\n');
    }
    return text_str(&out);
}

/* How many lines that are not plain ASCII are UTF-8, and how many are not. */
static void count_lines(struct str bytes, size_t *good, size_t *bad)
{
    struct str rest = bytes, line;
    *good = *bad = 0;
    while (str_split(&rest, '\n', &line)) {
        bool ascii = true;
        for (size_t i = 0; i < line.len && ascii; i++) ascii = (unsigned char)line.ptr[i] < 0x80;
        if (ascii) continue;
        ++*(utf8_valid(line) ? good : bad);
    }
}

bool repair_decode(struct arena *arena, struct str bytes, struct repairs *repairs, struct str *out,
                   struct err *err)
{
    bool whole = utf8_valid(bytes), end = false;
    size_t good = 0, bad = 0;
    if (!whole) count_lines(bytes, &good, &bad);
    bool mixed = !whole && good > bad;
    if (mixed) bytes = mend_lines(arena, bytes, repairs);
    struct decoder *decoder = decoder_open_bytes(arena, bytes);
    decoder_keep_controls(decoder);
    while (!end) {
        if (!decoder_more(decoder, &end, err)) {
            decoder_close(decoder);
            return false;
        }
    }
    *out = str_copy(arena, decoder_window(decoder));
    decoder_close(decoder);
    if (!whole && !mixed) repair_note(repairs, arena, REPAIR_ENCODING, 1, STR_EMPTY, STR_EMPTY);
    return true;
}
