#include "sample/spoil.h"

#include "identity/id_number.h"

#include <stdio.h>
#include <string.h>

void spoil_rates(uint32_t rates[SPOIL_COUNT], const struct settings *settings, enum source source,
                 int64_t error_permille)
{
    enum { MOST = 900000 };
    for (size_t i = 0; i < SPOIL_COUNT; i++) {
        int64_t scaled = (int64_t)settings->errors[source][i] * error_permille / 1000;
        rates[i] = (uint32_t)(scaled > MOST ? MOST : scaled < 0 ? 0 : scaled);
    }
}

bool spoil_hits(struct spoiler *spoiler, enum spoil what)
{
    return spoiler->rates[what] > 0 && sample_chance(&spoiler->rng, spoiler->rates[what]);
}

/* Another character of a group of confused ones that holds `code`; 0 when there is none. Where the
 * character stands in several groups, the first counts. */
static uint32_t confused(struct spoiler *spoiler, int kind, uint32_t code)
{
    const struct confusion_list *list = &spoiler->city->settings->confusions[kind];
    uint32_t others[16];
    for (size_t i = 0; i < list->count; i++) {
        size_t at = 0, count = 0;
        uint32_t one;
        bool here = false, first = true, first_here = false;
        while (count < 16 && utf8_next(list->groups[i], &at, &one)) {
            if (one == code)
                here = true, first_here = first;
            else
                others[count++] = one;
            first = false;
        }
        if (!here || count == 0) continue;
        if (kind == CONFUSION_TRADITIONAL && !first_here) continue;
        return others[rng_below(&spoiler->rng, (uint32_t)count)];
    }
    return 0;
}

static struct str replace_character(struct spoiler *spoiler, struct str name, size_t which,
                                    uint32_t with)
{
    struct text out;
    size_t at = 0, i = 0;
    uint32_t code;
    text_init(&out, spoiler->arena, name.len + 8);
    while (utf8_next(name, &at, &code)) text_add_code(&out, i++ == which ? with : code);
    return text_str(&out);
}

/* Replaces a character by one that sounds or looks like it: of the given name at first, of the
 * whole name when no other is confused with anything. */
static struct str confuse(struct spoiler *spoiler, struct str name, int kind)
{
    size_t count = utf8_count(name);
    uint32_t start = rng_below(&spoiler->rng, 2);
    for (size_t k = 0; k < count; k++) {
        size_t which = count - 1 - (k + start) % count, at = 0;
        uint32_t code = 0;
        for (size_t i = 0; i <= which; i++)
            if (!utf8_next(name, &at, &code)) return name;
        uint32_t with = confused(spoiler, kind, code);
        if (with != 0) return replace_character(spoiler, name, which, with);
    }
    return name;
}

/* Every character in its traditional form. */
static struct str to_traditional(struct spoiler *spoiler, struct str name)
{
    struct text out;
    size_t at = 0;
    uint32_t code;
    text_init(&out, spoiler->arena, name.len + 16);
    while (utf8_next(name, &at, &code)) {
        uint32_t with = confused(spoiler, CONFUSION_TRADITIONAL, code);
        text_add_code(&out, with == 0 ? code : with);
    }
    return text_str(&out);
}

/* Characters that old programs do not know come out as "?" or are left out. */
static struct str lose_rare(struct spoiler *spoiler, struct str name)
{
    struct text out;
    size_t at = 0;
    uint32_t code;
    bool lost = false;
    text_init(&out, spoiler->arena, name.len + 8);
    while (utf8_next(name, &at, &code)) {
        bool rare = code > 0xFFFF || (code >= 0x3400 && code < 0x4E00);
        if (!rare)
            text_add_code(&out, code);
        else if (spoil_hits(spoiler, SPOIL_RARE_LOST)) {
            text_add_c(&out, rng_below(&spoiler->rng, 2) == 0 ? "?" : "");
            lost = true;
        } else
            text_add_code(&out, code);
    }
    return lost ? text_str(&out) : name;
}

