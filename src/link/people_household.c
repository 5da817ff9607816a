#include "link/people_household.h"

#include "base/dict.h"
#include "base/list.h"

enum { YEARS_BEFORE_CHILD_MIN = 14, AREA_COUNTY_DIGITS = 6, KEY_BYTES_MAX = 128 };

struct member {
    struct household_person person;
    uint32_t next; /* in the same household, plus 1; 0: none */
    uint8_t kin;   /* enum kin_class */
};

struct households {
    struct arena arena;
    struct dict keys;
    LIST(uint32_t) first; /* by key: member, plus 1 */
    LIST(struct member) members;
};

struct kin_word {
    const char *word;
    enum kin_class kin;
};

/* Whole words, after a leading 之 is taken off. */
static const struct kin_word words[] = {
    {"户主", KIN_HEAD},
    {"本人", KIN_HEAD},
    {"本人或户主", KIN_HEAD},
    {"head", KIN_HEAD},
    {"配偶", KIN_SPOUSE},
    {"夫", KIN_SPOUSE},
    {"妻", KIN_SPOUSE},
    {"妻子", KIN_SPOUSE},
    {"丈夫", KIN_SPOUSE},
    {"夫妻", KIN_SPOUSE},
    {"spouse", KIN_SPOUSE},
    {"wife", KIN_SPOUSE},
    {"husband", KIN_SPOUSE},
    {"子", KIN_CHILD},
    {"女", KIN_CHILD},
    {"儿子", KIN_CHILD},
    {"女儿", KIN_CHILD},
    {"子女", KIN_CHILD},
    {"养子", KIN_CHILD},
    {"养女", KIN_CHILD},
    {"继子", KIN_CHILD},
    {"继女", KIN_CHILD},
    {"养子或继子", KIN_CHILD},
    {"养女或继女", KIN_CHILD},
    {"其他儿子", KIN_CHILD},
    {"其他女儿", KIN_CHILD},
    {"son", KIN_CHILD},
    {"daughter", KIN_CHILD},
    {"child", KIN_CHILD},
    {"儿媳", KIN_CHILD_IN_LAW},
    {"媳", KIN_CHILD_IN_LAW},
    {"媳妇", KIN_CHILD_IN_LAW},
    {"女婿", KIN_CHILD_IN_LAW},
    {"婿", KIN_CHILD_IN_LAW},
    {"儿媳妇", KIN_CHILD_IN_LAW},
    {"daughter-in-law", KIN_CHILD_IN_LAW},
    {"son-in-law", KIN_CHILD_IN_LAW},
    {"孙", KIN_GRANDCHILD},
    {"孙子", KIN_GRANDCHILD},
    {"孙女", KIN_GRANDCHILD},
    {"外孙", KIN_GRANDCHILD},
    {"外孙子", KIN_GRANDCHILD},
    {"外孙女", KIN_GRANDCHILD},
    {"孙子女", KIN_GRANDCHILD},
    {"grandson", KIN_GRANDCHILD},
    {"granddaughter", KIN_GRANDCHILD},
    {"grandchild", KIN_GRANDCHILD},
};

/* 长子, 次女, 三儿子, 独生女, 第二子, 大女儿, 长孙女. */
static struct str without_rank(struct str word)
{
    static const char *const ranks[] = {"独生", "长", "次", "大", "小", "二", "三", "四",
                                        "五",   "六", "七", "八", "九", "十", "幼"};
    if (str_starts(word, STR("第"))) word = str_slice(word, STR("第").len, word.len);
    for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++) {
        struct str rank = str_from(ranks[i]);
        if (str_starts(word, rank)) return str_slice(word, rank.len, word.len);
    }
    return word;
}

/* GB/T 4761: the first digit is the class, and some second digits are by marriage. */
static enum kin_class class_of_code(struct str code)
{
    static const enum kin_class classes[] = {KIN_HEAD, KIN_SPOUSE, KIN_CHILD, KIN_CHILD,
                                             KIN_GRANDCHILD};
    size_t first = (size_t)(code.ptr[0] - '0');
    if (str_is(code, "28") || str_is(code, "38")) return KIN_CHILD_IN_LAW;
    return first < sizeof classes / sizeof *classes ? classes[first] : KIN_OTHER;
}

static enum kin_class class_of_word(struct str word)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_is(word, words[i].word)) return words[i].kin;
    }
    return KIN_OTHER;
}

enum kin_class kin_class_of(struct str relation)
{
    struct str word = str_trim(relation);
    if (str_starts(word, STR("之"))) word = str_slice(word, STR("之").len, word.len);
    if (str_starts(word, STR("户主之"))) word = str_slice(word, STR("户主之").len, word.len);
    if (word.len == 2 && word.ptr[0] >= '0' && word.ptr[0] <= '9' && word.ptr[1] >= '0'
        && word.ptr[1] <= '9') {
        return class_of_code(word);
    }
    enum kin_class kin = class_of_word(word);
    return kin != KIN_OTHER ? kin : class_of_word(without_rank(word));
}

