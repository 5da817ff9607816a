#include "policy/reader.h"

/* What can be said of names before any expression is read: packs, subjects, documents and inputs
 * whole, standards without their rows, of definitions and schemes only what they are called. */

static struct str scoped(struct reader *reader, uint16_t subject, struct str name)
{
    return say(reader, "%u %.*s", (unsigned)subject, STR_ARG(name));
}

struct thing *find_thing(struct reader *reader, struct str name)
{
    uint16_t subject = declaration_here(reader)->subject;
    uint32_t number = dict_find(&reader->names, scoped(reader, subject, name));
    return number == DICT_NONE ? NULL : &reader->things.items[number];
}

static bool add_word(struct reader *reader, struct str word, struct thing thing)
{
    uint16_t subject = declaration_here(reader)->subject;
    uint32_t known = reader->names.count;
    uint32_t number = dict_put(&reader->names, scoped(reader, subject, word));
    if (number == known) {
        *list_push(reader->arena, &reader->things) = thing;
        *list_push(reader->arena, &reader->words) = word;
        return true;
    }
    const struct thing *there = &reader->things.items[number];
    if (there->kind == thing.kind && there->declaration == thing.declaration) return true;
    return fault(reader, "“%.*s”已是别的输入、定义或标准的名称",
                 "\"%.*s\" is the name of another input, definition or standard", STR_ARG(word));
}

/* A thing is known by its key and its two words; what files call it stands in `also` only. */
static bool add_names(struct reader *reader, const struct policy_name *name, struct thing thing)
{
    return add_word(reader, name->key, thing) && add_word(reader, name->zh, thing)
           && add_word(reader, name->en, thing);
}

/* Names of schemes and of documents stand for numbers; `numbers` has them by name. */
static bool add_number(struct reader *reader, struct numbered *names,
                       const struct policy_name *name, uint16_t number, const char *zh,
                       const char *en)
{
    const struct str words[] = {name->key, name->zh, name->en};
    for (size_t i = 0; i < 3; i++) {
        uint32_t known = names->names.count, at = dict_put(&names->names, words[i]);
        if (at == known) {
            *list_push(reader->arena, &names->numbers) = number;
        } else if (names->numbers.items[at] != number) {
            return fault_said(
                reader, place_here(reader),
                say(reader, "“%.*s”已是别的%s的名称", STR_ARG(words[i]), zh),
                say(reader, "\"%.*s\" is the name of another %s", STR_ARG(words[i]), en));
        }
    }
    return true;
}

bool read_pack(struct reader *reader)
{
    struct declaration *here = declaration_here(reader);
    struct policy_pack pack = {.place = place_here(reader)};
    const struct token *key = peek(reader);
    uint16_t found = POLICY_NONE;
    for (size_t i = 0; i < reader->packs.count; i++) {
        if (str_equal(reader->packs.items[i].name.key, key->text)) found = (uint16_t)i;
    }
    bool short_form = found != POLICY_NONE && peek_next(reader, 1)->kind != TOKEN_TEXT;
    if (short_form) {
        take(reader);
    } else if (!read_name(reader, &pack.name)) {
        return false;
    }
    if (found == POLICY_NONE) {
        found = (uint16_t)reader->packs.count;
        *list_push(reader->arena, &reader->packs) = pack;
    }
    here->pack = found;
    if (!take_word(reader, WORD_USES)) return true;
    LIST(uint16_t) uses = {0};
    do {
        const struct token *token = peek(reader);
        size_t p = 0;
        while (p < found && !str_equal(reader->packs.items[p].name.key, token->text)) p++;
        if (p == found) {
            return fault(reader, "没有读到所引用的包“%.*s”（它须在本包之前）",
                         "the pack \"%.*s\" that this one uses was not read before it",
                         STR_ARG(token->text));
        }
        take(reader);
        *list_push(reader->arena, &uses) = (uint16_t)p;
    } while (take_sign(reader, SIGN_COMMA));
    reader->packs.items[found].uses = uses.items;
    reader->packs.items[found].use_count = uses.count;
    return true;
}

