#include "intake/plan.h"

#include "intake/fold.h"
#include "intake/groups.h"
#include "intake/period_cell.h"
#include "intake/title.h"
#include "intake/value.h"

#include <string.h>

enum { HEADINGS_SHOWN = 12, LACKING_SHOWN = 4, SENTENCE_BYTES_MAX = 600 };

static enum date_order order_of(const struct content *content)
{
    if (content->month_first > content->day_first && content->month_first > content->year_first) {
        return DATE_MONTH_FIRST;
    }
    if (content->day_first > content->month_first) return DATE_DAY_FIRST;
    return content->year_first > content->month_first ? DATE_YEAR_FIRST : DATE_ORDER_UNKNOWN;
}

/* A file's name without its ending. */
static struct str stem_of(struct str name)
{
    for (size_t i = name.len; i-- > 1;) {
        if (name.ptr[i] == '.') return str_slice(name, 0, i);
    }
    return name;
}

/* What outlives the planning is copied; the rest goes with the scratch arena. */
static void keep(struct sheet_look *out, struct arena *arena, const struct head *head,
                 const struct candidate *candidates, size_t count)
{
    size_t columns = head->column_count;
    out->head = *head;
    out->head.title = str_copy(arena, head->title);
    out->head.headings = arena_array(arena, struct heading, columns);
    for (size_t i = 0; i < columns; i++) {
        out->head.headings[i].written = str_copy(arena, head->headings[i].written);
    }
    out->candidates = arena_array(arena, struct candidate, count);
    for (size_t p = 0; p < count; p++) {
        out->candidates[p] = candidates[p];
        out->candidates[p].fields =
            arena_copy(arena, candidates[p].fields, columns * sizeof *candidates[p].fields);
    }
    out->best = recognise_best(out->candidates, count);
}

bool sheet_look_at(struct sheet_look *out, struct arena *arena, struct workbook *workbook,
                   size_t sheet, struct str file, const struct profiles *profiles,
                   const struct heading_map *map, struct err *err)
{
    struct arena scratch = {0};
    struct sample sample;
    *out = (struct sheet_look){.sheet = sheet};
    out->name = str_copy(arena, workbook_sheet_name(workbook, sheet));
    out->hidden = workbook_sheet_hidden(workbook, sheet);
    if (!sample_read(&sample, &scratch, workbook, sheet, err)) {
        arena_free(&scratch);
        return false;
    }
    struct head head;
    head_find(&scratch, profiles, map, &sample, &head);
    out->rows = sample.row_count - head.data;
    struct content *contents = arena_array(&scratch, struct content, head.column_count);
    day newest = content_newest_birth(&sample, head.data);
    out->orders = arena_array(arena, unsigned char, head.column_count);
    for (size_t column = 0; column < head.column_count; column++) {
        content_read(&scratch, &sample, head.data, column, newest, &contents[column]);
        out->orders[column] = (unsigned char)order_of(&contents[column]);
    }
    out->grouped = groups_find(arena, &sample, head.data, head.column_count);
    out->place = content_place(arena, &sample, head.data);
    struct sheet_words words = {stem_of(file), out->name, head.title};
    struct candidate *candidates =
        recognise(&scratch, profiles, &sample, &head, contents, &words, map);
    keep(out, arena, &head, candidates, profiles->count);
    if (head.found) {
        out->head.first = (size_t)sample.rows[head.first].number;
        out->head.last = (size_t)sample.rows[head.last].number;
    }
    out->head.data = head.data < sample.row_count ? (size_t)sample.rows[head.data].number : 0;
    arena_free(&scratch);
    return true;
}

static bool has_column(const struct sheet_plan *plan, int field)
{
    for (size_t i = 0; i < plan->column_count; i++) {
        if (plan->fields[i] == field) return true;
    }
    return false;
}

/* Text fields that a title fills when no column does. */
static void set_default(struct sheet_plan *plan, const char *key, struct str text)
{
    int field = profile_field_number(plan->profile, key);
    if (field < 0 || text.len == 0) return;
    plan->defaults[field] = text;
}

/* "休学学生名单" says the kind of all rows, "未到校学生" their state. Words that only name a class
 * of a school (毕业班) are no state. */
static void default_choice(struct sheet_plan *plan, struct arena *arena, const char *key,
                           struct str text)
{
    int number = profile_field_number(plan->profile, key);
    if (number < 0 || has_column(plan, number) || plan->defaults[number].ptr != NULL) return;
    const struct profile_field *field = &plan->profile->fields[number];
    if (field->type != FIELD_CHOICE || text.len == 0) return;
    struct cell cell = {.kind = CELL_TEXT, .text = heading_clean(arena, text)};
    if (cell.text.len > 60) cell.text.len = 0;
    struct value value;
    struct value_context context = {0};
    value_read(arena, field, &context, &cell, &value);
    if (!value.understood || value.text.len == 0) return;
    static const char *const counts[] = {"缺勤", "考勤", "出勤", "统计", NULL};
    bool usual = str_equal(value.text, field->choices[0].key);
    if (!usual && str_is(value.text, "absent") && fold_has_one_of(cell.text, counts)) return;
    if (str_is(value.text, "graduated") || str_is(value.text, "completed")) return;
    plan->defaults[number] = value.text;
}

