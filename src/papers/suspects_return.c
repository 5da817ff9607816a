#include "papers/suspects_return.h"

#include "base/file.h"
#include "base/sheet_out.h"
#include "identity/division.h"
#include "identity/id_number.h"

enum { RETURN_TEXT_BYTES_MAX = 1 << 15, RETURN_PATH_BYTES_MAX = 4096, RETURN_NAME_BYTES_MAX = 120 };

struct str suspect_number(const struct suspects_return *to, const struct suspect *suspect)
{
    struct str number = people_text(to->people, suspect->record, PERSON_ID_NUMBER);
    return to->reveal ? number : id_number_mask(to->arena, number);
}

struct str suspect_evidence_text(struct arena *arena, const struct suspect_evidence *evidence,
                                 enum lang lang)
{
    struct text text;
    const struct profile *profile = evidence->source->profile;
    bool zh = lang == LANG_ZH;
    text_init(&text, arena, RETURN_TEXT_BYTES_MAX);
    text_add(&text, zh ? profile->zh : profile->en);
    text_add_c(&text, zh ? "（" : " (");
    text_add(&text, evidence->file);
    if (evidence->sheet > 1) {
        text_add_f(&text, zh ? " 第 %llu 张表" : " sheet %llu",
                   (unsigned long long)evidence->sheet);
    }
    text_add_f(&text, zh ? " 第 %llu 行）" : " row %llu)", (unsigned long long)evidence->row);
    if (evidence->says.len > 0) {
        text_add_c(&text, zh ? "：" : ": ");
        text_add(&text, evidence->says);
    }
    if (evidence->apart)
        text_add_c(&text, zh ? "（归并时分开，待核对）" : " (left apart by linking)");
    return text_str(&text);
}

static bool is_held(const struct suspect *suspect, const bool *filed, size_t proof)
{
    return suspect->proofs[proof].held || (filed != NULL && filed[proof]);
}

struct str suspect_wanted_text(struct arena *arena, const struct outcomes *outcomes,
                               const struct suspect *suspect, const bool *filed, enum lang lang)
{
    struct text text;
    bool zh = lang == LANG_ZH;
    text_init(&text, arena, RETURN_TEXT_BYTES_MAX);
    for (size_t i = 0; i < suspect->proof_count; i++) {
        const struct outcome_proof *proof = &outcomes->proofs[suspect->proofs[i].proof];
        if (is_held(suspect, filed, i)) continue;
        if (text.len > 0) text_add_c(&text, zh ? "；" : "; ");
        text_add(&text, zh ? proof->zh : proof->en);
        text_add_f(&text, zh ? "（向%.*s取）" : " (from %.*s)",
                   STR_ARG(zh ? proof->of_zh : proof->of_en));
    }
    return text_str(&text);
}

/* A text as a name of a file or folder on any system. */
static void add_name(struct text *text, struct str name)
{
    static const char forbidden[] = "/\\:*?\"<>|";
    size_t at = 0, before = 0;
    uint32_t code;
    while (utf8_next(name, &at, &code)) {
        if (at > RETURN_NAME_BYTES_MAX) break;
        bool bad = code < 32 || code == 127 || (code < 128 && strchr(forbidden, (int)code) != NULL);
        if (bad)
            text_add_c(text, "_");
        else
            text_add(text, str_slice(name, before, at));
        before = at;
    }
}

static struct str without_ending(struct str file)
{
    size_t slash = 0, dot = file.len;
    for (size_t i = 0; i < file.len; i++) {
        if (file.ptr[i] == '/') slash = i + 1;
    }
    for (size_t i = file.len; i > slash; i--) {
        if (file.ptr[i - 1] == '.') {
            dot = i - 1;
            break;
        }
    }
    return str_slice(file, slash, dot > slash ? dot : file.len);
}

static struct str folder_of(const struct suspects_return *to, const struct suspect *suspect)
{
    struct text text;
    text_init(&text, to->arena, RETURN_PATH_BYTES_MAX);
    add_name(&text, without_ending(suspect->file));
    text_add_c(&text, "/");
    if (suspect->sheet > 1) text_add_f(&text, "%llu-", (unsigned long long)suspect->sheet);
    text_add_f(&text, "%04llu_", (unsigned long long)suspect->row);
    add_name(&text, people_text(to->people, suspect->record, PERSON_NAME));
    return text_str(&text);
}

