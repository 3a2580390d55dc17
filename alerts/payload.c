#include "alerts/payload.h"

#include "alerts/payload_read.h"
#include "core/mem.h"

static const char *const type_names[] = { "sme.quota.gap", "sme.arrears.suspected",
	"sme.calendar.missing", "sme.source.health", "sme.channel.test", "sme.digest",
	"sme.arrears.step", "sme.monitor.state" };
static const char *const monitor_names[] = { "channel", "undelivered", "clock", "loop", "disk",
	"refused", "quiet" };
static const char *const step_names[] = { "interview", "supervise", "report" };
static const char *const event_names[] = { "opened", "updated", "closed", "reopened" };
static const char *const severity_names[] = { "info", "notice", "warning", "urgent" };

static int word_of(
	struct payload_reader *r, const char *member, int must, const char *const *words, int count)
{
	const char *text = payload_read_text(r, member, must);

	for (int i = 0; i < count; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	err_set(r->err, ERR_DATA, "%s.%s \"%.40s\" is not known", r->where, member, text);
	return 0;
}
#define WORD_OF(r, member, words)                                                                  \
	word_of(r, member, PAYLOAD_MUST, words, (int)(sizeof(words) / sizeof(*(words))))
/* The first word, which is empty, where the member is absent. */
#define WORD_OR_NONE(r, member, words)                                                             \
	word_of(r, member, PAYLOAD_MAY_MISS, words, (int)(sizeof(words) / sizeof(*(words))))

static bool timestamp_valid(const char *text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";

	for (size_t i = 0; i < sizeof(form); i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';
		if (form[i] == 'd' ? !digit : text[i] != form[i])
			return false;
	}
	return true;
}

/* jansson makes a double of 1.5, which no amount may ever be. */
static bool has_fraction(const json_t *value)
{
	const char *key;
	json_t *child;
	size_t i;

	if (json_is_real(value))
		return true;
	if (json_is_array(value)) {
		json_array_foreach(value, i, child) if (has_fraction(child)) return true;
	} else if (json_is_object(value)) {
		json_object_foreach(
			(json_t *)value, key, child) if (has_fraction(child)) return true;
	}
	return false;
}

static void read_party(struct payload_reader *top, const char *member, int must, const char **code,
	const char **name)
{
	json_t *object = payload_read_object(top, member, must);
	struct payload_reader r = { object, member, top->err };

	*code = object ? payload_read_text(&r, "code", PAYLOAD_MUST) : "";
	*name = object ? payload_read_text(&r, "name", PAYLOAD_MAY_MISS) : "";
	if (!**name)
		*name = *code;
}

static void read_coverage(struct payload *p, struct payload_reader *top)
{
	json_t *object = payload_read_object(top, "coverage", PAYLOAD_MAY_MISS);
	struct payload_reader r = { object, "coverage", top->err };

	p->known_at = object ? payload_read_text(&r, "known_at", PAYLOAD_MAY_MISS) : "";
	p->known_batch = object ? payload_read_int(&r, "known_batch", PAYLOAD_MAY_MISS, -1) : -1;
	p->contracts_ppm =
		object ? payload_read_int(&r, "contracts_ppm", PAYLOAD_MAY_MISS, -1) : -1;
	p->payments_ppm = object ? payload_read_int(&r, "payments_ppm", PAYLOAD_MAY_MISS, -1) : -1;
}

static day_t read_day_if_there(struct payload_reader *r, const char *member)
{
	return json_object_get(r->object, member) ? payload_read_day(r, member) : DAY_NONE;
}

static void read_quota_row(struct payload_quota_row *row, struct payload_reader *r)
{
	static const char *const targets[] = { "sme", "small_micro" };
	static const char *const outlooks[] = { "", "on-target", "gap-fixable", "gap-at-risk",
		"out-of-reach" };

	row->small_micro = WORD_OF(r, "target", targets) == 1;
	row->floor_ppm = payload_read_int(r, "floor_ppm", PAYLOAD_MUST, 0);
	row->base_fen = payload_read_int(r, "base_fen", PAYLOAD_MUST, 0);
	row->amount_fen = payload_read_int(r, "amount_fen", PAYLOAD_MUST, 0);
	row->gap_fen = payload_read_int(r, "gap_fen", PAYLOAD_MUST, 0);
	row->outlook = (enum payload_outlook)WORD_OR_NONE(r, "outlook", outlooks);
	row->last_day = read_day_if_there(r, "last_day");
	row->last_day_at_most = read_day_if_there(r, "last_day_at_most");
	row->workdays_left = payload_read_int(r, "workdays_left", PAYLOAD_MAY_MISS, -1);
	row->quiet = payload_read_bool(r, "quiet");
	if (row->base_fen < 0 || row->amount_fen < 0 || row->gap_fen < 0)
		err_set(r->err, ERR_DATA, "%s has a negative amount", r->where);
}

static void read_quota(struct payload *p, struct payload_reader *top)
{
	static const char *const views[] = { "strict", "adjusted" };
	static const char *const phases[] = { "", "in-year", "preliminary", "final" };
	struct payload_reader r = { payload_read_object(top, "quota", PAYLOAD_MUST), "quota",
		top->err };
	json_t *rows = payload_read_array(&r, "rows", 2, PAYLOAD_MUST);

	p->fiscal_year = (int)payload_read_int(&r, "fiscal_year", PAYLOAD_MUST, 0);
	p->adjusted = WORD_OF(&r, "view", views) == 1;
	p->reservable_fen = payload_read_int(&r, "reservable_fen", PAYLOAD_MAY_MISS, 0);
	p->has_reservable = json_is_integer(json_object_get(r.object, "reservable_fen"));
	p->nameable_fen = payload_read_int(&r, "nameable_fen", PAYLOAD_MAY_MISS, -1);
	p->phase = (enum payload_phase)WORD_OR_NONE(&r, "phase", phases);
	p->quota_count = (int)json_array_size(rows);
	for (int i = 0; i < p->quota_count; i++) {
		struct payload_reader row = { json_array_get(rows, (size_t)i), "quota.rows[]",
			top->err };
		read_quota_row(&p->quota[i], &row);
	}
}

static void read_arrears_row(struct payload_arrears_row *row, struct payload_reader *r)
{
	row->obligation_no = payload_read_text(r, "obligation_no", PAYLOAD_MUST);
	row->contract_no = payload_read_text(r, "contract_no", PAYLOAD_MAY_MISS);
	row->supplier_name = payload_read_text(r, "supplier_name", PAYLOAD_MAY_MISS);
	row->project_name = payload_read_text(r, "project_name", PAYLOAD_MAY_MISS);
	row->rule = payload_read_text(r, "rule", PAYLOAD_MAY_MISS);
	row->due_on = payload_read_day(r, "due_on");
	row->overdue_days = payload_read_int(r, "overdue_days", PAYLOAD_MUST, 0);
	row->overdue_fen = payload_read_int(r, "overdue_fen", PAYLOAD_MUST, 0);
	row->disputed_fen = payload_read_int(r, "disputed_fen", PAYLOAD_MAY_MISS, 0);
	row->interest_fen = payload_read_int(r, "interest_fen", PAYLOAD_MAY_MISS, 0);
	row->has_interest = json_is_integer(json_object_get(r->object, "interest_fen"));
	row->fresh = payload_read_bool(r, "new");
	row->verified = payload_read_bool(r, "verified");
}

static void read_due_soon(struct payload *p, struct payload_reader *arrears)
{
	struct payload_reader r = { payload_read_object(arrears, "due_soon", PAYLOAD_MAY_MISS),
		"arrears.due_soon", arrears->err };
	json_t *rows;

	if (!r.object)
		return;
	rows = payload_read_array(&r, "rows", PAYLOAD_ROWS_MAX, PAYLOAD_MUST);
	p->due_total = payload_read_int(&r, "rows_total", PAYLOAD_MUST, 0);
	p->due_fen = payload_read_int(&r, "amount_fen", PAYLOAD_MUST, 0);
	p->due_count = (int)json_array_size(rows);
	p->due_rows = mem_zero((size_t)p->due_count + 1, sizeof(*p->due_rows));
	for (int i = 0; i < p->due_count; i++) {
		struct payload_reader row = { json_array_get(rows, (size_t)i),
			"arrears.due_soon.rows[]", arrears->err };
		p->due_rows[i] = (struct payload_due_row){
			.obligation_no = payload_read_text(&row, "obligation_no", PAYLOAD_MUST),
			.contract_no = payload_read_text(&row, "contract_no", PAYLOAD_MAY_MISS),
			.supplier_name = payload_read_text(&row, "supplier_name", PAYLOAD_MAY_MISS),
			.due_on = payload_read_day(&row, "due_on"),
			.amount_fen = payload_read_int(&row, "amount_fen", PAYLOAD_MUST, 0),
		};
	}
}

static void read_arrears(struct payload *p, struct payload_reader *top)
{
	struct payload_reader r = { payload_read_object(top, "arrears", PAYLOAD_MUST), "arrears",
		top->err };
	json_t *rows = payload_read_array(&r, "rows", PAYLOAD_ROWS_MAX, PAYLOAD_MUST);

	p->rows_total = payload_read_int(&r, "rows_total", PAYLOAD_MUST, 0);
	p->rows_new = payload_read_int(&r, "rows_new", PAYLOAD_MAY_MISS, 0);
	p->rows_cleared = payload_read_int(&r, "rows_cleared", PAYLOAD_MAY_MISS, 0);
	p->overdue_fen = payload_read_int(&r, "overdue_fen", PAYLOAD_MUST, 0);
	p->row_count = (int)json_array_size(rows);
	p->rows = mem_zero((size_t)p->row_count + 1, sizeof(*p->rows));
	if (p->rows_total < p->row_count)
		err_set(top->err, ERR_DATA, "arrears.rows_total is less than the rows given");
	for (int i = 0; i < p->row_count; i++) {
		struct payload_reader row = { json_array_get(rows, (size_t)i), "arrears.rows[]",
			top->err };
		read_arrears_row(&p->rows[i], &row);
	}
	read_due_soon(p, &r);
}

static void read_step(struct payload *p, struct payload_reader *top)
{
	struct payload_reader r = { payload_read_object(top, "step", PAYLOAD_MUST), "step",
		top->err };

	p->step = (enum payload_step)WORD_OF(&r, "step", step_names);
	p->step_addressee = payload_read_text(&r, "addressee", PAYLOAD_MUST);
	p->step_decided_by = payload_read_text(&r, "decided_by", PAYLOAD_MUST);
	p->step_decided_on = payload_read_day(&r, "decided_on");
	p->step_reason = payload_read_text(&r, "reason", PAYLOAD_MUST);
}

static void read_calendar(struct payload *p, struct payload_reader *top)
{
	struct payload_reader r = { payload_read_object(top, "calendar", PAYLOAD_MUST), "calendar",
		top->err };

	p->calendar_year = (int)payload_read_int(&r, "year", PAYLOAD_MUST, 0);
	p->calendar_obligations = payload_read_int(&r, "obligations", PAYLOAD_MUST, 0);
}

static void read_fault(struct payload_fault_row *fault, struct payload_reader *r)
{
	static const char *const faults[PAYLOAD_FAULTS] = { "late", "no-data", "empty", "shrunk",
		"columns", "unit-suspect", "zeros-lost", "totals", "conflict", "unread-file",
		"unread-sheet", "ahead" };

	*fault = (struct payload_fault_row){
		.fault = (enum payload_fault)WORD_OF(r, "fault", faults),
		.since = payload_read_text(r, "since", PAYLOAD_MAY_MISS),
		.why = payload_read_text(r, "why", PAYLOAD_MAY_MISS),
		.kind = payload_read_text(r, "kind", PAYLOAD_MAY_MISS),
		.column = payload_read_text(r, "column", PAYLOAD_MAY_MISS),
		.file = payload_read_text(r, "file", PAYLOAD_MAY_MISS),
		.before = payload_read_int(r, "before", PAYLOAD_MAY_MISS, 0),
		.now = payload_read_int(r, "now", PAYLOAD_MAY_MISS, 0),
		.row = payload_read_int(r, "row", PAYLOAD_MAY_MISS, 0),
		.stated_fen = payload_read_int(r, "stated_fen", PAYLOAD_MAY_MISS, 0),
		.taken_fen = payload_read_int(r, "taken_fen", PAYLOAD_MAY_MISS, 0),
		.more = payload_read_texts(r, "more", PAYLOAD_MAY_MISS),
		.fewer = payload_read_texts(r, "fewer", PAYLOAD_MAY_MISS),
	};
}

static void read_source(struct payload *p, struct payload_reader *top)
{
	struct payload_reader r = { payload_read_object(top, "source", PAYLOAD_MUST), "source",
		top->err };
	json_t *rows = payload_read_array(&r, "faults", PAYLOAD_ROWS_MAX, PAYLOAD_MUST);

	p->source_name = payload_read_text(&r, "name", PAYLOAD_MUST);
	p->fault_count = p->faults_total = (int)json_array_size(rows);
	p->faults = mem_zero((size_t)p->fault_count + 1, sizeof(*p->faults));
	for (int i = 0; i < p->fault_count; i++) {
		struct payload_reader row = { json_array_get(rows, (size_t)i), "source.faults[]",
			top->err };
		read_fault(&p->faults[i], &row);
	}
}

static void read_monitor(struct payload *p, struct payload_reader *top)
{
	struct payload_reader r = { payload_read_object(top, "monitor", PAYLOAD_MUST), "monitor",
		top->err };

	p->monitor = (enum payload_monitor)WORD_OF(&r, "fault", monitor_names);
	p->monitor_subject = payload_read_text(&r, "subject", PAYLOAD_MAY_MISS);
	p->monitor_detail = payload_read_text(&r, "detail", PAYLOAD_MAY_MISS);
	p->monitor_since = payload_read_text(&r, "since", PAYLOAD_MAY_MISS);
	p->monitor_value = payload_read_int(&r, "value", PAYLOAD_MAY_MISS, 0);
}

static void read_item(struct payload_item *item, struct payload_reader *r)
{
	item->ref = payload_read_text(r, "ref", PAYLOAD_MUST);
	item->case_key = payload_read_text(r, "case", PAYLOAD_MUST);
	item->type = (enum payload_type)WORD_OF(r, "type", type_names);
	item->event = (enum payload_event)WORD_OF(r, "event", event_names);
	item->unit_code = payload_read_text(r, "unit_code", PAYLOAD_MAY_MISS);
	item->unit_name = payload_read_text(r, "unit_name", PAYLOAD_MAY_MISS);
	item->rows_total = payload_read_int(r, "rows_total", PAYLOAD_MAY_MISS, 0);
	item->amount_fen = payload_read_int(r, "amount_fen", PAYLOAD_MAY_MISS, 0);
	item->due_total = payload_read_int(r, "due_total", PAYLOAD_MAY_MISS, 0);
	item->due_fen = payload_read_int(r, "due_fen", PAYLOAD_MAY_MISS, 0);
	if (!*item->unit_name)
		item->unit_name = item->unit_code;
}

static void read_digest(struct payload *p, struct payload_reader *top)
{
	struct payload_reader r = { payload_read_object(top, "digest", PAYLOAD_MUST), "digest",
		top->err };
	json_t *items = payload_read_array(&r, "items", PAYLOAD_ROWS_MAX, PAYLOAD_MUST);

	p->cases_total = payload_read_int(&r, "cases_total", PAYLOAD_MUST, 0);
	p->item_count = (int)json_array_size(items);
	p->items = mem_zero((size_t)p->item_count + 1, sizeof(*p->items));
	for (int i = 0; i < p->item_count; i++) {
		struct payload_reader item = { json_array_get(items, (size_t)i), "digest.items[]",
			top->err };
		read_item(&p->items[i], &item);
	}
}

static void read_preceded(struct payload *p, struct payload_reader *top)
{
	json_t *list = payload_read_array(top, "preceded", PAYLOAD_PRECEDED_MAX, PAYLOAD_MAY_MISS);

	p->preceded_count = (int)json_array_size(list);
	p->preceded_more = payload_read_int(top, "preceded_more", PAYLOAD_MAY_MISS, 0);
	p->preceded = mem_zero((size_t)p->preceded_count + 1, sizeof(*p->preceded));
	for (int i = 0; i < p->preceded_count; i++) {
		struct payload_reader r = { json_array_get(list, (size_t)i), "preceded[]",
			top->err };

		p->preceded[i].ref = payload_read_text(&r, "ref", PAYLOAD_MUST);
		p->preceded[i].event = (enum payload_event)WORD_OF(&r, "event", event_names);
		p->preceded[i].timestamp = payload_read_text(&r, "timestamp", PAYLOAD_MAY_MISS);
	}
}

static void read_common(struct payload *p, struct payload_reader *r)
{
	p->type = (enum payload_type)WORD_OF(r, "type", type_names);
	p->type_text = type_names[p->type];
	p->event = (enum payload_event)WORD_OF(r, "event", event_names);
	p->severity = severity_names[WORD_OF(r, "severity", severity_names)];
	p->timestamp = payload_read_text(r, "timestamp", PAYLOAD_MUST);
	if (!timestamp_valid(p->timestamp))
		err_set(r->err, ERR_DATA, "payload.timestamp is not like 2026-10-06T01:00:00Z");
	p->as_of = payload_read_day(r, "as_of");
	p->case_key = payload_read_text(r, "case", PAYLOAD_MUST);
	p->jurisdiction = payload_read_text(r, "jurisdiction", PAYLOAD_MAY_MISS);
	p->program = payload_read_text(r, "program", PAYLOAD_MAY_MISS);
	p->demonstration = payload_read_bool(r, "demonstration");
	p->rules = payload_read_texts(r, "rules", PAYLOAD_MUST);
	p->citations = payload_read_texts(r, "citations", PAYLOAD_MAY_MISS);
	read_party(r, "unit", PAYLOAD_MUST, &p->unit_code, &p->unit_name);
	read_party(r, "department", PAYLOAD_MAY_MISS, &p->department_code, &p->department_name);
	read_coverage(p, r);
}

static void read_all(struct payload *p, struct payload_reader *r)
{
	if (!json_is_object(r->object)) {
		err_set(r->err, ERR_DATA, "the payload is not a JSON object");
		return;
	}
	if (has_fraction(r->object)) {
		err_set(r->err, ERR_DATA, "the payload holds a number with a fraction");
		return;
	}
	read_common(p, r);
	if (p->type == PAYLOAD_QUOTA)
		read_quota(p, r);
	else if (p->type == PAYLOAD_ARREARS || p->type == PAYLOAD_STEP)
		read_arrears(p, r);
	else if (p->type == PAYLOAD_CALENDAR)
		read_calendar(p, r);
	else if (p->type == PAYLOAD_SOURCE)
		read_source(p, r);
	else if (p->type == PAYLOAD_DIGEST)
		read_digest(p, r);
	if (p->type == PAYLOAD_STEP)
		read_step(p, r);
	if (p->type == PAYLOAD_MONITOR)
		read_monitor(p, r);
	read_preceded(p, r);
}

struct payload *payload_parse(const char *text, size_t length, struct err *err)
{
	struct err first = ERR_INIT;
	json_error_t where;
	struct payload *p;
	struct payload_reader r = { NULL, "payload", &first };

