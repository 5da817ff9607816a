#include "targets.h"

#include "base/file.h"
#include "base/rng.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A short run of every target that is the same each time: its seeds, then seeds mutated by a
 * generator with a fixed seed. With a target's name and files, those inputs instead: to look at
 * what the long run found. With "--seeds FOLDER" the seeds are written there, for the long run to
 * begin with. */

enum { INPUT_BYTES_MAX = 1 << 16, MUTATIONS_MAX = 8, ROUNDS = 1500 };

/* Replaces `gone` bytes at a place by `fresh`. */
static struct str splice(struct arena *arena, struct str input, size_t at, size_t gone,
                         struct str fresh)
{
    if (gone > input.len - at) gone = input.len - at;
    if (input.len - gone + fresh.len > INPUT_BYTES_MAX) return input;
    char *out = arena_alloc(arena, input.len - gone + fresh.len + 1);
    if (at > 0) memcpy(out, input.ptr, at);
    if (fresh.len > 0) memcpy(out + at, fresh.ptr, fresh.len);
    if (input.len > at + gone)
        memcpy(out + at + fresh.len, input.ptr + at + gone, input.len - at - gone);
    return (struct str){out, input.len - gone + fresh.len};
}

static struct str a_word(const struct fuzz_target *target, struct rng *rng)
{
    struct str rest = str_from(target->words), word = STR_EMPTY;
    uint32_t count = 1;
    for (size_t i = 0; i < rest.len; i++) count += rest.ptr[i] == ' ';
    for (uint32_t pick = rng_below(rng, count) + 1; pick > 0; pick--) str_split(&rest, ' ', &word);
    return word;
}

static struct str mutate(struct arena *arena, const struct fuzz_target *target, struct str input,
                         struct rng *rng)
{
    for (uint32_t left = rng_below(rng, MUTATIONS_MAX) + 1; left > 0; left--) {
        size_t at = rng_below(rng, (uint32_t)input.len + 1);
        size_t size = rng_below(rng, 16) + 1u;
        char byte = (char)rng_below(rng, 256);
        switch (rng_below(rng, 6)) {
        case 0: input = splice(arena, input, at, 1, (struct str){&byte, 1}); break;
        case 1: input = splice(arena, input, at, size, STR_EMPTY); break;
        case 2: input = splice(arena, input, at, 0, a_word(target, rng)); break;
        case 3: input = splice(arena, input, at, 0, str_slice(input, at, at + 8 * size)); break;
        case 4: {
            size_t from = rng_below(rng, (uint32_t)input.len + 1);
            input = splice(arena, input, at, size, str_slice(input, from, from + size));
            break;
        }
        default: {
            static const char edges[] = {'\0', '\x01', '\x7F', '\x80', '\xFF', '<', '"', '\n'};
            input = splice(arena, input, at, 1, (struct str){&edges[rng_below(rng, 8)], 1});
        }
        }
    }
    return input;
}

static size_t seed_count(const struct fuzz_target *target)
{
    size_t count = 0;
    while (count < FUZZ_SEEDS_MAX && target->seeds[count].ptr != NULL) count++;
    return count;
}

static void replay(const struct fuzz_target *target)
{
    struct rng rng = rng_seed(20201125);
    size_t count = seed_count(target);
    for (size_t i = 0; i < count; i++) target->run(target->seeds[i]);
    for (int i = 0; i < ROUNDS; i++) {
        struct arena arena = {0};
        struct str seed = target->seeds[rng_below(&rng, (uint32_t)count)];
        target->run(mutate(&arena, target, seed, &rng));
        arena_free(&arena);
    }
    printf("%s: %zu seeds, %d mutated inputs\n", target->name, count, ROUNDS);
}

static bool write_seeds(const struct fuzz_target *target, const char *folder, struct err *err)
{
    char path[4096];
    for (size_t i = 0; i < seed_count(target); i++) {
        snprintf(path, sizeof path, "%s/%s", folder, target->name);
        if (!file_make_folder(path, err)) return false;
        snprintf(path, sizeof path, "%s/%s/seed%zu", folder, target->name, i);
        if (!file_write(path, target->seeds[i], 0644, err)) return false;
    }
    return true;
}

int main(int count, char **arguments)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    bool good = true;
    for (const struct fuzz_target *target = fuzz_targets(&arena, true);
         target->name != NULL && good; target++) {
        if (count == 1) replay(target);
        if (count == 3 && strcmp(arguments[1], "--seeds") == 0) {
            good = write_seeds(target, arguments[2], &err);
        } else if (count > 2 && strcmp(arguments[1], target->name) == 0) {
            for (int i = 2; i < count && good; i++) {
                struct str input;
                good = file_read(&arena, arguments[i], 1 << 26, &input, &err);
                if (good) target->run(input);
            }
        }
    }
    if (!good) fprintf(stderr, "%s\n", err.en);
    arena_free(&arena);
    return good ? 0 : 1;
}
