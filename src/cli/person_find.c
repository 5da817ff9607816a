#include "cli/person_find.h"

#include "identity/id_number.h"
#include "identity/name.h"

enum { PERSON_NUMBER_DIGITS_MAX = 12 };

struct person_wanted person_wanted_read(struct cli *cli, struct str word)
{
    struct person_wanted wanted = {0};
    if (word.len <= PERSON_NUMBER_DIGITS_MAX && str_to_i64(word, &wanted.number)) return wanted;
    wanted.number = 0;
    struct id_number id;
    id_number_read(word, &id);
    if (id.state == ID_VALID || id.state == ID_WRONG_CHECK) {
        wanted.id_number = str_copy(cli->arena, str_from(id.text));
        return wanted;
    }
    struct name name;
    name_read(cli->arena, word, &name);
    wanted.name = name.clean;
    return wanted;
}

static bool record_fits(struct cli *cli, const struct people *people, uint32_t record,
                        const struct person_wanted *wanted)
{
    if (wanted->id_number.len > 0) {
        return str_equal(people_text(people, record, PERSON_ID_NUMBER), wanted->id_number);
    }
    struct str written = people_text(people, record, PERSON_NAME);
    if (wanted->name.len == 0 || written.len == 0) return false;
    struct name name;
    name_read(cli->arena, written, &name);
    return str_equal(name.clean, wanted->name);
}

static bool person_fits(struct cli *cli, const struct people *people, uint32_t person,
                        const struct person_wanted *wanted)
{
    const struct person *at = &people->persons[person];
    if (wanted->number != 0) return at->number == wanted->number;
    for (uint32_t i = 0; i < at->count; i++) {
        if (record_fits(cli, people, people->order[at->first + i], wanted)) return true;
    }
    return false;
}

bool person_find(struct cli *cli, const struct people *people, const char *word, uint32_t *person,
                 struct err *err)
{
    CHECK(word != NULL);
    struct person_wanted wanted = person_wanted_read(cli, str_from(word));
    struct text numbers;
    text_init(&numbers, cli->arena, 1024);
    size_t found = 0;
    for (uint32_t i = 0; i < people->person_count; i++) {
        if (!person_fits(cli, people, i, &wanted)) continue;
        if (found == 0) *person = i;
        if (found < PERSON_FIND_SHOWN) {
            text_add_f(&numbers, "%s%lld", found == 0 ? "" : ", ",
                       (long long)people->persons[i].number);
        }
        found++;
    }
    if (found == 1) return true;
    char date[DAY_TEXT_SIZE];
    day_format(people->when.at, date);
    if (found == 0) {
        return err_set(
            err, ERR_NOT_FOUND,
            "nobody of that number or name is known as of %s; \"baoxue check\" lists persons "
            "with their numbers",
            "按此编号、证件号码或姓名查不到人（%s）；baoxue check 列出人员编号", date);
    }
    return err_set(err, ERR_CONFLICT, "%zu persons are meant, name one by its number: %s%s",
                   "共有 %zu 人，请用编号指明一人：%s%s", found, numbers.ptr,
                   found > PERSON_FIND_SHOWN ? " …" : "");
}