	if (length > PAYLOAD_BYTES_MAX) {
		err_set(err, ERR_LIMIT, "the payload has %zu bytes, at most %d are allowed", length,
			PAYLOAD_BYTES_MAX);
		return NULL;
	}
	r.object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &where);
	if (!r.object) {
		err_set(err, ERR_DATA, "the payload is not JSON: %s", where.text);
		return NULL;
	}
	p = mem_zero(1, sizeof(*p));
	p->root = r.object;
	read_all(p, &r);
	if (first.code != ERR_NONE) {
		err_set(err, first.code, "%s", first.text);
		payload_free(p);
		return NULL;
	}
	return p;
}

void payload_free(struct payload *p)
{
	if (!p)
		return;
	free(p->rules);
	free(p->citations);
	free(p->rows);
	free(p->items);
	free(p->preceded);
	free(p->due_rows);
	for (int i = 0; i < p->faults_total; i++) {
		free(p->faults[i].more);
		free(p->faults[i].fewer);
	}
	free(p->faults);
	json_decref(p->root);
	free(p);
}

static void drop_interest(json_t *rows)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) json_object_del(row, "interest_fen");
}

bool payload_shorten(struct payload *payload)
{
	int *longest = &payload->row_count;

	if (payload->due_count >= *longest)
		longest = &payload->due_count;
	if (payload->fault_count > *longest)
		longest = &payload->fault_count;
	if (*longest == 0)
		return false;
	*longest -= *longest / 8 + 1;
	return true;
}