static struct str proof_folder(const struct suspects_return *to, struct str folder,
                               const struct outcome_proof *proof)
{
    struct text text;
    text_init(&text, to->arena, RETURN_PATH_BYTES_MAX);
    text_add_f(&text, "%s/%.*s/", to->proofs, STR_ARG(folder));
    add_name(&text, proof->zh);
    return text_str(&text);
}

/* Makes the folders of one child and looks which proofs lie in them. */
static bool file_one(const struct suspects_return *to, const struct suspect *suspect,
                     struct suspect_filed *out, struct err *err)
{
    out->filed = arena_array(to->arena, bool, suspect->proof_count);
    out->state = suspect->state;
    if (to->proofs == NULL) return true;
    out->folder = folder_of(to, suspect);
    struct text own;
    text_init(&own, to->arena, RETURN_PATH_BYTES_MAX);
    text_add_f(&own, "%s/%.*s", to->proofs, STR_ARG(out->folder));
    if (!file_make_folder(own.ptr, err)) return false;
    for (size_t i = 0; i < suspect->proof_count; i++) {
        const struct outcome_proof *proof = &to->outcomes->proofs[suspect->proofs[i].proof];
        struct str path = proof_folder(to, out->folder, proof), *names;
        size_t count;
        if (suspect->proofs[i].held && !file_exists(path.ptr)) continue;
        if (!file_make_folder(path.ptr, err)
            || !file_list(to->arena, path.ptr, &names, &count, err)) {
            return false;
        }
        out->filed[i] = count > 0;
    }
    out->state = suspect_state_with(suspect, to->outcomes, out->filed);
    return true;
}

bool suspects_file(const struct suspects_return *to, const struct suspect *suspects, size_t count,
                   struct suspect_filed **out, struct err *err)
{
    struct suspect_filed *filed = arena_array(to->arena, struct suspect_filed, count);
    for (size_t i = 0; i < count; i++) {
        if (!file_one(to, &suspects[i], &filed[i], err)) return false;
    }
    *out = filed;
    return true;
}

/* The address as written, else the names of places, else that of the division. */
struct str suspect_place(const struct suspects_return *to, const struct suspect *suspect)
{
    static const char *const parts[] = {"county", "township", "village"};
    const struct profile *list = to->outcomes->list;
    int address = profile_field_number(list, "address");
    if (address >= 0 && suspect->values[address].len > 0) return suspect->values[address];
    struct text text;
    text_init(&text, to->arena, RETURN_TEXT_BYTES_MAX);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        int field = profile_field_number(list, parts[i]);
        if (field >= 0) text_add(&text, suspect->values[field]);
    }
    if (text.len > 0) return text_str(&text);
    return division_name_of(to->divisions, suspect->area);
}

static struct str field_text(const struct suspects_return *to, const struct suspect *suspect,
                             int number)
{
    const struct profile_field *field = &to->outcomes->list->fields[number];
    struct str value = suspect->values[number];
    if (field->type == FIELD_ID_NUMBER) return suspect_number(to, suspect);
    for (size_t i = 0; i < field->choice_count; i++) {
        if (str_equal(field->choices[i].key, value)) return field->choices[i].zh;
    }
    return suspect->written[number].ptr != NULL ? suspect->written[number] : value;
}

static struct str evidence_of(const struct suspects_return *to, const struct suspect *suspect)
{
    struct text text;
    text_init(&text, to->arena, RETURN_TEXT_BYTES_MAX);
    for (size_t i = 0; i < suspect->evidence_count; i++) {
        if (text.len > 0) text_add_c(&text, "；");
        text_add(&text, suspect_evidence_text(to->arena, &suspect->evidence[i], LANG_ZH));
    }
    return text_str(&text);
}

static struct str held_of(const struct suspects_return *to, const struct suspect *suspect,
                          const bool *filed)
{
    struct text text;
    text_init(&text, to->arena, RETURN_TEXT_BYTES_MAX);
    for (size_t i = 0; i < suspect->proof_count; i++) {
        if (!is_held(suspect, filed, i)) continue;
        if (text.len > 0) text_add_c(&text, "；");
        text_add(&text, to->outcomes->proofs[suspect->proofs[i].proof].zh);
    }
    return text_str(&text);
}

