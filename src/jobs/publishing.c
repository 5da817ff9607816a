#include "jobs/publishing.h"

static bool find_all(const struct figures *figures, const struct publishing *order,
                     const struct figure **out, struct err *err)
{
    for (size_t i = 0; i < order->count; i++) {
        out[i] = figure_find(figures, order->keys[i]);
        if (out[i] == NULL) {
            return err_set(err, ERR_NOT_FOUND, "there is no figure \"%.*s\"", "没有指标“%.*s”",
                           STR_ARG(order->keys[i]));
        }
        for (size_t k = 0; k < i; k++) {
            if (out[k] != out[i]) continue;
            return err_set(err, ERR_INPUT, "the figure \"%.*s\" is named twice",
                           "指标“%.*s”写了两次", STR_ARG(order->keys[i]));
        }
    }
    return true;
}

static bool freeze(struct workspace *own, struct arena *arena, const struct asker *asker,
                   const struct publishing *order, struct publication *out, struct err *err)
{
    struct figures figures;
    struct figure_desk desk;
    struct read_at when = {.at = order->at};
    const struct figure **wanted = arena_array(arena, const struct figure *, order->count);
    return figures_load(&figures, arena, own->policies, err)
           && find_all(&figures, order, wanted, err)
           && registry_now(&own->registry, &when.known_ms, err)
           && figure_desk_open(&desk, arena, &own->registry, asker, when, wanted, order->count, err)
           && publications_make(&desk, arena, wanted, order->count, order->reason, out, err);
}

bool publishing_make(const struct workspace *from, struct arena *arena, const struct asker *asker,
                     const struct publishing *order, struct publication *out, struct err *err)
{
    struct workspace own;
    CHECK(order->count > 0);
    CHECK(order->count <= PUBLISHING_FIGURES_MAX);
    bool done = workspace_share(&own, from, STORE_WRITE, err)
                && freeze(&own, arena, asker, order, out, err);
    workspace_close(&own);
    return done;
}
