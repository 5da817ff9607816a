#include "ledger/payee.h"

#include "awards/facts_text.h"
#include "base/asset.h"
#include "base/file.h"
#include "base/list.h"
#include "base/yaml.h"
#include "identity/name.h"

enum { RULES_BYTES_MAX = 1 << 20 };

bool payee_rules_load(struct payee_rules *out, struct arena *arena, const char *folder,
                      struct err *err)
{
    struct text name;
    struct str source;
    struct yaml_node *root;
    text_init(&name, arena, 4096);
    text_add_f(&name, "%s/national/rules/payments.yaml", folder == NULL ? "policies" : folder);
    if (folder != NULL) {
        if (!file_read(arena, name.ptr, RULES_BYTES_MAX, &source, err)) return false;
    } else {
        CHECK(asset_find(name.ptr, &source));
    }
    return yaml_parse(arena, source, name.ptr, &root, err)
           && yaml_texts(arena, root, "closed", name.ptr, &out->closed, &out->closed_count, err)
           && yaml_check_used(root, name.ptr, err);
}

/* A row of the register of accounts. */
struct account_row {
    int64_t statement;
    day since;
    struct str bank, account, name, state;
};

struct payee_collector {
    struct arena *arena;
    struct people_listener listener;
    const struct profile *profile; /* NULL: there is no such register */
    uint32_t register_number;      /* in people.registers */
    int bank, account, name, state;
    LIST(struct account_row) rows; /* by statement */
};

static struct str value_of(const struct payee_collector *collector,
                           const struct statement *statement, int field)
{
    return field < 0 ? STR_EMPTY : str_copy(collector->arena, str_trim(statement->values[field]));
}

static void hear(void *context, uint32_t register_number, const struct statement *statement,
                 bool set_aside)
{
    struct payee_collector *collector = context;
    (void)set_aside;
    if (collector->profile == NULL || register_number != collector->register_number) return;
    struct account_row row = {.statement = statement->number,
                              .since = statement->valid_from,
                              .bank = value_of(collector, statement, collector->bank),
                              .account = value_of(collector, statement, collector->account),
                              .name = value_of(collector, statement, collector->name),
                              .state = value_of(collector, statement, collector->state)};
    if (row.account.len > 0) *list_push(collector->arena, &collector->rows) = row;
}

struct payee_collector *payee_collector_open(struct arena *arena, const struct profiles *profiles)
{
    struct payee_collector *collector = arena_new(arena, struct payee_collector);
    uint32_t people = 0;
    collector->arena = arena;
    collector->listener = (struct people_listener){hear, collector};
    for (size_t i = 0; i < profiles->count; i++) {
        const struct profile *profile = &profiles->items[i];
        if (!profile->people) continue;
        if (str_is(profile->key, "accounts")) {
            collector->profile = profile;
            collector->register_number = people;
            collector->bank = profile_field_number(profile, "bank");
            collector->account = profile_field_number(profile, "account");
            collector->name = profile_field_number(profile, "payee_name");
            collector->state = profile_field_number(profile, "account_state");
        }
        people++;
    }
    return collector;
}

const struct people_listener *payee_collector_listener(const struct payee_collector *collector)
{
    return &collector->listener;
}

static const struct account_row *row_of(const struct payee_collector *collector, int64_t statement)
{
    size_t low = 0, high = collector->rows.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (collector->rows.items[middle].statement < statement) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == collector->rows.count || collector->rows.items[low].statement != statement) {
        return NULL;
    }
    return &collector->rows.items[low];
}

/* The newest account of a person; of two of one day the one that was stated last. */
static const struct account_row *newest_of(const struct payee_collector *collector,
                                           const struct people *people, const struct person *person)
{
    const struct account_row *newest = NULL;
    for (uint32_t i = 0; i < person->count; i++) {
        const struct person_record *record = &people->records[people->order[person->first + i]];
        if (record->register_number != collector->register_number || record->part != 0) continue;
        const struct account_row *row = row_of(collector, record->statement);
        if (row == NULL) continue;
        if (newest == NULL || row->since.days > newest->since.days
            || (row->since.days == newest->since.days && row->statement > newest->statement)) {
            newest = row;
        }
    }
    return newest;
}

/* Whether a register (not `except`, may be UINT32_MAX) names the holder in one of the fields. */
static bool is_named(struct arena *scratch, const struct people *people,
                     const struct person *person, struct str holder, uint32_t except,
                     const enum person_field *fields, size_t count)
{
    struct name wanted, name;
    name_read(scratch, holder, &wanted);
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t record = people->order[person->first + i];
        if (people->records[record].register_number == except) continue;
        for (size_t f = 0; f < count; f++) {
            name_read(scratch, people_text(people, record, fields[f]), &name);
            if (name.clean.len > 0 && str_equal(name.clean, wanted.clean)) return true;
        }
    }
    return false;
}

static struct str own_name(const struct people *people, const struct person *person)
{
    for (uint32_t i = 0; i < person->count; i++) {
        struct str name = people_text(people, people->order[person->first + i], PERSON_NAME);
        if (!name_is_blank(name)) return name;
    }
    return STR_EMPTY;
}

/* That a guardian holds the account has to stand elsewhere than in the list of accounts itself. */
static struct payee_found find_one(struct arena *scratch, const struct payee_collector *collector,
                                   const struct account_row *row, const struct people *people,
                                   const struct person *person, const struct payee_rules *rules)
{
    static const enum person_field own[] = {PERSON_NAME},
                                   kin[] = {PERSON_GUARDIAN_NAME, PERSON_GUARDIAN2_NAME,
                                            PERSON_HEAD_NAME};
    if (row == NULL) return (struct payee_found){.holder = PAY_HOLDER_NONE};
    struct payee_found found = {.payee = {row->bank, row->account, row->name}};
    for (size_t i = 0; i < rules->closed_count; i++) {
        if (row->state.len > 0 && fact_word_fits(rules->closed[i], row->state)) {
            found.holder = PAY_HOLDER_CLOSED;
            return found;
        }
    }
    found.holder = PAY_HOLDER_OTHER;
    if (name_is_blank(row->name)) {
        found.payee.name = own_name(people, person);
        found.holder = found.payee.name.len > 0 ? PAY_HOLDER_UNSTATED : PAY_HOLDER_OTHER;
    } else if (is_named(scratch, people, person, row->name, UINT32_MAX, own, 1)) {
        found.holder = PAY_HOLDER_OWN;
    } else if (is_named(scratch, people, person, row->name, collector->register_number, kin,
                        sizeof kin / sizeof *kin)) {
        found.holder = PAY_HOLDER_GUARDIAN;
    }
    return found;
}

struct payee_found *payees_find(struct payee_collector *collector, struct arena *arena,
                                const struct people *people, const struct payee_rules *rules)
{
    struct payee_found *found = arena_array(arena, struct payee_found, people->person_count);
    struct arena scratch = {0};
    for (size_t i = 0; i < people->person_count; i++) {
        const struct person *person = &people->persons[i];
        const struct account_row *row =
            collector->profile == NULL ? NULL : newest_of(collector, people, person);
        found[i] = find_one(&scratch, collector, row, people, person, rules);
        arena_reset(&scratch);
    }
    arena_free(&scratch);
    return found;
}
