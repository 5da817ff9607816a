#include "sample/sample.h"

#include "base/file.h"
#include "sample/form.h"
#include "sample/record.h"
#include "sample/truth.h"

#include <string.h>

/* Puts the parts together: the city, then register by register its files and the truth. */

struct writing {
    struct arena *arena;      /* of the result */
    struct arena *file_arena; /* forgotten after each file */
    struct arena *row_arena;  /* forgotten after each row */
    const struct sample_options *options;
    const struct record_settings *records;
    struct city *city;
    struct truth truth;
    struct sample_result *out;
    LIST(struct str) first, last;
    uint64_t rows;
};

/* `text` with {county}, {district}, {zh} and {term} filled in. */
static struct str fill(struct writing *w, struct arena *arena, struct str text,
                       const struct file_plan *plan, const struct entry *entry)
{
    const struct settings *settings = w->city->settings;
    const struct township *township = &settings->townships[entry->township];
    uint32_t from = entry->township;
    while (from > 0 && settings->townships[from - 1].county == township->county
           && w->city->township_used[from - 1]
           && w->city->township_district[from - 1] == w->city->township_district[entry->township])
        from--;
    struct str district = settings->townships[from].name;
    struct str term = STR_EMPTY;
    if (plan->schemes != 0) term = period_text(arena, plan->period, LANG_ZH);
    struct str values[] = {settings->counties[township->county].name, district, settings->zh, term};
    static const char *const keys[] = {"{county}", "{district}", "{zh}", "{term}"};
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

static uint32_t group_of(const struct city *city, const struct file_plan *plan,
                         const struct entry *entry)
{
    if (plan->split == SPLIT_CITY) return 0;
    if (plan->split == SPLIT_COUNTY) return city->settings->townships[entry->township].county;
    return city->township_district[entry->township];
}

static bool belongs(const struct settings *settings, const struct file_plan *plan,
                    const struct entry *entry)
{
    bool any = false;
    if (entry->payment != NULL) return plan == &settings->plans[entry->payment->plan];
    if (entry->account != NULL) return plan == &settings->plans[entry->account->plan];
    for (size_t i = 0; i < STAGE_COUNT; i++) any = any || plan->stages[i];
    return entry->last == plan->last && (!any || plan->stages[entry->stage]);
}

/* What the register that expects a child writes of it stands in the truth. */
static void remember(struct writing *w, const struct file_plan *plan, const struct entry *entry,
                     const struct row *row)
{
    bool first = entry->adult == NOBODY && entry->variant == VARIANT_PLAIN;
    if (!first || entry->child == NOBODY) return;
    struct child *child = &w->city->children.items[entry->child];
    bool here = plan->source == SOURCE_POPULATION
                || (plan->source == SOURCE_RESIDENTS && !child->registered)
                || (plan->source == SOURCE_DOOR_SURVEY && child->written_name.len == 0);
    bool known = child->situation == IS_MISSING || child->reason_absent != STORY_NONE
                 || child->second_school != NOBODY
                 || (child->situation == IS_AT_SCHOOL && !child->on_roll);
    if (!here || !known) return;
    child->written_name = str_copy(w->arena, row->cells[COLUMN_NAME]);
    child->written_id = str_copy(w->arena, row->cells[COLUMN_ID_NUMBER]);
}

struct file_state {
    struct clerk *clerk;
    struct str name, sheet;
    uint64_t sequence;
    uint32_t township;
};

static bool write_entry(struct writing *w, const struct file_plan *plan, struct office *office,
                        const struct layout *layout, const struct entry *entry,
                        struct file_state *state, struct err *err)
{
    struct row row;
    struct clerk_cell cells[LAYOUT_COLUMNS_MAX];
    uint64_t number;
    if (layout->sheets && state->township != entry->township) {
        state->township = entry->township;
        state->sheet = w->city->settings->townships[entry->township].name;
        state->sequence = 0;
        if (!clerk_sheet(state->clerk, state->sheet, err)) return false;
    }
    office_row(office, w->row_arena, entry, &row);
    remember(w, plan, entry, &row);
    int times = office_writes_twice(office, entry) ? 2 : 1;
    for (int i = 0; i < times; i++) {
        form_row(layout, &row, ++state->sequence, w->row_arena, cells);
        if (!clerk_row(state->clerk, cells, layout->column_count, &number, err)) return false;
        w->rows++;
        if (entry->child != NOBODY
            && !truth_record(&w->truth, state->name, state->sheet, number, plan->source, entry,
                             &row, err))
            return false;
    }
    if (times == 2 && plan->source == SOURCE_ROLL)
        *list_push(w->arena, &w->truth.twice) = entry->child;
    arena_reset(w->row_arena);
    return true;
}

static bool write_file(struct writing *w, const struct file_plan *plan,
                       const struct entry *const *entries, size_t count, uint32_t group,
                       struct err *err)
{
    const struct layout *layout = plan->layouts[group % plan->layout_count];
    struct office office = {.city = w->city, .source = plan->source, .at = plan->at};
    struct text name, path;
    spoil_rates(office.rates, w->city->settings, plan->source, w->options->error_permille);
    spoil_rates(office.roll_rates, w->city->settings, SOURCE_ROLL, w->options->error_permille);
    text_init(&name, w->arena, 1024);
    text_init(&path, w->file_arena, 4096);
    text_add(&name, fill(w, w->file_arena, plan->name, plan, entries[0]));
    text_add_f(&name, ".%s", format_ending(layout->format));
    text_add_f(&path, "%s/files/%s", w->options->folder, name.ptr);
    struct file_state state = {.name = text_str(&name), .township = UINT32_MAX};
    struct str title = fill(w, w->file_arena, layout->title, plan, entries[0]);
    if (!clerk_open(&state.clerk, w->file_arena, path.ptr, layout, title, err)) return false;
    if (layout->format == FORMAT_XLSX) state.sheet = STR("Sheet1");
    bool done = layout->sheets || clerk_sheet(state.clerk, state.sheet, err);
    for (size_t i = 0; done && i < count; i++)
        done = write_entry(w, plan, &office, layout, entries[i], &state, err);
    if (!done) clerk_abandon(state.clerk);
    if (!done || !clerk_close(state.clerk, err)) return false;
    if (plan->last)
        *list_push(w->arena, &w->last) = text_str(&name);
    else
        *list_push(w->arena, &w->first) = text_str(&name);
    arena_reset(w->file_arena);
    return true;
}

static bool write_plan(struct writing *w, const struct file_plan *plan, const struct entries *all,
                       struct err *err)
{
    struct arena arena = {0};
    const struct entry **chosen = arena_array(&arena, const struct entry *, all->list.count + 1);
    uint32_t groups = plan->split == SPLIT_CITY     ? 1
                      : plan->split == SPLIT_COUNTY ? (uint32_t)w->city->settings->county_count
                                                    : w->city->district_count;
    bool done = true;
    for (uint32_t group = 0; done && group < groups; group++) {
        size_t count = 0;
        for (size_t i = 0; i < all->list.count; i++) {
            const struct entry *entry = &all->list.items[i];
            if (belongs(w->city->settings, plan, entry) && group_of(w->city, plan, entry) == group)
                chosen[count++] = entry;
        }
        if (count > 0) done = write_file(w, plan, chosen, count, group, err);
    }
    arena_free(&arena);
    return done;
}

static bool write_registers(struct writing *w, struct err *err)
{
    const struct settings *settings = w->city->settings;
    for (size_t source = 0; source < SOURCE_COUNT; source++) {
        struct arena arena = {0};
        struct entries entries;
        bool done = true;
        office_entries(&entries, &arena, w->city, (enum source)source);
        for (size_t i = 0; done && i < settings->plan_count; i++)
            if (settings->plans[i].source == source)
                done = write_plan(w, &settings->plans[i], &entries, err);
        arena_free(&arena);
        progress_report(w->options->progress, "writing the sample city", "生成样例城市", source + 1,
                        SOURCE_COUNT);
        if (!done) return false;
    }
    return true;
}

static bool make_folders(const struct sample_options *options, struct arena *arena, struct err *err)
{
    struct str *names;
    size_t count;
    struct text files, truth;
    if (!file_make_folder(options->folder, err)) return false;
    if (!file_list(arena, options->folder, &names, &count, err)) return false;
    if (count > 0)
        return err_set(err, ERR_CONFLICT, "the folder \"%s\" is not empty; name a new one",
                       "文件夹“%s”不是空的，请另指定一个", options->folder);
    text_init(&files, arena, 4096);
    text_init(&truth, arena, 4096);
    text_add_f(&files, "%s/files", options->folder);
    text_add_f(&truth, "%s/truth", options->folder);
    return file_make_folder(files.ptr, err) && file_make_folder(truth.ptr, err);
}

/* Registers of schools, projects, staff and admissions. */
static bool write_records(struct writing *w, struct works *works, struct err *err)
{
    struct record_files files = {.arena = w->arena,
                                 .folder = w->options->folder,
                                 .error_permille = w->options->error_permille};
    works_staff(works);
    works_rural_schools(works);
    works_partners(works);
    works_exam(works);
    if (!records_write(works, &files, err)) return false;
    for (size_t i = 0; i < files.first.count; i++)
        *list_push(w->arena, &w->first) = files.first.items[i];
    for (size_t i = 0; i < files.last.count; i++)
        *list_push(w->arena, &w->last) = files.last.items[i];
    w->rows += files.rows;
    return true;
}

static bool write_city(struct writing *w, struct err *err)
{
    struct works works = {.arena = w->city->arena, .city = w->city, .settings = w->records};
    u64_map_init(&works.ids, w->city->arena);
    works_villages(&works);
    if (!truth_open(&w->truth, w->city->arena, w->options->folder, err)) return false;
    if (!write_registers(w, err)) {
        truth_abandon(&w->truth);
        return false;
    }
    return truth_close(&w->truth, w->city, err) && write_records(w, &works, err);
}

static bool load_settings(struct settings *settings, struct record_settings *records,
                          struct arena *arena, const char *folder, struct err *err)
{
    struct str text, name;
    return sample_settings_load(settings, arena, folder, err)
           && sample_pack_read(arena, folder, "sample_records.yaml", true, &text, &name, err)
           && sample_records_load(records, arena, text, name.ptr, err)
           && sample_pack_read(arena, folder, "records.yaml", false, &text, &name, err)
           && sample_record_layouts_load(records, arena, text, name.ptr, err);
}

bool sample_write(struct arena *arena, const struct sample_options *options,
                  struct sample_result *out, struct err *err)
{
    CHECK(options->folder != NULL);
    struct arena city_arena = {0}, file_arena = {0}, row_arena = {0};
    struct settings settings;
    struct city city;
    struct record_settings records = {0};
    bool done = load_settings(&settings, &records, &city_arena, options->policies, err)
                && make_folders(options, &city_arena, err);
    if (done) {
        uint32_t children = options->children == 0 ? settings.children : options->children;
        struct writing writing = {.arena = arena,
                                  .file_arena = &file_arena,
                                  .row_arena = &row_arena,
                                  .options = options,
                                  .records = &records,
                                  .city = &city};
        city_people(&city, &city_arena, &settings, children, options->seed);
        city_schools(&city);
        city_stories(&city);
        city_aid(&city);
        city_accounts(&city, options->error_permille);
        city_suspects(&city, options->error_permille);
        done = write_city(&writing, err);
        if (done)
            *out = (struct sample_result){
                .children = city.counted,
                .households = city.families.count,
                .schools = city.schools.count,
                .files = writing.first.count + writing.last.count,
                .rows = writing.rows,
                .missing_first = city.first_missing,
                .first = settings.first_day,
                .last = settings.last_day,
                .first_files = writing.first.items,
                .first_file_count = writing.first.count,
                .last_files = writing.last.items,
                .last_file_count = writing.last.count,
            };
    }
    arena_free(&row_arena);
    arena_free(&file_arena);
    arena_free(&city_arena);
    return done;
}
