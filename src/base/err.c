#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* vsnprintf cuts between bytes; a cut inside a character would make the sentence invalid UTF-8. */
static void cut_to_whole_character(char *text)
{
    size_t length = strlen(text);
    size_t start = length;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) start--;
    if (start == 0) return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length - (start - 1) < need) text[start - 1] = '\0';
}

bool err_set(struct err *err, enum err_kind kind, const char *en, const char *zh, ...)
{
    CHECK(kind != ERR_NONE);
    if (err == NULL) return false;
    va_list args, again;
    va_start(args, zh);
    va_copy(again, args);
    struct err fresh = {.kind = kind};
    vsnprintf(fresh.en, sizeof fresh.en, en, args);
    vsnprintf(fresh.zh, sizeof fresh.zh, zh, again);
    va_end(again);
    va_end(args);
    cut_to_whole_character(fresh.en);
    cut_to_whole_character(fresh.zh);
    *err = fresh;
    return false;
}

static void put_before(char *text, const char *place, const char *joint)
{
    char old[ERR_TEXT_MAX];
    memcpy(old, text, sizeof old);
    int written = snprintf(text, ERR_TEXT_MAX, "%s%s%s", place, joint, old);
    if (written >= ERR_TEXT_MAX) cut_to_whole_character(text);
}

bool err_at(struct err *err, const char *en, const char *zh, ...)
{
    if (err == NULL || err->kind == ERR_NONE) return false;
    char place[ERR_TEXT_MAX];
    va_list args, again;
    va_start(args, zh);
    va_copy(again, args);
    vsnprintf(place, sizeof place, en, args);
    put_before(err->en, place, ": ");
    vsnprintf(place, sizeof place, zh, again);
    put_before(err->zh, place, "：");
    va_end(again);
    va_end(args);
    return false;
}

bool err_hint(struct err *err, const char *en, const char *zh)
{
    CHECK(en != NULL && zh != NULL);
    if (err == NULL || err->kind == ERR_NONE) return false;
    err->hint_en = en;
    err->hint_zh = zh;
    return false;
}

const char *err_text(const struct err *err, enum lang lang)
{
    CHECK(err != NULL);
    if (err->kind == ERR_NONE) return "";
    return lang == LANG_EN ? err->en : err->zh;
}

int err_exit_code(enum err_kind kind)
{
    switch (kind) {
    case ERR_NONE: return 0;
    case ERR_USAGE:
    case ERR_NOT_FOUND: return 2;
    case ERR_INPUT:
    case ERR_LIMIT: return 3;
    case ERR_DENIED: return 5;
    case ERR_CONFLICT:
    case ERR_STORE:
    case ERR_IO: return 4;
    }
    return 4;
}
