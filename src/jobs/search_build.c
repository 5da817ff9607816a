#include "base/list.h"
#include "base/thread.h"
#include "identity/name.h"
#include "identity/reading.h"
#include "jobs/search_index.h"

#include <stdlib.h>

/* A name of three characters that are each read in two ways is read in eight; beyond WAYS_MAX only
 * the commoner ones are kept. */
enum { WAYS_MAX = 16, BLOCK_NAMES = 2048, LETTERS_BYTES_MAX = 1 << 30, HEAD_LETTERS = 8 };

/* What one thread makes of one block of names. */
struct block {
    struct arena arena;
    LIST(struct search_gram) grams;
    LIST(struct search_sound) sounds;
    LIST(struct search_initials) initials;
    struct text letters;
};

struct building {
    const struct people *people;
    struct search *search;
    struct block *blocks;
};

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter + ('a' - 'A')) : letter;
}

uint64_t search_head(const char *text, size_t length)
{
    uint64_t head = 0;
    for (size_t i = 0; i < HEAD_LETTERS; i++) {
        head = head << 8 | (i < length ? (unsigned char)lower(text[i]) : 0);
    }
    return head;
}

static void add_grams(struct block *block, struct str clean, uint32_t name)
{
    size_t at = 0;
    uint32_t before = 0, code, place = 0;
    for (; utf8_next(clean, &at, &code); place++) {
        *list_push(&block->arena, &block->grams) =
            (struct search_gram){(uint64_t)code << 32, name, place};
        if (place > 0) {
            *list_push(&block->arena, &block->grams) =
                (struct search_gram){(uint64_t)before << 32 | code, name, place - 1};
        }
        before = code;
    }
}

static void add_syllable(struct text *letters, uint16_t syllable)
{
    const char *text = reading_text(syllable);
    text_add_byte(letters, (char)(text[0] - 'a' + 'A'));
    text_add_c(letters, text + 1);
}

/* One way to read the name: `way` has the number of the reading of each character. */
static void add_way(struct block *block, const struct name_readings *readings, const size_t *way,
                    uint32_t name)
{
    size_t starts[READING_NAME_CHARACTERS_MAX];
    char first[READING_NAME_CHARACTERS_MAX];
    struct text *letters = &block->letters;
    for (size_t i = 0; i < readings->count; i++) {
        uint16_t syllable = readings->characters[i].syllables[way[i]];
        starts[i] = letters->len;
        first[i] = reading_text(syllable)[0];
        add_syllable(letters, syllable);
    }
    size_t end = letters->len;
    text_add_byte(letters, '\0');
    for (size_t i = 0; i < readings->count; i++) {
        *list_push(&block->arena, &block->sounds) = (struct search_sound){
            search_head(letters->ptr + starts[i], end - starts[i]), (uint32_t)starts[i], name};
        *list_push(&block->arena, &block->initials) =
            (struct search_initials){search_head(first + i, readings->count - i), name, i == 0};
    }
}

static void add_sounds(struct block *block, const struct name *name, uint32_t number)
{
    struct name_readings readings;
    size_t way[READING_NAME_CHARACTERS_MAX] = {0};
    reading_of_name(name->surname, name->given, &readings);
    if (readings.count == 0) return;
    for (int ways = 0; ways < WAYS_MAX; ways++) {
        add_way(block, &readings, way, number);
        size_t i = readings.count;
        while (i > 0 && way[i - 1] + 1 == readings.characters[i - 1].count) way[--i] = 0;
        if (i == 0) return;
        way[i - 1]++;
    }
}

static void read_block(void *context, size_t number, size_t thread)
{
    struct building *building = context;
    struct block *block = &building->blocks[number];
    const struct dict *names = &building->people->texts[PERSON_NAME];
    uint32_t first = (uint32_t)number * BLOCK_NAMES, last = first + BLOCK_NAMES;
    (void)thread;
    text_init(&block->letters, &block->arena, LETTERS_BYTES_MAX);
    for (uint32_t n = first; n < last && n < names->count; n++) {
        struct name name;
        name_read(&block->arena, dict_text(names, n), &name);
        building->search->clean[n] = name.clean;
        add_grams(block, name.clean, n);
        add_sounds(block, &name, n);
    }
}

