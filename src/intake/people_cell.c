#include "intake/people_cell.h"

#include "identity/id_number.h"
#include "intake/date.h"
#include "intake/fold.h"

#include <string.h>

struct entry {
    struct str name, id, birth;
};

struct cell_people {
    struct arena *arena;
    struct entry entries[PEOPLE_CELL_MAX];
    size_t count;
    bool full;
};

static struct entry *current(struct cell_people *people)
{
    return people->count == 0 ? NULL : &people->entries[people->count - 1];
}

static struct entry *begin(struct cell_people *people)
{
    if (people->count == PEOPLE_CELL_MAX) {
        people->full = true;
        return NULL;
    }
    people->entries[people->count] = (struct entry){0};
    return &people->entries[people->count++];
}

static bool is_separator(uint32_t code)
{
    switch (code) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case ',':
    case ';':
    case ':':
    case '(':
    case ')':
    case '[':
    case ']':
    case '|':
    case '+':
    case '&':
    case 0x3000:
    case 0x3001:
    case 0x3002:
    case 0xA0:
    case 0x3010:
    case 0x3011: return true;
    default: return false;
    }
}

/* Takes off what stands before a name: 长子, 女儿, 1. and labels. */
static struct str strip_lead(struct str s)
{
    static const char *const leads[] = {
        "身份证号码", "身份证号", "身份证", "出生日期", "出生", "姓名", "长子", "次子",   "三子",
        "四子",       "长女",     "次女",   "三女",     "四女", "儿子", "女儿", "大儿子", "小儿子",
        "大女儿",     "小女儿",   "二儿子", "二女儿",   "之子", "之女", "孙子", "孙女",   "外孙女",
        "外孙",       "子女",     "儿",     "子",       "女",   "父亲", "母亲", "妻子",   "丈夫",
        "配偶",       "大的",     "小的",   "和",       "及",   NULL};
    size_t which = 0;
    struct str best = s;
    for (size_t i = 0; leads[i] != NULL; i++) {
        if (!str_starts(s, str_from(leads[i]))) continue;
        if (strlen(leads[i]) >= strlen(leads[which]) || best.len == s.len) which = i;
        best = str_slice(s, strlen(leads[which]), s.len);
    }
    bool all;
    size_t left = fold_count_hanzi(best, &all);
    bool surname = strlen(leads[which]) == 3; /* 和, 及 and 女 can begin a name */
    if (best.len > 0 && surname && left < 2) return s;
    return best;
}

static bool is_plain_word(struct str s)
{
    static const char *const words[] = {
        "男",   "女",     "男孩", "女孩", "岁",   "周岁",   "汉族", "回族", "汉",   "学生", "在校",
        "在读", "学龄前", "幼儿", "小学", "初中", "高中",   "人",   "共",   "本人", "子女", "孩子",
        "等",   "儿童",   "未婚", "已婚", "年级", "未上学", "儿",   "子",   NULL};
    static const char *const ends[] = {"年级", "族", "岁", "学校", "小学", "中学", "幼儿园", "个月",
                                       "孩",   "名", "人", "个",   "村",   "镇",   "县",     NULL};
    if (fold_is_one_of(s, words)) return true;
    for (size_t i = 0; ends[i] != NULL; i++) {
        if (str_ends(s, str_from(ends[i])) && (s.len > 9 || (s.ptr[0] >= '0' && s.ptr[0] <= '9'))) {
            return true;
        }
    }
    return false;
}

static void add_name(struct cell_people *people, struct str name)
{
    struct entry *entry = current(people);
    bool waiting = entry != NULL && entry->name.len == 0;
    if (!waiting) entry = begin(people);
    if (entry != NULL) entry->name = name;
}