static struct str blank_inside(struct spoiler *spoiler, struct str name)
{
    struct text out;
    size_t at = 0, count = utf8_count(name), i = 0;
    uint32_t code;
    const char *blank = rng_below(&spoiler->rng, 3) == 0 ? "　" : count == 2 ? "  " : " ";
    text_init(&out, spoiler->arena, name.len + 16);
    while (utf8_next(name, &at, &code)) {
        text_add_code(&out, code);
        if (i++ == 0) text_add_c(&out, blank);
    }
    return text_str(&out);
}

/* A dotted name with another dot, or with none. */
static struct str other_dot(struct spoiler *spoiler, struct str name)
{
    static const char *const dots[] = {"•", ".", "．", "・", ""};
    struct str dot = STR("·");
    size_t at = str_find(name, dot);
    if (at == SIZE_MAX || rng_below(&spoiler->rng, 3) > 0) return name;
    struct text out;
    text_init(&out, spoiler->arena, name.len + 8);
    text_add(&out, str_slice(name, 0, at));
    text_add_c(&out, dots[rng_below(&spoiler->rng, 5)]);
    text_add(&out, str_slice(name, at + dot.len, name.len));
    return text_str(&out);
}

static struct str old_name(struct spoiler *spoiler, struct str name)
{
    const struct weighted_list *list =
        &spoiler->city->settings->given[GENERATION_YOUNG][rng_below(&spoiler->rng, 2)];
    struct text out;
    size_t at = 0;
    uint32_t code;
    text_init(&out, spoiler->arena, name.len + 16);
    if (utf8_next(name, &at, &code)) text_add_code(&out, code);
    text_add(&out, weighted_draw(list, &spoiler->rng)->text);
    return text_str(&out);
}

struct str spoil_name(struct spoiler *spoiler, struct str name)
{
    name = lose_rare(spoiler, name);
    name = other_dot(spoiler, name);
    if (spoil_hits(spoiler, SPOIL_NAME_OLD))
        name = old_name(spoiler, name);
    else if (spoil_hits(spoiler, SPOIL_HOMOPHONE))
        name = confuse(spoiler, name, CONFUSION_HOMOPHONE);
    else if (spoil_hits(spoiler, SPOIL_LOOK_ALIKE))
        name = confuse(spoiler, name, CONFUSION_LOOK_ALIKE);
    else if (spoil_hits(spoiler, SPOIL_TRADITIONAL))
        name = to_traditional(spoiler, name);
    else if (spoil_hits(spoiler, SPOIL_NAME_CUT) && utf8_count(name) > 2) {
        size_t at = 0;
        uint32_t code;
        while (at < name.len) {
            size_t from = at;
            utf8_next(name, &at, &code);
            if (at == name.len) name = str_slice(name, 0, from);
        }
    }
    if (spoil_hits(spoiler, SPOIL_NAME_BLANK)) name = blank_inside(spoiler, name);
    return name;
}

struct str spoil_digit(struct spoiler *spoiler, struct str id)
{
    if (id.len != 18) return id;
    char *copy = arena_copy(spoiler->arena, id.ptr, id.len);
    uint32_t at = rng_below(&spoiler->rng, 17);
    copy[at] = (char)('0' + (copy[at] - '0' + 1 + (int)rng_below(&spoiler->rng, 9)) % 10);
    return (struct str){copy, id.len};
}

static struct str swap_digits(struct spoiler *spoiler, struct str id)
{
    char *copy = arena_copy(spoiler->arena, id.ptr, id.len);
    for (int tries = 0; tries < 20; tries++) {
        uint32_t at = 6 + rng_below(&spoiler->rng, 10);
        if (copy[at] == copy[at + 1]) continue;
        char c = copy[at];
        copy[at] = copy[at + 1];
        copy[at + 1] = c;
        break;
    }
    return (struct str){copy, id.len};
}