static int compare_grams(const void *a, const void *b)
{
    const struct search_gram *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return x->name < y->name ? -1 : x->name > y->name;
}

static int compare_initials(const void *a, const void *b)
{
    const struct search_initials *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    if (x->whole != y->whole) return x->whole ? -1 : 1;
    return x->name < y->name ? -1 : x->name > y->name;
}

/* The first eight letters decide nearly always; the rest is only looked at when they are equal, and
 * then by name alone: a search compares the letters themselves. */
static int compare_sounds(const void *a, const void *b)
{
    const struct search_sound *x = a, *y = b;
    if (x->head != y->head) return x->head < y->head ? -1 : 1;
    if (x->name != y->name) return x->name < y->name ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Joins the blocks in their order, so that the result does not depend on who read which. */
static void join_blocks(struct building *building, struct arena *arena, size_t blocks)
{
    struct search *search = building->search;
    size_t letters = 0;
    for (size_t b = 0; b < blocks; b++) {
        search->gram_count += building->blocks[b].grams.count;
        search->sound_count += building->blocks[b].sounds.count;
        search->initials_count += building->blocks[b].initials.count;
        letters += building->blocks[b].letters.len;
    }
    CHECK(letters < UINT32_MAX);
    search->grams = arena_array(arena, struct search_gram, search->gram_count);
    search->sounds = arena_array(arena, struct search_sound, search->sound_count);
    search->initials = arena_array(arena, struct search_initials, search->initials_count);
    search->letters = arena_alloc(arena, letters + 1);
    struct search_gram *gram = search->grams;
    struct search_sound *sound = search->sounds;
    struct search_initials *initials = search->initials;
    letters = 0;
    for (size_t b = 0; b < blocks; b++) {
        const struct block *block = &building->blocks[b];
        for (size_t i = 0; i < block->grams.count; i++) *gram++ = block->grams.items[i];
        for (size_t i = 0; i < block->initials.count; i++) *initials++ = block->initials.items[i];
        for (size_t i = 0; i < block->sounds.count; i++) {
            *sound = block->sounds.items[i];
            sound->at += (uint32_t)letters;
            sound++;
        }
        if (block->letters.len > 0) {
            memcpy(search->letters + letters, block->letters.ptr, block->letters.len);
        }
        letters += block->letters.len;
    }
}

static void sort_part(void *context, size_t number, size_t thread)
{
    struct search *search = context;
    (void)thread;
    if (number == 0 && search->gram_count > 0) {
        qsort(search->grams, search->gram_count, sizeof *search->grams, compare_grams);
    } else if (number == 1 && search->sound_count > 0) {
        qsort(search->sounds, search->sound_count, sizeof *search->sounds, compare_sounds);
    } else if (number == 2 && search->initials_count > 0) {
        qsort(search->initials, search->initials_count, sizeof *search->initials, compare_initials);
    }
}

static void build_names(struct snapshot *snapshot, struct search *search, size_t threads)
{
    enum { PARTS = 3 };
    struct arena work = {0};
    struct building building = {.people = &snapshot->run.people, .search = search};
    uint32_t names = building.people->texts[PERSON_NAME].count;
    size_t blocks = (names + BLOCK_NAMES - 1) / BLOCK_NAMES;
    search->clean = arena_array(&snapshot->arena, struct str, names);
    building.blocks = arena_array(&work, struct block, blocks);
    thread_run(threads, blocks, read_block, &building);
    join_blocks(&building, &snapshot->arena, blocks);
    thread_run(threads, PARTS, sort_part, search);
    for (uint32_t n = 0; n < names; n++) {
        struct str written = dict_text(&building.people->texts[PERSON_NAME], n);
        search->clean[n] = str_equal(written, search->clean[n])
                               ? written
                               : str_copy(&snapshot->arena, search->clean[n]);
    }
    for (size_t b = 0; b < blocks; b++) arena_free(&building.blocks[b].arena);
    arena_free(&work);
}

uint64_t search_township_bit(struct str area)
{
    enum { TOWNSHIP_DIGITS = 9, BITS = 64 };
    return (uint64_t)1 << str_hash(str_slice(area, 0, TOWNSHIP_DIGITS)) % BITS;
}

static void post(struct snapshot *snapshot, enum person_field field, struct search_postings *out)
{
    const struct people *people = &snapshot->run.people;
    size_t texts = people->texts[field].count;
    uint32_t *first = arena_array(&snapshot->arena, uint32_t, texts + 2);
    out->items = arena_array(&snapshot->arena, struct search_posting, people->record_count);
    out->best = arena_array(&snapshot->arena, uint32_t, texts);
    out->townships = arena_array(&snapshot->arena, uint64_t, texts);
    memset(out->best, 0xFF, texts * sizeof *out->best);
    for (size_t i = 0; i < people->record_count; i++) {
        first[people->records[i].values[field] + 2]++;
    }
    for (size_t t = 2; t < texts + 2; t++) first[t] += first[t - 1];
    for (size_t i = 0; i < people->record_count; i++) {
        const struct person_record *record = &people->records[i];
        uint32_t text = record->values[field], rank = snapshot->person_ranks[record->person];
        out->items[first[text + 1]++] =
            (struct search_posting){(uint32_t)i, rank, record->values[PERSON_AREA]};
        if (rank < out->best[text]) out->best[text] = rank;
        out->townships[text] |= search_township_bit(
            dict_text(&people->texts[PERSON_AREA], record->values[PERSON_AREA]));
    }
    out->first = first;
}

struct numbered_text {
    struct str text;
    uint32_t number;
};

static int compare_forward(const void *a, const void *b)
{
    const struct numbered_text *x = a, *y = b;
    return str_compare(x->text, y->text);
}

static int compare_backward(const void *a, const void *b)
{
    const struct numbered_text *x = a, *y = b;
    for (size_t i = 1; i <= x->text.len && i <= y->text.len; i++) {
        unsigned char left = (unsigned char)x->text.ptr[x->text.len - i];
        unsigned char right = (unsigned char)y->text.ptr[y->text.len - i];
        if (left != right) return left < right ? -1 : 1;
    }
    return x->text.len < y->text.len ? -1 : x->text.len > y->text.len;
}

static uint32_t *sort_texts(struct snapshot *snapshot, enum person_field field, bool backward)
{
    struct arena work = {0};
    const struct dict *texts = &snapshot->run.people.texts[field];
    struct numbered_text *sorted = arena_array(&work, struct numbered_text, texts->count);
    uint32_t *out = arena_array(&snapshot->arena, uint32_t, texts->count);
    for (uint32_t t = 0; t < texts->count; t++) {
        sorted[t] = (struct numbered_text){dict_text(texts, t), t};
    }
    if (texts->count > 0) {
        qsort(sorted, texts->count, sizeof *sorted, backward ? compare_backward : compare_forward);
    }
    for (uint32_t t = 0; t < texts->count; t++) out[t] = sorted[t].number;
    arena_free(&work);
    return out;
}

static void read_schools(struct snapshot *snapshot, struct search *search)
{
    search->school_letters = arena_array(&snapshot->arena, struct str, snapshot->school_count);
    for (size_t s = 0; s < snapshot->school_count; s++) {
        struct text letters;
        size_t at = 0;
        uint32_t code;
        text_init(&letters, &snapshot->arena, LETTERS_BYTES_MAX);
        while (utf8_next(snapshot->schools[s].name, &at, &code)) {
            uint16_t readings[READINGS_PER_CHARACTER_MAX];
            if (reading_of(code, readings) > 0) add_syllable(&letters, readings[0]);
        }
        search->school_letters[s] = text_str(&letters);
    }
}

void search_build(struct snapshot *snapshot, size_t threads)
{
    struct search *search = arena_new(&snapshot->arena, struct search);
    build_names(snapshot, search, threads);
    post(snapshot, PERSON_NAME, &search->names);
    post(snapshot, PERSON_ID_NUMBER, &search->ids);
    post(snapshot, PERSON_STUDENT_NUMBER, &search->students);
    search->ids_forward = sort_texts(snapshot, PERSON_ID_NUMBER, false);
    search->ids_backward = sort_texts(snapshot, PERSON_ID_NUMBER, true);
    search->students_forward = sort_texts(snapshot, PERSON_STUDENT_NUMBER, false);
    search->students_backward = sort_texts(snapshot, PERSON_STUDENT_NUMBER, true);
    read_schools(snapshot, search);
    snapshot->search = search;
}
