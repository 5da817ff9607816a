#include "targets.h"

#include <string.h>

/* The entry that libFuzzer calls; FUZZ_TARGET is the target's name, given when this is built. */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena = {0};
    const struct fuzz_target *target = fuzz_targets(&arena, false);
    while (strcmp(target->name, FUZZ_TARGET) != 0) target++;
    target->run((struct str){(const char *)bytes, size});
    arena_free(&arena);
    return 0;
}
