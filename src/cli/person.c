#include "access/audit.h"
#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/number.h"
#include "cli/report.h"
#include "identity/id_number.h"

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
    struct people people;
    const struct person *person;
    struct batch *batches;
    size_t batch_count;
};

static bool find_person(struct look *look, int64_t number, struct read_at when, struct err *err)
{
    for (size_t i = 0; i < look->people.person_count; i++) {
        look->person = &look->people.persons[i];
        if (look->person->number == number) return true;
    }
    char date[DAY_TEXT_SIZE];
    return err_set(err, ERR_NOT_FOUND, "there is no person %lld as of %s", "没有 %lld 号人员（%s）",
                   (long long)number, day_format(when.at, date));
}

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
    struct asker asker = asker_local();
    const struct person_record *record = &look->people.records[number];
    const struct profile *profile = look->people.registers[record->register_number];
    struct statement statement;
    if (!registry_statement(&cli->workspace.registry, cli->arena, &asker, profile,
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
        people_text(&look->people, number, PERSON_NAME),
        shown_id(cli, people_text(&look->people, number, PERSON_ID_NUMBER)),
        people_text(&look->people, number, PERSON_BIRTH_DATE),
        statement.area,
        people_text(&look->people, number, PERSON_SCHOOL_NAME),
        people_text(&look->people, number, PERSON_STATUS),
    };
    struct str shown[COLUMNS] = {[0] = cli->lang == LANG_EN ? profile->en : profile->zh};
    return report_row(report, values, shown, err);
}

/* The heaviest pair of the person's records that was compared and not joined; NULL if none. */
static const struct person_candidate *nearest_of(const struct look *look)
{
    const struct people *people = &look->people;
    const struct person_candidate *nearest = NULL;
    size_t number = (size_t)(look->person - people->persons);
    for (size_t i = 0; i < people->candidate_count; i++) {
        const struct person_candidate *candidate = &people->candidates[i];
        if (people->records[candidate->record].person != number) continue;
        if (people->records[candidate->other].person == number) continue;
        if (nearest == NULL || candidate->weight_millibits > nearest->weight_millibits) {
            nearest = candidate;
        }
    }
    return nearest;
}

static void json_nearest(const struct look *look, struct json *json)
{
    const struct people *people = &look->people;
    const struct person_candidate *nearest = nearest_of(look);
    json_key_i64(json, "person", look->person->number);
    json_key(json, "nearest");
    if (nearest == NULL) {
        json_null(json);
        return;
    }
    const struct person_record *other = &people->records[nearest->other];
    json_object(json);
    json_key_str(json, "register", people->registers[other->register_number]->key);
    json_key_i64(json, "statement", other->statement);
    json_key_str(json, "name", people_text(people, nearest->other, PERSON_NAME));
    json_key_i64(json, "weight_millibits", nearest->weight_millibits);
    json_key_str(json, "probability", cli_probability(look->cli, nearest->probability_ppm));
    json_object_end(json);
}

static void tell_nearest(const struct look *look)
{
    const struct people *people = &look->people;
    const struct person_candidate *nearest = nearest_of(look);
    if (nearest == NULL) {
        cli_note(look->cli, "没有比较过而未归并的记录", "no other record came near");
        return;
    }
    const struct person_record *other = &people->records[nearest->other];
    struct str name = people_text(people, nearest->other, PERSON_NAME);
    const struct profile *profile = people->registers[other->register_number];
    struct str words = look->cli->lang == LANG_EN ? profile->en : profile->zh;
    cli_note(
        look->cli, "最接近而未归并的记录：%.*s %lld %.*s，同一人的可能性 %s（%s 比特）",
        "the nearest record that was not joined: %.*s %lld %.*s, one person with probability %s "
        "(%s bits)",
        STR_ARG(words), (long long)other->statement, STR_ARG(name),
        cli_probability(look->cli, nearest->probability_ppm).ptr,
        cli_bits(look->cli, nearest->weight_millibits).ptr);
}

static bool write_person(struct look *look, struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, look->cli, "records", columns, COLUMNS, err)) return false;
    struct json *json = report_json(report);
    if (json != NULL) json_nearest(look, json);
    for (uint32_t i = 0; i < look->person->count; i++) {
        uint32_t record = look->people.order[look->person->first + i];
        if (!write_record(look, report, record, err)) return false;
    }
    if (!report_close(report, err)) return false;
    fflush(stdout);
    if (json == NULL) tell_nearest(look);
    return true;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    int64_t number;
    struct read_at when;
    struct asker asker = asker_local();
    struct people_link_result result;
    struct look look = {.cli = cli};
    struct bar bar;
    if (!number_read(cli->words[0], &number, err)) return false;
    if (!cli_open(cli, false, err) || !cli_when(cli, &when, err)) return false;
    bar_start(&bar, cli->lang, cli->quiet);
    struct people_link_options options = {.progress = &bar.progress};
    bool good = job_link(&cli->workspace, cli->arena, &asker, when, &options, false, &look.people,
                         &result, err);
    bar_end(&bar);
    if (!good || !find_person(&look, number, when, err)) return false;
    const char *reason = cli_option(cli, "--reveal");
    struct str object = cli_format(cli, "person %lld", (long long)number);
    if (!audit_append(cli->workspace.store, &cli->clock, &asker,
                      reason == NULL ? STR("look") : STR("reveal"), object,
                      reason == NULL ? STR_EMPTY : str_from(reason), err)) {
        return false;
    }
    if (!registry_batches(&cli->workspace.registry, cli->arena, &asker, &look.batches,
                          &look.batch_count, err)) {
        return false;
    }
    return write_person(&look, err);
}

const struct command command_person = {
    .name = "person",
    .words = "NUMBER",
    .words_min = 1,
    .words_max = 1,
    .zh = "一个人的全部记录：来自哪份文件、哪个表、哪一行，以及最接近而未归并的记录",
    .en = "All records of a person with file, sheet and row, and the nearest record not joined",
    .more_zh = "按名册键和记载号排序。证件号码脱敏；查看会记入审计。",
    .more_en = "Sorted by register key and statement. ID numbers are masked; looking is audited.",
    .options = {{"--at", OPTION_DAY, "DATE", NULL, "比对日（默认名册所述的最近一天）",
                 "the day asked about (default: the newest that the registers speak of)"},
                {"--known", OPTION_MOMENT, "MOMENT", NULL, "以当时所知为准（默认现在）",
                 "as known then (default now)"},
                {"--reveal", OPTION_TEXT, "REASON", NULL, "显示证件号码全号，理由记入审计",
                 "shows ID numbers in full; the reason is audited"}},
    .examples = {{"baoxue person 345", "345 号人员", "person 345"},
                 {"baoxue person 345 --reveal \"入户核实\"", "显示全号", "with full numbers"}},
    .run = run,
};
