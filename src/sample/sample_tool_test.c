/* Writes a sample city: sample_tool DIR CHILDREN SEED [ERROR_PERMILLE]. */
#include "sample/sample.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    int64_t children = 0, seed = 1, permille = 1000;
    if (argc < 4) return 2;
    if (!str_to_i64(str_from(argv[2]), &children) || !str_to_i64(str_from(argv[3]), &seed))
        return 2;
    if (argc > 4 && !str_to_i64(str_from(argv[4]), &permille)) return 2;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct sample_result result;
    struct sample_options options = {.folder = argv[1],
                                     .children = (uint32_t)children,
                                     .seed = (uint64_t)seed,
                                     .error_permille = permille};
    if (!sample_write(&arena, &options, &result, &err)) {
        fprintf(stderr, "%s\n", err_text(&err, LANG_EN));
        return err_exit_code(err.kind);
    }
    printf("children %llu households %llu schools %llu files %llu rows %llu missing %llu\n",
           (unsigned long long)result.children, (unsigned long long)result.households,
           (unsigned long long)result.schools, (unsigned long long)result.files,
           (unsigned long long)result.rows, (unsigned long long)result.missing_first);
    for (size_t i = 0; i < result.last_file_count; i++)
        printf("last %.*s\n", STR_ARG(result.last_files[i]));
    arena_free(&arena);
    return 0;
}
