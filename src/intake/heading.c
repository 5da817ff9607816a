#include "intake/heading.h"

#include "identity/name.h"
#include "intake/fold.h"

#include <string.h>

enum { SHORT_HEADING_BYTES = 6, ENDING_BYTES_MIN = 9 };

static void add_text(struct heading *heading, struct str text, int less)
{
    if (text.len == 0 || heading->text_count == HEADING_TEXTS_MAX) return;
    for (size_t i = 0; i < heading->text_count; i++) {
        if (str_equal(heading->texts[i].text, text)) return;
    }
    heading->texts[heading->text_count++] = (struct heading_text){text, less};
}

static struct str join(struct arena *arena, struct str a, struct str b)
{
    struct text text;
    text_init(&text, arena, 8192);
    text_add(&text, a);
    text_add(&text, b);
    return text_str(&text);
}

/* The heading without words that say nothing about which field it is. */
static struct str without_decoration(struct str s)
{
    static const char *const before[] = {"是否为", "是否", "有无", "现在", "目前", "当前",
                                         "具体",   "详细", "家庭", "现",   "原",   "所在",
                                         "其",     "该生", "该",   "入学", "填写", NULL};
    static const char *const behind[] = {"情况", "信息", "全称", "名称", "必填",
                                         "选填", "填写", "栏",   "详情", "明细",
                                         "内容", "登记", "说明", "代号", NULL};
    size_t which;
    if (fold_starts_one_of(s, before, &which) && s.len > strlen(before[which])) {
        s = str_slice(s, strlen(before[which]), s.len);
    }
    for (size_t i = 0; behind[i] != NULL; i++) {
        struct str word = str_from(behind[i]);
        if (s.len <= word.len || !str_ends(s, word)) continue;
        s.len -= word.len;
        break;
    }
    return s;
}

static struct str without_number(struct str s)
{
    while (s.len > 1 && s.ptr[s.len - 1] >= '0' && s.ptr[s.len - 1] <= '9') s.len--;
    return s;
}

/* 的 and 之 between a person and an attribute. */
static struct str without_of(struct str s)
{
    static const char *const words[] = {"的", "之", NULL};
    size_t which;
    if (fold_starts_one_of(s, words, &which)) return str_slice(s, strlen(words[which]), s.len);
    return s;
}

/* The word for a person that a text begins with, of at least so many bytes; its length, or 0. */
static size_t person_word(const struct profiles *profiles, struct str text, size_t bytes_min,
                          enum profile_person *out)
{
    size_t longest = 0;
    for (int p = 0; p < PROFILE_PERSON_COUNT; p++) {
        for (size_t i = 0; i < profiles->persons[p].count; i++) {
            struct str word = profiles->persons[p].words[i];
            if (word.len <= longest || word.len < bytes_min || !str_starts(text, word)) continue;
            longest = word.len;
            *out = (enum profile_person)p;
        }
    }
    return longest;
}

/* Words follow each other: of 儿童监护人 the last counts, of 父亲或监护人 the first. */
enum profile_person heading_person(const struct profiles *profiles, struct str text,
                                   struct str *rest)
{
    static const char *const joints[] = {"或", "和", "及", "与", "/", NULL};
    enum profile_person person = PROFILE_SELF, next;
    size_t used = person_word(profiles, text, 1, &person);
    while (used > 0) {
        struct str behind = str_slice(text, used, text.len);
        size_t which, joint = 0;
        if (fold_starts_one_of(behind, joints, &which)) joint = strlen(joints[which]);
        size_t more =
            person_word(profiles, str_slice(behind, joint, behind.len), SHORT_HEADING_BYTES, &next);
        if (more == 0) break;
        if (joint == 0) person = next;
        used += joint + more;
    }
    *rest = without_of(str_slice(text, used, text.len));
    return person;
}

/* The person that any part of a text names: 监护人基本情况, 儿童监护人. The last word counts. */
static enum profile_person person_inside(const struct profiles *profiles, struct str text)
{
    enum profile_person found = PROFILE_SELF;
    size_t end = 0;
    for (int p = 0; p < PROFILE_PERSON_COUNT; p++) {
        for (size_t i = 0; i < profiles->persons[p].count; i++) {
            struct str word = profiles->persons[p].words[i];
            if (word.len < SHORT_HEADING_BYTES) continue;
            size_t at = str_find(text, word);
            if (at == SIZE_MAX || at + word.len < end) continue;
            if (at + word.len == end && p == PROFILE_SELF) continue;
            end = at + word.len;
            found = (enum profile_person)p;
        }
    }
    return found;
}

static void add_variants(struct heading *heading, struct str text, int less)
{
    add_text(heading, text, less);
    struct str plain = without_decoration(text);
    add_text(heading, plain, less + HEADING_SHARED - HEADING_TRIMMED);
    add_text(heading, without_number(text), less + HEADING_SHARED - HEADING_TRIMMED);
}

