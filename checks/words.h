/* The words of the exchange profile (interface.md §2) for the enumerations of facts.h and of the
 * verdicts.
 *
 * Reading: an empty or unknown word gives the "not stated" value named in facts.h (for a list
 * without one: the profile's default); what must be refused was refused when the row was collected.
 */
#ifndef SETASIDE_CHECKS_WORDS_H
#define SETASIDE_CHECKS_WORDS_H

#include "checks/facts.h"

enum debtor_kind words_debtor_kind(const char *word);
const char *words_of_debtor_kind(enum debtor_kind kind); /* "" for unknown */
enum size_class words_size_class(const char *word);      /* L M S X SME U */
const char *words_of_size_class(enum size_class size);   /* U for SIZE_UNKNOWN, "" for SIZE_BLANK */
enum deemed words_deemed(const char *word);
enum snapshot_kind words_snapshot_kind(const char *word);
enum procurement_class words_procurement_class(const char *word);
const char *words_of_procurement_class(enum procurement_class class); /* "" for unknown */
enum reserve_form words_reserve_form(const char *word);
const char *words_of_reserve_form(enum reserve_form form);
enum reserved_for words_reserved_for(const char *word);
enum term_unit words_term_unit(const char *word);
enum clock_basis words_clock_basis(const char *word);
const char *words_of_clock_basis(enum clock_basis basis);
enum event_kind words_event_kind(const char *word);
const char *words_of_event_kind(enum event_kind kind);
enum event_result words_event_result(const char *word);
const char *words_of_event_result(enum event_result result); /* "" for not stated */
enum obligation_kind words_obligation_kind(const char *word);
const char *words_of_obligation_kind(enum obligation_kind kind);
enum deposit_kind words_deposit_kind(const char *word);
enum instrument words_instrument(const char *word);
const char *words_of_instrument(enum instrument instrument); /* "" for unstated */
enum year_mark words_year_mark(const char *word);
/* "2026-09" -> its first day; DAY_NONE for anything else. */
day_t words_month(const char *word);
/* A notice's kind as the source words it: 中标, 成交 (not 候选) or award; 合同公告 or contract; 终止, 废标 or
 * termination. */
enum notice_kind words_notice_kind(const char *word);
enum party_role words_party_role(const char *word);
enum tri words_tri(const char *word); /* 0 1 f t false true, else unknown */

#endif
