#include "policy/reader.h"

/* Definitions and the rows of standards. */

static bool spans_meet(struct policy_span a, struct policy_span b)
{
    bool before = !day_is_none(a.last) && !day_is_none(b.first) && a.last.days < b.first.days;
    bool after = !day_is_none(b.last) && !day_is_none(a.first) && b.last.days < a.first.days;
    return !before && !after;
}

static bool read_version(struct reader *reader, struct policy_version *out)
{
    bool given;
    *out = (struct policy_version){.place = place_here(reader)};
    if (!read_span(reader, &out->span, &given)) return false;
    return expect_sign(reader, SIGN_COLON) && read_expr(reader, &out->expr)
           && read_cites(reader, &out->cites);
}

static bool fits_versions(struct reader *reader, const struct policy_definition *definition,
                          const struct policy_version *version)
{
    const struct policy_expr *first =
        definition->version_count > 0 ? definition->versions[0].expr : version->expr;
    if (first->type != version->expr->type || first->unit != version->expr->unit) {
        return fault_at(reader, version->place, "各版本的类型或单位不一致",
                        "the versions differ in type or unit");
    }
    for (size_t v = 0; v < definition->version_count; v++) {
        if (!spans_meet(definition->versions[v].span, version->span)) continue;
        return fault_at(reader, version->place, "两个版本的有效期重叠",
                        "two versions are in force on one day");
    }
    return true;
}

/* Versions count on one scale: a halved one and a whole one both in halves. */
static bool share_scales(struct reader *reader, struct policy_definition *definition)
{
    int64_t most = 1;
    for (size_t v = 0; v < definition->version_count; v++) {
        if (definition->versions[v].expr->scale > most) most = definition->versions[v].expr->scale;
    }
    for (size_t v = 0; v < definition->version_count; v++) {
        struct policy_version *version = &definition->versions[v];
        if (most % version->expr->scale != 0) {
            return fault_at(reader, version->place, "各版本的分数不能通算：请先取整",
                            "the fractions of the versions differ: round them first");
        }
        version->expr = scale_up(reader, version->expr, most / version->expr->scale);
    }
    return true;
}

static bool read_versions(struct reader *reader, struct policy_definition *definition,
                          struct definition_size *size)
{
    LIST(struct policy_version) versions = {0};
    do {
        struct policy_version version;
        if (!read_version(reader, &version)) return false;
        definition->versions = versions.items;
        definition->version_count = versions.count;
        if (!fits_versions(reader, definition, &version)) return false;
        *list_push(reader->arena, &versions) = version;
        size->written_out += reader->written_out;
        if (reader->level >= size->level) size->level = reader->level + 1;
        if (size->level > POLICY_DEPTH_MAX) {
            return fault_at(reader, version.place, "定义引用定义超过 %d 层",
                            "definitions upon definitions, more than %d", POLICY_DEPTH_MAX);
        }
    } while (peek(reader)->kind != TOKEN_END);
    definition->versions = versions.items;
    definition->version_count = versions.count;
    definition->type = versions.items[0].expr->type;
    definition->unit = versions.items[0].expr->unit;
    return share_scales(reader, definition);
}

bool read_definition(struct reader *reader, uint32_t number)
{
    struct declaration *declaration = &reader->declarations.items[number];
    if (declaration->done) return true;
    if (declaration->faulty || declaration->reading || reader->defining == POLICY_DEPTH_MAX) {
        return false;
    }
    uint32_t before = reader->at_declaration;
    size_t at = reader->at;
    int depth = reader->depth, level = reader->level;
    size_t written_out = reader->written_out;
    declaration->reading = true;
    reader->defining++;
    reader->at_declaration = number;
    reader->at = declaration->body;
    struct policy_definition definition = {
        .name = declaration->name, .subject = declaration->subject, .pack = declaration->pack};
    reader->at--;
    definition.place = place_here(reader);
    reader->at++;
    struct definition_size size = {0};
    bool good = read_versions(reader, &definition, &size);
    declaration = &reader->declarations.items[number];
    declaration->reading = false;
    declaration->faulty = !good;
    if (good) {
        declaration->done = true;
        declaration->number = (uint16_t)reader->definitions.count;
        *list_push(reader->arena, &reader->definitions) = definition;
        *list_push(reader->arena, &reader->definition_sizes) = size;
    }
    reader->defining--;
    reader->at_declaration = before;
    reader->at = at;
    reader->depth = depth;
    reader->level = level;
    reader->written_out = written_out;
    return good;
}