void heading_read(struct arena *arena, const struct profiles *profiles, struct str written,
                  struct str above, struct heading *out)
{
    struct str inside, above_inside;
    struct str own = heading_split(arena, hanzi_simplify(arena, written), &inside);
    struct str over = heading_split(arena, hanzi_simplify(arena, above), &above_inside);
    *out = (struct heading){.written = str_copy(arena, written), .above = PROFILE_SELF};
    out->serial = over.len == 0 && profile_has_word(&profiles->serial, own);
    if (over.len > 0) {
        out->written = join(arena, join(arena, above, STR("/")), written);
        out->above = person_inside(profiles, over);
        add_text(out, join(arena, over, own), 0);
        add_text(out, join(arena, without_decoration(over), own), 2);
    }
    int less = over.len > 0 ? 4 : 0;
    if (inside.len > 0) {
        add_text(out, join(arena, inside, own), less);
        add_text(out, join(arena, own, inside), less);
        if (person_inside(profiles, inside) != PROFILE_SELF) {
            out->above = person_inside(profiles, inside);
        }
    }
    add_variants(out, own, less);
}

struct str heading_mapped(const struct heading_map *map, const struct heading *heading)
{
    for (size_t i = 0; i < map->count; i++) {
        for (size_t t = 0; t < heading->text_count; t++) {
            bool plain = heading->texts[t].less < HEADING_SHARED - HEADING_TRIMMED;
            if (plain && str_equal(heading->texts[t].text, map->headings[i])) return map->keys[i];
        }
    }
    return STR_EMPTY;
}

static void add_hit(struct heading_hits *out, int field, int strength)
{
    for (size_t i = 0; i < out->count; i++) {
        if (out->hits[i].field != field) continue;
        if (strength <= out->hits[i].strength) return;
        out->count--;
        memmove(out->hits + i, out->hits + i + 1, (out->count - i) * sizeof *out->hits);
        break;
    }
    size_t at = out->count;
    while (at > 0 && out->hits[at - 1].strength < strength) at--;
    if (at == HEADING_HITS_MAX) return;
    size_t tail = out->count - at;
    if (out->count == HEADING_HITS_MAX) tail--;
    memmove(out->hits + at + 1, out->hits + at, tail * sizeof *out->hits);
    out->hits[at] = (struct heading_hit){field, strength};
    if (out->count < HEADING_HITS_MAX) out->count++;
}

/* The field for an attribute (a shared field) of a person; -1 when the register has none. */
static int field_of(const struct profile *profile, enum profile_person person, struct str like,
                    enum field_type type)
{
    for (size_t i = 0; i < profile->field_count; i++) {
        const struct profile_field *field = &profile->fields[i];
        bool own = person == PROFILE_SELF && str_equal(field->key, like) && field->type == type;
        if (own
            || (person != PROFILE_SELF && field->person == person
                && str_equal(field->like, like))) {
            return (int)i;
        }
    }
    return -1;
}

/* A person's attribute that is worth keeping for the row itself: any phone reaches the family, and
 * a parent's address is better than none. */
static int field_instead(const struct profile *profile, enum profile_person person, struct str like,
                         int *less)
{
    if (person == PROFILE_OTHER) return -1;
    *less = str_is(like, "phone") ? 5 : 22;
    if (!str_is(like, "phone") && !str_is(like, "address")) return -1;
    return field_of(profile, PROFILE_SELF, like,
                    str_is(like, "phone") ? FIELD_PHONE : FIELD_ADDRESS);
}

/* 家庭成员1姓名, 子女身份证号: in a register that keeps several people in one field, all columns
 * about them fill it. The field, or -1. */
static int field_of_people(const struct profile *profile, struct str person, struct str attribute)
{
    static const char *const starts[] = {"家庭成员", "成员", "子女",   "孩子", "随行",
                                         "随迁子女", "儿童", "享受人", NULL};
    static const char *const attributes[] = {"姓名",     "名字",         "身份证号", "身份证号码",
                                             "身份证",   "公民身份号码", "证件号码", "身份证件号",
                                             "出生日期", "出生年月",     NULL};
    if (!fold_starts_one_of(person, starts, NULL)) return -1;
    if (attribute.len > 0 && !fold_is_one_of(attribute, attributes)) return -1;
    for (size_t i = 0; i < profile->field_count; i++) {
        if (profile->fields[i].type == FIELD_PEOPLE) return (int)i;
    }
    return -1;
}

static void hit_person(const struct profiles *profiles, const struct profile *profile,
                       enum profile_person person, struct str rest, int strength,
                       struct heading_hits *out)
{
    struct str like = STR("name");
    enum field_type type = FIELD_NAME;
    int common = -1;
    if (rest.len > 0) {
        common = profile_common_field(profiles, rest);
        if (common >= 0) {
            like = profiles->common[common].key;
            type = profiles->common[common].type;
        }
    }
    if (rest.len > 0 && common < 0) {
        size_t count;
        const struct profile_heading *own = profile_headings(profile, rest, &count);
        if (own == NULL) return;
        /* Whose card the aid goes to: 监护人银行卡号, 户名（家长）. */
        bool anybody = profile->fields[own->field].person == PROFILE_OTHER;
        if (person == PROFILE_SELF || anybody)
            add_hit(out, own->field, strength);
        else
            out->foreign = true;
        return;
    }
    int less = 0, field = field_of(profile, person, like, type);
    if (field < 0) field = field_instead(profile, person, like, &less);
    if (field >= 0)
        add_hit(out, field, strength - less);
    else
        out->foreign = true;
}

