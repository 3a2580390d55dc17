#include "checks/record_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/json_out.h"
#include "checks/sums.h"
#include "core/map.h"
#include "core/mem.h"

enum { EVIDENCE_BYTES_MAX = 16384, JUDGED_BYTES_MAX = 16384, VALUE_BYTES_MAX = 600 };

struct observed_record {
	const struct finding_kind *kind;
	enum regulation regulation;
	const char *subject_kind, *subject, *unit_code, *department;
	fen_t amount;
	const char *values; /* members of the evidence, without braces; "" = none */
};

struct record_set {
	const struct unit_tree *units;
	day_t as_of;
	int64_t known_batch;
	struct facts *texts, *years_texts; /* pools only */
	struct map years; /* of subjects that several pieces may speak of, those that one did */
	struct observed_record *items;
	size_t count, capacity;
	struct map places; /* code and subject -> place */
	struct buf evidence, judged;
	char *print;
};

struct record_set *record_set_new(const struct unit_tree *units, day_t as_of, int64_t known_batch)
{
	struct record_set *set = mem_zero(1, sizeof(*set));

	set->units = units;
	set->as_of = as_of;
	set->known_batch = known_batch;
	set->texts = facts_new();
	set->years_texts = facts_new();
	buf_init(&set->evidence, EVIDENCE_BYTES_MAX);
	buf_init(&set->judged, JUDGED_BYTES_MAX);
	return set;
}

void record_set_free(struct record_set *set)
{
	if (!set)
		return;
	facts_free(set->texts);
	facts_free(set->years_texts);
	map_free(&set->places);
	map_free(&set->years);
	buf_free(&set->evidence);
	buf_free(&set->judged);
	free(set->print);
	free(set->items);
	free(set);
}

void record_set_clear(struct record_set *set)
{
	facts_free(set->texts);
	set->texts = facts_new();
	map_free(&set->places);
	set->places = (struct map)MAP_INIT;
	set->count = 0;
}

static void write_value(struct json_out *out, const struct finding_value *value)
{
	if (value->text)
		json_text_cut(out, value->name, value->text, VALUE_BYTES_MAX);
	else if (value->day != DAY_NONE)
		json_day(out, value->name, value->day);
	else
		json_int(out, value->name, value->number);
}

/* The values as the inside of a JSON object. */
static const char *values_text(struct record_set *set, const struct data_finding *finding)
{
	struct json_out out;
	char *text;

	if (!finding->values[0].name)
		return "";
	buf_reset(&set->evidence);
	json_out_init(&out, &set->evidence, NULL, NULL);
	json_object_begin(&out, NULL);
	for (int i = 0; i < FINDING_VALUES_MAX && finding->values[i].name; i++)
		write_value(&out, &finding->values[i]);
	json_object_end(&out);
	if (json_finish(&out) < 0)
		BUG("values of one finding above %d bytes", EVIDENCE_BYTES_MAX);
	text = set->evidence.data;
	return facts_text(set->texts, text);
}

static struct observed_record *place_for(
	struct record_set *set, const struct finding_kind *kind, const char *subject, bool *ret_new)
{
	uint32_t place = map_put2(&set->places, kind->code, subject, (uint32_t)set->count);

	*ret_new = place == MAP_NONE;
	if (place != MAP_NONE)
		return &set->items[place];
	MEM_GROW(set->items, set->count, set->capacity);
	return &set->items[set->count++];
}

/* A department's year is no procurement's own: the first piece that speaks of it does so for all. */
static bool said_before(struct record_set *set, const struct data_finding *finding)
{
	return strcmp(finding->subject_kind, "year") == 0 &&
	       map_put2(&set->years, facts_text(set->years_texts, finding->code),
		       facts_text(set->years_texts, finding->subject), 1) != MAP_NONE;
}

void record_set_add(void *arg, const struct data_finding *finding)
{
	struct record_set *set = arg;
	const struct finding_kind *kind = finding_kind_find(finding->code);
	const char *subject;
	fen_t amount = finding->amount == NUMBER_NONE ? 0 : finding->amount;
	struct observed_record *item;
	bool new;

	if (!kind)
		BUG("the finding %s has no words", finding->code);
	if (said_before(set, finding))
		return;
	subject = facts_text(set->texts, finding->subject);
	item = place_for(set, kind, subject, &new);
	if (!new) {
		sum_add(&item->amount, amount);
		return;
	}
	*item = (struct observed_record){ .kind = kind,
		.regulation = finding->regulation,
		.subject_kind = finding->subject_kind,
		.subject = subject,
		.unit_code = facts_text(set->texts, finding->unit_code),
		.department = unit_tree_department(set->units, finding->unit_code, set->as_of),
		.amount = amount,
		.values = values_text(set, finding) };
}

size_t record_set_count(const struct record_set *set)
{
	return set->count;
}

static const char *evidence_of(struct record_set *set, const struct observed_record *item)
{
	struct json_out out;

	buf_reset(&set->evidence);
	json_out_init(&out, &set->evidence, NULL, NULL);
	json_object_begin(&out, NULL);
	json_day(&out, "as_of", set->as_of);
	json_int(&out, "known_batch", set->known_batch);
	json_text(&out, "rule", item->kind->rule_id);
	json_text(&out, "citation", finding_citation(item->kind, item->regulation));
	json_text(&out, "words", item->kind->words);
	json_fen(&out, "amount_fen", item->amount);
	if (*item->values)
		json_raw(&out, "values", item->values);
	json_object_end(&out);
	if (json_finish(&out) < 0)
		BUG("evidence of one finding above %d bytes", EVIDENCE_BYTES_MAX);
	return set->evidence.data;
}

void record_set_fill(void *arg, size_t index, struct finding_seen *ret_seen)
{
	struct record_set *set = arg;
	const struct observed_record *item = &set->items[index];

	free(set->print);
	set->print =
		mem_format("%lld|%s|%s", (long long)item->amount, item->unit_code, item->values);
	*ret_seen = (struct finding_seen){
		.rule_id = item->kind->rule_id,
		.code = item->kind->code,
		.subject_kind = item->subject_kind,
		.subject = item->subject,
		.unit_code = item->unit_code,
		.department = item->department,
		.severity = "info",
		.amount = item->amount,
		.currency = "CNY",
		.print = set->print,
		.evidence = evidence_of(set, item),
	};
}

const char *record_set_judged(struct record_set *set, bool whole)
{
	size_t count;
	const struct finding_kind *kinds = finding_kinds(&count);
	struct json_out out;

	buf_reset(&set->judged);
	json_out_init(&out, &set->judged, NULL, NULL);
	json_array_begin(&out, NULL);
	for (size_t i = 0; i < count; i++) {
		json_object_begin(&out, NULL);
		json_text(&out, "code", kinds[i].code);
		if (whole)
			json_text(&out, "pattern", "%");
		else
			json_bool(&out, "touched", true);
		json_object_end(&out);
	}
	json_array_end(&out);
	if (json_finish(&out) < 0)
		BUG("the list of findings is above %d bytes", JUDGED_BYTES_MAX);
	return set->judged.data;
}
