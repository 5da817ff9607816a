#include "base/file.h"
#include "sample/form.h"
#include "sample/record.h"

#include <string.h>

/* Registers of records on disk: files by county or year, in the layouts of the plans. */

struct register_maker {
    struct record_kind kind;
    void (*make)(struct works *, struct records *);
    bool adults; /* rows name adults, and clerks spoil them */
};

/* Columns that a school gives. */
#define OF_SCHOOL                                                                                  \
    {"school_name", RECORD_TEXT}, {"school_code", RECORD_TEXT}, {"county", RECORD_TEXT},           \
        {"township", RECORD_TEXT},                                                                 \
    {                                                                                              \
        "stage", RECORD_TEXT                                                                       \
    }
#define OF_ADULT                                                                                   \
    {"name", RECORD_TEXT}, {"id_number", RECORD_TEXT},                                             \
    {                                                                                              \
        "sex", RECORD_TEXT                                                                         \
    }

static const struct register_maker makers[] = {
    {{"conditions",
      {OF_SCHOOL,
       {"year", RECORD_NUMBER},
       {"students", RECORD_NUMBER},
       {"classes", RECORD_NUMBER},
       {"class_size_most", RECORD_NUMBER},
       {"staff", RECORD_NUMBER},
       {"teachers", RECORD_NUMBER},
       {"teachers_above", RECORD_NUMBER},
       {"teachers_middle", RECORD_NUMBER},
       {"key_teachers", RECORD_NUMBER},
       {"sport_art_teachers", RECORD_NUMBER},
       {"teaching_area", RECORD_NUMBER},
       {"sports_area", RECORD_NUMBER},
       {"equipment_value", RECORD_MONEY},
       {"computers", RECORD_NUMBER},
       {"books", RECORD_NUMBER},
       {"media_rooms", RECORD_NUMBER}}},
     record_conditions,
     false},
    {{"baseline",
      {OF_SCHOOL,
       {"item", RECORD_TEXT},
       {"item_number", RECORD_NUMBER},
       {"met", RECORD_TEXT},
       {"evidence", RECORD_TEXT},
       {"checked_on", RECORD_DAY},
       {"checked_by", RECORD_TEXT}}},
     record_baseline,
     false},
    {{"projects",
      {OF_SCHOOL,
       {"village", RECORD_TEXT},
       {"project_number", RECORD_TEXT},
       {"project_name", RECORD_TEXT},
       {"kind", RECORD_TEXT},
       {"content", RECORD_TEXT},
       {"document", RECORD_TEXT},
       {"year", RECORD_NUMBER},
       {"planned", RECORD_MONEY},
       {"allotted", RECORD_MONEY},
       {"paid", RECORD_MONEY},
       {"started", RECORD_DAY},
       {"finished", RECORD_DAY},
       {"status", RECORD_TEXT}}},
     record_projects,
     false},
    {{"inspections",
      {{"county", RECORD_TEXT},
       {"kind", RECORD_TEXT},
       {"level", RECORD_TEXT},
       {"passed", RECORD_TEXT},
       {"passed_on", RECORD_DAY},
       {"document", RECORD_TEXT}}},
     record_inspections,
     false},
    {{"teachers",
      {OF_SCHOOL,
       OF_ADULT,
       {"birth_date", RECORD_DAY},
       {"subject", RECORD_TEXT},
       {"education", RECORD_TEXT},
       {"title", RECORD_TEXT},
       {"key_teacher", RECORD_TEXT},
       {"source", RECORD_TEXT},
       {"special_post_year", RECORD_NUMBER},
       {"hired_on", RECORD_DAY},
       {"at_school_since", RECORD_DAY},
       {"service_years", RECORD_TEXT},
       {"rural_tier", RECORD_TEXT},
       {"full_time", RECORD_TEXT},
       {"status", RECORD_TEXT}}},
     record_teachers,
     true},
    {{"postings",
      {OF_SCHOOL,
       OF_ADULT,
       {"post_number", RECORD_TEXT},
       {"year", RECORD_NUMBER},
       {"subject", RECORD_TEXT},
       {"posts", RECORD_NUMBER},
       {"education", RECORD_TEXT},
       {"hired_on", RECORD_DAY},
       {"status", RECORD_TEXT}}},
     record_postings,
     true},
    {{"trainings",
      {OF_SCHOOL,
       OF_ADULT,
       {"subject", RECORD_TEXT},
       {"project", RECORD_TEXT},
       {"level", RECORD_TEXT},
       {"year", RECORD_NUMBER},
       {"from", RECORD_DAY},
       {"to", RECORD_DAY},
       {"days", RECORD_NUMBER},
       {"hours", RECORD_NUMBER},
       {"passed", RECORD_TEXT}}},
     record_trainings,
     true},
    {{"rotations",
      {OF_SCHOOL,
       OF_ADULT,
       {"kind", RECORD_TEXT},
       {"to_school", RECORD_TEXT},
       {"to_code", RECORD_TEXT},
       {"subject", RECORD_TEXT},
       {"key_teacher", RECORD_TEXT},
       {"school_year", RECORD_TEXT},
       {"from", RECORD_DAY},
       {"to", RECORD_DAY},
       {"within_county", RECORD_TEXT}}},
     record_rotations,
     true},
    {{"rural_allowances",
      {OF_SCHOOL,
       OF_ADULT,
       {"year", RECORD_NUMBER},
       {"months", RECORD_NUMBER},
       {"tier", RECORD_TEXT},
       {"standard", RECORD_MONEY},
       {"amount", RECORD_MONEY},
       {"paid_on", RECORD_DAY},
       {"remark", RECORD_TEXT}}},
     record_rural_allowances,
     true},
    {{"agreements",
      {OF_SCHOOL,
       {"agreement_number", RECORD_TEXT},
       {"partner_school", RECORD_TEXT},
       {"partner_area", RECORD_TEXT},
       {"signed_on", RECORD_DAY},
       {"from", RECORD_DAY},
       {"to", RECORD_DAY},
       {"covered", RECORD_NUMBER},
       {"content", RECORD_TEXT}}},
     record_agreements,
     false},
    {{"agreement_schools",
      {OF_SCHOOL, {"agreement_number", RECORD_TEXT}, {"lead_school", RECORD_TEXT}}},
     record_agreement_schools,
     false},
    {{"exchanges",
      {OF_SCHOOL,
       OF_ADULT,
       {"direction", RECORD_TEXT},
       {"role", RECORD_TEXT},
       {"place", RECORD_TEXT},
       {"from", RECORD_DAY},
       {"to", RECORD_DAY},
       {"days", RECORD_NUMBER},
       {"content", RECORD_TEXT},
       {"year", RECORD_NUMBER}}},
     record_exchanges,
     true},
    {{"candidates",
      {OF_SCHOOL,
       OF_ADULT,
       {"exam_number", RECORD_TEXT},
       {"year", RECORD_NUMBER},
       {"track", RECORD_TEXT},
       {"total", RECORD_NUMBER},
       {"chinese", RECORD_NUMBER},
       {"mathematics", RECORD_NUMBER},
       {"foreign", RECORD_NUMBER},
       {"combined", RECORD_NUMBER},
       {"plans", RECORD_TEXT},
       {"asked", RECORD_TEXT},
       {"attended", RECORD_TEXT}}},
     record_candidates,
     true},
    {{"admissions",
      {OF_SCHOOL,
       OF_ADULT,
       {"exam_number", RECORD_TEXT},
       {"year", RECORD_NUMBER},
       {"track", RECORD_TEXT},
       {"total", RECORD_NUMBER},
       {"plan", RECORD_TEXT},
       {"admission_batch", RECORD_TEXT},
       {"institution", RECORD_TEXT},
       {"major", RECORD_TEXT}}},
     record_admissions,
     true},
    {{"aid_totals",
      {OF_SCHOOL,
       {"scheme", RECORD_TEXT},
       {"period", RECORD_TEXT},
       {"persons", RECORD_NUMBER},
       {"amount", RECORD_MONEY},
       {"year", RECORD_NUMBER}}},
     record_aid_totals,
     false},
};

