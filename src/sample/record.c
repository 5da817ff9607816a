#include "sample/record.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Making records: cells, words, shares. */

int64_t works_target(const struct works *works, enum record_number number)
{
    int64_t whole = works->settings->numbers[number];
    int64_t children = works->city->settings->children, wanted = works->city->children_wanted;
    int64_t part =
        whole / children * wanted + (whole % children * wanted + children / 2) / children;
    return part < 1 ? 1 : part;
}

void works_figure(struct works *works, const char *key, const char *unit, int64_t value)
{
    *list_push(works->arena, &works->figures) = (struct record_figure){key, unit, value};
}

static size_t column_of(const struct record_kind *kind, const char *key)
{
    size_t i = 0;
    while (kind->columns[i].key != NULL && strcmp(kind->columns[i].key, key) != 0) i++;
    CHECK(kind->columns[i].key != NULL);
    return i;
}

struct record *record_add(struct records *records, uint32_t county, int year)
{
    size_t columns = 0;
    while (records->kind->columns[columns].key != NULL) columns++;
    struct record *record = list_push(records->arena, &records->rows);
    *record = (struct record){county, year, arena_array(records->arena, struct str, columns)};
    return record;
}

void record_put(struct records *records, struct record *record, const char *key, struct str text)
{
    record->cells[column_of(records->kind, key)] = text;
}

void record_put_c(struct records *records, struct record *record, const char *key, const char *text)
{
    record_put(records, record, key, str_from(text));
}

struct str record_text(struct records *records, const char *format, ...)
{
    struct text out;
    char buffer[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    CHECK(length >= 0);
    CHECK((size_t)length < sizeof buffer);
    text_init(&out, records->arena, sizeof buffer);
    text_add_c(&out, buffer);
    return text_str(&out);
}

void record_put_i(struct records *records, struct record *record, const char *key, int64_t number)
{
    record_put(records, record, key, record_text(records, "%lld", (long long)number));
}

void record_put_day(struct records *records, struct record *record, const char *key, day d)
{
    char buffer[DAY_TEXT_SIZE];
    record_put(records, record, key, str_copy(records->arena, str_from(day_format(d, buffer))));
}

const char *stage_zh(enum stage stage)
{
    static const char *const words[STAGE_COUNT] = {"",     "学前", "小学",    "初中",
                                                   "高中", "中职", "特殊教育"};
    CHECK(stage < STAGE_COUNT);
    return words[stage];
}

void record_put_school(struct records *records, struct record *record, uint32_t number)
{
    const struct settings *settings = records->city->settings;
    const struct school *school = &records->city->schools.items[number];
    record_put(records, record, "school_name", school->name);
    record_put(records, record, "school_code", str_from(school->code));
    record_put(records, record, "county", settings->counties[school->county].name);
    record_put(records, record, "township", settings->townships[school->township].name);
    record_put_c(records, record, "stage", stage_zh(school->stage));
}

struct str record_word(struct records *records, enum record_words words)
{
    return weighted_draw(&records->settings->words[words], &records->rng)->text;
}

/* Running sums, rounded down: what one part loses the next one gets. */
void record_share(int64_t whole, const int64_t *weights, size_t count, int64_t *out)
{
    int64_t sum = 0, passed = 0, given = 0;
    for (size_t i = 0; i < count; i++) sum += weights[i];
    CHECK(sum > 0);
    for (size_t i = 0; i < count; i++) {
        passed += weights[i];
        int64_t now;
        CHECK(!__builtin_mul_overflow(whole, passed, &now));
        now /= sum;
        out[i] = now - given;
        given = now;
    }
    CHECK(given == whole);
}

uint32_t *record_shuffled(struct arena *arena, struct rng *rng, uint32_t count)
{
    uint32_t *order = arena_array(arena, uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++) order[i] = i;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t other = rng_below(rng, i), kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
    return order;
}
