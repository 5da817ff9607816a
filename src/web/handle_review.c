#include "web/routes.h"
#include "web/show.h"

static void write_side(struct json *json, const struct view_line *line)
{
    json_object(json);
    show_line(json, line);
    json_object_end(json);
}

static void write_review(struct json *json, const struct view_review *review)
{
    bool open = review->verdict == REVIEW_OPEN;
    json_key_i64(json, "pair", review->number);
    answer_ppm(json, "probability", review->probability_ppm);
    json_key_i64(json, "weight_millibits", review->weight_millibits);
    json_key_bool(json, "joined", review->joined);
    show_text_or_null(json, "verdict",
                      open ? STR_EMPTY : str_from(review_verdict_key(review->verdict)));
    show_text_or_null(json, "decided_by", review->decided_by);
    show_ms_or_null(json, "decided_ms", review->decided_ms);
    show_text_or_null(json, "why", review->why);
    json_key_i64(json, "version", review->version);
    json_key(json, "left");
    write_side(json, &review->left);
    json_key(json, "right");
    write_side(json, &review->right);
}

static bool reviews(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_review *rows;
    size_t count, total;
    struct view_page page = show_page(request);
    bool decided = str_is(request_text(request, "status"), "decided");
    if (!show_open(request, answer, &view, err)
        || !view_reviews(&view, decided, &page, &rows, &count, &total, err)) {
        return false;
    }
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        write_review(json, &rows[i]);
        json_object_end(json);
    }
    answer_rows_end(answer, request, total);
    return true;
}

static void write_others(struct json *json, const char *key, const struct view_line *lines,
                         size_t count)
{
    json_key(json, key);
    json_list(json);
    for (size_t i = 0; i < count; i++) write_side(json, &lines[i]);
    json_list_end(json);
}

