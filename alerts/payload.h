/* The payload of a message: what the run that queued it says about its cause, as one JSON object in
 * message.payload. Written once by sql/store_finding, never changed, read by every channel. This
 * comment is the contract.
 *
 * All amounts are JSON integers in fen, shares integers in parts per million, dates "YYYY-MM-DD"; a
 * number with a fraction anywhere is refused. Unknown members are kept for the webhook and ignored
 * by the texts. A "?" means: may be absent.
 *
 * In every payload:
 *
 *   type            "sme.quota.gap", "sme.arrears.suspected", "sme.calendar.missing",
 *                   "sme.source.health", "sme.channel.test", "sme.digest", "sme.arrears.step",
 *                   "sme.monitor.state"
 *   event           "opened", "updated", "closed", "reopened": equal to message.event
 *   timestamp       "2026-10-06T01:00:00Z": when the run found it, UTC, whole seconds
 *   as_of           "2026-10-06": the legal date that was evaluated
 *   case            message.case_key: "quota/2026/026", "arrears/026003", "calendar/2027",
 *                   "source/treasury"
 *   severity        "info", "notice", "warning", "urgent"
 *   rules           ["Q-3"]: IDs of the rules that judged
 *   citations ?     articles as the rule table cites them
 *   demonstration   true: every text carries 演示数据
 *   jurisdiction ?  "beijing-xicheng"
 *   unit            {"code": "026", "name": "…"}: whom it is about; the district is "district"
 *   department ?    {"code": "026", "name": "…"}
 *   coverage ?      {"known_batch": 12, "known_at": "2026-10-06T08:58:03+08:00" or "…Z",
 *                    "contracts_ppm": 960000, "payments_ppm": 910000}: the data it rests on, each
 *                    member may be absent
 *   findings        [17, 18]: finding ids
 *   program ?       "0.1.0": the version that judged
 *
 * and the one member that belongs to the type:
 *
 *   quota     {"fiscal_year": 2026, "basis": "plan", "view": "strict" or "adjusted", "rows": […],
 *              "phase": "in-year", "preliminary", "final" ?, "reservable_fen": … ?,
 *              "nameable_fen": … ?}: reservable is what could still be reserved, nameable what is
 *              reserved for SMEs and could still be named for small/micro. A row, at most two:
 *              target "sme" or "small_micro", floor_ppm, base_fen (budget base; for small_micro the
 *              amount reserved for SMEs), amount_fen, gap_fen (0 when met), outlook ("on-target",
 *              "gap-fixable", "gap-at-risk", "out-of-reach", "") ?, last_day (on which the gap can
 *              be closed, "" = none) ?, workdays_left ?, last_day_at_most (where the calendar is
 *              missing: the last day is this one or earlier) ?, quiet (there is a gap, but it is not told:
 *              no text names it) ?
 *   arrears   {"rows_total": 41, "overdue_fen": …, "rows_new": 3 ?, "rows_cleared": 1 ?,
 *              "rows": […]}: at most 200 rows, new ones first, then the largest. A row:
 *              obligation_no, contract_no ?, supplier_name ?, project_name ?, due_on,
 *              overdue_days, overdue_fen, disputed_fen ?, due_source ?, rule ?, new ?,
 *              verified ?, citation ? (what set its due day), interest_fen ?. due_soon ?: {"rows_total": 2, "amount_fen": …, "rows": […]},
 *              what the unit has to pay soon, at most 200 rows of obligation_no, contract_no ?,
 *              supplier_name ?, due_on, amount_fen. rows_total may be 0 beside it
 *   step      beside arrears, of "sme.arrears.step": {"proposal_id": 17, "step": "interview",
 *              "supervise" or "report", "addressee": …, "decided_by": …, "decided_on": …,
 *              "reason": …}: a step of the ladder that a person confirmed; the rows are verified
 *   calendar  {"year": 2027, "obligations": 60}: how many rows wait for it
 *
 *   source    {"name": "treasury", "faults": […]}: what is wrong with a source, at most 200. A fault:
 *              fault "late", "no-data", "empty", "shrunk", "columns", "unit-suspect", "zeros-lost", "totals", "conflict", "unread-file", "unread-sheet", "ahead"; since ?,
 *              why ?, before ?, now ?, kind ?, column ?, more ? and fewer ? (lists of headers), file ?, row ?,
 *              stated_fen ?, taken_fen ?
 *
 *   monitor   {"fault": "channel", "undelivered", "clock", "loop", "disk" or "quiet", "subject": …,
 *              "detail": …, "value": 7, "since": "2026-10-06 09:10"}: what is wrong with the program
 *              itself; subject is a channel or a directory, value messages, seconds, milliseconds or
 *              MB; quiet: nothing was found since, the last run was at detail
 *
 *   digest    {"cases_total": 500, "items": […]}: what waited together, this digest's share of it,
 *              most severe and largest first. An item, at most 200: ref, case, type, event, severity,
 *              unit_code, unit_name, rows_total, amount_fen (0 when nothing is counted), due_total ?,
 *              due_fen ?: of arrears, what is due soon
 *
 * preceded ?, at most 100: earlier messages of the same case that never left and that this one stands
 * for, oldest first: {"ref", "event", "timestamp"}; preceded_more ?: how many still older ones it does not name.
 *
 * A "closed" payload carries the same members with the figures that closed it (gap_fen 0,
 * rows_total 0). interest_fen, the estimate for the day told, is written on every row for which one is
 * calculated and shown by a channel only when its configuration says interest = yes. */