/* Cuts a list to count; true = something was cut. */
static bool cut_list(json_t *whose, const char *name, const char *shown, int count)
{
	json_t *list = json_object_get(whose, name);
	size_t have = json_array_size(list);

	if (have <= (size_t)count)
		return false;
	while (have > (size_t)count)
		json_array_remove(list, --have);
	json_object_set_new(whose, shown, json_integer(count));
	return true;
}

static void cut_lists(json_t *data, const struct payload *payload)
{
	json_t *arrears = json_object_get(data, "arrears");
	json_t *source = json_object_get(data, "source");

	cut_list(arrears, "rows", "rows_shown", payload->row_count);
	cut_list(json_object_get(arrears, "due_soon"), "rows", "rows_shown", payload->due_count);
	if (cut_list(source, "faults", "faults_shown", payload->fault_count))
		json_object_set_new(source, "faults_total", json_integer(payload->faults_total));
}

char *payload_json(
	struct payload *payload, const char *ref, bool interest, size_t max, struct err *err)
{
	json_t *data = json_deep_copy(payload->root);
	char *text = NULL;

	json_object_set_new(data, "ref", json_string(ref));
	if (!interest)
		drop_interest(json_object_get(json_object_get(data, "arrears"), "rows"));
	for (;;) {
		text = json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS);
		if (!text)
			err_set(err, ERR_DATA, "the payload cannot be written as JSON");
		if (!text || strlen(text) <= max)
			break;
		free(text);
		text = NULL;
		if (!payload_shorten(payload)) {
			err_set(err, ERR_LIMIT, "the payload does not fit into %zu bytes", max);
			break;
		}
		cut_lists(data, payload);
	}
	json_decref(data);
	return text;
}