/* "2020年秋季学期寄宿生生活补助发放花名册" says the scheme and the period of all rows. */
static void default_award(struct sheet_plan *plan, struct arena *arena, struct str text)
{
    int scheme = profile_field_number(plan->profile, "scheme");
    int number = profile_field_number(plan->profile, "period");
    struct period period;
    char name[PERIOD_TEXT_SIZE];
    if (scheme >= 0 && !has_column(plan, scheme) && plan->defaults[scheme].ptr == NULL) {
        const struct profile_field *field = &plan->profile->fields[scheme];
        int choice = value_choice_inside(field, heading_clean(arena, text));
        if (choice >= 0) plan->defaults[scheme] = field->choices[choice].words[0];
    }
    if (number < 0 || plan->defaults[number].ptr != NULL) return;
    if (!period_in_text(arena, text, &period)) return;
    plan->defaults[number] = str_copy(arena, str_from(period_format(period, name)));
}

/* A sheet named 小学 or 初中部. A whole county's 中小学 is no stage. */
static void default_stage(struct sheet_plan *plan, struct str text)
{
    if (str_find(text, STR("中小")) != SIZE_MAX || str_find(text, STR("小学初中")) != SIZE_MAX)
        return;
    enum stage stage = stage_of_school_name(text);
    int number = profile_field_number(plan->profile, "stage");
    if (number < 0 || stage == STAGE_NONE || plan->defaults[number].ptr != NULL) return;
    plan->defaults[number] = str_from(stage_key(stage));
}

static void make_defaults(struct sheet_plan *plan, struct arena *arena, struct str file)
{
    struct title_facts near = {.stated = DAY_NONE}, far = {.stated = DAY_NONE};
    title_read(plan->sheet_name, &near);
    title_read(plan->title, &near);
    title_read(plan->title, &far);
    title_read(plan->sheet_name, &far);
    title_read(file, &near);
    title_read(file, &far);
    plan->day_stated = far.stated;
    if (plan->profile == NULL) return;
    plan->defaults = arena_array(arena, struct str, plan->profile->field_count);
    bool elsewhere = profile_field_number(plan->profile, "province") >= 0;
    if (!elsewhere) set_default(plan, "school_name", str_copy(arena, near.school));
    int grade = profile_field_number(plan->profile, "grade");
    if (grade >= 0 && !has_column(plan, grade)) set_default(plan, "grade", near.grade);
    size_t count;
    const struct profile_heading *year = profile_headings(plan->profile, STR("届别"), &count);
    if (year != NULL && near.graduated.len > 0) plan->defaults[year->field] = near.graduated;
    static const char *const keys[] = {"status", "kind"};
    for (size_t i = 0; i < 2; i++) {
        default_choice(plan, arena, keys[i], plan->sheet_name);
        default_choice(plan, arena, keys[i], plan->title);
        default_choice(plan, arena, keys[i], file);
    }
    default_stage(plan, plan->sheet_name);
    default_stage(plan, plan->title);
    default_stage(plan, file);
    default_award(plan, arena, plan->sheet_name);
    default_award(plan, arena, plan->title);
    default_award(plan, arena, file);
}

/* What is one person's own is never taken over from the row above. */
static bool is_own(const struct profile_field *field)
{
    static const char *const keys[] = {
        "name",   "id_number",     "student_number",    "birth_date", "sex",    "relation",
        "status", "person_number", "guardian_relation", "remark",     "reason", NULL};
    return fold_is_one_of(field->key, keys);
}

static void mark_columns(struct sheet_plan *out, struct arena *arena, const struct sheet_look *look,
                         const struct candidate *candidate)
{
    for (size_t i = 0; i < out->column_count; i++) {
        if (candidate->fields[i] < 0) continue;
        const struct profile_field *field = &candidate->profile->fields[candidate->fields[i]];
        out->repeats[i] = look->grouped[i] && !is_own(field);
        out->flags[i] =
            (unsigned char)(profile_flag_choice(field, heading_clean(arena, out->headings[i])) + 1);
    }
}

