/* The sentences of wording.c in each language, as formats. Both tables have the same arguments in the
 * same order. */
#ifndef SETASIDE_ALERTS_WORDING_TABLE_H
#define SETASIDE_ALERTS_WORDING_TABLE_H

#include "alerts/wording.h"

enum { WORDING_COLUMN_SUPPLIER = 3 };

struct wording_set {
	const char *html_language;
	const char *demonstration_mark, *demonstration_line, *repeated_line;
	const char *event[4]; /* subject suffix by enum payload_event */
	const char *quota_title, *quota_final_title, *arrears_title, *calendar_title, *source_title,
		*test_title, *digest_title;
	const char *quota_subject;          /* title, unit, year, amount in 万元 */
	const char *quota_closed_subject;   /* title, unit, year */
	const char *arrears_subject;        /* title, unit, rows, amount */
	const char *arrears_closed_subject; /* title, unit */
	const char *calendar_subject;       /* title, year */
	const char *calendar_closed_subject;
	const char *unit_line, *department_line, *ref_line,
		*as_of_line;         /* (name, code), …, ref, date */
	const char *quota_view_line; /* year, view */
	const char *view[2];
	const char *target[2];
	const char *quota_gap;              /* target, share, floor, gap 万元 */
	const char *quota_met;              /* target, share, floor */
	const char *quota_reservable;       /* 万元 */
	const char *quota_nameable;         /* 万元 */
	const char *quota_state;            /* phase, outlook */
	const char *phase[4];               /* by enum payload_phase */
	const char *outlook[5];             /* by enum payload_outlook */
	const char *quota_last_day;         /* date, working days */
	const char *quota_last_day_at_most; /* date */
	const char *quota_final;
	const char *quota_basis; /* amount 万元, base 万元 */
	const char *quota_closed;
	const char *step[3], *step_title;          /* the step */
	const char *step_caption;                  /* title of the list */
	const char *step_open;                     /* unit, rows, amount */
	const char *step_decided, *step_reason;    /* who, day, step, to whom; why */
	const char *arrears_open;                  /* unit, rows, amount */
	const char *arrears_moved;                 /* new, cleared */
	const char *arrears_closed;                /* unit */
	const char *arrears_ask, *arrears_caption; /* …, title of the list */
	const char *arrears_more;                  /* rows not shown */
	const char *due_title, *due_subject;       /* …; title, unit, rows, amount */
	const char *due_open,
		*due_row; /* unit, rows, amount; due, contract, obligation, supplier, amount */
	const char *due_supplier; /* name; in due_row where suppliers are named */
	const char *column[8];    /* no, contract, obligation, supplier, due, days, amount, state */
	const char *interest_column;
	const char *suspected, *verified, *fresh, *disputed; /* the last: amount */
	const char *calendar_open;                           /* year, rows */
	const char *calendar_closed;                         /* year */
	const char *source_subject, *source_closed_subject;  /* title, name */
	const char *source_open, *source_closed;             /* name */
	const char *fault_late, *fault_no_data;              /* since, cause; since */
	const char *fault_cause;                             /* cause */
	const char *fault_empty;
	const char *faults_more;                              /* how many are not shown */
	const char *fault_shrunk;                             /* before, now */
	const char *fault_columns, *fault_more, *fault_fewer; /* kind; headers; headers */
	const char *fault_unit, *fault_zeros;                 /* kind, column */
	const char *fault_ahead;                              /* the stamp */
	const char *fault_conflict;                           /* rows */
	const char *fault_totals;                             /* file, row, column, stated, taken */
	const char *fault_unread_file;                        /* file, why */
	const char *fault_unread_sheet;                       /* file, sheets */
	const char *test_line;
	const char *digest_subject;              /* title, cases here */
	const char *digest_open;                 /* cases here, cases in all */
	const char *item_arrears;                /* rows, amount */
	const char *item_quota;                  /* gap in 10,000 yuan */
	const char *item;                        /* number, unit, title, event, figures, ref */
	const char *preceded;                    /* list */
	const char *preceded_item;               /* ref, event, date */
	const char *preceded_more;               /* how many are not named */
	const char *happened[4];                 /* by enum payload_event */
	const char *rests_on;                    /* as-of */
	const char *batch, *known_at, *coverage; /* batch no, time, (contracts, payments) */
	const char *rules_line;                  /* rules */
	const char *citations_line;              /* citations */
	const char *disclaimer;
	const char *object;       /* contact, ref */
	const char *object_reply; /* ref */
	const char *unsubscribe, *no_unsubscribe;
	const char *object_desk; /* ref; where there is no mail to answer to */
	const char *repeated_chat, *link_label;
	const char *link_line; /* address */
	const char *list_comma;
	/* The program itself. */
	const char *monitor_title, *monitor_subject; /* …; title, fault, blank, subject */
	const char *monitor_fault[7];                /* by enum payload_monitor */
	const char *monitor_channel;                 /* channel, since, answer */
	const char *monitor_undelivered;             /* channel, messages, answer */
	const char *monitor_clock;                   /* channel, seconds */
	const char *monitor_loop;                    /* milliseconds */
	const char *monitor_disk;                    /* directory, MB */
	const char *monitor_refused;                 /* channel, messages, answer */
	const char *monitor_quiet;                   /* since, last run */
	const char *monitor_closed;                  /* fault, subject */
	/* The attached list: its name, sheet names, and the columns of a digest. */
	const char *list_name;     /* ref */
	const char *list_sheet[3]; /* overdue, due soon, cases */
	const char *list_due[6];   /* no, contract, obligation, supplier, due, amount */
	const char *list_item[8];  /* no, unit, code, what, event, rows, amount, ref */
};
extern const struct wording_set wording_table[]; /* by enum wording_language */

#endif
