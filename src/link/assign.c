#include "link/assign.h"

#include "base/list.h"

/* The Hungarian method on a sparse graph: left ends come in one after the other, each by the
 * cheapest chain of changes (Dijkstra over reduced costs). Prices prove the sum to be the largest:
 * left + right >= gain on every edge, equal where chosen, 0 where an end stays free. An end that
 * stays free is one that takes nothing at the cost of its price.
 *
 * Two best assignments differ by cycles and chains over edges whose prices are tight. With a node
 * that stands for "free" chains are cycles too, so an edge is certain when its ends lie in
 * different strongly connected components of the graph of possible changes. */

#define NONE UINT32_MAX

struct waiting {
    int64_t distance;
    uint32_t right;
};

struct graph {
    struct assign_edge *edges;
    uint32_t left_count, right_count;
    uint32_t *starts, *list; /* edges by left end */
    int64_t *left_price, *right_price;
    uint32_t *left_edge, *right_edge; /* chosen, or NONE */
    int64_t *distance;                /* by right end; INT64_MAX not reached */
    uint32_t *from;                   /* by right end: the edge it was reached by */
    struct arena *arena;
    LIST(struct waiting) heap;
    LIST(uint32_t) reached, done; /* right ends */
};

static void open_graph(struct arena *arena, struct assign_edge *edges, size_t count,
                       uint32_t left_count, uint32_t right_count, struct graph *graph)
{
    *graph = (struct graph){.arena = arena,
                            .edges = edges,
                            .left_count = left_count,
                            .right_count = right_count,
                            .starts = arena_array(arena, uint32_t, (size_t)left_count + 2),
                            .list = arena_array(arena, uint32_t, count),
                            .left_price = arena_array(arena, int64_t, left_count),
                            .right_price = arena_array(arena, int64_t, right_count),
                            .left_edge = arena_array(arena, uint32_t, left_count),
                            .right_edge = arena_array(arena, uint32_t, right_count),
                            .distance = arena_array(arena, int64_t, right_count),
                            .from = arena_array(arena, uint32_t, right_count)};
    for (size_t e = 0; e < count; e++) {
        CHECK(edges[e].left < left_count);
        CHECK(edges[e].right < right_count);
        CHECK(edges[e].gain >= 1);
        graph->starts[edges[e].left + 2]++;
    }
    for (uint32_t i = 0; i < left_count; i++) {
        graph->starts[i + 2] += graph->starts[i + 1];
        graph->left_edge[i] = NONE;
    }
    for (uint32_t e = 0; e < count; e++) graph->list[graph->starts[edges[e].left + 1]++] = e;
    for (uint32_t j = 0; j < right_count; j++) {
        graph->right_edge[j] = NONE;
        graph->distance[j] = INT64_MAX;
    }
}

static void heap_push(struct graph *graph, struct waiting entry)
{
    *list_push(graph->arena, &graph->heap) = entry;
    struct waiting *items = graph->heap.items;
    size_t at = graph->heap.count - 1;
    while (at > 0 && entry.distance < items[(at - 1) / 2].distance) {
        items[at] = items[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    items[at] = entry;
}

static struct waiting heap_pop(struct graph *graph)
{
    struct waiting *items = graph->heap.items;
    struct waiting top = items[0], last = items[--graph->heap.count];
    size_t at = 0, count = graph->heap.count;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count) break;
        if (child + 1 < count && items[child + 1].distance < items[child].distance) child++;
        if (items[child].distance >= last.distance) break;
        items[at] = items[child];
        at = child;
    }
    if (count > 0) items[at] = last;
    return top;
}

/* Where the cheapest chain ends: at a free right end, or at a left one that becomes free. */
struct chain_end {
    int64_t distance;
    uint32_t left, right; /* one of them NONE */
};