/* A subject that is declared in full: once, in any file. */
static bool declare_subject(struct reader *reader)
{
    struct declaration *here = declaration_here(reader);
    struct policy_subject subject = {.place = place_here(reader)};
    if (!read_name(reader, &subject.name)) return false;
    for (size_t i = 0; i < reader->subjects.count; i++) {
        if (!str_equal(reader->subjects.items[i].name.key, subject.name.key)) continue;
        return fault_at(reader, subject.place, "这个主体已声明过，只写名称即可",
                        "this subject was declared before; its key is enough");
    }
    here->number = (uint16_t)reader->subjects.count;
    here->body = reader->at;
    *list_push(reader->arena, &reader->subjects) = subject;
    return true;
}

static bool read_subject(struct reader *reader)
{
    struct declaration *here = declaration_here(reader);
    const struct token *key = peek(reader);
    if (here->number != POLICY_NONE) {
        here->subject = here->number;
        return true;
    }
    for (size_t i = 0; i < reader->subjects.count; i++) {
        if (!str_equal(reader->subjects.items[i].name.key, key->text)) continue;
        take(reader);
        here->subject = (uint16_t)i;
        return true;
    }
    return expected(reader, "声明过的主体", "a subject that is declared");
}

static bool read_sentences(struct reader *reader, struct policy_document *document)
{
    LIST(struct policy_sentence) sentences = {0};
    while (is_word(reader, WORD_TEXT)) {
        struct policy_sentence sentence = {.place = place_here(reader)};
        take(reader);
        if (!read_text(reader, &sentence.text)) return false;
        if (peek(reader)->kind == TOKEN_TEXT) {
            sentence.article = sentence.text;
            sentence.text = take(reader)->text;
        }
        *list_push(reader->arena, &sentences) = sentence;
    }
    document->sentences = sentences.items;
    document->sentence_count = sentences.count;
    return true;
}

static bool read_document(struct reader *reader)
{
    struct declaration *here = declaration_here(reader);
    struct policy_document document = {.place = place_here(reader),
                                       .issued = DAY_NONE,
                                       .pack = here->pack,
                                       .confidence = POLICY_BELIEVED};
    const struct token *key = peek(reader);
    if (key->kind != TOKEN_NAME) return expected(reader, "文件名称", "the name of a document");
    take(reader);
    document.key = key->text;
    if (!read_text(reader, &document.number)) return false;
    if (peek(reader)->kind == TOKEN_TEXT
        && !read_words(reader, &document.title_zh, &document.title_en)) {
        return false;
    }
    for (;;) {
        if (take_word(reader, WORD_ON)) {
            if (!read_day(reader, &document.issued)) return false;
        } else if (take_word(reader, WORD_SEEN)) {
            document.confidence = POLICY_SEEN;
        } else if (take_word(reader, WORD_BELIEVED)) {
            document.confidence = POLICY_BELIEVED;
        } else if (take_word(reader, WORD_UNCONFIRMED)) {
            document.confidence = POLICY_UNCONFIRMED;
        } else {
            break;
        }
    }
    if (!read_sentences(reader, &document)) return false;
    struct policy_name name = {.key = document.key, .zh = document.key, .en = document.key};
    here->number = (uint16_t)reader->documents.count;
    if (!add_number(reader, &reader->document_names, &name, here->number, "文件", "document")) {
        return false;
    }
    *list_push(reader->arena, &reader->documents) = document;
    return true;
}

