/* Payloads of every type for the tests of texts, channels and outbox. For tests only. */
#ifndef SETASIDE_TESTS_PAYLOADS_H
#define SETASIDE_TESTS_PAYLOADS_H

extern const char payload_quota[];   /* opened, strict; short by 1,500,000.01 yuan */
extern const char payload_arrears[]; /* updated; 3 rows, 2 listed, one with interest */
extern const char
	payload_digest[]; /* opened; a case of arrears only due soon, one of a gap closed */
extern const char payload_calendar[]; /* opened, demonstration data */
/* A calendar payload whose unit name is the one %s (JSON-escaped by the caller). */
extern const char payload_named_format[];

#endif
