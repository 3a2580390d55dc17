#include "alerts/wording.h"

#include "alerts/clean.h"
#include "alerts/wording_digest.h"
#include "alerts/wording_monitor.h"
#include "alerts/wording_source.h"
#include "alerts/wording_step.h"
#include "alerts/wording_table.h"
#include "core/text.h"

/* One rendering under way. */
struct writer {
	struct wording *text;
	const struct payload *p;
	const struct wording_set *w;
	const struct wording_options *options;
	const char *ref;
};

char *wording_share(fen_t part, fen_t whole, char room[WORDING_SHARE_MAX])
{
	wide_t hundredths;

	if (whole <= 0 || part < 0) {
		snprintf(room, WORDING_SHARE_MAX, "–");
		return room;
	}
	hundredths = (wide_t)part * 10000 / whole;
	if (hundredths > 99999999)
		hundredths = 99999999;
	snprintf(room, WORDING_SHARE_MAX, "%lld.%02d%%", (long long)(hundredths / 100),
		(int)(hundredths % 100));
	return room;
}

char *wording_percent(int64_t ppm, char room[WORDING_SHARE_MAX])
{
	int length = snprintf(room, WORDING_SHARE_MAX, "%lld.%04lld", (long long)(ppm / 10000),
		(long long)(ppm % 10000));

	while (room[length - 1] == '0')
		length--;
	if (room[length - 1] == '.')
		length--;
	room[length] = '%';
	room[length + 1] = '\0';
	return room;
}

static bool is_closed(const struct payload *p)
{
	return p->event == PAYLOAD_CLOSED;
}

static bool is_final(const struct payload *p)
{
	return p->phase == PAYLOAD_FINAL && !is_closed(p);
}

static const char *quota_title(const struct writer *wr)
{
	return is_final(wr->p) ? wr->w->quota_final_title : wr->w->quota_title;
}

/* A gap that a text names. */
static bool is_told(const struct payload_quota_row *row)
{
	return row->gap_fen > 0 && !row->quiet;
}

/* The largest gap is the headline. */
static fen_t headline_gap(const struct payload *p)
{
	fen_t gap = 0;

	for (int i = 0; i < p->quota_count; i++)
		if (is_told(&p->quota[i]) && p->quota[i].gap_fen > gap)
			gap = p->quota[i].gap_fen;
	return gap;
}

static void subject_core(struct writer *wr, char *room, size_t size)
{
	const struct payload *p = wr->p;
	const struct wording_set *w = wr->w;
	char amount[MONEY_TEXT_MAX], title[120];

	if (p->type == PAYLOAD_QUOTA && is_closed(p))
		snprintf(room, size, w->quota_closed_subject, w->quota_title, p->unit_name,
			p->fiscal_year);
	else if (p->type == PAYLOAD_QUOTA)
		snprintf(room, size, w->quota_subject, quota_title(wr), p->unit_name,
			p->fiscal_year, money_text_wan(headline_gap(p), amount));
	else if (p->type == PAYLOAD_ARREARS && is_closed(p))
		snprintf(room, size, w->arrears_closed_subject, w->arrears_title, p->unit_name);
	else if (p->type == PAYLOAD_ARREARS && p->rows_total == 0 && p->due_total > 0)
		snprintf(room, size, w->due_subject, w->due_title, p->unit_name,
			(long long)p->due_total, money_text_grouped(p->due_fen, amount));
	else if (p->type == PAYLOAD_ARREARS)
		snprintf(room, size, w->arrears_subject, w->arrears_title, p->unit_name,
			(long long)p->rows_total, money_text_grouped(p->overdue_fen, amount));
	else if (p->type == PAYLOAD_STEP) {
		wording_step_title(w, p, title, sizeof(title));
		snprintf(room, size, w->arrears_subject, title, p->unit_name,
			(long long)p->rows_total, money_text_grouped(p->overdue_fen, amount));
	} else if (p->type == PAYLOAD_CALENDAR)
		snprintf(room, size,
			is_closed(p) ? w->calendar_closed_subject : w->calendar_subject,
			w->calendar_title, p->calendar_year);
	else if (p->type == PAYLOAD_SOURCE)
		snprintf(room, size, is_closed(p) ? w->source_closed_subject : w->source_subject,
			w->source_title, p->source_name);
	else if (p->type == PAYLOAD_MONITOR)
		wording_monitor_subject(w, p, room, size);
	else if (p->type == PAYLOAD_DIGEST)
		snprintf(room, size, w->digest_subject, w->digest_title, (long long)p->item_count);
	else
		snprintf(room, size, "%s", w->test_title);
}