/* Whether keys stand here: as many as the standard goes by, then a colon. */
static bool has_keys(const struct reader *reader, const struct policy_standard *standard)
{
    if (standard->by_count == 0) return false;
    const struct token *behind = peek_next(reader, 2 * standard->by_count - 1);
    bool colon = behind->kind == TOKEN_SIGN && behind->sign == SIGN_COLON;
    bool alone = standard->by_count == 1 && peek_next(reader, 1)->kind == TOKEN_WORD
                 && peek_next(reader, 1)->word == WORD_FROM && peek(reader)->kind == TOKEN_NUMBER
                 && reader->inputs.items[standard->by[0]].type == POLICY_CODE;
    return colon || alone;
}

static bool read_key(struct reader *reader, const struct policy_input *input, int64_t *out)
{
    const struct token *token = peek(reader);
    if (input->type == POLICY_CHOICE) {
        int found = policy_find_choice(input, token->text);
        if (found < 0) return unknown_choice(reader, input, token->text);
        *out = found;
    } else if (input->type == POLICY_YES_NO) {
        if (!is_word(reader, WORD_YES) && !is_word(reader, WORD_NO)) {
            return expected(reader, "是或否", "yes or no");
        }
        *out = is_word(reader, WORD_YES);
    } else {
        if (token->kind != TOKEN_NUMBER || token->hundredths % 100 != 0) {
            return expected(reader, "整数或代码", "a whole number or a code");
        }
        *out = token->hundredths / 100;
    }
    take(reader);
    return true;
}

static bool read_keys(struct reader *reader, const struct policy_standard *standard, int64_t *keys)
{
    for (size_t k = 0; k < standard->by_count; k++) {
        if (k > 0 && !expect_sign(reader, SIGN_COMMA)) return false;
        if (!read_key(reader, &reader->inputs.items[standard->by[k]], &keys[k])) return false;
    }
    return true;
}

/* The value: in the standard's own unit, which amounts need not repeat. */
static bool read_row_value(struct reader *reader, const struct policy_standard *standard,
                           struct policy_row *row)
{
    enum policy_type type;
    enum policy_unit unit;
    struct policy_place place = place_here(reader);
    row->value = 1;
    if (is_word(reader, WORD_FROM) && standard->type == POLICY_NUMBER) return true;
    if (take_word(reader, WORD_NONE)) {
        row->none = true;
        return true;
    }
    if (!read_quantity(reader, &row->value, &type, &unit)) return false;
    bool fits = type == standard->type && (unit == standard->unit || unit == POLICY_PLAIN);
    if (!fits) {
        return fault_said(
            reader, place,
            say(reader, "这项标准的单位是%s", unit_text(standard->type, standard->unit, LANG_ZH)),
            say(reader, "this standard counts by %s",
                unit_text(standard->type, standard->unit, LANG_EN)));
    }
    return true;
}

static bool same_keys(const struct policy_row *a, const struct policy_row *b)
{
    for (size_t k = 0; k < POLICY_KEYS_MAX; k++) {
        if (a->keys[k] != b->keys[k]) return false;
    }
    return true;
}