#ifndef SETASIDE_ALERTS_PAYLOAD_H
#define SETASIDE_ALERTS_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"
#include "core/money.h"

enum payload_type {
	PAYLOAD_QUOTA,
	PAYLOAD_ARREARS,
	PAYLOAD_CALENDAR,
	PAYLOAD_SOURCE,
	PAYLOAD_TEST,
	PAYLOAD_DIGEST,
	PAYLOAD_STEP,
	PAYLOAD_MONITOR
};
enum payload_monitor {
	PAYLOAD_CHANNEL_FAILS,
	PAYLOAD_UNDELIVERED,
	PAYLOAD_CLOCK,
	PAYLOAD_LOOP,
	PAYLOAD_DISK,
	PAYLOAD_REFUSED,
	PAYLOAD_QUIET
};
enum payload_step { PAYLOAD_INTERVIEW, PAYLOAD_SUPERVISE, PAYLOAD_REPORT };
enum payload_event { PAYLOAD_OPENED, PAYLOAD_UPDATED, PAYLOAD_CLOSED, PAYLOAD_REOPENED };

enum payload_phase { PAYLOAD_PHASE_NONE, PAYLOAD_IN_YEAR, PAYLOAD_PRELIMINARY, PAYLOAD_FINAL };
enum payload_outlook {
	PAYLOAD_OUTLOOK_NONE,
	PAYLOAD_ON_TARGET,
	PAYLOAD_GAP_FIXABLE,
	PAYLOAD_GAP_AT_RISK,
	PAYLOAD_OUT_OF_REACH
};

enum { PAYLOAD_ROWS_MAX = 200, PAYLOAD_PRECEDED_MAX = 100, PAYLOAD_BYTES_MAX = 1024 * 1024 };

struct payload_quota_row {
	bool small_micro;
	int64_t floor_ppm;
	fen_t base_fen, amount_fen, gap_fen;
	enum payload_outlook outlook;
	day_t last_day;         /* DAY_NONE = not said */
	int64_t workdays_left;  /* -1 = not said */
	day_t last_day_at_most; /* DAY_NONE = not said */
	bool quiet;
};

struct payload_arrears_row {
	const char *obligation_no, *contract_no, *supplier_name, *project_name, *rule;
	day_t due_on;
	int64_t overdue_days;
	fen_t overdue_fen, disputed_fen, interest_fen;
	bool has_interest, fresh, verified;
};

