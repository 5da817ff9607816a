#include "registry/layout.h"

#include "base/list.h"

#include <stdio.h>
#include <string.h>

enum aside_kind { KIND_VALUE, KIND_WRITTEN, KIND_COLUMN, KIND_HEADING };

void layout_make(struct layout *layout, struct arena *arena, const struct profile *profile)
{
    static const struct store_column own[COLUMN_FIELDS] = {
        [COLUMN_STATEMENT] = {"statement", STORE_INTEGER, true},
        [COLUMN_BATCH] = {"batch", STORE_INTEGER, true},
        [COLUMN_SHEET] = {"sheet", STORE_INTEGER, true},
        [COLUMN_ROW] = {"row", STORE_INTEGER, true},
        [COLUMN_AREA] = {"area", STORE_TEXT, false},
        [COLUMN_BLIND] = {"blind", STORE_INTEGER, false},
        [COLUMN_SEALED] = {"sealed", STORE_BLOB, true},
    };
    size_t most = COLUMN_FIELDS + profile->field_count;
    struct text table;
    text_init(&table, arena, 256);
    text_add_f(&table, "register_%.*s", STR_ARG(profile->key));
    *layout = (struct layout){
        .profile = profile,
        .table = str_cstr(arena, text_str(&table)),
        .columns = arena_array(arena, struct store_column, most),
        .names = arena_array(arena, const char *, most),
        .fields = arena_array(arena, int, most),
        .id_field = profile_field_number(profile, "id_number"),
    };
    memcpy(layout->columns, own, sizeof own);
    layout->count = COLUMN_FIELDS;
    for (size_t i = 0; i < profile->field_count; i++) {
        if (profile->fields[i].identifying) continue;
        layout->fields[layout->count - COLUMN_FIELDS] = (int)i;
        layout->columns[layout->count++] = (struct store_column){
            .name = str_cstr(arena, profile->fields[i].key), .type = STORE_TEXT};
    }
    for (size_t i = 0; i < layout->count; i++) layout->names[i] = layout->columns[i].name;
}

int layout_column(const struct layout *layout, int field)
{
    for (size_t i = COLUMN_FIELDS; field >= 0 && i < layout->count; i++) {
        if (layout->fields[i - COLUMN_FIELDS] == field) return (int)i;
    }
    return -1;
}

static size_t number_bytes(uint64_t number)
{
    size_t bytes = 1;
    for (; number >= 0x80; number >>= 7) bytes++;
    return bytes;
}

/* Either counts (`out` NULL) or writes: the same walk gives the size and the bytes. */
struct packer {
    char *out;
    size_t length;
};

static void put_number(struct packer *packer, uint64_t number)
{
    if (packer->out == NULL) {
        packer->length += number_bytes(number);
        return;
    }
    for (; number >= 0x80; number >>= 7) {
        packer->out[packer->length++] = (char)(unsigned char)((number & 0x7F) | 0x80);
    }
    packer->out[packer->length++] = (char)(unsigned char)number;
}

static void put_text(struct packer *packer, struct str text)
{
    put_number(packer, text.len);
    if (packer->out != NULL && text.len > 0) {
        memcpy(packer->out + packer->length, text.ptr, text.len);
    }
    packer->length += text.len;
}

static void put_fields(struct packer *packer, const struct profile *profile,
                       const struct intake_row *row)
{
    for (size_t i = 0; i < profile->field_count; i++) {
        if (profile->fields[i].identifying && row->values[i].len > 0) {
            put_number(packer, i * 4 + KIND_VALUE);
            put_text(packer, row->values[i]);
        }
        if (row->written[i].ptr != NULL) {
            put_number(packer, i * 4 + KIND_WRITTEN);
            put_text(packer, row->written[i]);
        }
    }
}

/* The column of the next pair: pairs come in the order of the columns, some columns without one. */
static bool find_place(const struct sheet_plan *plan, struct str heading, size_t *place)
{
    for (size_t at = *place; at < plan->column_count; at++) {
        if (plan->fields[at] >= 0 || !str_equal(plan->headings[at], heading)) continue;
        *place = at;
        return true;
    }
    return false;
}