enum { MAKER_COUNT = sizeof makers / sizeof *makers };

/* One register being written. */
struct record_writer {
    struct works *works;
    struct record_files *files;
    struct records *records;
    const struct record_plan *plan;
    const struct layout *layout;
    bool adults;
    size_t maker;
    struct arena file_arena, row_arena;
};

static struct str filled(struct record_writer *w, struct arena *arena, struct str text,
                         const struct record *record)
{
    const struct settings *settings = w->works->city->settings;
    struct str year = record_text(w->records, "%d", record->year);
    struct str values[] = {settings->counties[record->county].name, settings->zh, year};
    static const char *const keys[] = {"{county}", "{zh}", "{year}"};
    const size_t count = sizeof keys / sizeof *keys;
    struct text out;
    text_init(&out, arena, 4096);
    while (text.len > 0) {
        size_t key = 0;
        while (key < count && !str_starts(text, str_from(keys[key]))) key++;
        text_add(&out, key < count ? values[key] : str_slice(text, 0, 1));
        text = str_slice(text, key < count ? strlen(keys[key]) : 1, text.len);
    }
    return text_str(&out);
}

/* Fen as yuan, or as 万元, exactly. */
static struct str money_text(struct arena *arena, struct str fen, bool ten_thousands)
{
    int64_t amount, scale = ten_thousands ? 1000000 : 100;
    struct text out;
    if (!str_to_i64(fen, &amount)) return fen;
    CHECK(amount >= 0);
    text_init(&out, arena, 64);
    text_add_f(&out, "%lld", (long long)(amount / scale));
    int64_t part = amount % scale;
    if (part != 0) text_add_byte(&out, '.');
    for (int64_t place = scale / 10; part != 0; place /= 10) {
        text_add_f(&out, "%d", (int)(part / place));
        part %= place;
    }
    return text_str(&out);
}