static struct str outcome_text(const struct suspects_return *to, const struct suspect *suspect)
{
    struct text text;
    if (suspect->code == NULL) return STR_EMPTY;
    text_init(&text, to->arena, RETURN_TEXT_BYTES_MAX);
    text_add_f(&text, "%.*s %.*s", STR_ARG(suspect->code->code), STR_ARG(suspect->code->zh));
    return text_str(&text);
}

static struct str source_text(const struct suspects_return *to, const struct suspect *suspect)
{
    struct text text;
    text_init(&text, to->arena, RETURN_TEXT_BYTES_MAX);
    text_add(&text, suspect->file);
    text_add_f(&text, " 第 %llu 行", (unsigned long long)suspect->row);
    return text_str(&text);
}

static struct str cell_of(const struct suspects_return *to, const struct suspect *suspect,
                          const struct suspect_filed *filed, uint64_t serial,
                          const struct outcome_column *column)
{
    bool code = suspect->code != NULL;
    switch (column->is) {
    case OUTCOME_COLUMN_FIELD: return field_text(to, suspect, column->field);
    case OUTCOME_COLUMN_SERIAL: return str_u64(to->arena, serial);
    case OUTCOME_COLUMN_PLACE: return suspect_place(to, suspect);
    case OUTCOME_COLUMN_CODE: return code ? suspect->code->code : STR_EMPTY;
    case OUTCOME_COLUMN_OUTCOME: return outcome_text(to, suspect);
    case OUTCOME_COLUMN_STATE: return str_from(suspect_state_text(filed->state, LANG_ZH));
    case OUTCOME_COLUMN_CERTAINTY:
        return code ? str_u64(to->arena, suspect->probability_ppm / 10000) : STR_EMPTY;
    case OUTCOME_COLUMN_EVIDENCE: return evidence_of(to, suspect);
    case OUTCOME_COLUMN_ACT: return code ? suspect->clause->act_zh : STR_EMPTY;
    case OUTCOME_COLUMN_PROOFS_HELD: return held_of(to, suspect, filed->filed);
    case OUTCOME_COLUMN_PROOFS_WANTED:
        return suspect_wanted_text(to->arena, to->outcomes, suspect, filed->filed, LANG_ZH);
    case OUTCOME_COLUMN_FOLDER: return filed->folder;
    case OUTCOME_COLUMN_SOURCE: return source_text(to, suspect);
    case OUTCOME_COLUMN_IS_COUNT: break;
    }
    CHECK(false);
    return STR_EMPTY;
}

static bool write_rows(const struct suspects_return *to, struct sheet_out *sheet,
                       const struct suspect *suspects, const struct suspect_filed *filed,
                       size_t count, struct err *err)
{
    const struct outcomes *outcomes = to->outcomes;
    size_t columns = outcomes->column_count;
    struct str *cells = arena_array(to->arena, struct str, columns);
    int *widths = arena_array(to->arena, int, columns);
    bool *numbers = arena_array(to->arena, bool, columns);
    for (size_t c = 0; c < columns; c++) {
        enum outcome_column_is is = outcomes->columns[c].is;
        cells[c] = outcomes->columns[c].heading;
        widths[c] = outcomes->columns[c].width;
        numbers[c] = is == OUTCOME_COLUMN_SERIAL || is == OUTCOME_COLUMN_CERTAINTY;
    }
    if (!sheet_header(sheet, cells, columns, widths, err)) return false;
    sheet_numbers(sheet, numbers, columns);
    uint64_t serial = 0;
    for (size_t i = 0; i < count; i++) {
        bool same = i > 0 && str_equal(suspects[i].file, suspects[i - 1].file);
        serial = same ? serial + 1 : 1;
        for (size_t c = 0; c < columns; c++) {
            cells[c] = cell_of(to, &suspects[i], &filed[i], serial, &outcomes->columns[c]);
        }
        if (!sheet_row(sheet, cells, columns, err)) return false;
    }
    return true;
}

bool suspects_write(const struct suspects_return *to, const struct suspect *suspects,
                    const struct suspect_filed *filed, size_t count, const char *path,
                    struct err *err)
{
    struct sheet_out *sheet;
    if (!sheet_open(&sheet, path, "核查结果", true, err)) return false;
    if (write_rows(to, sheet, suspects, filed, count, err)) return sheet_close(sheet, err);
    sheet_abandon(sheet);
    return false;
}