static bool add_number(struct cell_people *people, struct str piece)
{
    struct id_number id;
    size_t digits = 0;
    for (size_t i = 0; i < piece.len; i++) digits += piece.ptr[i] >= '0' && piece.ptr[i] <= '9';
    if (digits < 14) return false;
    id_number_read(piece, &id);
    if (id.state == ID_ABSENT || id.state == ID_OTHER) return false;
    struct entry *entry = current(people);
    if (entry == NULL || entry->id.len > 0) entry = begin(people);
    if (entry == NULL) return true;
    bool read = id.state == ID_VALID || id.state == ID_WRONG_CHECK;
    entry->id = read ? str_copy(people->arena, str_from(id.text)) : piece;
    return true;
}

static bool add_birth(struct cell_people *people, struct str piece)
{
    struct date date;
    if (piece.len < 4) return false;
    date_read(piece, false, DATE_YEAR_FIRST, &date);
    if (date.state != DATE_READ || date.span || date.from[0] == '\0') return false;
    struct entry *entry = current(people);
    if (entry != NULL && entry->birth.len == 0) {
        entry->birth = str_copy(people->arena, str_from(date.from));
    }
    return true;
}

/* One-character pieces side by side are a spaced name: "张 三". */
static bool joins(struct cell_people *people, struct str piece, size_t count, struct str *held)
{
    if (count != 1) return false;
    if (held->len == 0) {
        *held = piece;
        return true;
    }
    struct text name;
    text_init(&name, people->arena, 64);
    text_add(&name, *held);
    text_add(&name, piece);
    *held = STR_EMPTY;
    add_name(people, text_str(&name));
    return true;
}

static void add_piece(struct cell_people *people, struct str piece, struct str *held)
{
    if (piece.len == 0 || fold_is_blank(piece)) return;
    bool digit = piece.ptr[0] >= '0' && piece.ptr[0] <= '9';
    if (digit && (add_number(people, piece) || add_birth(people, piece))) return;
    if (is_plain_word(piece)) return;
    size_t cut = 0; /* a number glued to the name: 张三620422… */
    while (cut < piece.len && !(piece.ptr[cut] >= '0' && piece.ptr[cut] <= '9')) cut++;
    struct str name = strip_lead(str_slice(piece, 0, cut));
    struct str behind = str_slice(piece, cut, piece.len);
    bool all;
    size_t count = fold_count_hanzi(name, &all);
    bool joined = name.len > 0 && all && behind.len == 0 && joins(people, name, count, held);
    if (!joined && all && count >= 2 && count <= 15 && !is_plain_word(name)) {
        *held = STR_EMPTY;
        add_name(people, name);
    }
    if (behind.len > 0 && !add_number(people, behind)) (void)add_birth(people, behind);
}

bool people_cell_read(struct arena *arena, struct str written, struct str *out)
{
    struct cell_people people = {.arena = arena};
    struct str s = utf8_nfkc(arena, written), held = STR_EMPTY;
    size_t at = 0, start = 0, before = 0;
    uint32_t code;
    while (before = at, utf8_next(s, &at, &code)) {
        bool slash = code == '/' && before > start
                     && ((unsigned char)s.ptr[before - 1] >= 0x80 || before - start >= 15);
        if (!is_separator(code) && !slash) continue;
        add_piece(&people, str_slice(s, start, before), &held);
        start = at;
    }
    add_piece(&people, str_slice(s, start, s.len), &held);
    struct text text;
    text_init(&text, arena, 65536);
    size_t named = 0;
    for (size_t i = 0; i < people.count; i++) {
        const struct entry *entry = &people.entries[i];
        if (entry->name.len == 0 && entry->id.len == 0) continue;
        if (named++ > 0) text_add_byte(&text, ';');
        text_add(&text, entry->name);
        text_add_byte(&text, '|');
        text_add(&text, entry->id);
        text_add_byte(&text, '|');
        text_add(&text, entry->birth);
    }
    if (named == 0) return false;
    *out = text_str(&text);
    return true;
}

bool people_cell_next(struct str *rest, struct str *name, struct str *id, struct str *birth)
{
    struct str entry;
    if (rest->len == 0 || !str_split(rest, ';', &entry)) return false;
    *name = *id = *birth = STR_EMPTY;
    if (str_split(&entry, '|', name) && str_split(&entry, '|', id)) {
        (void)str_split(&entry, '|', birth);
    }
    return true;
}
