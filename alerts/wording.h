/* What a message says to a person: subject and body from the payload, in Chinese or English
 * (domain/terms.md).
 *
 * Pure. Amounts by integer arithmetic; a share is cut, not rounded, so one below its floor never
 * prints as the floor. The words keep to terms.md: 测算结果 and 提示, never a verdict; every
 * computed row is 疑似逾期（待核实） until a person has verified it; interest appears only when
 * asked for. Each text says on what data it rests and how to object. */
#ifndef SETASIDE_ALERTS_WORDING_H
#define SETASIDE_ALERTS_WORDING_H

#include <stdbool.h>

#include "alerts/doc.h"
#include "alerts/payload.h"

enum wording_language { WORDING_ZH, WORDING_EN };

struct wording_options {
	enum wording_language language;
	const char *contact; /* whom to ask or object to; "" = answer to the mail */
	const char *link;    /* base address of the dashboard; "" = none */
	bool interest;
	bool chat; /* for a group: no mail to answer to */
	bool omit_suppliers;
	bool unsubscribe; /* digests can be unsubscribed, all else says that it cannot */
};

struct wording {
	char subject[512]; /* one line */
	struct doc body;
};

/* maybe_sent: an earlier try ended unknown. wording_free afterwards. ERR_LIMIT when the body would be
 * too large. */
int wording_render(struct wording *text, const struct payload *payload, const char *ref,
	bool maybe_sent, const struct wording_options *options, struct err *err);
void wording_free(struct wording *text);

/* What a list says of one row, and under which name a case stands in a digest. */
void wording_row_state(enum wording_language language, const struct payload *payload,
	const struct payload_arrears_row *row, struct buf *out);
const char *wording_item_title(enum wording_language language, const struct payload_item *item);

/* "25.00%": part / whole cut at two decimals; "–" for an empty whole. */
enum { WORDING_SHARE_MAX = 32 };
char *wording_share(fen_t part, fen_t whole, char room[WORDING_SHARE_MAX]);
/* "40%", "66.5%": parts per million without needless zeros. */
char *wording_percent(int64_t ppm, char room[WORDING_SHARE_MAX]);

#endif
