#include "intake/row.h"

#include "intake/fold.h"

#include <string.h>

enum { PLACES_MAX = 1 << 16, PLACE_BYTES_MAX = 512, CODE_BYTES_MAX = 12 };

/* Whether a code lies in an area: a province or prefecture of six digits ends in zeros. */
static bool lies_in(struct str code, struct str area)
{
    while (area.len == 6 || area.len == 4) {
        if (!str_ends(area, STR("00"))) break;
        area.len -= 2;
    }
    return str_starts(code, area);
}

/* The prefecture that all known townships are of: that of the office. Empty when there are several
 * or none. */
static struct str home_of(struct arena *arena, const struct divisions *divisions)
{
    const struct division *first;
    size_t count;
    division_below(divisions, STR_EMPTY, 9, &first, &count);
    if (count == 0) return STR_EMPTY;
    struct str digits = str_slice(first->code, 0, 4);
    if (!str_starts(first[count - 1].code, digits)) return STR_EMPTY;
    struct text code;
    text_init(&code, arena, 8);
    text_add(&code, digits);
    text_add_c(&code, "00");
    return text_str(&code);
}

void row_area_init(struct row_reader *reader, const struct intake_file *file)
{
    const struct sheet_plan *plan = reader->plan;
    struct str texts[] = {plan->sheet_name, plan->title, file->name};
    dict_init(&reader->places, reader->arena);
    reader->context.area = file->options.area;
    reader->around = plan->place;
    if (reader->divisions == NULL) return;
    if (reader->around.len == 0) reader->around = home_of(reader->arena, reader->divisions);
    reader->context.hint = file->options.area.len > 0 ? file->options.area : reader->around;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str code = division_of_address(reader->divisions, texts[i], reader->context.hint);
        bool closer = code.len > 0 && !str_equal(code, reader->context.hint)
                      && lies_in(code, reader->context.hint);
        if (!closer) continue;
        reader->context.area = reader->context.hint = code;
        return;
    }
}

/* The same places are named again and again; the key says in which area they were looked for. */
static struct str code_of_place(struct row_reader *reader, struct str text, struct str key_text,
                                struct str hint)
{
    char key[PLACE_BYTES_MAX + CODE_BYTES_MAX];
    if (key_text.len > PLACE_BYTES_MAX || hint.len > CODE_BYTES_MAX) return STR_EMPTY;
    if (hint.len > 0) memcpy(key, hint.ptr, hint.len);
    memcpy(key + hint.len, key_text.ptr, key_text.len);
    struct str whole = {key, hint.len + key_text.len};
    uint32_t number = dict_find(&reader->places, whole);
    if (number != DICT_NONE) return reader->place_codes.items[number];
    struct str code = division_of_address(reader->divisions, text, hint);
    if (reader->places.count >= PLACES_MAX) return code;
    (void)dict_put(&reader->places, whole);
    *list_push(reader->arena, &reader->place_codes) = code;
    return code;
}

static size_t append(char *buffer, size_t at, struct str text)
{
    if (text.len == 0 || at + text.len > PLACE_BYTES_MAX) return at;
    memcpy(buffer + at, text.ptr, text.len);
    return at + text.len;
}

/* An address up to its last village or community: house numbers name no division. */
static struct str address_key(struct str address)
{
    static const char *const ends[] = {"村", "社区", "居委会", NULL};
    size_t cut = 0;
    for (size_t i = 0; ends[i] != NULL; i++) {
        struct str word = str_from(ends[i]);
        size_t from = 0, at;
        while ((at = str_find(str_slice(address, from, address.len), word)) != SIZE_MAX) {
            from += at + word.len;
            if (from > cut) cut = from;
        }
    }
    return cut == 0 ? address : str_slice(address, 0, cut);
}

static struct str value_of(const struct row_work *work, int field)
{
    return field < 0 ? STR_EMPTY : work->row->values[field];
}

/* A code that is written, when it is one. */
static struct str stated_code(const struct row_work *work)
{
    struct str code = value_of(work, work->reader->fields.area_code);
    if (code.len != 6 && code.len != 9 && code.len != 12) return STR_EMPTY;
    for (size_t i = 0; i < code.len; i++) {
        if (code.ptr[i] < '0' || code.ptr[i] > '9') return STR_EMPTY;
    }
    return code;
}

/* A text that names a place inside what is known already makes it more exact. */
static void narrow(struct row_work *work, struct str text, struct str key)
{
    struct str area = work->row->area;
    if (text.len == 0 || area.len == CODE_BYTES_MAX) return;
    struct str hint = area.len > 0 ? area : work->reader->context.hint;
    struct str found = code_of_place(work->reader, text, key, hint);
    bool closer = area.len == 0 ? !str_equal(found, work->reader->around)
                                : found.len >= area.len && lies_in(found, area);
    if (found.len > 0 && closer) work->row->area = found;
}

void row_area(struct row_work *work)
{
    struct row_reader *reader = work->reader;
    const struct field_numbers *fields = &reader->fields;
    work->row->area = stated_code(work);
    if (reader->divisions != NULL) {
        char names[PLACE_BYTES_MAX];
        size_t length = append(names, 0, value_of(work, fields->county));
        length = append(names, length, value_of(work, fields->township));
        length = append(names, length, value_of(work, fields->village));
        struct str place = {names, length};
        narrow(work, place, place);
        struct str address = value_of(work, fields->address);
        narrow(work, address, address_key(address));
    }
    if (work->row->area.len == 0) work->row->area = reader->context.area;
    work->row->area = str_copy(work->arena, work->row->area);
}
