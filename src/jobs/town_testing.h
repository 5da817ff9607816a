#ifndef JOBS_TOWN_TESTING_H
#define JOBS_TOWN_TESTING_H

#include "jobs/snapshot.h"
#include "jobs/view.h"
#include "registry/registry_testing.h"

/* A small county office for tests of what the console shows, with a hub over its workspace. Two
 * townships of 会宁县 (620422100, 620422101) with 郭城小学 (2162000001) and 白塔小学 (2162000002),
 * and one of 靖远县 (620421100). Twenty-four children of the name 赵 are all at 郭城小学 and on its
 * roll; these are not:
 *
 *   钱多多  in the population only, 620422100: suspected of being in no school
 *   孙一一  in the population only, 620422101: the same
 *   单于飞  a polyphone, on the roll of 白塔小学 and of the population of 620421100, with the
 * number ID_A 曾重庆  another, at 郭城小学, with the number ID_B */
struct town {
    struct world *world;
    struct snapshot_hub *hub;
};

/* Opens the office and makes its first snapshot. */
struct town town_open(void **state);
void town_close(struct town *town);

/* Takes the newest snapshot and looks at it as `asker`. Release it with town_leave. */
struct view town_look(struct town *town, struct arena *arena, const struct asker *asker);
void town_leave(struct town *town, struct view *view);

/* An asker of one area, and one of one school. */
struct asker town_asker_of_area(const char *area);
struct asker town_asker_of_school(const char *code);

/* The person of this name in the newest snapshot, as seen by who may see all; fails the test when
 * there is not exactly one. */
uint32_t town_person(const struct snapshot *snapshot, const char *name);

#endif
