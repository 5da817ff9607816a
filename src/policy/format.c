#include "policy/format_internal.h"

/* The walk: tokens with the comments between them, and what each kind of token is written as. */

const struct token *format_peek(const struct formatting *f, size_t ahead)
{
    static const struct token none = {.kind = TOKEN_END, .word = WORD_COUNT};
    return f->at + ahead < f->end ? &f->tokens[f->at + ahead] : &none;
}

bool format_at_end(const struct formatting *f)
{
    return f->at >= f->end;
}

bool format_is_word(const struct formatting *f, enum word word)
{
    const struct token *token = format_peek(f, 0);
    return token->kind == TOKEN_WORD && token->word == word;
}

bool format_is_sign(const struct formatting *f, int sign)
{
    const struct token *token = format_peek(f, 0);
    return token->kind == TOKEN_SIGN && token->sign == sign;
}

void format_break(struct formatting *f, enum layout_break before, int indent)
{
    f->before = before;
    f->before_group = f->layout.group;
    f->before_indent = indent;
}

/* The comments between a token and the one before it. */
static void take_comments(struct formatting *f, const struct token *token, size_t from,
                          struct layout_piece *piece)
{
    LIST(struct layout_comment) comments = {0};
    size_t newlines = from == 0 ? 1 : 0;
    int column = 0;
    for (size_t at = from; at < token->at;) {
        char c = f->source.ptr[at];
        if (c != '#') {
            column = c == '\n' ? 0 : column + 1;
            if (c == '\n') newlines++;
            at++;
            continue;
        }
        size_t end = at;
        while (end < token->at && f->source.ptr[end] != '\n') end++;
        *list_push(f->arena, &comments) =
            (struct layout_comment){.text = str_trim(str_slice(f->source, at, end)),
                                    .own_line = newlines > 0,
                                    .indented = column > 0,
                                    .apart = newlines > 1 && (from > 0 || comments.count > 1)};
        newlines = 0;
        at = end;
    }
    piece->comments = comments.items;
    piece->comment_count = comments.count;
    piece->apart = newlines > 1;
}

static bool is_function(const struct token *token)
{
    return token->kind == TOKEN_WORD
           && (token->word == WORD_LISTED
               || (token->word >= WORD_PER_TERM && token->word <= WORD_FULL_MONTHS));
}

/* A sign that leans on what stands before it; and one that what follows leans on. */
static bool is_spaced(const struct formatting *f, const struct token *token)
{
    if (f->tight || !f->started) return false;
    const struct token *before = f->at > 0 ? &f->tokens[f->at - 1] : NULL;
    if (before != NULL && before->kind == TOKEN_SIGN && before->sign == SIGN_OPEN) return false;
    if (token->kind != TOKEN_SIGN) return true;
    if (token->sign == SIGN_OPEN) return before == NULL || !is_function(before);
    return token->sign != SIGN_CLOSE && token->sign != SIGN_COMMA && token->sign != SIGN_COLON
           && token->sign != SIGN_PERCENT;
}

void format_put_as(struct formatting *f, struct str text)
{
    if (format_at_end(f)) return;
    const struct token *token = &f->tokens[f->at];
    bool head = token->column == 1;
    struct layout_piece *piece = layout_add(&f->layout, text, head ? LAYOUT_LINE : f->before,
                                            is_spaced(f, token), head ? 0 : f->before_indent);
    if (f->before == LAYOUT_NONE && !head) piece->indent = f->indent;
    if (f->before == LAYOUT_GROUP) piece->group = f->before_group;
    take_comments(f, token, f->at == 0 ? 0 : f->tokens[f->at - 1].end, piece);
    piece->head = head;
    f->before = LAYOUT_NONE;
    f->tight = false;
    f->started = true;
    f->at++;
}

static struct str quoted(struct formatting *f, struct str text)
{
    struct text out;
    bool plain = memchr(text.ptr, '"', text.len) == NULL;
    text_init(&out, f->arena, text.len + 16);
    text_add_c(&out, plain ? "\"" : "“");
    text_add(&out, text);
    text_add_c(&out, plain ? "\"" : "”");
    return text_str(&out);
}

static struct str sign_text(const struct formatting *f, const struct token *token)
{
    static const char *const two[] = {"!=", "<=", ">="};
    if (token->sign >= SIGN_NOT_EQUAL) return str_from(two[token->sign - SIGN_NOT_EQUAL]);
    char *one = arena_alloc(f->arena, 2);
    one[0] = (char)token->sign;
    return (struct str){one, 1};
}

void format_put(struct formatting *f)
{
    const struct token *token = format_peek(f, 0);
    switch (token->kind) {
    case TOKEN_WORD: format_put_as(f, str_from(word_text(token->word, f->lang))); break;
    case TOKEN_TEXT: format_put_as(f, quoted(f, token->text)); break;
    case TOKEN_SIGN: format_put_as(f, sign_text(f, token)); break;
    default: format_put_as(f, token->text); break;
    }
}

bool format_put_word(struct formatting *f, enum word word)
{
    if (!format_is_word(f, word)) return false;
    format_put(f);
    return true;
}

bool format_put_sign(struct formatting *f, int sign)
{
    if (!format_is_sign(f, sign)) return false;
    format_put(f);
    return true;
}

/* Whether a text can stand as a name: words with blanks or brackets between cannot. */
static bool is_one_name(struct arena *arena, struct str text)
{
    struct token *tokens;
    struct token_fault fault;
    size_t count;
    if (!tokens_of(arena, text, &tokens, &count, &fault) || count != 2) return false;
    return tokens[0].kind == TOKEN_NAME && str_equal(tokens[0].text, text);
}