static void write_subject(struct writer *wr)
{
	char core[320];
	struct buf line;

	subject_core(wr, core, sizeof(core));
	text_trim_partial(core);
	buf_init(&line, 2048);
	buf_add_text(&line, wr->p->demonstration ? wr->w->demonstration_mark : "");
	/* A long unit name was cut by the room: the partial character becomes U+FFFD below, so drop
	 * it. */
	clean_add(&line, core, strlen(core));
	buf_format(&line, "%s %s", wr->w->event[wr->p->event], wr->ref);
	clean_line(line.data, line.used, wr->text->subject, sizeof(wr->text->subject));
	buf_free(&line);
}

/* A district without a name has nothing but the word by which programs know it. */
static bool has_unit(const struct payload *p)
{
	return p->type != PAYLOAD_DIGEST && p->type != PAYLOAD_MONITOR &&
	       (strcmp(p->unit_code, "district") != 0 || strcmp(p->unit_name, p->unit_code) != 0);
}

static void write_identity(struct writer *wr, bool maybe_sent)
{
	struct doc *doc = &wr->text->body;
	const struct payload *p = wr->p;
	char day[DAY_TEXT_MAX];

	if (maybe_sent)
		doc_line(doc, "%s", wr->w->repeated_line);
	if (p->demonstration)
		doc_line(doc, "%s", wr->w->demonstration_line);
	if (has_unit(p))
		doc_line(doc, wr->w->unit_line, p->unit_name, p->unit_code);
	if (*p->department_code && strcmp(p->department_code, p->unit_code) != 0)
		doc_line(doc, wr->w->department_line, p->department_name, p->department_code);
	doc_line(doc, wr->w->ref_line, wr->ref);
	doc_line(doc, wr->w->as_of_line, day_text(p->as_of, day));
	doc_gap(doc);
}

static void write_quota_row(struct writer *wr, const struct payload_quota_row *row)
{
	struct doc *doc = &wr->text->body;
	const struct wording_set *w = wr->w;
	const char *target = w->target[row->small_micro];
	char share[WORDING_SHARE_MAX];
	char floor[WORDING_SHARE_MAX];
	char a[MONEY_TEXT_MAX];
	char b[MONEY_TEXT_MAX];

	if (row->gap_fen > 0 && row->quiet)
		return;
	wording_share(row->amount_fen, row->base_fen, share);
	wording_percent(row->floor_ppm, floor);
	if (row->gap_fen > 0)
		doc_line(doc, w->quota_gap, target, share, floor, money_text_wan(row->gap_fen, a));
	else
		doc_line(doc, w->quota_met, target, share, floor);
	doc_line(doc, w->quota_basis, money_text_wan(row->amount_fen, a),
		money_text_wan(row->base_fen, b));
}

/* The earlier last day of the targets that are told; without a calendar the day that it is not later than. */
static void write_quota_last_day(struct writer *wr)
{
	const struct payload_quota_row *first = NULL, *bound = NULL;
	char day[DAY_TEXT_MAX];

	for (int i = 0; i < wr->p->quota_count; i++) {
		const struct payload_quota_row *row = &wr->p->quota[i];

		if (!is_told(row))
			continue;
		if (row->workdays_left >= 0 &&
			(!first || row->workdays_left < first->workdays_left))
			first = row;
		if (row->last_day_at_most != DAY_NONE &&
			(!bound || row->last_day_at_most < bound->last_day_at_most))
			bound = row;
	}
	if (first && first->last_day != DAY_NONE)
		doc_line(&wr->text->body, wr->w->quota_last_day, day_text(first->last_day, day),
			(long long)first->workdays_left);
	else if (bound)
		doc_line(&wr->text->body, wr->w->quota_last_day_at_most,
			day_text(bound->last_day_at_most, day));
}

/* What can still be done, and by when. Nothing can once the year is over. */
static void write_quota_room(struct writer *wr)
{
	struct doc *doc = &wr->text->body;
	const struct payload *p = wr->p;
	char amount[MONEY_TEXT_MAX];

	for (int i = 0; i < p->quota_count; i++) {
		const struct payload_quota_row *row = &p->quota[i];

		if (!is_told(row))
			continue;
		if (!row->small_micro && p->has_reservable)
			doc_line(doc, wr->w->quota_reservable,
				money_text_wan(p->reservable_fen, amount));
		if (row->small_micro && p->nameable_fen >= 0)
			doc_line(doc, wr->w->quota_nameable,
				money_text_wan(p->nameable_fen, amount));
	}
	write_quota_last_day(wr);
}