static void put_asides(struct packer *packer, const struct sheet_plan *plan,
                       const struct intake_row *row)
{
    size_t place = 0;
    for (size_t i = 0; i < row->extra_count; i++) {
        struct str heading = row->extra[2 * i], value = row->extra[2 * i + 1];
        if (value.len == 0) continue;
        if (find_place(plan, heading, &place)) {
            put_number(packer, place * 4 + KIND_COLUMN);
            place++;
        } else {
            put_number(packer, KIND_HEADING);
            put_text(packer, heading);
        }
        put_text(packer, value);
    }
}

struct str layout_pack(struct arena *arena, const struct profile *profile,
                       const struct sheet_plan *plan, const struct intake_row *row)
{
    struct packer packer = {0};
    put_fields(&packer, profile, row);
    put_asides(&packer, plan, row);
    size_t length = packer.length;
    packer = (struct packer){.out = arena_alloc(arena, length)};
    put_fields(&packer, profile, row);
    put_asides(&packer, plan, row);
    CHECK(packer.length == length);
    return (struct str){packer.out, length};
}

static bool take_number(struct str *rest, uint64_t *number)
{
    *number = 0;
    for (unsigned shift = 0; rest->len > 0 && shift < 63; shift += 7) {
        unsigned char byte = (unsigned char)*rest->ptr;
        *rest = str_slice(*rest, 1, rest->len);
        *number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

static bool take_text(struct str *rest, struct str *text)
{
    uint64_t length;
    if (!take_number(rest, &length) || length > rest->len) return false;
    *text = str_slice(*rest, 0, (size_t)length);
    *rest = str_slice(*rest, (size_t)length, rest->len);
    return true;
}

bool layout_unpack(struct arena *arena, struct str packed, const int *map, size_t map_count,
                   struct str *values, struct str *written, struct layout_aside **asides,
                   size_t *aside_count, struct err *err)
{
    LIST(struct layout_aside) list = {0};
    struct str rest = packed;
    bool sound = true;
    while (sound && rest.len > 0) {
        uint64_t tag;
        struct str text, heading = STR_EMPTY;
        sound = take_number(&rest, &tag);
        uint64_t number = tag / 4;
        enum aside_kind kind = sound ? (enum aside_kind)(tag % 4) : KIND_VALUE;
        if (sound && kind == KIND_HEADING) sound = take_text(&rest, &heading);
        if (!sound || !take_text(&rest, &text)) {
            sound = false;
        } else if (kind == KIND_COLUMN || kind == KIND_HEADING) {
            size_t place = kind == KIND_COLUMN ? (size_t)number : SIZE_MAX;
            if (asides != NULL) {
                *list_push(arena, &list) = (struct layout_aside){place, heading, text};
            }
        } else if (number >= map_count) {
            sound = false;
        } else if (map[number] >= 0) {
            (kind == KIND_VALUE ? values : written)[map[number]] = text;
        }
    }
    if (!sound) {
        return err_set(err, ERR_STORE, "a sealed record is damaged", "有一条加密记录已损坏");
    }
    if (asides != NULL) {
        *asides = list.items;
        *aside_count = list.count;
    }
    return true;
}

struct str layout_packed_value(struct str packed, uint64_t number)
{
    struct str rest = packed, text;
    uint64_t tag;
    while (rest.len > 0 && take_number(&rest, &tag)) {
        enum aside_kind kind = (enum aside_kind)(tag % 4);
        if (kind == KIND_HEADING && !take_text(&rest, &text)) break;
        if (!take_text(&rest, &text)) break;
        if (kind == KIND_VALUE && tag / 4 == number) return text;
    }
    return STR_EMPTY;
}

struct str layout_context(const char *table, int64_t number, char buffer[LAYOUT_CONTEXT_BYTES])
{
    int length = snprintf(buffer, LAYOUT_CONTEXT_BYTES, "%s:%lld", table, (long long)number);
    CHECK(length > 0);
    CHECK(length < LAYOUT_CONTEXT_BYTES);
    return (struct str){buffer, (size_t)length};
}

int64_t layout_blind(const unsigned char *blind)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++) number = number << 8 | blind[i];
    int64_t out;
    memcpy(&out, &number, sizeof out);
    return out;
}
