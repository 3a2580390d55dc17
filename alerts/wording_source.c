#include "alerts/wording_source.h"

#include <stdio.h>

#include "core/text.h"

static void join(const char *const *words, const char *comma, char *room, size_t size)
{
	size_t used = 0;

	room[0] = 0;
	for (; *words && used < size; words++) {
		int more =
			snprintf(room + used, size - used, "%s%s", used > 0 ? comma : "", *words);
		used += more > 0 ? (size_t)more : 0;
	}
	text_trim_partial(room);
}

static void write_columns(
	struct doc *doc, const struct wording_set *w, const struct payload_fault_row *fault)
{
	enum { LIST_MAX = 400 };
	char list[LIST_MAX], more[2 * LIST_MAX] = "", fewer[2 * LIST_MAX] = "", head[200];

	snprintf(head, sizeof(head), w->fault_columns, fault->kind);
	join(fault->more, w->list_comma, list, sizeof(list));
	if (*list)
		snprintf(more, sizeof(more), w->fault_more, list);
	join(fault->fewer, w->list_comma, list, sizeof(list));
	if (*list)
		snprintf(fewer, sizeof(fewer), w->fault_fewer, list);
	doc_line(doc, "%s%s%s", head, more, fewer);
}

/* What was not read, and why or which part of it. */
static void write_unread(
	struct doc *doc, const struct wording_set *w, const struct payload_fault_row *fault)
{
	char list[400];

	join(fault->more, w->list_comma, list, sizeof(list));
	if (fault->fault == PAYLOAD_UNREAD_FILE)
		doc_line(doc, w->fault_unread_file, fault->file, fault->why);
	else
		doc_line(doc, w->fault_unread_sheet, fault->file, list);
}

static void write_fault(
	struct doc *doc, const struct wording_set *w, const struct payload_fault_row *fault)
{
	char stated[MONEY_TEXT_MAX], taken[MONEY_TEXT_MAX], cause[400] = "";

	switch (fault->fault) {
	case PAYLOAD_LATE:
		if (*fault->why)
			snprintf(cause, sizeof(cause), w->fault_cause, fault->why);
		text_trim_partial(cause);
		doc_line(doc, w->fault_late, fault->since, cause);
		break;
	case PAYLOAD_NO_DATA:
		doc_line(doc, w->fault_no_data, fault->since);
		break;
	case PAYLOAD_SHRUNK:
		doc_line(doc, w->fault_shrunk, (long long)fault->before, (long long)fault->now);
		break;
	case PAYLOAD_COLUMNS:
		write_columns(doc, w, fault);
		break;
	case PAYLOAD_UNIT_SUSPECT:
		doc_line(doc, w->fault_unit, fault->kind, fault->column);
		break;
	case PAYLOAD_ZEROS_LOST:
		doc_line(doc, w->fault_zeros, fault->kind, fault->column);
		break;
	case PAYLOAD_CONFLICT:
		doc_line(doc, w->fault_conflict, (long long)fault->now);
		break;
	case PAYLOAD_UNREAD_FILE:
	case PAYLOAD_UNREAD_SHEET:
		write_unread(doc, w, fault);
		break;
	case PAYLOAD_AHEAD:
		doc_line(doc, w->fault_ahead, fault->since);
		break;
	case PAYLOAD_TOTALS:
		doc_line(doc, w->fault_totals, fault->file, (long long)fault->row, fault->column,
			money_text_grouped(fault->stated_fen, stated),
			money_text_grouped(fault->taken_fen, taken));
		break;
	default:
		doc_line(doc, "%s", w->fault_empty);
	}
}

void wording_source(struct doc *doc, const struct wording_set *w, const struct payload *p)
{
	bool closed = p->event == PAYLOAD_CLOSED;

	doc_head(doc, w->source_title);
	doc_line(doc, closed ? w->source_closed : w->source_open, p->source_name);
	for (int i = 0; i < p->fault_count; i++)
		write_fault(doc, w, &p->faults[i]);
	if (p->faults_total > p->fault_count)
		doc_line(doc, w->faults_more, (long long)(p->faults_total - p->fault_count));
}
