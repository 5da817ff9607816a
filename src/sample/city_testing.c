#include "sample/city_testing.h"

#include "base/testing.h"

struct city_world *city_world_open(uint32_t children, uint64_t seed)
{
    struct city_world *world = test_calloc(1, sizeof *world);
    struct err err = ERR_INIT;
    assert_true(sample_settings_load(&world->settings, &world->arena, NULL, &err));
    if (children == 0) children = world->settings.children;
    city_people(&world->city, &world->arena, &world->settings, children, seed);
    city_schools(&world->city);
    city_stories(&world->city);
    return world;
}

int city_world_close(void **state)
{
    struct city_world *world = *state;
    arena_free(&world->arena);
    test_free(world);
    return 0;
}
