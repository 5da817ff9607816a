#include "awards/facts_internal.h"
#include "link/people_household.h"

/* Some offices list only the head of a household, and mean all of it; others list each member, and
 * then whoever has no row is not covered. Which of the two a file is shows in the file: where
 * hardly any row is a child's or states another relation than that of the head, it is a list of
 * heads. */

enum { VILLAGE_DIGITS = 12, NAME_BYTES_MIN = 4 };

struct batch_count {
    uint64_t rows, children, others;
};

struct batch_counts {
    struct u64_map numbers;
    LIST(struct batch_count) counts;
};

static struct batch_count *count_of(struct arena *arena, struct batch_counts *batches,
                                    int64_t batch)
{
    uint32_t number = u64_map_find(&batches->numbers, (uint64_t)batch);
    if (number == DICT_NONE) {
        number = (uint32_t)batches->counts.count;
        u64_map_put(&batches->numbers, (uint64_t)batch, number);
        (void)list_push(arena, &batches->counts);
    }
    return &batches->counts.items[number];
}

static bool is_list_of_heads(const struct batch_count *count)
{
    return count->children * 50 <= count->rows && count->others * 20 <= count->rows;
}

static void chain_id(struct fact_maker *maker, struct str id, uint32_t row)
{
    if (id.len == 0) return;
    uint32_t number = dict_put(&maker->head_ids, id);
    if (number == maker->head_id_rows.count) {
        *list_push(maker->arena, &maker->head_id_rows) = UINT32_MAX;
    }
    maker->same_head[row] = maker->head_id_rows.items[number];
    maker->head_id_rows.items[number] = row;
}

/* A name counts inside its village, for the register that it stands in. */
static struct str name_key(struct arena *arena, uint32_t register_number, struct str name,
                           struct str area)
{
    struct text key;
    if (name.len < NAME_BYTES_MIN || area.len != VILLAGE_DIGITS) return STR_EMPTY;
    text_init(&key, arena, 512);
    text_add_f(&key, "%u/%.*s/%.*s", register_number, STR_ARG(area), STR_ARG(name));
    return text_str(&key);
}

static void add_head(struct fact_maker *maker, struct arena *work, uint32_t row)
{
    uint32_t number = maker->kept->rows[row].register_number;
    const struct fact_register *reg = &maker->text->registers[number];
    int64_t counted;
    struct str count = fact_text_at(maker->kept, row, reg->counted);
    if (str_to_i64(count, &counted) && counted <= 1) return;
    chain_id(maker, fact_text_at(maker->kept, row, reg->id_number), row);
    struct str key = name_key(work, number, fact_text_at(maker->kept, row, reg->name),
                              fact_text_at(maker->kept, row, reg->area));
    if (key.len == 0) return;
    uint32_t at = dict_put(&maker->head_names, key);
    bool fresh = at == maker->head_name_rows.count;
    if (fresh) (void)list_push(maker->arena, &maker->head_name_rows);
    maker->head_name_rows.items[at] = (struct household_head){row, !fresh};
}

static void read_register(struct fact_maker *maker, struct arena *work, size_t number)
{
    const struct fact_register *reg = &maker->text->registers[number];
    const struct fact_rows *kept = maker->kept;
    struct batch_counts batches = {0};
    u64_map_init(&batches.numbers, work);
    for (size_t i = kept->firsts[number]; i < kept->firsts[number + 1]; i++) {
        struct batch_count *count = count_of(work, &batches, kept->rows[i].batch);
        struct str relation = fact_text_at(kept, (uint32_t)i, reg->relation);
        count->rows++;
        count->children += !kept->rows[i].set_aside;
        count->others += relation.len > 0 && kin_class_of(relation) != KIN_HEAD;
    }
    for (size_t i = kept->firsts[number]; i < kept->firsts[number + 1]; i++) {
        if (!kept->rows[i].set_aside) continue;
        if (!is_list_of_heads(count_of(work, &batches, kept->rows[i].batch))) continue;
        add_head(maker, work, (uint32_t)i);
    }
}