static bool read_choices(struct reader *reader, struct policy_input *input)
{
    LIST(struct policy_choice) choices = {0};
    if (!expect_sign(reader, SIGN_OPEN)) return false;
    do {
        struct policy_choice choice;
        if (!read_name(reader, &choice.name)) return false;
        for (size_t i = 0; i < choices.count; i++) {
            if (!str_equal(choices.items[i].name.key, choice.name.key)) continue;
            return fault(reader, "选项“%.*s”重复", "the choice \"%.*s\" stands twice",
                         STR_ARG(choice.name.key));
        }
        if (choices.count == POLICY_CHOICES_MAX) {
            return fault(reader, "选项超过 %d 个", "more than %d choices", POLICY_CHOICES_MAX);
        }
        *list_push(reader->arena, &choices) = choice;
    } while (take_sign(reader, SIGN_COMMA));
    input->choices = choices.items;
    input->choice_count = choices.count;
    return expect_sign(reader, SIGN_CLOSE);
}

static bool read_range(struct reader *reader, struct policy_input *input)
{
    enum policy_type type;
    enum policy_unit unit;
    input->least = input->type == POLICY_MONEY ? 0 : -POLICY_VALUE_MAX;
    input->most = POLICY_VALUE_MAX;
    if (take_word(reader, WORD_FROM) && !read_quantity(reader, &input->least, &type, &unit)) {
        return false;
    }
    return !take_word(reader, WORD_UNTIL) || read_quantity(reader, &input->most, &type, &unit);
}

static bool read_type(struct reader *reader, struct policy_input *input)
{
    const struct token *token = take(reader);
    switch (token->kind == TOKEN_WORD ? token->word : WORD_COUNT) {
    case WORD_YES_NO: input->type = POLICY_YES_NO; return true;
    case WORD_CHOICE:
    case WORD_SET:
        input->type = token->word == WORD_CHOICE ? POLICY_CHOICE : POLICY_SET;
        return read_choices(reader, input);
    case WORD_NUMBER:
        input->type = POLICY_NUMBER;
        if (take_word(reader, WORD_DAYS))
            input->unit = POLICY_DAYS;
        else if (take_word(reader, WORD_MONTHS))
            input->unit = POLICY_MONTHS;
        return read_range(reader, input);
    case WORD_MONEY:
    case WORD_AMOUNT:
        input->type = POLICY_MONEY;
        if (is_word(reader, WORD_YUAN)) {
            enum policy_type type;
            if (!read_unit(reader, &type, &input->unit)) return false;
        }
        return read_range(reader, input);
    case WORD_DAY: input->type = POLICY_DAY; return true;
    case WORD_CODE: input->type = POLICY_CODE; return true;
    default:
        if (reader->at > 0) reader->at--;
        return expected(reader, "类型：是否、选项、多项、整数、款额、日期或区划代码",
                        "a type: yes_no, choice, set, number, money, day or code");
    }
}

static bool has_subject(struct reader *reader)
{
    if (declaration_here(reader)->subject != POLICY_NONE) return true;
    return fault(reader, "此前须先写明主体", "a subject must stand before this in the file");
}

static bool read_input(struct reader *reader)
{
    struct declaration *here = declaration_here(reader);
    struct policy_input input = {.place = place_here(reader), .subject = here->subject};
    if (!has_subject(reader) || !read_name(reader, &input.name)) return false;
    if (!expect_sign(reader, SIGN_COLON) || !read_type(reader, &input)) return false;
    if (take_word(reader, WORD_HOLDER) && !read_words(reader, &input.holder_zh, &input.holder_en)) {
        return false;
    }
    if (reader->inputs.count == POLICY_INPUTS_MAX) {
        return fault(reader, "输入超过 %d 个", "more than %d inputs", POLICY_INPUTS_MAX);
    }
    here->number = (uint16_t)reader->inputs.count;
    *list_push(reader->arena, &reader->inputs) = input;
    return add_names(reader, &input.name,
                     (struct thing){THING_INPUT, reader->at_declaration, here->number});
}

static struct policy_place place_of_declaration(struct reader *reader)
{
    const struct declaration *here = declaration_here(reader);
    const struct token *token = &reader->tokens[here->source].items[here->first];
    return (struct policy_place){here->source, token->line, token->column};
}