/* Phase and the graver outlook of the two targets. */
static void write_quota_state(struct writer *wr)
{
	const struct payload *p = wr->p;
	enum payload_outlook outlook = PAYLOAD_OUTLOOK_NONE;

	for (int i = 0; i < p->quota_count; i++)
		if (is_told(&p->quota[i]) && p->quota[i].outlook > outlook)
			outlook = p->quota[i].outlook;
	if (p->phase != PAYLOAD_PHASE_NONE && outlook != PAYLOAD_OUTLOOK_NONE)
		doc_line(&wr->text->body, wr->w->quota_state, wr->w->phase[p->phase],
			wr->w->outlook[outlook]);
}

static void write_quota(struct writer *wr)
{
	struct doc *doc = &wr->text->body;
	const struct payload *p = wr->p;

	doc_head(doc, quota_title(wr));
	doc_line(doc, wr->w->quota_view_line, p->fiscal_year, wr->w->view[p->adjusted]);
	if (is_closed(p))
		doc_line(doc, "%s", wr->w->quota_closed);
	else if (is_final(p))
		doc_line(doc, "%s", wr->w->quota_final);
	else
		write_quota_state(wr);
	for (int i = 0; i < p->quota_count; i++)
		write_quota_row(wr, &p->quota[i]);
	if (!is_closed(p) && p->phase != PAYLOAD_PRELIMINARY && p->phase != PAYLOAD_FINAL)
		write_quota_room(wr);
}

void wording_row_state(enum wording_language language, const struct payload *payload,
	const struct payload_arrears_row *row, struct buf *out)
{
	const struct wording_set *w = &wording_table[language];
	char amount[MONEY_TEXT_MAX];

	buf_add_text(out, row->verified ? w->verified : w->suspected);
	if (row->fresh && payload->event != PAYLOAD_OPENED)
		buf_format(out, "%s%s", w->list_comma, w->fresh);
	if (row->disputed_fen > 0) {
		buf_add_text(out, w->list_comma);
		buf_format(out, w->disputed, money_text_grouped(row->disputed_fen, amount));
	}
}

static void write_state_cell(struct writer *wr, const struct payload_arrears_row *row)
{
	struct buf cell;

	buf_init(&cell, 512);
	wording_row_state(wr->options->language, wr->p, row, &cell);
	doc_cell(&wr->text->body, cell.data);
	buf_free(&cell);
}

static void write_arrears_row(struct writer *wr, const struct payload_arrears_row *row, int number)
{
	struct doc *doc = &wr->text->body;
	char room[MONEY_TEXT_MAX];
	char day[DAY_TEXT_MAX];

	doc_row(doc);
	snprintf(room, sizeof(room), "%d", number);
	doc_cell(doc, room);
	doc_cell(doc, row->contract_no);
	doc_cell(doc, row->obligation_no);
	if (!wr->options->omit_suppliers)
		doc_cell(doc, row->supplier_name);
	doc_cell(doc, day_text(row->due_on, day));
	snprintf(room, sizeof(room), "%lld", (long long)row->overdue_days);
	doc_cell(doc, room);
	doc_cell(doc, money_text_grouped(row->overdue_fen, room));
	write_state_cell(wr, row);
	if (wr->options->interest)
		doc_cell(doc, row->has_interest ? money_text_grouped(row->interest_fen, room) : "");
	doc_row_end(doc);
}

static void write_arrears_list(struct writer *wr)
{
	struct doc *doc = &wr->text->body;
	const struct payload *p = wr->p;

	doc_gap(doc);
	doc_head(doc, p->type == PAYLOAD_STEP ? wr->w->step_caption : wr->w->arrears_caption);
	doc_table(doc);
	doc_row(doc);
	for (int i = 0; i < 8; i++)
		if (i != WORDING_COLUMN_SUPPLIER || !wr->options->omit_suppliers)
			doc_cell(doc, wr->w->column[i]);
	if (wr->options->interest)
		doc_cell(doc, wr->w->interest_column);
	doc_row_end(doc);
	for (int i = 0; i < p->row_count; i++)
		write_arrears_row(wr, &p->rows[i], i + 1);
	doc_table_end(doc);
	if (p->rows_total > p->row_count)
		doc_line(doc, wr->w->arrears_more, (long long)(p->rows_total - p->row_count));
}

