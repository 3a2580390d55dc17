#include "alerts/wording_monitor.h"

#include <stdio.h>

void wording_monitor_subject(
	const struct wording_set *w, const struct payload *p, char *room, size_t size)
{
	snprintf(room, size, w->monitor_subject, w->monitor_title, w->monitor_fault[p->monitor],
		*p->monitor_subject ? " " : "", p->monitor_subject);
}

void wording_monitor(struct doc *doc, const struct wording_set *w, const struct payload *p)
{
	const char *subject = p->monitor_subject;

	doc_head(doc, w->monitor_title);
	if (p->event == PAYLOAD_CLOSED) {
		doc_line(doc, w->monitor_closed, w->monitor_fault[p->monitor], subject);
		return;
	}
	switch (p->monitor) {
	case PAYLOAD_CHANNEL_FAILS:
		doc_line(doc, w->monitor_channel, subject, p->monitor_since, p->monitor_detail);
		break;
	case PAYLOAD_UNDELIVERED:
		doc_line(doc, w->monitor_undelivered, subject, (long long)p->monitor_value,
			p->monitor_detail);
		break;
	case PAYLOAD_CLOCK:
		doc_line(doc, w->monitor_clock, subject, (long long)p->monitor_value);
		break;
	case PAYLOAD_LOOP:
		doc_line(doc, w->monitor_loop, (long long)p->monitor_value);
		break;
	case PAYLOAD_DISK:
		doc_line(doc, w->monitor_disk, subject, (long long)p->monitor_value);
		break;
	case PAYLOAD_REFUSED:
		doc_line(doc, w->monitor_refused, subject, (long long)p->monitor_value,
			p->monitor_detail);
		break;
	case PAYLOAD_QUIET:
		doc_line(doc, w->monitor_quiet, p->monitor_since, p->monitor_detail);
		break;
	}
}
