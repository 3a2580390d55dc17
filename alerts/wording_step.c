#include "alerts/wording_step.h"

#include <stdio.h>

#include "alerts/doc.h"

void wording_step_title(
	const struct wording_set *words, const struct payload *payload, char *room, size_t size)
{
	snprintf(room, size, words->step_title, words->step[payload->step]);
}

void wording_step(const struct wording_set *words, const struct payload *payload, struct doc *doc)
{
	char amount[MONEY_TEXT_MAX], title[120], day[DAY_TEXT_MAX];

	wording_step_title(words, payload, title, sizeof(title));
	doc_head(doc, title);
	doc_line(doc, words->step_open, payload->unit_name, (long long)payload->rows_total,
		money_text_grouped(payload->overdue_fen, amount));
	doc_line(doc, words->step_decided, payload->step_decided_by,
		day_text(payload->step_decided_on, day), words->step[payload->step],
		payload->step_addressee);
	doc_line(doc, words->step_reason, payload->step_reason);
}