/* A digit too few or too many. */
static struct str wrong_length(struct spoiler *spoiler, struct str id)
{
    struct text out;
    size_t at = 6 + rng_below(&spoiler->rng, 11);
    bool more = rng_below(&spoiler->rng, 4) == 0;
    text_init(&out, spoiler->arena, 32);
    text_add(&out, str_slice(id, 0, more ? at + 1 : at));
    text_add(&out, str_slice(id, more ? at : at + 1, id.len));
    return text_str(&out);
}

/* 15 digits: without the century and the check character. */
static struct str first_generation(struct spoiler *spoiler, struct str id)
{
    struct text out;
    text_init(&out, spoiler->arena, 32);
    text_add(&out, str_slice(id, 0, 6));
    text_add(&out, str_slice(id, 8, 17));
    return text_str(&out);
}

static struct str relative_id(struct spoiler *spoiler, const struct child *child, bool parent)
{
    const struct city *city = spoiler->city;
    const struct family *family = &city->families.items[child->family];
    if (parent) return str_from(city->adults.items[family_guardian(family)].id);
    for (uint32_t i = 0; i < family->child_count; i++) {
        const struct child *other = &city->children.items[family->first_child + i];
        if (other != child && other->id[0] != '\0') return str_from(other->id);
    }
    return str_from(child->id);
}

struct str spoil_school_made(struct spoiler *spoiler, const struct child *child)
{
    const struct settings *settings = spoiler->city->settings;
    const struct family *family = &spoiler->city->families.items[child->family];
    char *id = arena_alloc(spoiler->arena, 19);
    sample_id_number(id, settings->counties[village_county(settings, family->village)].code,
                     child->birth, child->male, 120 + rng_below(&spoiler->rng, 300));
    return str_from(id);
}

struct str spoil_certificate(struct spoiler *spoiler, const struct child *child, struct str id)
{
    struct text out;
    text_init(&out, spoiler->arena, 40);
    text_add_f(&out, "%.*s%d%d", STR_ARG(id), child->disability_kind, child->disability_grade);
    if (spoil_hits(spoiler, SPOIL_CERTIFICATE_REISSUED)) text_add_c(&out, "B1");
    return text_str(&out);
}

static struct str full_width(struct spoiler *spoiler, struct str id)
{
    struct text out;
    text_init(&out, spoiler->arena, 100);
    for (size_t i = 0; i < id.len; i++) text_add_code(&out, (uint32_t)(id.ptr[i] - '!') + 0xFF01);
    return text_str(&out);
}

static struct str decorate(struct spoiler *spoiler, struct str id)
{
    struct text out;
    text_init(&out, spoiler->arena, 64);
    if (id.len == 18 && id.ptr[17] == 'X' && spoil_hits(spoiler, SPOIL_LOWER_X)) {
        text_add(&out, str_slice(id, 0, 17));
        text_add_byte(&out, 'x');
    } else
        text_add(&out, id);
    if (spoil_hits(spoiler, SPOIL_FULL_WIDTH)) return full_width(spoiler, text_str(&out));
    if (spoil_hits(spoiler, SPOIL_TRAILING_BLANK))
        text_add_c(&out, rng_below(&spoiler->rng, 3) == 0 ? "\u00a0" : " ");
    return text_str(&out);
}

static enum spoil draw_id_error(struct spoiler *spoiler, const struct child *child)
{
    static const enum spoil errors[] = {SPOIL_ID_MISSING,        SPOIL_ID_PARENT, SPOIL_ID_SIBLING,
                                        SPOIL_ID_STUDENT_NUMBER, SPOIL_ID_DIGIT,  SPOIL_ID_SWAP,
                                        SPOIL_ID_SHORT,          SPOIL_ID_FLOAT};
    if (child->id[0] == '\0') return SPOIL_ID_MISSING;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (spoil_hits(spoiler, errors[i])) return errors[i];
    if (child->disability_kind > 0 && spoil_hits(spoiler, SPOIL_ID_CERTIFICATE))
        return SPOIL_ID_CERTIFICATE;
    return SPOIL_COUNT;
}

