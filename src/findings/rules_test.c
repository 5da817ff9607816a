#include "findings/rules.h"

#include "base/asset.h"
#include "base/file.h"
#include "base/testing.h"

#include <stdlib.h>
#include <unistd.h>

/* The rules as they are, and as they would be with a piece left out. */
struct place {
    struct arena arena;
    struct profiles profiles;
    struct rules rules;
    struct str text;
    char folder[32];
    const char *path;
};

static int make_place(void **state)
{
    static struct place place;
    place = (struct place){.folder = "/tmp/rules_test_XXXXXX"};
    struct err err = ERR_INIT;
    struct text path;
    assert_non_null(mkdtemp(place.folder));
    text_init(&path, &place.arena, 4096);
    text_add_f(&path, "%s/national/rules", place.folder);
    assert_true(file_make_folder(path.ptr, &err));
    text_add_c(&path, "/compulsory.yaml");
    place.path = path.ptr;
    assert_true(asset_find("policies/national/rules/compulsory.yaml", &place.text));
    assert_true(profiles_load(&place.profiles, &place.arena, NULL, &err));
    assert_true(rules_load(&place.rules, &place.arena, &place.profiles, NULL, &err));
    *state = &place;
    return 0;
}

static int drop_place(void **state)
{
    struct place *place = *state;
    char *path = arena_copy(&place->arena, place->path, strlen(place->path) + 1);
    (void)unlink(path);
    for (int i = 0; i < 3; i++) {
        *strrchr(path, '/') = '\0';
        assert_int_equal(rmdir(path), 0);
    }
    arena_free(&place->arena);
    return 0;
}

static bool load_without(struct place *place, struct str piece, struct err *err)
{
    struct rules rules;
    struct text text;
    size_t at = str_find(place->text, piece);
    assert_true(at != SIZE_MAX);
    text_init(&text, &place->arena, 1 << 20);
    text_add(&text, str_slice(place->text, 0, at));
    text_add(&text, str_slice(place->text, at + piece.len, place->text.len));
    assert_true(file_write(place->path, text_str(&text), 0644, err));
    return rules_load(&rules, &place->arena, &place->profiles, place->folder, err);
}

static bool has_hanzi(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] >= 0xE4) return true;
    }
    return false;
}

static void every_reason_has_words_in_both_languages(void **state)
{
    struct place *place = *state;
    assert_true(place->rules.reason_count > 20);
    for (size_t i = 0; i < place->rules.reason_count; i++) {
        struct str key = place->rules.reasons[i].key;
        struct str zh = rules_reason_text(&place->rules, key, LANG_ZH);
        struct str en = rules_reason_text(&place->rules, key, LANG_EN);
        assert_true(has_hanzi(zh));
        assert_true(en.len > 0);
        assert_false(has_hanzi(en));
        assert_true(str_find(en, STR("_")) == SIZE_MAX);
    }
    for (int i = 0; i < QUEUE_COUNT; i++) {
        assert_true(has_hanzi(str_from(queue_text((enum queue)i, LANG_ZH))));
        assert_false(has_hanzi(str_from(queue_text((enum queue)i, LANG_EN))));
    }
}

/* Each line of `reasons` is needed: a clause names it or a check gives it. */
static void a_reason_without_words_is_refused(void **state)
{
    struct place *place = *state;
    for (size_t i = 0; i < place->rules.reason_count; i++) {
        struct err err = ERR_INIT;
        struct text line;
        text_init(&line, &place->arena, 128);
        text_add_f(&line, "\n  %.*s: {", STR_ARG(place->rules.reasons[i].key));
        size_t at = str_find(place->text, text_str(&line)) + 1;
        size_t end = at + str_find(str_slice(place->text, at, place->text.len), STR("\n")) + 1;
        assert_false(load_without(place, str_slice(place->text, at, end), &err));
        assert_int_equal(err.kind, ERR_INPUT);
        assert_non_null(strstr(err.en, "words"));
    }
    struct err err = ERR_INIT;
    assert_false(load_without(place, STR(", en: on no register of schools"), &err));
    assert_true(load_without(place, STR(", true: 960"), &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_reason_has_words_in_both_languages, make_place,
                                        drop_place),
        cmocka_unit_test_setup_teardown(a_reason_without_words_is_refused, make_place, drop_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