static bool learn_named(struct reader *reader, enum thing_kind kind)
{
    struct declaration *here = declaration_here(reader);
    if (!has_subject(reader) || !read_name(reader, &here->name)) return false;
    if (kind == THING_STANDARD) {
        here->number = (uint16_t)reader->standards.count;
        struct standard_read *read = list_push(reader->arena, &reader->standards);
        read->standard.name = here->name;
        read->standard.subject = here->subject;
        read->standard.pack = here->pack;
        read->standard.place = place_of_declaration(reader);
    }
    here->body = reader->at;
    return add_names(reader, &here->name,
                     (struct thing){kind, reader->at_declaration, here->number});
}

static bool learn_scheme(struct reader *reader)
{
    struct declaration *here = declaration_here(reader);
    if (!has_subject(reader) || !read_name(reader, &here->name)) return false;
    here->number = (uint16_t)reader->schemes.count;
    here->body = reader->at;
    struct scheme_read *read = list_push(reader->arena, &reader->schemes);
    read->declaration = reader->at_declaration;
    read->scheme.name = here->name;
    read->scheme.place = place_of_declaration(reader);
    return add_number(reader, &reader->scheme_names, &here->name, here->number, "项目", "scheme");
}

static bool learn(struct reader *reader)
{
    switch (declaration_here(reader)->word) {
    case WORD_PACK: return read_pack(reader);
    case WORD_SUBJECT: return read_subject(reader);
    case WORD_DOCUMENT: return read_document(reader);
    case WORD_INPUT: return read_input(reader);
    case WORD_DEFINE: return learn_named(reader, THING_DEFINITION);
    case WORD_STANDARD: return learn_named(reader, THING_STANDARD);
    case WORD_SCHEME: return learn_scheme(reader);
    default: declaration_here(reader)->body = reader->at; return true;
    }
}

/* What stands between one token in the first column and the next. */
static bool add_declaration(struct reader *reader, uint16_t source, size_t first, size_t end)
{
    const struct token *token = &reader->tokens[source].items[first];
    bool known = token->kind == TOKEN_WORD && token->word <= WORD_CASE && token->word != WORD_USES
                 && token->word != WORD_TEXT;
    if (reader->declarations.count == POLICY_DECLARATIONS_MAX) {
        reader->limit = true;
        return fault_at(reader, (struct policy_place){source, token->line, token->column},
                        "声明超过 %d 条", "more than %d declarations", POLICY_DECLARATIONS_MAX);
    }
    *list_push(reader->arena, &reader->declarations) = (struct declaration){.word = token->word,
                                                                            .source = source,
                                                                            .pack = POLICY_NONE,
                                                                            .subject = POLICY_NONE,
                                                                            .first = first,
                                                                            .end = end,
                                                                            .body = first + 1,
                                                                            .number = POLICY_NONE,
                                                                            .faulty = !known};
    if (known) return true;
    reader->at_declaration = (uint32_t)reader->declarations.count - 1;
    reader->at = first;
    return expected(
        reader,
        "一条声明（包、主体、文件、输入、定义、标准、项目、互斥、叠加、补充、用例）顶格开头",
        "a declaration (pack, subject, document, input, define, standard, scheme, "
        "exclusion, stack, extend, case) in the first column");
}

/* Cuts a source into declarations. False when there are too many. */
static bool split_source(struct reader *reader, uint16_t source)
{
    const struct source_tokens *tokens = &reader->tokens[source];
    for (size_t first = 0; first + 1 < tokens->count;) {
        size_t end = first + 1;
        while (end + 1 < tokens->count && tokens->items[end].column != 1) end++;
        if (!add_declaration(reader, source, first, end)
            && (reader->limit || reader->more_faults)) {
            return false;
        }
        first = end;
    }
    return true;
}

static void go_to(struct reader *reader, size_t declaration)
{
    reader->at_declaration = (uint32_t)declaration;
    reader->at = declaration_here(reader)->body;
}

