#include "alerts/wording_digest.h"

#include <stdio.h>
#include <string.h>

#include "alerts/clean.h"
#include "alerts/wording.h"

/* What is only due soon is not called suspected overdue. */
static bool is_due_only(const struct payload_item *item)
{
	return item->type == PAYLOAD_ARREARS && item->rows_total == 0 && item->due_total > 0;
}

static const char *item_title(const struct wording_set *w, const struct payload_item *item)
{
	switch (item->type) {
	case PAYLOAD_QUOTA:
		return w->quota_title;
	case PAYLOAD_ARREARS:
		return is_due_only(item) ? w->due_title : w->arrears_title;
	case PAYLOAD_CALENDAR:
		return w->calendar_title;
	case PAYLOAD_SOURCE:
		return w->source_title;
	case PAYLOAD_STEP:
		return w->step_caption;
	case PAYLOAD_MONITOR:
		return w->monitor_title;
	case PAYLOAD_TEST:
	case PAYLOAD_DIGEST:
		break;
	}
	return w->digest_title;
}

enum { NAME_BYTES = 600, BRIEF_BYTES = 60 };

/* The reference is what must be whole: where the room is scarce a name is cut. */
static void name_of(const struct payload_item *item, bool brief, char name[NAME_BYTES])
{
	clean_line(item->unit_name, strlen(item->unit_name), name, NAME_BYTES);
	if (!brief || strlen(name) <= BRIEF_BYTES)
		return;
	clean_line(item->unit_name, strlen(item->unit_name), name, BRIEF_BYTES + 1 - strlen("…"));
	memcpy(name + strlen(name), "…", sizeof("…"));
}

static void write_item(const struct wording_set *w, const struct payload_item *item, int number,
	bool brief, struct doc *doc)
{
	char amount[MONEY_TEXT_MAX];
	char figures[200] = "";
	char name[NAME_BYTES];

	name_of(item, brief, name);
	if (item->event != PAYLOAD_CLOSED && is_due_only(item))
		snprintf(figures, sizeof(figures), w->item_arrears, (long long)item->due_total,
			money_text_grouped(item->due_fen, amount));
	else if (item->event != PAYLOAD_CLOSED && item->type == PAYLOAD_ARREARS)
		snprintf(figures, sizeof(figures), w->item_arrears, (long long)item->rows_total,
			money_text_grouped(item->amount_fen, amount));
	else if (item->event != PAYLOAD_CLOSED && item->type == PAYLOAD_QUOTA)
		snprintf(figures, sizeof(figures), w->item_quota,
			money_text_wan(item->amount_fen, amount));
	doc_line(doc, w->item, number, name, item_title(w, item), w->event[item->event], figures,
		item->ref);
}

const char *wording_item_title(enum wording_language language, const struct payload_item *item)
{
	return item_title(&wording_table[language], item);
}

void wording_digest(
	const struct wording_set *words, const struct payload *payload, bool brief, struct doc *doc)
{
	doc_head(doc, words->digest_title);
	doc_line(doc, words->digest_open, (long long)payload->item_count,
		(long long)payload->cases_total);
	for (int i = 0; i < payload->item_count; i++)
		write_item(words, &payload->items[i], i + 1, brief, doc);
}