/* Looks from a left end that lies `distance` away. */
static void look(struct graph *graph, uint32_t left, int64_t distance, struct chain_end *end)
{
    if (distance + graph->left_price[left] < end->distance) {
        *end = (struct chain_end){distance + graph->left_price[left], left, NONE};
    }
    for (uint32_t k = graph->starts[left]; k < graph->starts[left + 1]; k++) {
        uint32_t e = graph->list[k], right = graph->edges[e].right;
        if (e == graph->left_edge[left]) continue;
        int64_t there =
            distance + graph->left_price[left] + graph->right_price[right] - graph->edges[e].gain;
        if (there >= graph->distance[right] || there >= end->distance) continue;
        if (graph->distance[right] == INT64_MAX) *list_push(graph->arena, &graph->reached) = right;
        graph->distance[right] = there;
        graph->from[right] = e;
        if (graph->right_edge[right] == NONE)
            *end = (struct chain_end){there, NONE, right};
        else
            heap_push(graph, (struct waiting){there, right});
    }
}

/* Changes what is chosen along the chain, from its end back to the root. */
static void change_chain(struct graph *graph, uint32_t root, struct chain_end end)
{
    uint32_t right = end.right;
    if (right == NONE) {
        uint32_t freed = graph->left_edge[end.left];
        graph->left_edge[end.left] = NONE;
        if (end.left == root) return;
        right = graph->edges[freed].right;
    }
    for (;;) {
        uint32_t e = graph->from[right], left = graph->edges[e].left;
        uint32_t before = graph->left_edge[left];
        graph->left_edge[left] = e;
        graph->right_edge[right] = e;
        if (left == root) return;
        right = graph->edges[before].right;
    }
}

static void add_left(struct graph *graph, uint32_t root)
{
    struct chain_end end = {INT64_MAX, NONE, NONE};
    for (uint32_t k = graph->starts[root]; k < graph->starts[root + 1]; k++) {
        const struct assign_edge *edge = &graph->edges[graph->list[k]];
        int64_t price = edge->gain - graph->right_price[edge->right];
        if (price > graph->left_price[root]) graph->left_price[root] = price;
    }
    graph->heap.count = graph->reached.count = graph->done.count = 0;
    look(graph, root, 0, &end);
    while (graph->heap.count > 0) {
        struct waiting next = heap_pop(graph);
        if (next.distance >= end.distance) break;
        if (next.distance > graph->distance[next.right]) continue;
        *list_push(graph->arena, &graph->done) = next.right;
        look(graph, graph->edges[graph->right_edge[next.right]].left, next.distance, &end);
    }
    graph->left_price[root] -= end.distance;
    for (size_t i = 0; i < graph->done.count; i++) {
        uint32_t right = graph->done.items[i];
        int64_t change = end.distance - graph->distance[right];
        if (change <= 0) continue;
        graph->right_price[right] += change;
        graph->left_price[graph->edges[graph->right_edge[right]].left] -= change;
    }
    change_chain(graph, root, end);
    for (size_t i = 0; i < graph->reached.count; i++) {
        graph->distance[graph->reached.items[i]] = INT64_MAX;
    }
}

/* Tarjan's search without recursion. Nodes: left ends, then right ends, then "free". */
struct components {
    const struct graph *graph;
    uint32_t node_count, free_node;
    uint32_t *order, *low, *next; /* by node: when found (0 not yet), lowest reachable, next arc */
    uint32_t *component;          /* by node; NONE not yet */
    uint32_t *path, *open;        /* stacks */
    uint32_t path_count, open_count, found, component_count;
};

static bool is_tight(const struct graph *graph, uint32_t e)
{
    const struct assign_edge *edge = &graph->edges[e];
    return graph->left_price[edge->left] + graph->right_price[edge->right] == edge->gain;
}

/* The target of the arc at this place of a node's list: NONE when there is no arc; the list's end
 * is told by *end. */