struct payload_item {
	const char *ref, *case_key, *unit_code, *unit_name;
	enum payload_type type;
	enum payload_event event;
	int64_t rows_total, due_total;
	fen_t amount_fen, due_fen;
};

struct payload_preceded {
	const char *ref, *timestamp;
	enum payload_event event;
};

struct payload_due_row {
	const char *obligation_no, *contract_no, *supplier_name;
	day_t due_on;
	fen_t amount_fen;
};

enum payload_fault {
	PAYLOAD_LATE,
	PAYLOAD_NO_DATA,
	PAYLOAD_EMPTY,
	PAYLOAD_SHRUNK,
	PAYLOAD_COLUMNS,
	PAYLOAD_UNIT_SUSPECT,
	PAYLOAD_ZEROS_LOST,
	PAYLOAD_TOTALS,
	PAYLOAD_CONFLICT,
	PAYLOAD_UNREAD_FILE,
	PAYLOAD_UNREAD_SHEET,
	PAYLOAD_AHEAD,
	PAYLOAD_FAULTS
};
struct payload_fault_row {
	enum payload_fault fault;
	const char *since, *why, *kind, *column, *file;
	int64_t before, now, row;
	fen_t stated_fen, taken_fen;
	const char **more, **fewer; /* NULL-terminated */
};

/* The payload as plain values. Texts are lent by `root`; "" where the member is absent. */
struct payload {
	void *root; /* the JSON tree, for the webhook body; see payload_json */
	enum payload_type type;
	enum payload_event event;
	const char *type_text, *timestamp, *case_key, *severity, *jurisdiction;
	const char *unit_code, *unit_name, *department_code, *department_name, *program;
	const char *known_at;
	day_t as_of;
	bool demonstration;
	int64_t known_batch, contracts_ppm, payments_ppm; /* -1 = not said */
	const char **rules, **citations;                  /* NULL-terminated */

	int fiscal_year;
	bool adjusted;
	struct payload_quota_row quota[2];
	int quota_count;
	enum payload_phase phase;
	bool has_reservable;
	fen_t reservable_fen, nameable_fen; /* nameable: -1 = not said */

	int64_t rows_total, rows_new, rows_cleared;
	fen_t overdue_fen;
	struct payload_arrears_row *rows;
	int row_count;
	int64_t due_total; /* 0 = nothing is due soon */
	fen_t due_fen;
	struct payload_due_row *due_rows;
	int due_count;

	struct payload_item *items;
	int item_count;
	int64_t cases_total;
	struct payload_preceded *preceded;
	int preceded_count;
	int64_t preceded_more;

	const char *source_name;
	struct payload_fault_row *faults;
	int fault_count, faults_total;
	enum payload_step step;
	const char *step_addressee, *step_decided_by, *step_reason;
	day_t step_decided_on;

	enum payload_monitor monitor;
	const char *monitor_subject, *monitor_detail, *monitor_since;
	int64_t monitor_value;

	int calendar_year;
	int64_t calendar_obligations;
};

/* Reads and checks the whole contract above. NULL with ERR_DATA naming the member that breaks it.
 */
struct payload *payload_parse(const char *text, size_t length, struct err *err);
void payload_free(struct payload *payload);

/* The JSON of a webhook's "data" member: the payload with "ref" set, interest members removed
 * unless wanted, the payload shortened until at most max bytes ("rows_shown", of faults "faults_shown" and
 * "faults_total", then say how many remain). Keys sorted, no blanks: equal input gives equal bytes. New string (free),
 * NULL with ERR_LIMIT when even no rows do not fit. */
char *payload_json(
	struct payload *payload, const char *ref, bool interest, size_t max, struct err *err);
/* Leaves out the end, about an eighth, of the longest list of rows: overdue, due soon, faults of a source. Totals stay.
 * False: there is nothing left to leave out. Items of a digest are never left out. */
bool payload_shorten(struct payload *payload);

#endif