static void write_due_row(struct writer *wr, const struct payload_due_row *row)
{
	char amount[MONEY_TEXT_MAX], day[DAY_TEXT_MAX];
	struct buf supplier;

	buf_init(&supplier, strlen(row->supplier_name) + 64);
	buf_add_text(&supplier, "");
	if (!wr->options->omit_suppliers && *row->supplier_name)
		buf_format(&supplier, wr->w->due_supplier, row->supplier_name);
	doc_line(&wr->text->body, wr->w->due_row, day_text(row->due_on, day), row->contract_no,
		row->obligation_no, supplier.data, money_text_grouped(row->amount_fen, amount));
	buf_free(&supplier);
}

static void write_due_soon(struct writer *wr)
{
	struct doc *doc = &wr->text->body;
	const struct payload *p = wr->p;
	char amount[MONEY_TEXT_MAX];

	doc_head(doc, wr->w->due_title);
	doc_line(doc, wr->w->due_open, p->unit_name, (long long)p->due_total,
		money_text_grouped(p->due_fen, amount));
	for (int i = 0; i < p->due_count; i++)
		write_due_row(wr, &p->due_rows[i]);
	if (p->due_total > p->due_count)
		doc_line(doc, wr->w->arrears_more, (long long)(p->due_total - p->due_count));
}

static void write_overdue(struct writer *wr)
{
	struct doc *doc = &wr->text->body;
	const struct payload *p = wr->p;
	char amount[MONEY_TEXT_MAX];

	doc_head(doc, wr->w->arrears_title);
	if (p->rows_total == 0) {
		doc_line(doc, wr->w->arrears_closed, p->unit_name);
		return;
	}
	doc_line(doc, wr->w->arrears_open, p->unit_name, (long long)p->rows_total,
		money_text_grouped(p->overdue_fen, amount));
	if (p->event != PAYLOAD_OPENED)
		doc_line(doc, wr->w->arrears_moved, (long long)p->rows_new,
			(long long)p->rows_cleared);
	doc_line(doc, "%s", wr->w->arrears_ask);
	if (p->row_count > 0)
		write_arrears_list(wr);
}

static void write_arrears(struct writer *wr)
{
	const struct payload *p = wr->p;

	if (p->rows_total > 0 || p->rows_cleared > 0 || p->due_total == 0)
		write_overdue(wr);
	if (p->due_total > 0)
		write_due_soon(wr);
}

static void write_calendar(struct writer *wr)
{
	const struct payload *p = wr->p;
	struct doc *doc = &wr->text->body;

	doc_head(doc, wr->w->calendar_title);
	if (is_closed(p))
		doc_line(doc, wr->w->calendar_closed, p->calendar_year);
	else
		doc_line(doc, wr->w->calendar_open, p->calendar_year,
			(long long)p->calendar_obligations);
}

/* A reader who missed the beginning of a case reads of it here. */
static void write_preceded(struct writer *wr)
{
	const struct payload *p = wr->p;
	struct buf list;

	if (p->preceded_count == 0)
		return;
	buf_init(&list, 16384);
	if (p->preceded_more > 0)
		buf_format(&list, wr->w->preceded_more, (long long)p->preceded_more);
	for (int i = 0; i < p->preceded_count; i++) {
		buf_add_text(&list, i > 0 || p->preceded_more > 0 ? wr->w->list_comma : "");
		buf_format(&list, wr->w->preceded_item, p->preceded[i].ref,
			wr->w->happened[p->preceded[i].event], p->preceded[i].timestamp);
	}
	doc_line(&wr->text->body, wr->w->preceded, list.data);
	buf_free(&list);
}

static void write_list(struct writer *wr, const char *format, const char **items)
{
	struct buf list;

	if (!items[0])
		return;
	buf_init(&list, 8192);
	for (int i = 0; items[i]; i++)
		buf_format(&list, "%s%s", i > 0 ? wr->w->list_comma : "", items[i]);
	doc_line(&wr->text->body, format, list.data);
	buf_free(&list);
}

/* Hours from the zone of a timestamp to Beijing, -1 for zones that nobody writes here. */
static int hours_to_beijing(const char *timestamp)
{
	size_t length = strlen(timestamp);

	if (length >= 17 && timestamp[length - 1] == 'Z')
		return 8;
	return length >= 22 && strcmp(timestamp + length - 6, "+08:00") == 0 ? 0 : -1;
}