static void hit_exact(const struct profile *profile, struct str text, int less,
                      struct heading_hits *out)
{
    size_t count;
    const struct profile_heading *found = profile_headings(profile, text, &count);
    for (size_t i = 0; i < count; i++) {
        add_hit(out, found[i].field, (found[i].own ? HEADING_OWN : HEADING_SHARED) - less);
    }
}

/* Two characters at the end of a longer heading say little (日期, 单位, 类型), unless they are a
 * person's attribute. */
static bool is_plain_attribute(const struct profile *profile, int field)
{
    static const char *const keys[] = {"name",  "id_number", "sex",   "nation", "birth_date",
                                       "phone", "grade",     "class", NULL};
    return fold_is_one_of(profile->fields[field].key, keys);
}

/* A longer heading that ends in a known one (义务教育阶段就读学校名称), or begins with one and goes
 * on with how to fill it in (姓名必须与户口簿一致). */
static void hit_parts(const struct profiles *profiles, const struct profile *profile,
                      struct str text, struct heading_hits *out)
{
    static const char *const advice[] = {"填", "格式", "文本", "如",   "例",
                                         "请", "注意", "必须", "须",   "与户口",
                                         "位", "精确", "下拉", "选择", NULL};
    for (size_t at = 1; at < text.len; at++) {
        if (((unsigned char)text.ptr[at] & 0xC0) == 0x80) continue;
        struct str head = str_slice(text, 0, at), tail = str_slice(text, at, text.len);
        size_t count;
        const struct profile_heading *known = profile_headings(profile, tail, &count);
        bool tail_known = known != NULL
                          && (tail.len >= ENDING_BYTES_MIN
                              || (tail.len >= SHORT_HEADING_BYTES && text.len <= 21
                                  && is_plain_attribute(profile, known->field)));
        if (tail_known) {
            enum profile_person person = person_inside(profiles, head);
            if (person == PROFILE_SELF)
                hit_exact(profile, tail, HEADING_OWN - HEADING_ENDING, out);
            else
                hit_person(profiles, profile, person, tail, HEADING_ENDING, out);
            return;
        }
        if (head.len >= SHORT_HEADING_BYTES && fold_has_one_of(tail, advice)
            && profile_headings(profile, head, &count) != NULL) {
            hit_exact(profile, head, HEADING_OWN - HEADING_ENDING + 5, out);
        }
    }
}

void heading_hits(const struct profiles *profiles, const struct profile *profile,
                  const struct heading *heading, struct heading_hits *out)
{
    *out = (struct heading_hits){0};
    if (heading->serial || heading->text_count == 0) return;
    bool other_above = heading->above != PROFILE_SELF;
    for (size_t i = 0; i < heading->text_count; i++) {
        struct heading_text text = heading->texts[i];
        struct str rest;
        enum profile_person person = heading_person(profiles, text.text, &rest);
        bool prefixed = rest.len < text.text.len;
        /* Below or beside a word for a person, the plain heading is that person's. */
        bool alone = !prefixed && other_above;
        if (alone) {
            hit_person(profiles, profile, heading->above, text.text, HEADING_PERSON - text.less,
                       out);
            continue;
        }
        hit_exact(profile, text.text, text.less, out);
        int people =
            !prefixed
                ? -1
                : field_of_people(profile, str_slice(text.text, 0, text.text.len - rest.len), rest);
        if (people >= 0) {
            add_hit(out, people, HEADING_PERSON - text.less);
        } else if (prefixed) {
            hit_person(profiles, profile, person, rest, HEADING_PERSON - text.less, out);
        } else if (out->count > 0 && i == 0) {
            out->bare = true;
        }
    }
    if (out->count > 0) out->foreign = false;
    if (out->count > 0 || out->foreign) return;
    for (size_t i = 0; i < heading->text_count && out->count == 0; i++) {
        if (!other_above) hit_parts(profiles, profile, heading->texts[i].text, out);
    }
}

bool heading_known(const struct profiles *profiles, const struct heading *heading)
{
    if (heading->serial) return true;
    for (size_t i = 0; i < profiles->count; i++) {
        struct heading_hits hits;
        heading_hits(profiles, &profiles->items[i], heading, &hits);
        if (hits.count > 0 && hits.hits[0].strength >= HEADING_ENDING - 10) return true;
    }
    for (size_t i = 0; i < heading->text_count; i++) {
        struct str rest;
        (void)heading_person(profiles, heading->texts[i].text, &rest);
        if (rest.len == 0 || profile_common_field(profiles, rest) >= 0) return true;
        if (profile_has_word(&profiles->general, heading->texts[i].text)) return true;
    }
    return false;
}