static struct str span_text(struct record_writer *w, struct str from, struct str to)
{
    struct text out;
    text_init(&out, &w->row_arena, 128);
    text_add(&out, form_day(&w->row_arena, from, w->layout->dates));
    text_add_c(&out, w->layout->dates == DATE_ISO ? "至" : "-");
    text_add(&out, form_day(&w->row_arena, to, w->layout->dates));
    return text_str(&out);
}

static bool column_number(const struct record_kind *kind, struct str key, size_t *out)
{
    for (size_t i = 0; kind->columns[i].key != NULL; i++) {
        if (!str_is(key, kind->columns[i].key)) continue;
        *out = i;
        return true;
    }
    return false;
}

static bool record_cell(struct record_writer *w, const struct record *record, struct str key,
                        struct clerk_cell *out, struct err *err)
{
    const struct record_kind *kind = w->records->kind;
    size_t colon = str_find(key, STR(":")), column, to = 0;
    struct str how = colon == SIZE_MAX ? STR_EMPTY : str_slice(key, colon + 1, key.len);
    if (colon != SIZE_MAX) key = str_slice(key, 0, colon);
    bool known = column_number(kind, key, &column);
    bool span = str_is(how, "span");
    if (span) known = known && column_number(kind, STR("to"), &to);
    bool plain = how.len == 0 || span || str_is(how, "wan") || str_is(how, "zh");
    if (!known || !plain)
        return err_set(err, ERR_INPUT, "the register %s has no column \"%.*s\"",
                       "名册 %s 没有“%.*s”列", kind->key, STR_ARG(key));
    struct str text = record->cells[column];
    enum record_form form = kind->columns[column].form;
    *out = (struct clerk_cell){.text = text};
    if (text.len == 0) return true;
    if (span) {
        out->text = span_text(w, text, record->cells[to]);
    } else if (form == RECORD_DAY) {
        if (w->layout->dates == DATE_CELL) out->form = CELL_DAY;
        out->text = form_day(&w->row_arena, text, w->layout->dates);
    } else if (form == RECORD_MONEY) {
        out->text = money_text(&w->row_arena, text, str_is(how, "wan"));
        out->form = CELL_NUMBER;
    } else if (str_is(how, "zh")) {
        struct text year;
        text_init(&year, &w->row_arena, 64);
        text_add_f(&year, "%.*s年", STR_ARG(text));
        out->text = text_str(&year);
    } else if (form == RECORD_NUMBER) {
        out->form = CELL_NUMBER;
    }
    return true;
}

