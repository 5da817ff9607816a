#include "identity/name.h"
#include "identity/reading.h"
#include "jobs/search_index.h"

enum { CHARACTERS_MAX = 32, HEAD_LETTERS = 8 };

static const char *const match_keys[SEARCH_MATCH_COUNT] = {"name", "pinyin",         "initials",
                                                           "id",   "student_number", "number"};

const char *search_match_key(enum search_match match)
{
    CHECK(match < SEARCH_MATCH_COUNT);
    return match_keys[match];
}

/* Tiers of what is typed as letters. */
enum {
    WHOLE_PINYIN,    /* wangxiaoming */
    WHOLE_INITIALS,  /* wxm */
    FIRST_SYLLABLES, /* wangxiao */
    FIRST_LETTERS,   /* wangxi */
    FIRST_INITIALS,  /* wx */
    LATER_PINYIN,    /* xiaoming */
    LATER_INITIALS,  /* xm */
    MIXED,           /* wxming */
};

/* Tiers of what is typed in characters. */
enum { WHOLE_NAME, NAME_BEGINS, NAME_CONTAINS, NAME_SOUNDS };

static bool tier_takes(const struct searching *searching, const struct search_tier *tier,
                       uint32_t rank)
{
    return tier->count < searching->limit || rank < tier->items[tier->count - 1].rank;
}

void search_offer_record(struct searching *searching, int number, enum search_match match,
                         uint32_t record)
{
    const struct snapshot *snapshot = searching->view->snapshot;
    struct search_tier *tier = &searching->tiers[number];
    uint32_t person = snapshot->run.people.records[record].person;
    uint32_t rank = snapshot->person_ranks[person];
    if (!tier_takes(searching, tier, rank)) return;
    for (size_t i = 0; i < tier->count; i++) {
        if (tier->items[i].person == person) return;
    }
    if (!view_sees_record(searching->view, record)) return;
    if (tier->count < searching->limit) tier->count++;
    size_t at = tier->count - 1;
    for (; at > 0 && tier->items[at - 1].rank > rank; at--) tier->items[at] = tier->items[at - 1];
    tier->items[at] = (struct search_candidate){rank, person, record};
    tier->match = match;
}

void search_offer(struct searching *searching, int number, enum search_match match,
                  const struct search_postings *postings, uint32_t text)
{
    const struct search_tier *tier = &searching->tiers[number];
    const struct view *view = searching->view;
    if (!tier_takes(searching, tier, postings->best[text])) return;
    if ((postings->townships[text] & searching->townships) == 0) return;
    for (uint32_t i = postings->first[text]; i < postings->first[text + 1]; i++) {
        const struct search_posting *posting = &postings->items[i];
        if (!tier_takes(searching, tier, posting->rank)) continue;
        if (view_misses_area(view, posting->area)) continue;
        search_offer_record(searching, number, match, posting->record);
    }
}

/* Whether enough was found for the ways to match that cost more to be left out. */
static bool has_enough(const struct searching *searching)
{
    for (int t = 0; t < SEARCH_TIERS; t++) {
        if (searching->tiers[t].count == searching->limit) return true;
    }
    return false;
}

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter + ('a' - 'A')) : letter;
}

static bool is_capital(char letter)
{
    return letter >= 'A' && letter <= 'Z';
}

/* Whether letters as read aloud begin with what was typed. */
static bool begins(const char *letters, struct str typed)
{
    for (size_t i = 0; i < typed.len; i++) {
        if (lower(letters[i]) != typed.ptr[i]) return false;
    }
    return true;
}

/* Whether what was typed takes at least one letter of each syllable from the first on, and of none
 * more than it has: "wxming", "wangxm". The last may be cut anywhere. */
static bool begins_mixed(const char *letters, struct str typed)
{
    if (typed.len == 0) return true;
    if (letters[0] == '\0' || lower(letters[0]) != typed.ptr[0]) return false;
    size_t taken = 1, next = 1;
    while (letters[next] != '\0' && !is_capital(letters[next])) next++;
    for (;;) {
        if (begins_mixed(letters + next, str_slice(typed, taken, typed.len))) return true;
        if (taken == next || taken == typed.len) return false;
        if (letters[taken] != typed.ptr[taken]) return false;
        taken++;
    }
}

