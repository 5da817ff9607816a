/* Links two lists with libbaoxue and says what was found.
 *
 *     link_people SPEC.yaml LEFT.csv RIGHT.csv [MODEL.json]
 *
 * Compile: cc link_people.c -o link_people $(pkg-config --cflags --libs baoxue)
 * With MODEL.json, which `baoxue match --save-model` or baoxue_link_model writes, the weights are
 * taken from there; without, they are learnt. */

#include <baoxue/link.h>

#include <stdio.h>
#include <stdlib.h>

/* Ends the program with the sentence when a call failed. */
static void must(enum baoxue_link_status status, const struct baoxue_link_error *error)
{
    if (status == BAOXUE_LINK_OK) return;
    fprintf(stderr, "link_people: %s\n", error->en);
    exit(1);
}

/* A whole file as a text; the caller frees it. */
static char *read_text(const char *path)
{
    size_t size = 0, capacity = 1 << 16, read;
    char *text = malloc(capacity);
    FILE *file = fopen(path, "rb");
    if (text == NULL || file == NULL) {
        fprintf(stderr, "link_people: could not read %s\n", path);
        exit(1);
    }
    while ((read = fread(text + size, 1, capacity - size - 1, file)) > 0) {
        size += read;
        if (size + 1 < capacity) continue;
        capacity *= 2;
        text = realloc(text, capacity);
        if (text == NULL) exit(1);
    }
    fclose(file);
    text[size] = '\0';
    return text;
}

/* The number of the lightest pair that was joined, or of none. */
static size_t weakest(struct baoxue_link *link)
{
    size_t best = SIZE_MAX;
    int32_t least = INT32_MAX;
    for (size_t i = 0; i < baoxue_link_pair_count(link); i++) {
        struct baoxue_link_pair pair;
        baoxue_link_pair(link, i, &pair);
        if (!pair.joined || pair.weight_millibits >= least) continue;
        least = pair.weight_millibits;
        best = i;
    }
    return best;
}

/* Field by field: what speaks for a pair and what against it, in bits. */
static void explain(struct baoxue_link *link, uint32_t one, uint32_t two)
{
    struct baoxue_link_explanation why;
    struct baoxue_link_error error;
    must(baoxue_link_explain(link, one, two, &why, &error), &error);
    printf("%s and %s: %.3f bits, brought together by \"%s\"\n", baoxue_link_record_id(link, one),
           baoxue_link_record_id(link, two), why.weight_millibits / 1000.0,
           why.rule == NULL ? "no rule" : why.rule);
    printf("  %+9.3f  before anything is compared\n", why.prior_millibits / 1000.0);
    for (size_t f = 0; f < why.field_count; f++) {
        const struct baoxue_link_field *field = &why.fields[f];
        printf("  %+9.3f  %s: %s (\"%s\", \"%s\")\n",
               (field->weight_millibits + field->frequency_millibits) / 1000.0, field->label_en,
               field->level_en, field->one, field->two);
    }
}

static void print_counts(const struct baoxue_link *link)
{
    struct baoxue_link_counts counts;
    baoxue_link_counts(link, &counts);
    printf("%lu records, %llu pairs compared, %llu kept, %lu clusters\n",
           (unsigned long)counts.records, (unsigned long long)counts.pairs_compared,
           (unsigned long long)counts.pairs, (unsigned long)counts.clusters);
}

/* What a person says is stronger than any weight. */
static void decide(struct baoxue_link *link, uint32_t one, uint32_t two)
{
    struct baoxue_link_error error;
    must(baoxue_link_decide(link, one, two, 0, &error), &error);
    must(baoxue_link_run(link, &error), &error);
    printf("after a person said that %s and %s differ: ", baoxue_link_record_id(link, one),
           baoxue_link_record_id(link, two));
    print_counts(link);
}

int main(int count, char **arguments)
{
    struct baoxue_link *link;
    struct baoxue_link_error error;
    struct baoxue_link_pair pair;
    if (count < 4) {
        fprintf(stderr, "link_people SPEC.yaml LEFT.csv RIGHT.csv [MODEL.json]\n");
        return 2;
    }
    char *spec = read_text(arguments[1]);
    must(baoxue_link_open(&link, spec, BAOXUE_LINK_ALL, &error), &error);
    must(baoxue_link_add_file(link, BAOXUE_LINK_LEFT, arguments[2], &error), &error);
    must(baoxue_link_add_file(link, BAOXUE_LINK_RIGHT, arguments[3], &error), &error);
    if (count > 4) {
        char *model = read_text(arguments[4]);
        must(baoxue_link_set_model(link, model, BAOXUE_LINK_ALL, &error), &error);
        free(model);
    }
    must(baoxue_link_run(link, &error), &error);
    print_counts(link);
    for (size_t i = 0; i < baoxue_link_pair_count(link) && i < 3; i++) {
        baoxue_link_pair(link, i, &pair);
        printf("%s,%s,%ld\n", baoxue_link_record_id(link, pair.one),
               baoxue_link_record_id(link, pair.two), (long)pair.weight_millibits);
    }
    size_t doubtful = weakest(link);
    if (doubtful != SIZE_MAX) {
        baoxue_link_pair(link, doubtful, &pair);
        explain(link, pair.one, pair.two);
        decide(link, pair.one, pair.two);
    }
    baoxue_link_close(link);
    free(spec);
    return 0;
}