/* Names and numbers of adults as the clerk writes them; each row has a stream of its own. */
static void spoil_adult(struct record_writer *w, const struct record *record, uint64_t row,
                        struct record *out)
{
    static const char *const keys[] = {"name", "id_number"};
    size_t name, id;
    const struct city *city = w->works->city;
    struct spoiler spoiler = {.arena = &w->row_arena,
                              .city = city,
                              .rng =
                                  rng_branch(city->seed, ((uint64_t)(500 + w->maker) << 40) + row),
                              .source = SOURCE_AWARDS_PAID};
    for (size_t i = 0; w->records->kind->columns[i].key != NULL; i++)
        out->cells[i] = record->cells[i];
    if (!column_number(w->records->kind, str_from(keys[0]), &name)) return;
    if (!column_number(w->records->kind, str_from(keys[1]), &id)) return;
    for (size_t i = 0; i < SPOIL_COUNT; i++) {
        int64_t rate = (int64_t)w->works->settings->rates[i] * w->files->error_permille / 1000;
        spoiler.rates[i] = (uint32_t)(rate > 900000 ? 900000 : rate);
    }
    if (out->cells[name].len == 0) return;
    out->cells[name] = spoil_name(&spoiler, out->cells[name]);
    if (out->cells[id].len > 0)
        out->cells[id] =
            spoil_adult_id(&spoiler, out->cells[id], SPOIL_ID_MISSING, SPOIL_ID_DIGIT, SPOIL_ID_15);
}

static bool write_record(struct record_writer *w, struct clerk *clerk, const struct record *record,
                         uint64_t row, uint64_t sequence, struct err *err)
{
    struct clerk_cell cells[LAYOUT_COLUMNS_MAX];
    struct str spoilt_cells[RECORD_COLUMNS_MAX];
    struct record spoilt = {record->county, record->year, spoilt_cells};
    uint64_t number;
    if (w->adults) {
        spoil_adult(w, record, row, &spoilt);
        record = &spoilt;
    }
    for (size_t i = 0; i < w->layout->column_count; i++) {
        struct str key = w->layout->keys[i];
        if (!str_is(key, "seq")) {
            if (!record_cell(w, record, key, &cells[i], err)) return false;
            continue;
        }
        struct text text;
        text_init(&text, &w->row_arena, 24);
        text_add_f(&text, "%llu", (unsigned long long)sequence);
        cells[i] = (struct clerk_cell){.text = text_str(&text), .form = CELL_NUMBER};
    }
    bool done = clerk_row(clerk, cells, w->layout->column_count, &number, err);
    w->files->rows++;
    arena_reset(&w->row_arena);
    return done;
}

/* A sheet for each township, where the layout asks for them. */
static bool next_sheet(struct record_writer *w, struct clerk *clerk, const struct record *record,
                       struct str *sheet, uint64_t *sequence, struct err *err)
{
    size_t township;
    if (!w->layout->sheets || !column_number(w->records->kind, STR("township"), &township))
        return sheet->len > 0 || (*sheet = STR("Sheet1"), clerk_sheet(clerk, *sheet, err));
    struct str name = record->cells[township];
    if (str_equal(name, *sheet)) return true;
    *sheet = name;
    *sequence = 0;
    return clerk_sheet(clerk, name, err);
}

/* Rows of one file, in their order; by township where each has a sheet of its own. */
static size_t rows_of(const struct record_writer *w, uint32_t county, int year, uint32_t *rows)
{
    const struct records *records = w->records;
    size_t count = 0, township;
    for (uint32_t i = 0; i < records->rows.count; i++) {
        const struct record *record = &records->rows.items[i];
        if (w->plan->by_county && record->county != county) continue;
        if (w->plan->by_year && record->year != year) continue;
        rows[count++] = i;
    }
    if (!w->layout->sheets || !column_number(records->kind, STR("township"), &township))
        return count;
    /* Few townships: each takes its rows out of those that are left, in turn. */
    for (size_t from = 0, to; from < count; from = to) {
        struct str name = records->rows.items[rows[from]].cells[township];
        to = from + 1;
        for (size_t i = to; i < count; i++) {
            if (!str_equal(records->rows.items[rows[i]].cells[township], name)) continue;
            uint32_t row = rows[i];
            memmove(&rows[to + 1], &rows[to], (i - to) * sizeof *rows);
            rows[to++] = row;
        }
    }
    return count;
}

static bool open_file(struct record_writer *w, const struct record *first, struct clerk **clerk,
                      struct str *file, struct err *err)
{
    struct text name, path;
    text_init(&name, w->files->arena, 1024);
    text_init(&path, &w->file_arena, 4096);
    text_add(&name, filled(w, &w->file_arena, w->plan->name, first));
    text_add_f(&name, ".%s", format_ending(w->layout->format));
    text_add_f(&path, "%s/files/%s", w->files->folder, name.ptr);
    *file = text_str(&name);
    return clerk_open(clerk, &w->file_arena, path.ptr, w->layout,
                      filled(w, &w->file_arena, w->layout->title, first), err);
}