void facts_read_households(struct fact_maker *maker)
{
    struct arena work = {0};
    dict_init(&maker->head_ids, maker->arena);
    dict_init(&maker->head_names, maker->arena);
    maker->same_head = arena_array(maker->arena, uint32_t, maker->kept->row_count);
    for (size_t r = 0; r < maker->text->register_count; r++) {
        if (maker->text->registers[r].keeps_households) read_register(maker, &work, r);
    }
    arena_free(&work);
}

struct found {
    uint32_t *rows;
    size_t count;
};

static void add_found(struct found *found, uint32_t row)
{
    for (size_t i = 0; i < found->count; i++) {
        if (found->rows[i] == row) return;
    }
    if (found->count < HOUSEHOLD_ROWS_MAX) found->rows[found->count++] = row;
}

static void find_by_id(const struct fact_maker *maker, struct str id, struct found *found)
{
    uint32_t number = id.len == 0 ? DICT_NONE : dict_find(&maker->head_ids, id);
    if (number == DICT_NONE) return;
    for (uint32_t row = maker->head_id_rows.items[number]; row != UINT32_MAX;
         row = maker->same_head[row]) {
        add_found(found, row);
    }
}

static void find_by_name(const struct fact_maker *maker, struct arena *work, struct str name,
                         struct str area, struct found *found)
{
    for (size_t r = 0; r < maker->text->register_count; r++) {
        if (!maker->text->registers[r].keeps_households) continue;
        struct str key = name_key(work, (uint32_t)r, name, area);
        uint32_t number = key.len == 0 ? DICT_NONE : dict_find(&maker->head_names, key);
        if (number == DICT_NONE || maker->head_name_rows.items[number].shared) continue;
        add_found(found, maker->head_name_rows.items[number].row);
    }
}

/* Those that were found among the rows of all. */
static size_t known_rows(const struct fact_maker *maker, uint32_t person, struct found *found)
{
    const struct facts_known *known = maker->known;
    if (maker->people->persons[person].number != known->person) return 0;
    for (size_t i = 0; i < known->household_count; i++) {
        const struct fact_place *place = &known->household[i];
        size_t end = maker->kept->firsts[place->register_number + 1];
        for (size_t row = maker->kept->firsts[place->register_number]; row < end; row++) {
            if (maker->kept->rows[row].statement == place->statement) {
                add_found(found, (uint32_t)row);
            }
        }
    }
    return found->count;
}

size_t facts_household_rows(const struct fact_maker *maker, uint32_t person,
                            uint32_t out[HOUSEHOLD_ROWS_MAX])
{
    static const enum person_field ids[] = {PERSON_HEAD_ID, PERSON_GUARDIAN_ID,
                                            PERSON_GUARDIAN2_ID};
    static const enum person_field names[] = {PERSON_HEAD_NAME, PERSON_GUARDIAN_NAME,
                                              PERSON_GUARDIAN2_NAME};
    const struct people *people = maker->people;
    const struct person *p = &people->persons[person];
    struct found found = {out, 0};
    if (maker->known != NULL) return known_rows(maker, person, &found);
    if (maker->head_ids.count == 0 && maker->head_names.count == 0) return 0;
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t record = people->order[p->first + i];
        for (size_t f = 0; f < sizeof ids / sizeof *ids; f++) {
            find_by_id(maker, people_text(people, record, ids[f]), &found);
        }
    }
    if (found.count > 0 || maker->head_names.count == 0) return found.count;
    struct arena work = {0};
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t record = people->order[p->first + i];
        struct str area = people_text(people, record, PERSON_AREA);
        for (size_t f = 0; f < sizeof names / sizeof *names; f++) {
            find_by_name(maker, &work, people_text(people, record, names[f]), area, &found);
        }
        arena_reset(&work);
    }
    arena_free(&work);
    return found.count;
}
