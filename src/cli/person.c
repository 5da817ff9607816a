#include "access/audit.h"
#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/person_find.h"
#include "cli/person_past.h"
#include "cli/report.h"
#include "cli/words.h"
#include "identity/id_number.h"
#include "link/people_explain.h"

#include <stdio.h>

static const struct report_column columns[] = {
    {"register", "名册", "register", false},
    {"statement", "记载", "statement", true},
    {"file", "文件", "file", false},
    {"sheet", "工作表", "sheet", true},
    {"row", "行", "row", true},
    {"since", "起", "since", false},
    {"name", "姓名", "name", false},
    {"id_number", "证件号码", "ID number", false},
    {"birth_date", "出生日期", "birth date", false},
    {"area", "区划", "area", false},
    {"school", "学校", "school", false},
    {"status", "状态", "status", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

/* What the command looks at, found once. */
struct look {
    struct cli *cli;
    struct person_told told;
    struct batch *batches;
    size_t batch_count;
    struct person_trail trail;
    struct explanation nearest;
};

static struct str file_of(const struct look *look, int64_t batch)
{
    for (size_t i = 0; i < look->batch_count; i++) {
        if (look->batches[i].number == batch) return look->batches[i].file;
    }
    return STR_EMPTY;
}

static struct str shown_id(const struct cli *cli, struct str number)
{
    return cli_has(cli, "--reveal") ? number : id_number_mask(cli->arena, number);
}

static bool write_record(struct look *look, struct report *report, uint32_t number, struct err *err)
{
    struct cli *cli = look->cli;
    const struct person_record *record = &look->told.people->records[number];
    const struct profile *profile = look->told.people->registers[record->register_number];
    struct statement statement;
    if (!registry_statement(&cli->workspace.registry, cli->arena, &cli->asker, profile,
                            record->statement, &statement, err)) {
        return false;
    }
    struct str values[COLUMNS] = {
        profile->key,
        cli_number(cli, (uint64_t)record->statement),
        file_of(look, statement.batch),
        cli_number(cli, statement.sheet + 1),
        cli_number(cli, statement.row),
        cli_date(cli, statement.valid_from),
        people_text(look->told.people, number, PERSON_NAME),
        shown_id(cli, people_text(look->told.people, number, PERSON_ID_NUMBER)),
        people_text(look->told.people, number, PERSON_BIRTH_DATE),
        statement.area,
        people_text(look->told.people, number, PERSON_SCHOOL_NAME),
        people_text(look->told.people, number, PERSON_STATUS),
    };
    struct str shown[COLUMNS] = {
        [0] = words_register(cli, profile),
        [11] = words_choice(cli, profile, "status", values[11]),
    };
    return report_row(report, values, shown, err);
}

static void explain_nearest(struct look *look)
{
    const struct person_told *told = &look->told;
    look->nearest.other = told->nearest;
    if (told->nearest == UINT32_MAX) return;
    explain_person(look->cli->arena, told->people, told->weigher, told->person, told->nearest,
                   cli_has(look->cli, "--reveal") ? EXPLAIN_WHOLE : EXPLAIN_MASKED, &look->nearest);
}

static void json_findings(const struct look *look, struct json *json)
{
    json_key(json, "findings");
    json_list(json);
    for (size_t i = 0; i < look->told.finding_count; i++) {
        const struct told_finding *finding = &look->told.findings[i];
        json_object(json);
        json_key_i64(json, "finding", finding->number);
        json_key_str(json, "kind", str_from(finding_kind_key(finding->kind)));
        json_key_str(json, "queue", str_from(queue_key(finding->queue)));
        json_key_str(json, "probability", cli_probability(look->cli, finding->probability_ppm));
        json_key_str(json, "reason", finding->reason);
        json_object_end(json);
    }
    json_list_end(json);
}

static void json_nearest(const struct look *look, struct json *json)
{
    const struct people *people = look->told.people;
    const struct explanation *nearest = &look->nearest;
    json_key(json, "nearest");
    if (nearest->other == UINT32_MAX) {
        json_null(json);
        return;
    }
    const struct person_record *other = &people->records[nearest->other];
    json_object(json);
    json_key_str(json, "register", people->registers[other->register_number]->key);
    json_key_i64(json, "statement", other->statement);
    json_key_i64(json, "person", people->persons[other->person].number);
    json_key_i64(json, "weight_millibits", nearest->weight_millibits);
    json_key(json, "fields");
    json_list(json);
    for (int f = 0; f < EXPLAIN_FIELDS; f++) {
        json_object(json);
        json_key_str(json, "field", str_from(nearest->fields[f].key));
        json_key_str(json, "level", str_from(nearest->fields[f].level_en));
        json_key_str(json, "left", nearest->fields[f].left);
        json_key_str(json, "right", nearest->fields[f].right);
        json_key_bool(json, "left_derived", nearest->fields[f].left_derived);
        json_key_bool(json, "right_derived", nearest->fields[f].right_derived);
        json_key_i64(json, "millibits", nearest->fields[f].millibits);
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
}

static void tell_findings(const struct look *look)
{
    for (size_t i = 0; i < look->told.finding_count; i++) {
        const struct told_finding *finding = &look->told.findings[i];
        struct str reasons = words_reasons(look->cli, look->told.policy, finding->reason);
        cli_note(look->cli, "线索 %lld：%s，%s，可能性 %s（%.*s）",
                 "finding %lld: %s, %s, probability %s (%.*s)",
                 (long long)finding->number,
                 finding_kind_text(finding->kind, look->cli->lang),
                 queue_text(finding->queue, look->cli->lang),
                 cli_probability(look->cli, finding->probability_ppm).ptr, STR_ARG(reasons));
    }
}

static void tell_nearest(const struct look *look)
{
    const struct cli *cli = look->cli;
    const struct people *people = look->told.people;
    const struct explanation *nearest = &look->nearest;
    if (nearest->other == UINT32_MAX) {
        cli_note(cli, "没有接近的其他记录", "no other record came near");
        return;
    }
    const struct person_record *other = &people->records[nearest->other];
    const struct profile *profile = people->registers[other->register_number];
    struct str register_name = words_register(cli, profile);
    cli_note(cli, "最接近而未认作同一人的记录：%.*s第 %lld 条（%lld 号人员），%s 比特：",
             "the nearest record not taken for the same person: %.*s %lld (person %lld), %s bits:",
             STR_ARG(register_name), (long long)other->statement,
             (long long)people->persons[other->person].number,
             cli_bits(cli, nearest->weight_millibits).ptr);
    for (int f = 0; f < EXPLAIN_FIELDS; f++) {
        const struct explain_field *field = &nearest->fields[f];
        if (field->millibits == 0) continue;
        const char *derived = cli_say(cli, "〔同户推得〕", " [of the household]");
        cli_note(cli, "  %s：%s（%.*s%s / %.*s%s）%s", "  %s: %s (%.*s%s / %.*s%s) %s",
                 cli_say(cli, field->zh, field->en), cli_say(cli, field->level_zh, field->level_en),
                 STR_ARG(field->left), field->left_derived ? derived : "", STR_ARG(field->right),
                 field->right_derived ? derived : "", cli_bits(cli, field->millibits).ptr);
    }
}

static bool write_person(struct look *look, struct err *err)
{
    const struct people *people = look->told.people;
    const struct person *person = &people->persons[look->told.person];
    struct report *report = NULL;
    if (!report_open(&report, look->cli, "records", columns, COLUMNS, err)) return false;
    struct json *json = report_json(report);
    explain_nearest(look);
    if (json != NULL) {
        json_key_i64(json, "person", person->number);
        person_trail_json(look->cli, &look->trail, json);
        json_findings(look, json);
        json_nearest(look, json);
    }
    for (uint32_t i = 0; i < person->count; i++) {
        if (!write_record(look, report, people->order[person->first + i], err)) return false;
    }
    if (!report_close(report, err)) return false;
    fflush(stdout);
    if (json == NULL) person_trail_tell(look->cli, &look->trail);
    tell_findings(look);
    if (json == NULL) tell_nearest(look);
    return true;
}

static bool find(void *context, const struct people *people, uint32_t *person, struct err *err)
{
    struct look *look = context;
    return person_follow(look->cli, people, look->cli->words[0], person, &look->trail, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct look look = {.cli = cli};
    struct person_question question = {
        .now = !cli_has(cli, "--known"),
        .wanted = person_wanted_read(cli, str_from(cli->words[0])),
        .find = find,
        .context = &look,
    };
    struct bar bar;
    struct str reason = STR_EMPTY;
    if (!cli_reveal(cli, &reason, err)) return false;
    if (!cli_open(cli, false, err) || !cli_when(cli, &question.when, err)) return false;
    bar_start(&bar, cli->lang, cli->quiet);
    bool good = job_person_told(&cli->workspace, cli->arena, &cli->asker, &question, &bar.progress,
                                &look.told, err);
    bar_end(&bar);
    if (!good) return false;
    struct str object = cli_format(
        cli, "person %lld", (long long)look.told.people->persons[look.told.person].number);
    if (!audit_append(cli->workspace.store, &cli->clock, &cli->asker,
                      reason.len == 0 ? AUDIT_LOOK : AUDIT_REVEAL, object, reason, err)) {
        return false;
    }
    if (!registry_batches(&cli->workspace.registry, cli->arena, &cli->asker, &look.batches,
                          &look.batch_count, err)) {
        return false;
    }
    return write_person(&look, err);
}

const struct command command_person = {
    .name = "person",
    .words = "NUMBER|ID|NAME",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_LOOK,
    .zh = "一个人的全部记录、出自哪份文件哪一行，有关线索，以及最接近而未归并的记录",
    .en = "All records of a person with file and row, the findings, and the nearest record not "
          "joined",
    .more_zh = "可用人员编号、证件号码或姓名。按名册键和记载号排序。最接近的记录逐项说明：每项后面"
               "的比特数是去掉它会减少的权重。"
               "证件号码脱敏；查看会记入审计。编号已并入他人的，转到现在的编号并说明何时并入。"
               "按上次比对的结果回答，只读此人和与其相近者的记录；比对日不同，或比对之后名册、"
               "裁定、发放或此人的案卷有变动，先重新比对。",
    .more_en = "Named by person number, ID number or name. Sorted by register key and statement. "
               "The nearest record is explained field by field: "
               "the bits are what the weight would lose without the field. ID numbers are masked; "
               "looking is audited. A number that was joined into another leads to that one, and "
               "says when. Answered from the last check, reading this person's records and those "
               "of whoever comes near; for another day, or when registers, decisions, payments or "
               "the person's cases have changed since, all is checked first.",
    .options = {OPTION_OF_AT, OPTION_OF_KNOWN, OPTION_OF_REVEAL},
    .examples = {{"baoxue person 345", "345 号人员", "person 345"},
                 {"baoxue person 王小明", "叫这个名字的人；多于一人时列出编号",
                  "whoever has this name; several are listed by number"},
                 {"baoxue person 345 --reveal \"入户核实\"", "显示全号", "with full numbers"}},
    .run = run,
};
