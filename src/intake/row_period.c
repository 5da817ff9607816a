#include "intake/note.h"
#include "intake/period_cell.h"
#include "intake/row.h"

enum { WORDS_BYTES_MAX = 1024 };

static struct str value_of(const struct row_work *work, int field)
{
    return field < 0 ? STR_EMPTY : work->row->values[field];
}

static struct str written_of(const struct row_work *work, int field)
{
    if (field < 0) return STR_EMPTY;
    struct str written = work->row->written[field];
    return written.ptr != NULL ? written : work->row->values[field];
}

static size_t column_of(const struct row_work *work, int field)
{
    for (size_t i = 0; i < work->reader->plan->column_count; i++) {
        if (work->reader->plan->fields[i] == field) return i;
    }
    return SIZE_MAX;
}

static bool is_year(struct str text)
{
    int64_t year;
    return text.len == 4 && str_to_i64(text, &year);
}

/* 2020 and 秋季: "2020年-秋季" reads as one cell would. */
static bool read_joined(struct row_work *work, struct str first, const char *unit,
                        struct str second, struct period *out)
{
    struct text text;
    if (first.len == 0 || first.len + second.len > WORDS_BYTES_MAX / 2) return false;
    text_init(&text, work->arena, WORDS_BYTES_MAX);
    text_add(&text, first);
    if (is_year(first)) text_add_c(&text, unit);
    if (second.len > 0) text_add_f(&text, "-%.*s", STR_ARG(second));
    return period_cell_read(work->arena, text_str(&text), false, out);
}

static bool find_period(struct row_work *work, struct str stated, struct period *out)
{
    const struct field_numbers *fields = &work->reader->fields;
    struct str title = work->reader->defaults[fields->period].text;
    struct str month = value_of(work, fields->paid_month);
    struct str year = value_of(work, fields->paid_year);
    return read_joined(work, value_of(work, fields->academic_year), "学年", stated, out)
           || (stated.len > 0 && read_joined(work, year, "年", stated, out))
           || (stated.len > 0 && read_joined(work, title, "", stated, out))
           || (month.len > 0 && is_year(year) && read_joined(work, year, "年", month, out))
           || period_in_text(work->arena, written_of(work, fields->scheme), out);
}

void row_period(struct row_work *work)
{
    int field = work->reader->fields.period;
    if (field < 0) return;
    struct period period;
    char name[PERIOD_TEXT_SIZE];
    bool titled = work->row->written[field].ptr == NULL && column_of(work, field) == SIZE_MAX;
    struct str stated = value_of(work, field);
    if (!titled && period_parse(stated, &period)) return;
    if (titled) stated = STR_EMPTY;
    if (find_period(work, stated, &period)) {
        work->row->values[field] = str_copy(work->arena, str_from(period_format(period, name)));
        if (stated.len > 0 && work->row->written[field].ptr == NULL)
            work->row->written[field] = stated;
    } else if (stated.len > 0) {
        row_note(work, field, column_of(work, field), NOTE_PERIOD_UNREADABLE);
    }
}
