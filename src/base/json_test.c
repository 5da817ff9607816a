#include "base/json.h"
#include "base/testing.h"

static void test_document(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct text out;
    struct json json;
    text_init(&out, &arena, 1000);
    json_init(&json, &out);
    json_object(&json);
    json_key_str(&json, "name", STR("王\"小\\明\n\x01"));
    json_key_i64(&json, "n", -5);
    json_key(&json, "list");
    json_list(&json);
    json_bool(&json, true);
    json_null(&json);
    json_object(&json);
    json_object_end(&json);
    json_list_end(&json);
    json_object_end(&json);
    assert_string_equal(out.ptr, "{\"name\":\"王\\\"小\\\\明\\n\\u0001\",\"n\":-5,"
                                 "\"list\":[true,null,{}]}");
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_document)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