static uint32_t arc_at(const struct components *search, uint32_t node, uint32_t place, bool *end)
{
    const struct graph *graph = search->graph;
    uint32_t left_count = graph->left_count, free_node = search->free_node;
    *end = false;
    if (node == free_node) {
        *end = place + 1 >= free_node;
        if (place < left_count) return graph->left_edge[place] == NONE ? place : NONE;
        if (place >= free_node) return NONE;
        uint32_t right = place - left_count;
        bool may_go = graph->right_edge[right] != NONE && graph->right_price[right] == 0;
        return may_go ? place : NONE;
    }
    if (node >= left_count) {
        uint32_t e = graph->right_edge[node - left_count];
        *end = true;
        return e == NONE ? free_node : graph->edges[e].left;
    }
    uint32_t k = graph->starts[node] + place, own = graph->left_edge[node];
    if (k == graph->starts[node + 1]) {
        *end = true;
        return own != NONE && graph->left_price[node] == 0 ? free_node : NONE;
    }
    uint32_t e = graph->list[k];
    return e != own && is_tight(graph, e) ? left_count + graph->edges[e].right : NONE;
}

static void find_node(struct components *search, uint32_t node)
{
    search->order[node] = search->low[node] = ++search->found;
    search->path[search->path_count++] = node;
    search->open[search->open_count++] = node;
}

/* The node at the path's end is done: closes its component when it is the first found of it. */
static void leave_node(struct components *search)
{
    uint32_t node = search->path[--search->path_count];
    if (search->low[node] == search->order[node]) {
        uint32_t member;
        do {
            member = search->open[--search->open_count];
            search->component[member] = search->component_count;
        } while (member != node);
        search->component_count++;
    }
    if (search->path_count == 0) return;
    uint32_t before = search->path[search->path_count - 1];
    if (search->low[node] < search->low[before]) search->low[before] = search->low[node];
}

static void search_from(struct components *search, uint32_t start)
{
    find_node(search, start);
    while (search->path_count > 0) {
        uint32_t node = search->path[search->path_count - 1];
        if (search->next[node] == NONE) {
            leave_node(search);
            continue;
        }
        bool end;
        uint32_t target = arc_at(search, node, search->next[node], &end);
        search->next[node] = end ? NONE : search->next[node] + 1;
        if (target == NONE) continue;
        if (search->order[target] == 0) {
            find_node(search, target);
        } else if (search->component[target] == NONE && search->order[target] < search->low[node]) {
            search->low[node] = search->order[target];
        }
    }
}

static const uint32_t *find_components(const struct graph *graph)
{
    uint32_t count = graph->left_count + graph->right_count + 1;
    struct components search = {.graph = graph,
                                .node_count = count,
                                .free_node = count - 1,
                                .order = arena_array(graph->arena, uint32_t, count),
                                .low = arena_array(graph->arena, uint32_t, count),
                                .next = arena_array(graph->arena, uint32_t, count),
                                .component = arena_array(graph->arena, uint32_t, count),
                                .path = arena_array(graph->arena, uint32_t, count),
                                .open = arena_array(graph->arena, uint32_t, count)};
    for (uint32_t n = 0; n < count; n++) search.component[n] = NONE;
    for (uint32_t n = 0; n < count; n++) {
        if (search.order[n] == 0) search_from(&search, n);
    }
    return search.component;
}

/* One connected part, its ends numbered from 0. */
static void solve_part(struct arena *scratch, struct assign_edge *edges, size_t edge_count,
                       uint32_t left_count, uint32_t right_count)
{
    struct graph graph;
    open_graph(scratch, edges, edge_count, left_count, right_count, &graph);
    for (uint32_t i = 0; i < left_count; i++) add_left(&graph, i);
    const uint32_t *component = find_components(&graph);
    for (uint32_t e = 0; e < edge_count; e++) {
        struct assign_edge *edge = &edges[e];
        bool mine = graph.left_edge[edge->left] == e;
        bool apart = component[edge->left] != component[left_count + edge->right];
        edge->chosen = mine && apart;
        edge->tied = !apart && (mine || is_tight(&graph, e));
    }
}