static uint64_t row_hash(uint16_t standard, const struct policy_row *row)
{
    uint64_t hash = u64_mix(((uint64_t)standard << 32) ^ (uint32_t)row->span.first.days);
    for (size_t k = 0; k < POLICY_KEYS_MAX; k++) hash = u64_mix(hash ^ (uint64_t)row->keys[k]);
    return hash;
}

/* The row of the same keys and first day; the map may know another of the same hash. */
static struct policy_row *find_row(struct reader *reader, uint16_t number,
                                   const struct policy_row *row)
{
    struct standard_read *read = &reader->standards.items[number];
    uint32_t at = u64_map_find(&reader->rows_known, row_hash(number, row));
    if (at == DICT_NONE) return NULL;
    for (size_t r = at < read->rows.count ? at : 0; r < read->rows.count; r++) {
        struct policy_row *there = &read->rows.items[r];
        if (same_keys(there, row) && there->span.first.days == row->span.first.days) return there;
    }
    return NULL;
}

/* Takes a row in; one of the same keys and day is replaced only where the text says so. */
static bool keep_row(struct reader *reader, uint16_t number, struct policy_row *row, bool instead)
{
    struct standard_read *read = &reader->standards.items[number];
    struct policy_row *there = find_row(reader, number, row);
    if (there != NULL && instead) {
        *there = *row;
        return true;
    }
    if (there != NULL) {
        return fault_at(
            reader, row->place, "同一类、同一起始日已有一行；要代替它请写“取代”",
            "a row of these keys begins on the same day; write \"instead\" to replace it");
    }
    if (instead) {
        return fault_at(reader, row->place, "没有可取代的行",
                        "there is no row to stand instead of");
    }
    if (reader->row_count++ >= POLICY_ROWS_MAX) {
        reader->limit = true;
        return fault_at(reader, row->place, "标准超过 %d 行", "more than %d rows of standards",
                        POLICY_ROWS_MAX);
    }
    uint64_t hash = row_hash(number, row);
    if (u64_map_find(&reader->rows_known, hash) == DICT_NONE) {
        u64_map_put(&reader->rows_known, hash, (uint32_t)read->rows.count);
    }
    *list_push(reader->arena, &read->rows) = *row;
    return true;
}

static bool read_row(struct reader *reader, uint16_t number, int64_t *keys, bool *has)
{
    const struct policy_standard *standard = &reader->standards.items[number].standard;
    struct policy_row row = {.place = place_here(reader), .pack = declaration_here(reader)->pack};
    bool given;
    if (has_keys(reader, standard)) {
        if (!read_keys(reader, standard, keys)) return false;
        take_sign(reader, SIGN_COLON);
        *has = true;
    } else if (standard->by_count > 0 && !*has) {
        return expected(reader, "分类（后跟冒号）", "the keys, followed by a colon");
    }
    for (size_t k = 0; k < POLICY_KEYS_MAX; k++) row.keys[k] = keys[k];
    if (!read_row_value(reader, standard, &row)) return false;
    if (!is_word(reader, WORD_FROM))
        return expected(reader, "起始日（自 …）", "the first day (from …)");
    if (!read_span(reader, &row.span, &given)) return false;
    bool instead = take_word(reader, WORD_INSTEAD);
    if (!read_cites(reader, &row.cites)) return false;
    return keep_row(reader, number, &row, instead);
}

bool read_standard_rows(struct reader *reader)
{
    struct declaration *here = declaration_here(reader);
    int64_t keys[POLICY_KEYS_MAX] = {0};
    bool has = false;
    uint16_t number = here->number;
    if (here->extends) {
        const struct token *token = peek(reader);
        struct thing *thing = find_thing(reader, token->text);
        if (thing == NULL || thing->kind != THING_STANDARD) {
            return unknown_name(reader, "标准", "standard", token->text, reader->words.items,
                                reader->words.count);
        }
        take(reader);
        number = thing->number;
    }
    while (peek(reader)->kind != TOKEN_END) {
        if (!read_row(reader, number, keys, &has)) return false;
    }
    return true;
}