static void declare_subjects(struct reader *reader)
{
    for (size_t d = 0; d < reader->declarations.count; d++) {
        go_to(reader, d);
        bool whole = declaration_here(reader)->word == WORD_SUBJECT
                     && peek_next(reader, 1)->kind == TOKEN_TEXT;
        if (whole && !declare_subject(reader)) declaration_here(reader)->faulty = true;
    }
}

/* What is read whole in this pass leaves nothing unread. */
static bool ends_here(struct reader *reader)
{
    if (declaration_here(reader)->word > WORD_INPUT || peek(reader)->kind == TOKEN_END) return true;
    return expected(reader, "下一条声明（顶格）", "the next declaration (in the first column)");
}

/* Pack and subject hold from where they stand to the end of their file. */
static void learn_all(struct reader *reader)
{
    uint16_t pack = POLICY_NONE, subject = POLICY_NONE, source = POLICY_NONE;
    for (size_t d = 0; d < reader->declarations.count; d++) {
        go_to(reader, d);
        struct declaration *here = declaration_here(reader);
        if (here->source != source) pack = subject = POLICY_NONE;
        source = here->source;
        here->pack = pack;
        here->subject = subject;
        if (!here->faulty && pack == POLICY_NONE && here->word != WORD_PACK) {
            fault(reader, "文件开头须写明所属的包", "a file begins with its pack");
            here->faulty = true;
        }
        if (!here->faulty && (!learn(reader) || !ends_here(reader))) here->faulty = true;
        here = declaration_here(reader);
        pack = here->pack;
        subject = here->subject;
    }
}

static bool read_standard_head(struct reader *reader)
{
    struct declaration *here = declaration_here(reader);
    struct policy_standard *standard = &reader->standards.items[here->number].standard;
    if (!expect_sign(reader, SIGN_COLON)) return false;
    if (take_word(reader, WORD_NUMBER) || take_word(reader, WORD_LIST)) {
        standard->type = POLICY_NUMBER;
        standard->unit = POLICY_PLAIN;
    } else if (!read_unit(reader, &standard->type, &standard->unit)) {
        return false;
    }
    if (!take_word(reader, WORD_BY)) {
        here->body = reader->at;
        return true;
    }
    do {
        const struct token *token = peek(reader);
        const struct thing *thing = find_thing(reader, token->text);
        if (thing == NULL || thing->kind != THING_INPUT) {
            return expected(reader, "作为分类依据的输入", "an input to go by");
        }
        enum policy_type type = reader->inputs.items[thing->number].type;
        if (type == POLICY_SET || type == POLICY_MONEY || type == POLICY_DAY) {
            return fault(
                reader, "标准不能按“%.*s”分：只能按选项、整数、代码或是否",
                "a standard cannot go by \"%.*s\": only by a choice, number, code or yes_no",
                STR_ARG(token->text));
        }
        if (standard->by_count == POLICY_KEYS_MAX) {
            return fault(reader, "标准最多按 %d 项分", "a standard goes by at most %d inputs",
                         POLICY_KEYS_MAX);
        }
        take(reader);
        standard->by[standard->by_count++] = thing->number;
    } while (take_sign(reader, SIGN_COMMA));
    here->body = reader->at;
    return true;
}

bool learn_names(struct reader *reader)
{
    for (size_t s = 0; s < reader->source_count; s++) {
        if (!split_source(reader, (uint16_t)s)) return false;
    }
    declare_subjects(reader);
    learn_all(reader);
    for (size_t d = 0; d < reader->declarations.count; d++) {
        struct declaration *here = &reader->declarations.items[d];
        if (here->word != WORD_STANDARD || here->faulty) continue;
        reader->at_declaration = (uint32_t)d;
        reader->at = here->body;
        if (!read_standard_head(reader)) declaration_here(reader)->faulty = true;
    }
    return true;
}