void sheet_plan_make(struct sheet_plan *out, struct arena *arena, const struct sheet_look *look,
                     const struct candidate *candidate, const struct intake_file *file)
{
    *out = (struct sheet_plan){.sheet = look->sheet, .sheet_name = look->name};
    out->column_count = look->head.column_count;
    out->headings = arena_array(arena, struct str, out->column_count);
    for (size_t i = 0; i < out->column_count; i++) {
        out->headings[i] = look->head.headings[i].written;
    }
    out->title = look->head.title;
    out->header_row = look->head.found ? look->head.last : 0;
    out->data_row = look->head.data > 0 ? look->head.data : out->header_row + 1;
    out->orders = look->orders;
    out->place = look->place;
    out->panels = look->head.panels;
    out->flags = arena_array(arena, unsigned char, out->column_count);
    out->repeats = arena_array(arena, bool, out->column_count);
    if (candidate != NULL) {
        out->profile = candidate->profile;
        mark_columns(out, arena, look, candidate);
        out->fields = candidate->fields;
        int score = candidate->score * 1000 / (candidate->score + 100);
        out->score_permille = score < 0 ? 0 : score;
    }
    make_defaults(out, arena, str_copy(arena, stem_of(file->name)));
}

static bool is_taken(const struct candidate *candidate, size_t columns, size_t field)
{
    for (size_t i = 0; i < columns; i++) {
        if (candidate->fields[i] == (int)field) return true;
    }
    return false;
}

/* What the nearest register lacks: who the rows are about, else headings that are its own. */
static void lacking(const struct sheet_look *look, const struct candidate *candidate,
                    struct text *zh, struct text *en)
{
    const struct profile *profile = candidate->profile;
    int shown = 0;
    for (int weight = 10; weight >= 0 && shown < LACKING_SHOWN; weight--) {
        for (size_t i = 0; i < profile->field_count && shown < LACKING_SHOWN; i++) {
            const struct profile_field *field = &profile->fields[i];
            bool wanted = candidate->names ? field->weight == weight && weight >= 3
                                           : field->required && weight == 0;
            if (!wanted || is_taken(candidate, look->head.column_count, i)) continue;
            text_add_f(zh, "%s%.*s", shown > 0 ? "、" : "", STR_ARG(field->zh));
            text_add_f(en, "%s%.*s", shown > 0 ? ", " : "", STR_ARG(field->en));
            shown++;
        }
    }
}

static void headings_seen(const struct sheet_look *look, struct text *out)
{
    size_t shown = 0;
    for (size_t i = 0; i < look->head.column_count; i++) {
        struct str heading = look->head.headings[i].written;
        if (heading.len == 0 || heading.len > 60) continue;
        if (shown++ == HEADINGS_SHOWN) {
            text_add_c(out, " …");
            break;
        }
        text_add_f(out, "%s%.*s", shown > 1 ? "、" : "", STR_ARG(heading));
    }
}

bool plan_refuse(const struct sheet_look *looks, size_t count, const struct profiles *profiles,
                 const struct profile *forced, struct err *err)
{
    const struct sheet_look *look = NULL;
    const struct candidate *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct candidate *candidate = recognise_nearest(looks[i].candidates, profiles->count);
        if (forced != NULL) candidate = &looks[i].candidates[forced - profiles->items];
        if (!looks[i].head.found) continue;
        if (nearest != NULL && candidate->score <= nearest->score) continue;
        nearest = candidate;
        look = &looks[i];
    }
    if (look == NULL) {
        err_set(err, ERR_INPUT,
                "no row of headings was found; put one above the data, or name the register and "
                "its columns",
                "没有找到表头；请在数据上方加表头行，或指明名册和各列");
        return err_hint(err, "--as, --map", "--as、--map");
    }
    struct arena scratch = {0};
    struct text seen, zh, en;
    text_init(&seen, &scratch, SENTENCE_BYTES_MAX);
    text_init(&zh, &scratch, SENTENCE_BYTES_MAX);
    text_init(&en, &scratch, SENTENCE_BYTES_MAX);
    headings_seen(look, &seen);
    lacking(look, nearest, &zh, &en);
    struct str key = nearest->profile->key, name = nearest->profile->zh;
    struct text in_en, in_zh;
    text_init(&in_en, &scratch, ERR_TEXT_MAX);
    text_init(&in_zh, &scratch, ERR_TEXT_MAX);
    text_add_f(&in_en,
               "the register cannot be told from the headings %s; the nearest is %.*s, which lacks "
               "%s; name the register, or its columns",
               seen.ptr, STR_ARG(key), en.ptr);
    text_add_f(&in_zh,
               "按表头（%s）认不出是哪个名册；最接近的是%.*s（%.*s），但缺少：%s；请指明名册"
               "或各列",
               seen.ptr, STR_ARG(name), STR_ARG(key), zh.ptr);
    err_set(err, ERR_INPUT, "%s%.0s", "%.0s%s", in_en.ptr, in_zh.ptr);
    arena_free(&scratch);
    return err_hint(err, "--as, --map", "--as、--map");
}