static bool write_group(struct record_writer *w, uint32_t county, int year, struct err *err)
{
    struct clerk *clerk = NULL;
    struct str sheet = STR_EMPTY, file;
    uint64_t sequence = 0;
    bool done = true;
    w->layout = w->plan->layouts[(county + (size_t)year) % w->plan->layout_count];
    uint32_t *rows = arena_array(&w->file_arena, uint32_t, w->records->rows.count + 1);
    size_t count = rows_of(w, county, year, rows);
    if (count == 0) return true;
    if (!open_file(w, &w->records->rows.items[rows[0]], &clerk, &file, err)) return false;
    for (size_t i = 0; done && i < count; i++) {
        const struct record *record = &w->records->rows.items[rows[i]];
        done = next_sheet(w, clerk, record, &sheet, &sequence, err)
               && write_record(w, clerk, record, rows[i], ++sequence, err);
    }
    if (!done) clerk_abandon(clerk);
    if (!done || !clerk_close(clerk, err)) return false;
    if (w->plan->last)
        *list_push(w->files->arena, &w->files->last) = file;
    else
        *list_push(w->files->arena, &w->files->first) = file;
    arena_reset(&w->file_arena);
    return true;
}

static bool write_plan(struct record_writer *w, struct err *err)
{
    const int64_t *numbers = w->works->settings->numbers;
    int from = (int)numbers[NUMBER_FROM_YEAR], to = (int)numbers[NUMBER_TO_YEAR];
    uint32_t counties = (uint32_t)w->works->city->settings->county_count;
    if (!w->plan->by_county) counties = 1;
    if (!w->plan->by_year) to = from;
    for (uint32_t county = 0; county < counties; county++)
        for (int year = from; year <= to; year++)
            if (!write_group(w, county, year, err)) return false;
    return true;
}

static bool write_register(struct works *works, struct record_files *files, size_t number,
                           struct err *err)
{
    const struct register_maker *maker = &makers[number];
    struct arena arena = {0};
    struct records records = {.arena = &arena,
                              .city = works->city,
                              .settings = works->settings,
                              .kind = &maker->kind,
                              .rng = rng_branch(works->city->seed, 600 + number)};
    bool done = true;
    maker->make(works, &records);
    for (size_t i = 0; done && i < works->settings->plan_count; i++) {
        const struct record_plan *plan = &works->settings->plans[i];
        if (!str_is(plan->key, maker->kind.key)) continue;
        struct record_writer writer = {.works = works,
                                       .files = files,
                                       .records = &records,
                                       .plan = plan,
                                       .adults = maker->adults,
                                       .maker = number};
        done = write_plan(&writer, err);
        arena_free(&writer.row_arena);
        arena_free(&writer.file_arena);
    }
    arena_free(&arena);
    return done;
}

static bool write_figures(const struct works *works, const struct record_files *files,
                          struct err *err)
{
    static struct str headings[] = {{"figure", 6}, {"unit", 4}, {"value", 5}};
    const struct layout layout = {.headings = headings, .column_count = 3};
    struct arena arena = {0};
    struct text path;
    struct clerk *clerk;
    uint64_t number;
    text_init(&path, &arena, 4096);
    text_add_f(&path, "%s/truth/figures.csv", files->folder);
    bool done = clerk_open(&clerk, &arena, path.ptr, &layout, STR_EMPTY, err);
    bool open = done;
    done = done && clerk_sheet(clerk, STR_EMPTY, err);
    for (size_t i = 0; done && i < works->figures.count; i++) {
        const struct record_figure *figure = &works->figures.items[i];
        struct text value;
        text_init(&value, &arena, 32);
        text_add_f(&value, "%lld", (long long)figure->value);
        struct clerk_cell cells[] = {{.text = str_from(figure->key)},
                                     {.text = str_from(figure->unit)},
                                     {.text = text_str(&value)}};
        done = clerk_row(clerk, cells, 3, &number, err);
    }
    if (open && !done) clerk_abandon(clerk);
    if (open && done) done = clerk_close(clerk, err);
    arena_free(&arena);
    return done;
}

bool records_write(struct works *works, struct record_files *files, struct err *err)
{
    for (size_t i = 0; i < MAKER_COUNT; i++)
        if (!write_register(works, files, i, err)) return false;
    return write_figures(works, files, err);
}