struct households *households_open(void)
{
    struct arena arena = {0};
    struct households *households = arena_new(&arena, struct households);
    households->arena = arena;
    dict_init(&households->keys, &households->arena);
    return households;
}

void households_close(struct households *households)
{
    if (households == NULL) return;
    struct arena arena = households->arena;
    arena_free(&arena);
}

static struct str key_text(struct household_key key, char buffer[KEY_BYTES_MAX])
{
    struct str county = str_slice(key.area, 0, AREA_COUNTY_DIGITS);
    size_t number = sizeof key.register_number;
    if (number + county.len + key.number.len > KEY_BYTES_MAX) return STR_EMPTY;
    memcpy(buffer, &key.register_number, number);
    if (county.len > 0) memcpy(buffer + number, county.ptr, county.len);
    memcpy(buffer + number + county.len, key.number.ptr, key.number.len);
    return (struct str){buffer, number + county.len + key.number.len};
}

void households_note(struct households *households, struct household_key key, struct str relation,
                     const struct household_person *person, day when)
{
    char buffer[KEY_BYTES_MAX];
    if (key.number.len == 0 || relation.len == 0 || person->name.len == 0) return;
    enum kin_class kin = kin_class_of(relation);
    if (kin == KIN_OTHER || kin == KIN_GRANDCHILD) return;
    bool known = !day_is_none(person->birth) && person->birth.days <= when.days;
    if (known && day_age(person->birth, when) < YEARS_BEFORE_CHILD_MIN) return;
    if (!known && kin == KIN_CHILD) return;
    struct str text = key_text(key, buffer);
    if (text.len == 0) return;
    uint32_t house = dict_put(&households->keys, text);
    if (house == households->first.count) (void)list_push(&households->arena, &households->first);
    *list_push(&households->arena, &households->members) =
        (struct member){.person = {.name = str_copy(&households->arena, person->name),
                                   .id = str_copy(&households->arena, person->id),
                                   .birth = person->birth},
                        .next = households->first.items[house],
                        .kin = (uint8_t)kin};
    households->first.items[house] = (uint32_t)households->members.count;
}

/* Those of a class who can be a parent of somebody born on `birth`. */
static size_t find_class(const struct households *households, uint32_t house, enum kin_class kin,
                         day birth, struct household_person found[2])
{
    size_t count = 0;
    for (uint32_t at = households->first.items[house]; at != 0;) {
        const struct member *member = &households->members.items[at - 1];
        at = member->next;
        if (member->kin != (uint8_t)kin) continue;
        day theirs = member->person.birth;
        bool known = !day_is_none(birth) && !day_is_none(theirs);
        if (known
            && (theirs.days > birth.days || day_age(theirs, birth) < YEARS_BEFORE_CHILD_MIN)) {
            continue;
        }
        if (count < 2) found[count] = member->person;
        count++;
    }
    return count;
}

/* Parents of a grandchild: the one grown child of the house and the one by marriage. */
static void find_middle(const struct households *households, uint32_t house, day birth,
                        struct household_kin *out)
{
    struct household_person own[2], married[2];
    size_t owns = find_class(households, house, KIN_CHILD, birth, own);
    size_t marrieds = find_class(households, house, KIN_CHILD_IN_LAW, birth, married);
    if (owns > 1 || marrieds > 1) return;
    size_t count = 0;
    if (owns == 1) out->parents[count++] = own[0];
    if (marrieds == 1) out->parents[count] = married[0];
}

void households_find(const struct households *households, struct household_key key,
                     struct str relation, day birth, struct household_kin *out)
{
    char buffer[KEY_BYTES_MAX];
    struct household_person heads[2], spouses[2];
    *out = (struct household_kin){0};
    enum kin_class kin = kin_class_of(relation);
    if (key.number.len == 0 || kin == KIN_HEAD || kin == KIN_SPOUSE) return;
    uint32_t house = dict_find(&households->keys, key_text(key, buffer));
    if (house == DICT_NONE) return;
    size_t head_count = find_class(households, house, KIN_HEAD, DAY_NONE, heads);
    if (head_count > 1) return;
    if (head_count == 1) out->head = heads[0];
    if (kin == KIN_GRANDCHILD) find_middle(households, house, birth, out);
    if (kin != KIN_CHILD) return;
    size_t count = 0;
    if (find_class(households, house, KIN_HEAD, birth, heads) == 1)
        out->parents[count++] = heads[0];
    if (find_class(households, house, KIN_SPOUSE, birth, spouses) == 1) {
        out->parents[count] = spouses[0];
    }
}