static void take_in_turn(struct arena *scratch, struct assign_edge *edges, size_t edge_count,
                         uint32_t left_count, uint32_t right_count)
{
    bool *left = arena_array(scratch, bool, left_count);
    bool *right = arena_array(scratch, bool, right_count);
    for (size_t e = 0; e < edge_count; e++) {
        edges[e].greedy = true;
        if (left[edges[e].left] || right[edges[e].right]) continue;
        edges[e].chosen = left[edges[e].left] = right[edges[e].right] = true;
    }
}

static uint32_t find_root(uint32_t *parents, uint32_t node)
{
    while (parents[node] != node) {
        parents[node] = parents[parents[node]];
        node = parents[node];
    }
    return node;
}

/* Edges by connected part, in each as they stood. Gives the parts' starts in `order`. */
static size_t split(struct arena *scratch, const struct assign_edge *edges, size_t edge_count,
                    uint32_t left_count, uint32_t node_count, uint32_t *order, uint32_t *starts)
{
    uint32_t *parents = arena_array(scratch, uint32_t, node_count);
    uint32_t *part = arena_array(scratch, uint32_t, node_count);
    size_t parts = 0;
    for (uint32_t n = 0; n < node_count; n++) parents[n] = n;
    for (size_t e = 0; e < edge_count; e++) {
        uint32_t one = find_root(parents, edges[e].left);
        parents[find_root(parents, left_count + edges[e].right)] = one;
    }
    for (size_t e = 0; e < edge_count; e++) {
        uint32_t *number = &part[find_root(parents, edges[e].left)];
        if (*number == 0) *number = (uint32_t)++parts;
        starts[*number]++;
    }
    for (size_t p = 0; p < parts; p++) starts[p + 1] += starts[p];
    uint32_t *places = arena_copy(scratch, starts, (parts + 1) * sizeof *starts);
    for (uint32_t e = 0; e < edge_count; e++) {
        order[places[part[find_root(parents, edges[e].left)] - 1]++] = e;
    }
    return parts;
}

/* The part's number of an end: 1, 2, … by first appearance. */
static uint32_t number_end(uint32_t *numbers, uint32_t end, uint32_t *count)
{
    if (numbers[end] == 0) numbers[end] = ++*count;
    return numbers[end] - 1;
}

void assign_solve(struct arena *scratch, struct assign_edge *edges, size_t edge_count,
                  uint32_t left_count, uint32_t right_count, uint64_t work_max)
{
    CHECK(edge_count < NONE);
    CHECK((uint64_t)left_count + right_count + 1 < NONE);
    uint32_t *order = arena_array(scratch, uint32_t, edge_count);
    uint32_t *starts = arena_array(scratch, uint32_t, edge_count + 1);
    uint32_t *lefts = arena_array(scratch, uint32_t, left_count);
    uint32_t *rights = arena_array(scratch, uint32_t, right_count);
    struct assign_edge *part = arena_array(scratch, struct assign_edge, edge_count);
    size_t parts =
        split(scratch, edges, edge_count, left_count, left_count + right_count, order, starts);
    for (size_t p = 0; p < parts; p++) {
        uint32_t left = 0, right = 0, count = starts[p + 1] - starts[p];
        for (uint32_t k = 0; k < count; k++) {
            const struct assign_edge *edge = &edges[order[starts[p] + k]];
            part[k] = (struct assign_edge){.left = number_end(lefts, edge->left, &left),
                                           .right = number_end(rights, edge->right, &right),
                                           .gain = edge->gain};
        }
        bool small = (uint64_t)(left < right ? left : right) * count <= work_max;
        if (small)
            solve_part(scratch, part, count, left, right);
        else
            take_in_turn(scratch, part, count, left, right);
        for (uint32_t k = 0; k < count; k++) {
            struct assign_edge *edge = &edges[order[starts[p] + k]];
            edge->chosen = part[k].chosen;
            edge->tied = part[k].tied;
            edge->greedy = part[k].greedy;
        }
    }
}