/* "2026-10-06T00:58:03Z" -> "2026-10-06 08:58", the time on the reader's wall; other texts as they are. */
static void add_local_time(struct buf *line, const char *format, const char *timestamp)
{
	int shift = hours_to_beijing(timestamp);
	char room[64];
	char date[DAY_TEXT_MAX];
	char digits[3] = "";
	int64_t hour;
	day_t day;

	snprintf(room, sizeof(room), "%s", timestamp);
	if (shift >= 0 && day_parse(timestamp, 10, &day)) {
		memcpy(digits, timestamp + 11, 2);
		if (text_to_int64(digits, &hour) && hour >= 0 && hour < 24)
			snprintf(room, sizeof(room), "%s %02d:%.2s",
				day_text(day + (day_t)((hour + shift) / 24), date),
				(int)((hour + shift) % 24), timestamp + 14);
	}
	buf_format(line, format, room);
}

static void write_data_basis(struct writer *wr)
{
	const struct payload *p = wr->p;
	const struct wording_set *w = wr->w;
	char contracts[WORDING_SHARE_MAX];
	char payments[WORDING_SHARE_MAX];
	char day[DAY_TEXT_MAX];
	struct buf line;

	buf_init(&line, 2048);
	buf_format(&line, w->rests_on, day_text(p->as_of, day));
	if (p->known_batch >= 0)
		buf_format(&line, w->batch, (long long)p->known_batch);
	if (*p->known_at)
		add_local_time(&line, w->known_at, p->known_at);
	if (p->contracts_ppm >= 0 && p->payments_ppm >= 0)
		buf_format(&line, w->coverage, wording_percent(p->contracts_ppm, contracts),
			wording_percent(p->payments_ppm, payments));
	doc_line(&wr->text->body, "%s", line.data);
	buf_free(&line);
}

static void write_footing(struct writer *wr)
{
	struct doc *doc = &wr->text->body;

	doc_gap(doc);
	write_list(wr, wr->w->rules_line, wr->p->rules);
	write_list(wr, wr->w->citations_line, wr->p->citations);
	write_data_basis(wr);
	doc_line(doc, "%s", wr->w->disclaimer);
	if (*wr->options->contact)
		doc_line(doc, wr->w->object, wr->options->contact, wr->ref);
	else
		doc_line(
			doc, wr->options->chat ? wr->w->object_desk : wr->w->object_reply, wr->ref);
	if (*wr->options->link)
		doc_line(doc, wr->w->link_line, wr->options->link);
	if (wr->options->unsubscribe && wr->p->type != PAYLOAD_TEST)
		doc_line(doc, "%s",
			wr->p->type == PAYLOAD_DIGEST ? wr->w->unsubscribe : wr->w->no_unsubscribe);
	doc_end(doc);
}

int wording_render(struct wording *text, const struct payload *payload, const char *ref,
	bool maybe_sent, const struct wording_options *options, struct err *err)
{
	struct writer wr = { text, payload, &wording_table[options->language], options, ref };

	doc_init(&text->body, wr.w->html_language);
	write_subject(&wr);
	write_identity(&wr, maybe_sent);
	if (payload->type == PAYLOAD_QUOTA)
		write_quota(&wr);
	else if (payload->type == PAYLOAD_ARREARS)
		write_arrears(&wr);
	else if (payload->type == PAYLOAD_STEP) {
		wording_step(wr.w, payload, &text->body);
		write_arrears_list(&wr);
	} else if (payload->type == PAYLOAD_CALENDAR)
		write_calendar(&wr);
	else if (payload->type == PAYLOAD_SOURCE)
		wording_source(&wr.text->body, wr.w, wr.p);
	else if (payload->type == PAYLOAD_MONITOR)
		wording_monitor(&text->body, wr.w, payload);
	else if (payload->type == PAYLOAD_DIGEST)
		wording_digest(wr.w, payload, options->chat, &text->body);
	else
		doc_line(&text->body, "%s", wr.w->test_line);
	write_preceded(&wr);
	write_footing(&wr);
	if (text->body.text.failed || text->body.html.failed) {
		wording_free(text);
		return err_set(err, ERR_LIMIT, "the text of message %s is too large", ref);
	}
	return 0;
}

void wording_free(struct wording *text)
{
	doc_free(&text->body);
}