/* The first sound whose letters may begin with `typed`. */
static size_t first_sound(const struct search *search, uint64_t head)
{
    size_t low = 0, high = search->sound_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (search->sounds[middle].head < head) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The highest head that begins with the first letters of `typed`. */
static uint64_t last_head(struct str typed)
{
    uint64_t head = search_head(typed.ptr, typed.len);
    if (typed.len >= HEAD_LETTERS) return head;
    return head | (UINT64_MAX >> (8 * typed.len));
}

static int pinyin_tier(const struct search *search, const struct search_sound *sound,
                       struct str typed)
{
    const char *letters = search->letters + sound->at;
    char next = letters[typed.len];
    if (sound->at > 0 && search->letters[sound->at - 1] != '\0') return LATER_PINYIN;
    if (next == '\0') return WHOLE_PINYIN;
    return is_capital(next) ? FIRST_SYLLABLES : FIRST_LETTERS;
}

static void find_pinyin(struct searching *searching, struct str typed)
{
    const struct search *search = searching->search;
    uint64_t last = last_head(typed);
    for (size_t i = first_sound(search, search_head(typed.ptr, typed.len));
         i < search->sound_count && search->sounds[i].head <= last; i++) {
        const struct search_sound *sound = &search->sounds[i];
        if (typed.len > HEAD_LETTERS && !begins(search->letters + sound->at, typed)) continue;
        search_offer(searching, pinyin_tier(search, sound, typed), SEARCH_BY_PINYIN, &search->names,
                     sound->name);
    }
}

static void find_initials(struct searching *searching, struct str typed)
{
    const struct search *search = searching->search;
    if (typed.len > HEAD_LETTERS) return;
    uint64_t key = search_head(typed.ptr, typed.len), last = last_head(typed);
    size_t low = 0, high = search->initials_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (search->initials[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (size_t i = low; i < search->initials_count && search->initials[i].key <= last; i++) {
        const struct search_initials *initials = &search->initials[i];
        int tier = !initials->whole       ? LATER_INITIALS
                   : initials->key == key ? WHOLE_INITIALS
                                          : FIRST_INITIALS;
        search_offer(searching, tier, SEARCH_BY_INITIALS, &search->names, initials->name);
    }
}

static void find_mixed(struct searching *searching, struct str typed)
{
    const struct search *search = searching->search;
    struct str first = str_slice(typed, 0, 1);
    uint64_t last = last_head(first);
    for (size_t i = first_sound(search, search_head(first.ptr, 1));
         i < search->sound_count && search->sounds[i].head <= last; i++) {
        const struct search_sound *sound = &search->sounds[i];
        if (!tier_takes(searching, &searching->tiers[MIXED], search->names.best[sound->name])) {
            continue;
        }
        if (!begins_mixed(search->letters + sound->at, typed)) continue;
        search_offer(searching, MIXED, SEARCH_BY_PINYIN, &search->names, sound->name);
    }
}

/* The grams with this key: first and behind the last. */
static void gram_range(const struct search *search, uint64_t key, size_t *first, size_t *end)
{
    size_t low = 0, high = search->gram_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (search->grams[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *first = low;
    high = search->gram_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (search->grams[middle].key <= key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *end = low;
}

/* The rarest of the character pairs of `part`, or its one character. */
static void rarest_grams(const struct search *search, struct str part, size_t *first, size_t *end)
{
    size_t at = 0;
    uint32_t before = 0, code;
    *first = *end = 0;
    for (int i = 0; i < CHARACTERS_MAX && utf8_next(part, &at, &code); i++) {
        size_t from, to;
        bool single = i == 0 && at == part.len;
        if (i > 0 || single) {
            gram_range(search, (uint64_t)(single ? code : before) << 32 | (single ? 0 : code),
                       &from, &to);
            if (i <= 1 || to - from < *end - *first) {
                *first = from;
                *end = to;
            }
        }
        before = code;
    }
}

/* Whether the characters of `rest`, from its first on, are read as the letters typed. */
static bool reads_as(struct str rest, struct str typed)
{
    size_t at = 0;
    uint32_t code;
    uint16_t readings[READINGS_PER_CHARACTER_MAX];
    if (typed.len == 0) return true;
    if (!utf8_next(rest, &at, &code)) return false;
    size_t count = reading_of(code, readings);
    for (size_t r = 0; r < count; r++) {
        const char *syllable = reading_text(readings[r]);
        size_t taken = 0;
        while (taken < typed.len && syllable[taken] != '\0'
               && syllable[taken] == typed.ptr[taken]) {
            taken++;
            if (reads_as(str_slice(rest, at, rest.len), str_slice(typed, taken, typed.len))) {
                return true;
            }
        }
    }
    return false;
}

/* Names that contain `part`, followed by characters that are read as `letters` (may be empty). */
static void find_characters(struct searching *searching, struct str part, struct str letters)
{
    const struct search *search = searching->search;
    size_t first, end;
    rarest_grams(search, part, &first, &end);
    for (size_t i = first; i < end; i++) {
        uint32_t number = search->grams[i].name;
        struct str name = search->clean[number];
        size_t at = str_find(name, part);
        if (at == SIZE_MAX) continue;
        struct str rest = str_slice(name, at + part.len, name.len);
        if (!reads_as(rest, letters)) continue;
        bool whole = at == 0 && rest.len == 0;
        search_offer(searching,
                     whole     ? WHOLE_NAME
                     : at == 0 ? NAME_BEGINS
                               : NAME_CONTAINS,
                     SEARCH_BY_NAME, &search->names, number);
    }
}

void search_sounding(const struct search *search, struct str letters,
                     void (*each)(void *context, uint32_t name), void *context)
{
    uint64_t last = last_head(letters);
    if (letters.len == 0) return;
    for (size_t i = first_sound(search, search_head(letters.ptr, letters.len));
         i < search->sound_count && search->sounds[i].head <= last; i++) {
        const struct search_sound *sound = &search->sounds[i];
        if (letters.len > HEAD_LETTERS && !begins(search->letters + sound->at, letters)) continue;
        if (pinyin_tier(search, sound, letters) == WHOLE_PINYIN) each(context, sound->name);
    }
}

static void offer_sounding(void *context, uint32_t name)
{
    struct searching *searching = context;
    search_offer(searching, NAME_SOUNDS, SEARCH_BY_PINYIN, &searching->search->names, name);
}

/* Names that sound the same, for a character that was mistyped. */
static void find_same_sound(struct searching *searching, const struct name *name)
{
    search_sounding(searching->search,
                    reading_name(searching->view->arena, name->surname, name->given),
                    offer_sounding, searching);
}

static void close_tiers(const struct searching *searching, struct search_found *out)
{
    for (int t = 0; t < SEARCH_TIERS; t++) {
        const struct search_tier *tier = &searching->tiers[t];
        for (size_t i = 0; i < tier->count && out->person_count < searching->limit; i++) {
            size_t k = 0;
            while (k < out->person_count && out->persons[k].person != tier->items[i].person) k++;
            if (k < out->person_count) continue;
            out->persons[out->person_count++] =
                (struct search_hit){tier->items[i].person, tier->items[i].record, tier->match};
        }
    }
}

/* What was typed, taken apart. */
struct typed {
    struct str characters; /* up to the first Latin letter: cleaned as names are */
    struct str letters;    /* lower case, without blanks and marks; ü as v */
    struct str digits;     /* digits and letters in upper case, when it is a number */
};

static bool is_letter(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

static bool is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

static void take_apart(struct arena *arena, struct str text, struct typed *out)
{
    struct text characters, letters, digits;
    size_t at = 0, digit_count = 0;
    uint32_t code;
    text_init(&characters, arena, SEARCH_BYTES_MAX * 2);
    text_init(&letters, arena, SEARCH_BYTES_MAX * 2);
    text_init(&digits, arena, SEARCH_BYTES_MAX * 2);
    while (utf8_next(text, &at, &code)) {
        if (code == 0xFC || code == 0xDC) code = 'v';
        if (is_digit(code)) digit_count++;
        if (is_letter(code) || is_digit(code)) {
            text_add_byte(&digits, code >= 'a' ? (char)(code - 'a' + 'A') : (char)code);
        }
        if (is_letter(code)) {
            text_add_byte(&letters, lower((char)code));
        } else if (letters.len == 0 && code > 0x7F) {
            text_add_code(&characters, code);
        }
    }
    struct name name;
    name_read(arena, text_str(&characters), &name);
    out->characters = name.clean;
    out->letters = digit_count > 0 ? STR_EMPTY : text_str(&letters);
    out->digits = digit_count > 0 && characters.len == 0 ? text_str(&digits) : STR_EMPTY;
}

static int school_tier(const struct search *search, const struct snapshot *snapshot,
                       uint32_t number, const struct typed *typed)
{
    enum { NONE = -1, WHOLE, BEGINS, CONTAINS };
    const struct snapshot_school *school = &snapshot->schools[number];
    if (typed->digits.len > 0) {
        if (typed->digits.len < 4 || school->code.len == 0) return NONE;
        if (str_equal(school->code, typed->digits)) return WHOLE;
        if (str_starts(school->code, typed->digits)) return BEGINS;
        return str_ends(school->code, typed->digits) ? CONTAINS : NONE;
    }
    if (typed->characters.len > 0) {
        size_t at = str_find(school->name, typed->characters);
        if (at == SIZE_MAX) return NONE;
        struct str rest = str_slice(school->name, at + typed->characters.len, school->name.len);
        if (!reads_as(rest, typed->letters)) return NONE;
        return at > 0 ? CONTAINS : rest.len == 0 ? WHOLE : BEGINS;
    }
    struct str letters = search->school_letters[number];
    if (letters.len == 0) return NONE;
    for (size_t i = 0; i < letters.len; i++) {
        if (!is_capital(letters.ptr[i]) || !begins_mixed(letters.ptr + i, typed->letters)) continue;
        return i == 0 ? BEGINS : CONTAINS;
    }
    return NONE;
}

static void find_schools(const struct searching *searching, const struct typed *typed,
                         struct search_found *out)
{
    const struct snapshot *snapshot = searching->view->snapshot;
    for (int tier = 0; tier < 3; tier++) {
        for (uint32_t s = 0; s < snapshot->school_count; s++) {
            const struct snapshot_school *school = &snapshot->schools[s];
            if (out->school_count == SEARCH_SCHOOLS_MAX) return;
            if (!school->listed && school->on_roll + school->attending == 0) continue;
            if (school_tier(searching->search, snapshot, s, typed) != tier) continue;
            if (!view_sees_school(searching->view, school)) continue;
            out->schools[out->school_count++] = s;
        }
    }
}

/* Most texts of a city are of no one in a township: one bit tells so without looking at records. */
static uint64_t townships_of(const struct view *view)
{
    const struct dict *texts = &view->snapshot->run.people.texts[PERSON_AREA];
    uint64_t bits = 0;
    if (view->areas == NULL || view->asker->school.len > 0) return UINT64_MAX;
    for (uint32_t a = 0; a < texts->count; a++) {
        if (view->areas[a]) bits |= search_township_bit(dict_text(texts, a));
    }
    return bits;
}

void search_find(const struct view *asked, struct str text, size_t limit, struct search_found *out)
{
    CHECK(limit > 0);
    CHECK(limit <= SEARCH_LIMIT_MAX);
    const struct search *search = asked->snapshot->search;
    struct view quick = *asked;
    const struct view *view = &quick;
    view_prepare(&quick);
    out->person_count = out->school_count = 0;
    if (text.len > SEARCH_BYTES_MAX) return;
    struct searching searching = {
        .view = view, .search = search, .limit = limit, .townships = townships_of(view)};
    struct typed typed;
    take_apart(view->arena, utf8_nfkc(view->arena, text), &typed);
    if (typed.digits.len > 0) {
        search_numbers(&searching, typed.digits);
    } else if (typed.characters.len > 0) {
        struct name name;
        name_read(view->arena, typed.characters, &name);
        find_characters(&searching, name.clean, typed.letters);
        if (typed.letters.len == 0 && name.given.len > 0 && !has_enough(&searching)) {
            find_same_sound(&searching, &name);
        }
    } else if (typed.letters.len > 1) {
        find_pinyin(&searching, typed.letters);
        find_initials(&searching, typed.letters);
        if (!has_enough(&searching)) find_mixed(&searching, typed.letters);
    } else {
        return;
    }
    close_tiers(&searching, out);
    find_schools(&searching, &typed, out);
}
