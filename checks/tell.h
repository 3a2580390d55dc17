/* What a message says: the payload of an outbox row, complete in itself.
 *
 * The payload never changes after the insert, so a mail of last week can be shown again as it was
 * sent. Texts for a channel are made from it by alerts/ without looking anything up. Members
 * (absent where they make no sense):
 *
 *   kind           "quota" | "arrears" | "calendar"
 *   event          "opened" | "updated" | "reopened" | "closed"; arrears: the strongest of its rows
 * in that order label          fixed words for the subject: 预留缺口提示, 预留份额未达到 (final
 * phase only), 疑似逾期（待核实）, 工作日历待补充; closed ones: 缺口已补足, 逾期提示已解除,
 * 工作日历已补充 rule           "Q-3"; rules: all rule ids the figure rests on, an array as_of
 * "2026-10-20"; known_batch: number; run_id is a column of the row jurisdiction   code;
 * jurisdiction_name: 北京市西城区 demonstration  true: the text carries 演示数据 unit {"code",
 * "name", "department", "department_name"}; code "" = the whole district coverage {"contracts",
 * "contracts_judged", "payments", "payments_matched", "budget_items"}: counts for the sentence
 * 本提示依据…
 *
 *   quota:    fiscal_year, basis "plan", measure "sme" | "small-micro", status ("met",
 * "met-after-exemptions", "not-met", "undefined"), numerator_fen, base_fen (the strict base, or for
 * small-micro the SME numerator), floor_ppm, gap_fen, adjusted_base_fen, adjusted_gap_fen, room_fen
 * (可预留余额), phase
 *             ("in-year" | "preliminary" | "final"), outlook ("on-target" | "gap-fixable" |
 * "gap-at-risk" | "out-of-reach"), finding_id arrears:  changes {"opened", "updated", "reopened",
 * "closed"} counts; open {"count", "overdue_fen", "max_overdue_days"} of the unit after this run;
 * total (rows that changed), rows: up to 50 of them, largest first, each {"event", "finding_id",
 * "obligation_no", "contract_no", "supplier_name", "amount_fen", "overdue_fen", "due_on",
 * "overdue_days", "due_source", "status"}; supplier_name may be "" calendar: year, obligations (how
 * many days could not be found)
 *
 * Column event of the row is the event above prefixed by the kind: "arrears.opened". case_key:
 * "quota:SCOPE:YEAR:MEASURE", "arrears:UNIT", "calendar:YEAR". */
#ifndef SETASIDE_CHECKS_TELL_H
#define SETASIDE_CHECKS_TELL_H

enum { TELL_ROWS_MAX = 50 };

#endif