static bool review(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_review_pair pair;
    if (!show_open(request, answer, &view, err)
        || !view_review(&view, request_i64(request, "pair", 0), &pair, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    write_review(json, &pair.review);
    show_fields(json, "fields", &pair.explanation);
    json_key(json, "left_record");
    show_record(json, &pair.left);
    json_key(json, "right_record");
    show_record(json, &pair.right);
    write_others(json, "left_others", pair.left_others, pair.left_count);
    write_others(json, "right_others", pair.right_others, pair.right_count);
    json_object_end(json);
    return true;
}

static void write_verdict(struct json *json, enum review_verdict verdict, struct str why)
{
    show_text_or_null(json, "verdict",
                      verdict == REVIEW_OPEN ? STR_EMPTY : str_from(review_verdict_key(verdict)));
    show_text_or_null(json, "why", why);
}

/* Somebody decided since the asker looked: what they decided, beside what the asker wanted. Other
 * conflicts stay what they are. */
static bool tell_conflict(struct request *request, struct answer *answer,
                          enum review_verdict wanted, struct err *err)
{
    struct review_last last;
    struct err unread = ERR_INIT;
    if (err->kind != ERR_CONFLICT
        || !review_last(request->workspace->store, request->arena, request_i64(request, "pair", 0),
                        &last, &unread)
        || last.version == request_i64(request, "version", 0)) {
        return false;
    }
    struct json *json = answer_conflict(answer, err);
    json_key(json, "theirs");
    json_object(json);
    write_verdict(json, last.verdict, last.why);
    json_key_str(json, "by", last.user);
    json_key_i64(json, "at_ms", last.at_ms);
    json_key_i64(json, "version", last.version);
    json_object_end(json);
    json_key(json, "yours");
    json_object(json);
    write_verdict(json, wanted, request_text(request, "why"));
    json_object_end(json);
    json_object_end(json);
    return true;
}

/* The pair must be one that the asker sees; what was decided is kept at once, and a new snapshot
 * that rests on it is made behind. */
static bool settle(struct request *request, struct answer *answer, enum review_verdict verdict,
                   struct err *err)
{
    struct view view;
    struct view_review_pair pair;
    int64_t number = request_i64(request, "pair", 0), version, task;
    if (!show_open(request, answer, &view, err) || !view_review(&view, number, &pair, err)) {
        return false;
    }
    if (!review_decide(&request->workspace->registry, &request->asker, number, verdict,
                       request_text(request, "why"), request_i64(request, "version", 0), &version,
                       err)) {
        return tell_conflict(request, answer, verdict, err);
    }
    struct err busy = ERR_INIT;
    bool wished = snapshot_wish(request->parts->hub, request->parts->tasks, &task, &busy);
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_i64(json, "pair", number);
    show_text_or_null(json, "verdict",
                      verdict == REVIEW_OPEN ? STR_EMPTY : str_from(review_verdict_key(verdict)));
    json_key_i64(json, "version", version);
    json_key(json, "task");
    if (wished) {
        json_i64(json, task);
    } else {
        json_null(json);
    }
    json_object_end(json);
    return true;
}

static bool decide(struct request *request, struct answer *answer, struct err *err)
{
    int verdict = review_verdict_of(request_text(request, "verdict"));
    CHECK(verdict >= 0);
    return settle(request, answer, (enum review_verdict)verdict, err);
}

static bool take_back(struct request *request, struct answer *answer, struct err *err)
{
    return settle(request, answer, REVIEW_OPEN, err);
}

#define PAIR_NUMBER                                                                                \
    {                                                                                              \
        "pair", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "存疑对的编号",                      \
            "number of the doubtful pair"                                                          \
    }
#define SEEN                                                                                       \
    {                                                                                              \
        "version", IN_BODY, PARAMETER_INTEGER, true, 0, 0, NULL,                                   \
            "所见裁定的版本，之后有人改过则不作更改",                                              \
            "version of the decision that was seen; nothing changes when there is a later one"     \
    }
#define WHY                                                                                        \
    {                                                                                              \
        "why", IN_BODY, PARAMETER_TEXT, true, 0, 500, NULL, "理由，记入审计", "why; audited"       \
    }

const struct route routes_review[] = {
    {.method = METHOD_GET,
     .pattern = "/api/reviews",
     .capability = CAPABILITY_REVIEW,
     .area = ROUTE_AREA_ROWS,
     .handle = reviews,
     .zh = "存疑的记录对：待裁定的最拿不准的在前，已裁定的最近的在前",
     .en = "doubtful pairs: those that wait, most doubtful first, or those decided, newest first",
     .parameters = {{"status", IN_QUERY, PARAMETER_CHOICE, false, 0, 0, "open|decided",
                     "待裁定或已裁定", "that wait or are decided"},
                    ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/reviews/{pair}",
     .capability = CAPABILITY_REVIEW,
     .area = ROUTE_AREA_ROWS,
     .handle = review,
     .zh = "一对记录逐项比较，及两人的其他记录",
     .en = "a pair side by side, field by field, with the other records of both persons",
     .parameters = {PAIR_NUMBER}},
    {.method = METHOD_POST,
     .pattern = "/api/reviews/{pair}/decision",
     .capability = CAPABILITY_REVIEW,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = decide,
     .zh = "裁定：同一人、两个人，或去核实",
     .en = "decides: one person, two persons, or a visit first",
     .parameters = {PAIR_NUMBER,
                    {"verdict", IN_BODY, PARAMETER_CHOICE, true, 0, 0, "same|different|visit",
                     "裁定", "the verdict"},
                    WHY,
                    SEEN}},
    {.method = METHOD_DELETE,
     .pattern = "/api/reviews/{pair}/decision",
     .capability = CAPABILITY_REVIEW,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = take_back,
     .zh = "撤回裁定，重新待裁定",
     .en = "takes the decision back; the pair is undecided again",
     .parameters = {PAIR_NUMBER, WHY, SEEN}},
    {.pattern = NULL},
};