struct str policy_written_name(struct arena *arena, const struct policy_name *name, enum lang lang)
{
    return lang == LANG_ZH && is_one_name(arena, name->zh) ? name->zh : name->key;
}

struct str policy_written_choice(struct arena *arena, const struct policy_input *input,
                                 size_t choice, enum lang lang)
{
    struct str name = policy_written_name(arena, &input->choices[choice].name, lang);
    return policy_find_choice(input, name) == (int)choice ? name : STR_EMPTY;
}

static bool is_called(const struct policy_name *name, struct str word)
{
    return str_equal(name->key, word) || str_equal(name->zh, word) || str_equal(name->en, word);
}

uint16_t format_input(const struct formatting *f, struct str word)
{
    for (size_t i = 0; i < f->policy->input_count; i++) {
        if (f->policy->inputs[i].subject != f->subject) continue;
        if (is_called(&f->policy->inputs[i].name, word)) return (uint16_t)i;
    }
    return POLICY_NONE;
}

void format_put_thing(struct formatting *f, uint16_t *input)
{
    struct str word = format_peek(f, 0)->text;
    const struct policy *policy = f->policy;
    *input = format_input(f, word);
    const struct policy_name *name = *input == POLICY_NONE ? NULL : &policy->inputs[*input].name;
    for (size_t i = 0; i < policy->definition_count && name == NULL; i++) {
        if (policy->definitions[i].subject != f->subject) continue;
        if (is_called(&policy->definitions[i].name, word)) name = &policy->definitions[i].name;
    }
    for (size_t i = 0; i < policy->standard_count && name == NULL; i++) {
        if (policy->standards[i].subject != f->subject) continue;
        if (is_called(&policy->standards[i].name, word)) name = &policy->standards[i].name;
    }
    format_put_as(f, name == NULL ? word : policy_written_name(f->arena, name, f->lang));
}

const struct policy_standard *format_standard(const struct formatting *f)
{
    struct str word = format_peek(f, 0)->text;
    for (size_t i = 0; i < f->policy->standard_count; i++) {
        const struct policy_standard *standard = &f->policy->standards[i];
        if (standard->subject == f->subject && is_called(&standard->name, word)) return standard;
    }
    return NULL;
}

void format_put_scheme(struct formatting *f)
{
    struct str word = format_peek(f, 0)->text;
    for (size_t i = 0; i < f->policy->scheme_count; i++) {
        const struct policy_name *name = &f->policy->schemes[i].name;
        if (!is_called(name, word)) continue;
        format_put_as(f, policy_written_name(f->arena, name, f->lang));
        return;
    }
    format_put(f);
}

void format_put_choice(struct formatting *f, uint16_t number)
{
    const struct policy_input *input = &f->policy->inputs[number];
    const struct token *token = format_peek(f, 0);
    int found = policy_find_choice(input, token->text);
    struct str name =
        found < 0 ? STR_EMPTY : policy_written_choice(f->arena, input, (size_t)found, f->lang);
    if (name.len > 0) {
        format_put_as(f, name);
    } else if (token->kind == TOKEN_TEXT) {
        format_put(f);
    } else {
        format_put_as(f, token->text);
    }
}

enum lang policy_text_lang(struct arena *arena, struct str source)
{
    struct token *tokens;
    struct token_fault fault;
    size_t count, en = 0, zh = 0;
    if (!tokens_of(arena, source, &tokens, &count, &fault)) return LANG_ZH;
    for (size_t t = 0; t < count; t++) {
        if (tokens[t].kind != TOKEN_WORD) continue;
        bool english = tokens[t].text.ptr[0] >= 'a' && tokens[t].text.ptr[0] <= 'z';
        en += english;
        zh += !english;
    }
    return en > zh ? LANG_EN : LANG_ZH;
}

/* Comments behind the last declaration. */
static void put_rest(struct formatting *f, const struct token *end)
{
    struct layout_piece rest = {0};
    take_comments(f, end, f->at == 0 ? 0 : f->tokens[f->at - 1].end, &rest);
    if (rest.comment_count == 0) return;
    rest.before = LAYOUT_LINE;
    rest.head = true;
    *list_push(f->arena, &f->layout.pieces) = rest;
}

void policy_format(struct arena *arena, const struct policy *policy, uint16_t number,
                   struct str source, enum lang lang, struct str *out)
{
    struct token *tokens;
    struct token_fault fault;
    size_t count;
    struct formatting f = {.arena = arena, .policy = policy, .source = source, .lang = lang};
    CHECK(number < policy->source_count);
    bool good = tokens_of(arena, source, &tokens, &count, &fault);
    CHECK(good);
    if (str_starts(source, STR("\xEF\xBB\xBF"))) f.source = str_slice(source, 3, source.len);
    size_t mark = source.len - f.source.len;
    for (size_t t = 0; t < count; t++) {
        tokens[t].at -= mark;
        tokens[t].end -= mark;
    }
    f.tokens = tokens;
    f.subject = POLICY_NONE;
    layout_start(&f.layout, arena);
    for (size_t first = 0; first + 1 < count; first = f.end) {
        f.at = first;
        f.end = first + 1;
        while (f.end + 1 < count && tokens[f.end].column != 1) f.end++;
        f.indent = 2;
        f.layout.group = 0;
        format_put(&f);
        format_declaration(&f, tokens[first].word);
        while (!format_at_end(&f)) format_put(&f);
    }
    put_rest(&f, &tokens[count - 1]);
    *out = layout_text(&f.layout);
}