struct str spoil_id(struct spoiler *spoiler, const struct child *child, enum spoil *how)
{
    struct str id = str_from(child->id);
    struct text out;
    *how = draw_id_error(spoiler, child);
    switch (*how) {
    case SPOIL_ID_MISSING: return STR_EMPTY;
    case SPOIL_ID_PARENT: id = relative_id(spoiler, child, true); break;
    case SPOIL_ID_SIBLING: id = relative_id(spoiler, child, false); break;
    case SPOIL_ID_STUDENT_NUMBER: id = spoil_school_made(spoiler, child); break;
    case SPOIL_ID_DIGIT: id = spoil_digit(spoiler, id); break;
    case SPOIL_ID_SWAP: id = swap_digits(spoiler, id); break;
    case SPOIL_ID_SHORT: id = wrong_length(spoiler, id); break;
    case SPOIL_ID_CERTIFICATE: return spoil_certificate(spoiler, child, id);
    case SPOIL_ID_FLOAT:
        text_init(&out, spoiler->arena, 32);
        text_add_f(&out, "%c.%.5sE+17", id.ptr[0], id.ptr + 1);
        return text_str(&out);
    default: break;
    }
    return decorate(spoiler, id);
}

struct str spoil_adult_id(struct spoiler *spoiler, struct str id, enum spoil missing,
                          enum spoil digit, enum spoil old)
{
    if (spoil_hits(spoiler, missing)) return STR_EMPTY;
    if (spoil_hits(spoiler, digit))
        id = spoil_digit(spoiler, id);
    else if (id.len == 18 && id.ptr[6] == '1' && spoil_hits(spoiler, old))
        return first_generation(spoiler, id);
    return decorate(spoiler, id);
}

struct str spoil_birth(struct spoiler *spoiler, day birth, bool *odd)
{
    char buffer[DAY_TEXT_SIZE];
    int year, month, day_of_month;
    *odd = spoil_hits(spoiler, SPOIL_BIRTH_FORM);
    if (spoil_hits(spoiler, SPOIL_BIRTH_MISSING)) return STR_EMPTY;
    if (spoil_hits(spoiler, SPOIL_BIRTH_LUNAR)) {
        /* The date of the farmers' calendar, three to seven weeks behind, taken for the other. */
        birth.days -= 20 + (int32_t)rng_below(&spoiler->rng, 29);
    } else if (spoil_hits(spoiler, SPOIL_BIRTH_DAY)) {
        birth.days +=
            rng_below(&spoiler->rng, 2) == 0 ? -1 : 1 + (int32_t)rng_below(&spoiler->rng, 9);
    } else if (spoil_hits(spoiler, SPOIL_BIRTH_DEFAULT)) {
        day_to_ymd(birth, &year, &month, &day_of_month);
        CHECK(day_from_ymd(year, 1, 1, &birth));
    } else if (spoil_hits(spoiler, SPOIL_BIRTH_SWAP)) {
        day swapped;
        day_to_ymd(birth, &year, &month, &day_of_month);
        if (day_of_month <= 12 && day_from_ymd(year, day_of_month, month, &swapped))
            birth = swapped;
    }
    return str_copy(spoiler->arena, str_from(day_format(birth, buffer)));
}

uint32_t spoil_village(struct spoiler *spoiler, uint32_t village)
{
    const struct settings *settings = spoiler->city->settings;
    const struct township *township = &settings->townships[settings->villages[village].township];
    if (!spoil_hits(spoiler, SPOIL_VILLAGE_MOVED)) return village;
    return township->village_from + rng_below(&spoiler->rng, township->village_count);
}
