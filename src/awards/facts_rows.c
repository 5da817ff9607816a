#include "awards/facts_rows.h"

#include "awards/facts_collector.h"

static uint32_t put(struct fact_collector *collector, struct kept *kept, size_t slot,
                    struct str value)
{
    if (value.len == 0) return 0;
    if (!str_equal(dict_text(&collector->texts, kept->last[slot]), value)) {
        kept->last[slot] = dict_put(&collector->texts, value);
    }
    return kept->last[slot];
}

void fact_collector_keep(struct fact_collector *collector, size_t register_number,
                         const struct statement *statement, bool set_aside)
{
    const struct fact_register *reg = &collector->text->registers[register_number];
    struct kept *kept = &collector->kept[register_number];
    *list_push(collector->arena, &kept->rows) =
        (struct fact_row){.statement = statement->number,
                          .batch = statement->batch,
                          .valid_from = statement->valid_from,
                          .register_number = (uint32_t)register_number,
                          .first = (uint32_t)kept->values.count,
                          .set_aside = set_aside};
    char since[DAY_TEXT_SIZE];
    for (size_t slot = 0; slot < reg->slot_count; slot++) {
        int field = reg->fields[slot];
        struct str value = field == FACT_AREA ? statement->area
                           : field == FACT_STATED_ON
                               ? str_from(day_format(statement->valid_from, since))
                               : statement->values[field];
        *list_push(collector->arena, &kept->values) = put(collector, kept, slot, value);
    }
}

/* Adults count where they show that a list came; heads of households may speak for somebody. */
bool fact_collector_wants(const struct fact_collector *collector, size_t register_number,
                          bool set_aside)
{
    const struct fact_register *reg = &collector->text->registers[register_number];
    return !set_aside || reg->keeps_households || reg->speaks_for_absent || reg->keeps_adults;
}

static void hear(void *context, uint32_t register_number, const struct statement *statement,
                 bool set_aside)
{
    struct fact_collector *collector = context;
    int number = collector->registers[register_number];
    if (number < 0 || !fact_collector_wants(collector, (size_t)number, set_aside)) return;
    if (collector->ids != NULL
        && fact_collector_passes(collector, (size_t)number, statement, set_aside)) {
        return;
    }
    fact_collector_keep(collector, (size_t)number, statement, set_aside);
}

struct fact_collector *fact_collector_open(struct arena *arena, const struct facts_text *text,
                                           const struct profiles *profiles)
{
    struct fact_collector *collector = arena_new(arena, struct fact_collector);
    size_t people = 0;
    collector->arena = arena;
    collector->text = text;
    collector->listener = (struct people_listener){hear, collector};
    dict_init(&collector->texts, arena);
    dict_init(&collector->counties, arena);
    uint32_t empty = dict_put(&collector->texts, STR_EMPTY);
    CHECK(empty == 0);
    collector->registers = arena_array(arena, int, profiles->count);
    for (size_t i = 0; i < profiles->count; i++) {
        if (!profiles->items[i].people) continue;
        collector->registers[people++] = facts_text_register(text, profiles->items[i].key);
    }
    collector->kept = arena_array(arena, struct kept, text->register_count);
    return collector;
}

const struct people_listener *fact_collector_listener(const struct fact_collector *collector)
{
    return &collector->listener;
}

static bool keep_each(void *context, const struct statement *statement)
{
    struct fact_collector *collector = context;
    fact_collector_keep(collector, collector->reading, statement, false);
    return true;
}

/* One list of all registers, in the text's order. */
static void gather(struct fact_collector *collector, struct fact_rows *out)
{
    struct arena *arena = collector->arena;
    size_t registers = collector->text->register_count, rows = 0, values = 0;
    for (size_t r = 0; r < registers; r++) {
        rows += collector->kept[r].rows.count;
        values += collector->kept[r].values.count;
    }
    CHECK(rows < UINT32_MAX && values < UINT32_MAX);
    out->rows = arena_array(arena, struct fact_row, rows);
    out->values = arena_array(arena, uint32_t, values);
    out->firsts = arena_array(arena, size_t, registers + 1);
    for (size_t r = 0; r < registers; r++) {
        struct kept *kept = &collector->kept[r];
        out->firsts[r] = out->row_count;
        for (size_t i = 0; i < kept->rows.count; i++) {
            out->rows[out->row_count] = kept->rows.items[i];
            out->rows[out->row_count++].first += (uint32_t)out->value_count;
        }
        if (kept->values.count > 0) {
            memcpy(out->values + out->value_count, kept->values.items,
                   kept->values.count * sizeof *out->values);
        }
        out->value_count += kept->values.count;
        arena_give_back(arena, kept->rows.items, kept->rows.capacity * sizeof *kept->rows.items);
        arena_give_back(arena, kept->values.items,
                        kept->values.capacity * sizeof *kept->values.items);
    }
    out->firsts[registers] = out->row_count;
}

bool fact_collector_close(struct fact_collector *collector, struct registry *registry,
                          const struct asker *asker, struct read_at when, struct fact_rows *out,
                          struct err *err)
{
    for (size_t r = 0; r < collector->text->register_count; r++) {
        const struct fact_register *reg = &collector->text->registers[r];
        if (reg->profile->people) continue;
        collector->reading = r;
        if (!registry_read(registry, asker, reg->profile, when, keep_each, collector, err)) {
            return false;
        }
    }
    struct fact_rows fresh = {.arena = collector->arena, .text = collector->text};
    gather(collector, &fresh);
    fresh.texts = collector->texts;
    fresh.counties = collector->counties;
    *out = fresh;
    return true;
}

uint32_t fact_value_at(const struct fact_rows *rows, uint32_t row, int slot)
{
    CHECK(row < rows->row_count);
    const struct fact_row *at = &rows->rows[row];
    if (slot < 0) return 0;
    CHECK((size_t)slot < rows->text->registers[at->register_number].slot_count);
    return rows->values[at->first + (size_t)slot];
}

struct str fact_text_at(const struct fact_rows *rows, uint32_t row, int slot)
{
    return dict_text(&rows->texts, fact_value_at(rows, row, slot));
}
