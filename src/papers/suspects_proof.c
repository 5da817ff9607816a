#include "papers/suspects_return.h"

#include "base/file.h"
#include "papers/notice.h"

/* The evidence sheet of a child: what was found, where it stands, what is still to be fetched, and
 * who signs for it (papers/suspects_evidence.yaml). */

enum { SHEET_LINE_BYTES_MAX = 1 << 13 };

static struct str joined(struct arena *arena, const char *format, struct str text)
{
    struct text out;
    text_init(&out, arena, SHEET_LINE_BYTES_MAX);
    struct str pattern = str_from(format);
    size_t at = str_find(pattern, STR("{}"));
    CHECK(at != SIZE_MAX);
    text_add(&out, str_slice(pattern, 0, at));
    text_add(&out, text);
    text_add(&out, str_slice(pattern, at + 2, pattern.len));
    return text_str(&out);
}

static struct str number_text(struct arena *arena, const char *format, uint64_t number)
{
    struct text digits;
    text_init(&digits, arena, 24);
    text_add_f(&digits, "%llu", (unsigned long long)number);
    return joined(arena, format, text_str(&digits));
}

static struct str kind_text(const struct suspects_return *to, const struct suspect *suspect)
{
    const struct profile *list = to->outcomes->list;
    int number = profile_field_number(list, "kind");
    if (number < 0) return STR_EMPTY;
    const struct profile_field *field = &list->fields[number];
    for (size_t i = 0; i < field->choice_count; i++) {
        if (str_equal(field->choices[i].key, suspect->values[number])) return field->choices[i].zh;
    }
    return suspect->values[number];
}

static void set_child(const struct suspects_return *to, struct notice_values *values,
                      const struct suspect *suspect)
{
    struct arena *arena = values->arena;
    struct text source;
    notice_set(values, "child.name", people_text(to->people, suspect->record, PERSON_NAME));
    notice_set(values, "child.id", suspect_number(to, suspect));
    notice_set(values, "child.address", suspect_place(to, suspect));
    notice_set(values, "list.kind", kind_text(to, suspect));
    notice_set(values, "day", notice_day(arena, to->people->when.at));
    text_init(&source, arena, SHEET_LINE_BYTES_MAX);
    text_add(&source, suspect->file);
    text_add(&source, number_text(arena, " 第 {} 行", suspect->row));
    notice_set(values, "list.source", text_str(&source));
}

static void set_outcome(struct notice_values *values, const struct suspect *suspect,
                        enum suspect_state state)
{
    struct text text;
    notice_set(values, "state", str_from(suspect_state_text(state, LANG_ZH)));
    if (suspect->code == NULL) {
        notice_set(values, "outcome", STR("各册均无线索，待入户核查"));
        return;
    }
    text_init(&text, values->arena, SHEET_LINE_BYTES_MAX);
    text_add_f(&text, "%.*s  %.*s", STR_ARG(suspect->code->code), STR_ARG(suspect->code->zh));
    notice_set(values, "outcome", text_str(&text));
    notice_set(
        values, "certainty",
        number_text(values->arena, "依据属于该儿童的可能性 {}%", suspect->probability_ppm / 10000));
    notice_set(values, "act", suspect->clause->act_zh);
}

static void set_evidence(struct notice_values *values, const struct suspect *suspect)
{
    for (size_t i = 0; i < suspect->evidence_count; i++) {
        const struct suspect_evidence *item = &suspect->evidence[i];
        notice_row(values, "evidence");
        notice_row_set(values, "evidence", "evidence.register", item->source->profile->zh);
        notice_row_set(values, "evidence", "evidence.file", item->file);
        notice_row_set(values, "evidence", "evidence.row",
                       number_text(values->arena, "{}", item->row));
        notice_row_set(values, "evidence", "evidence.says",
                       item->apart ? joined(values->arena, "{}（归并时分开，待核对）", item->says)
                                   : item->says);
    }
}

static void set_proof(struct notice_values *values, bool there, struct str name, struct str note)
{
    notice_row(values, "proofs");
    notice_row_set(values, "proofs", "proof.mark", there ? STR("☑") : STR("☐"));
    notice_row_set(values, "proofs", "proof.name", name);
    notice_row_set(values, "proofs", "proof.note", note);
}

static void set_proofs(const struct suspects_return *to, struct notice_values *values,
                       const struct suspect *suspect, const struct suspect_filed *filed)
{
    for (size_t i = 0; i < suspect->proof_count; i++) {
        const struct outcome_proof *proof = &to->outcomes->proofs[suspect->proofs[i].proof];
        bool held = suspect->proofs[i].held;
        struct str note = filed->filed[i] ? STR("已放入本文件夹")
                          : held          ? STR("名册已载，见依据")
                                 : joined(values->arena, "向{}取，放入同名文件夹", proof->of_zh);
        set_proof(values, held || filed->filed[i], proof->zh, note);
    }
    if (suspect->proof_count == 0) {
        set_proof(values, false, STR("入户走访记录"), STR("由乡镇、学校入户后填写"));
    }
}

static bool write_one(const struct suspects_return *to, const struct notice *notice,
                      struct arena *work, const struct suspect *suspect,
                      const struct suspect_filed *filed, struct err *err)
{
    struct suspects_return own = *to;
    struct notice_values values;
    struct text path;
    struct str pdf;
    own.arena = work;
    notice_values_init(&values, work);
    set_child(&own, &values, suspect);
    set_outcome(&values, suspect, filed->state);
    set_evidence(&values, suspect);
    set_proofs(&own, &values, suspect, filed);
    struct document *document = notice_document(notice, &values, to->people->when.at);
    if (!document_pdf(document, &pdf, err)) return false;
    text_init(&path, work, 4096);
    text_add_f(&path, "%s/%.*s/核查证据页.pdf", to->proofs, STR_ARG(filed->folder));
    return file_write(path.ptr, pdf, 0644, err);
}

bool suspects_sheets(const struct suspects_return *to, const struct notices *notices,
                     const struct suspect *suspects, const struct suspect_filed *filed,
                     size_t count, const struct progress *progress, struct err *err)
{
    const struct notice *notice = notice_find(notices, STR("suspects_evidence"));
    struct arena work = {0};
    bool good = true;
    CHECK(to->proofs != NULL);
    if (notice == NULL) {
        return err_set(err, ERR_INPUT, "the packs have no paper \"suspects_evidence\"",
                       "政策包中没有文书 suspects_evidence");
    }
    for (size_t i = 0; good && i < count; i++) {
        good = write_one(to, notice, &work, &suspects[i], &filed[i], err);
        arena_reset(&work);
        progress_report(progress, "writing evidence sheets", "写核查证据页", i + 1, count);
    }
    arena_free(&work);
    return good;
}
