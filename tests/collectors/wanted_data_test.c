/* What imported records lack: payments without a contract, requests for data, coverage, the state of sources. */
#include <criterion/criterion.h>

#include "lib/pull_rig.h"

TestSuite(wanted_data, .init = pull_rig_set_up, .fini = pull_rig_tear_down, .timeout = 120);

#define CONTRACTS                                                                                  \
	"contract_no,unit_code,supplier_uscc,supplier_name,signed_on,amount_yuan,declared_size,"   \
	"status\n"
#define PAYMENTS "voucher_no,contract_no,unit_code,payee_uscc,payee_name,amount_yuan,cleared_on\n"

Test(wanted_data, a_payment_without_a_contract_is_proposed_to_the_one_that_fits)
{
	dir_write(pull.data, "contract.csv",
		CONTRACTS "C1,U1,S1,甲,2026-01-01,100.00,S,active\n"
			  "C2,U1,S1,甲,2026-01-01,200.00,S,active\n"
			  "C3,U1,S2,乙,2026-01-01,300.00,S,active\n"
			  "C4,U1,S2,乙,2026-01-01,300.00,S,cancelled\n"
			  "C5,U1,S3,丙,2026-06-01,500.00,S,active\n");
	dir_write(pull.data, "obligation.csv",
		"obligation_no,contract_no,amount_yuan\nO1,C2,60.00\n");
	dir_write(pull.data, "payment.csv",
		PAYMENTS "known,C1,U1,S1,甲,100.00,2026-02-01\n"
			 "whole,,U1,S1,甲,200.00,2026-02-01\n"
			 "instalment,,U1,S1,甲,60.00,2026-02-01\n"
			 "several,,U1,S1,甲,61.00,2026-02-01\n"
			 "only,,U1,S2,乙,1.00,2026-02-01\n"
			 "name,C99,U1,,乙,2.00,2026-02-01\n"
			 "early,,U1,S3,丙,500.00,2026-02-01\n"
			 "elsewhere,,U2,S1,甲,200.00,2026-02-01\n");
	pull_rig_import(false);
	EXPECT("SELECT string_agg(concat_ws(':', voucher_no, candidates, likely_contract_no, "
	       "likely_because), ' ' ORDER BY voucher_no) FROM v_unmatched_payment",
		"early:0:: elsewhere:0:: instalment:2:C2:amount name:1:C3:only only:1:C3:only "
		"several:2:: whole:2:C2:amount");
}

Test(wanted_data, what_a_rule_needs_and_nobody_said_is_asked_for)
{
	dir_write(pull.data, "supplier.csv", "uscc,name,size_class\nS1,甲,S\nS2,乙,\n");
	dir_write(pull.data, "budget_item.csv",
		"fiscal_year,unit_code,project_code,snapshot,approved_on,budget_yuan,reserve_form,"
		"exemption_code\n"
		"2026,U1,P1,initial,2026-01-05,900.00,,\n2026,U1,P2,initial,2026-01-05,800.00,none,"
		"\n"
		"2026,U1,P3,initial,2026-01-05,700.00,,3\n"
		"2026,U1,P4,initial,2026-01-05,600.00,,\n2026,U1,P4,final,2026-03-05,650.00,whole,"
		"\n");
	dir_write(pull.data, "contract.csv",
		CONTRACTS "C1,U1,S1,甲,2026-01-01,100.00,,active\n"
			  "C2,U1,S2,乙,2026-02-01,200.00,,active\n"
			  "C3,U1,,丙,,300.00,,active\n"
			  "C4,U1,,丁,,400.00,,cancelled\n");
	dir_write(pull.data, "obligation.csv",
		"obligation_no,contract_no,kind,amount_yuan,delivered_on\n"
		"O1,C1,delivery,10.00,\nO2,C1,delivery,20.00,2026-03-01\nO3,C1,prepayment,30.00,"
		"\n");
	dir_write(pull.data, "payment.csv", PAYMENTS "V1,,U1,S1,甲,5.00,2026-02-01\n");
	pull_rig_import(false);
	EXPECT("SELECT string_agg(concat_ws(':', subject, field, month), ' ' ORDER BY amount_fen "
	       "DESC, "
	       "field) FROM v_wanted_data",
		"P1:reserve_form:2026-01 C3:signed_on C3:supplier_uscc C2:size_class:2026-02 "
		"O1:delivered_on:2026-01 V1:contract_no:2026-02");
	EXPECT("SELECT concat_ws(' ', contracts, with_size, with_supplier_code, with_signing_day, "
	       "with_due_basis, payments, payments_matched) FROM v_coverage WHERE unit_code = 'U1'",
		"3 1 2 2 1 1 0");
}

Test(wanted_data, a_day_that_neither_the_row_nor_an_event_gives_is_asked_for)
{
	dir_write(pull.data, "contract.csv",
		"contract_no,unit_code,supplier_uscc,supplier_name,signed_on,amount_yuan,declared_"
		"size,status,clock_basis\n"
		"D,U1,S1,甲,2026-01-01,100.00,S,active,delivery\n"
		"A,U1,S1,甲,2026-01-01,100.00,S,active,acceptance\n"
		"M,U1,S1,甲,2026-01-01,100.00,S,active,delivery\n"
		"N,U1,S1,甲,2026-01-01,100.00,S,active,delivery\n"
		"E,U1,S1,甲,2026-01-01,100.00,S,active,delivery\n");
	dir_write(pull.data, "obligation.csv",
		"obligation_no,contract_no,kind,amount_yuan,accepted_on\n"
		"D1,D,delivery,10.00,2026-03-01\n" /* accepted, and the clock goes by delivery */
		"A1,A,delivery,10.00,\n"
		"M1,M,delivery,10.00,\nM2,M,delivery,10.00,\n"
		"N#1,N,delivery,10.00,\nN#2,N,delivery,10.00,\n"
		"E1,E,delivery,10.00,\n");
	dir_write(pull.data, "event.csv",
		"contract_no,instalment,kind,seq,happened_on,result\n"
		"A,1,acceptance,1,2026-03-01,failed\nM,1,delivery,1,2026-03-01,\n"
		"N,2,delivery,1,2026-03-01,\nE,1,delivery,1,2026-03-01,\n");
	pull_rig_import(false);
	EXPECT("SELECT string_agg(concat_ws(':', subject, field), ' ' ORDER BY subject COLLATE "
	       "\"C\") FROM v_wanted_data WHERE kind = 'obligation'",
		"A1:accepted_on D1:delivered_on M1:delivered_on M2:delivered_on N#1:delivered_on");
}

Test(wanted_data, a_debt_whose_contract_was_refused_is_asked_for)
{
	dir_write(pull.data, "contract.csv",
		CONTRACTS "C1,U1,S1,甲,2026-01-01,100.00,S,active\n"
			  "C2,U1,S1,甲,2026-01-01,no amount,S,active\n");
	dir_write(pull.data, "obligation.csv",
		"obligation_no,contract_no,kind,amount_yuan,delivered_on\n"
		"O1,C1,delivery,10.00,2026-03-01\nO2,C2,delivery,20.00,2026-03-01\n");
	pull_rig_import(false);
	EXPECT("SELECT string_agg(concat_ws(':', subject, field, month, amount_fen), ' ') FROM "
	       "v_wanted_data WHERE kind = 'obligation'",
		"O2:contract_no:2026-03:2000");
}

Test(wanted_data, a_source_that_shrinks_or_falls_silent_shows)
{
	dir_write(pull.data, "payment.csv",
		PAYMENTS "V1,,U1,S1,甲,1.00,2026-02-01\nV2,,U1,S1,甲,1.00,2026-02-01\n"
			 "V3,,U1,S1,甲,1.00,2026-02-01\nV4,,U1,S1,甲,1.00,2026-02-01\n");
	pull_rig_import(true);
	EXPECT("SELECT concat_ws(' ', failing, late, empty, shrunk) FROM v_source_health",
		"f f f f");
	dir_write(pull.data, "payment.csv", PAYMENTS "V1,,U1,S1,甲,1.00,2026-02-01\n");
	pull_rig_import(true);
	EXPECT("SELECT concat_ws(' ', failing, late, empty, shrunk, last_rows, rows_before) FROM "
	       "v_source_health",
		"f f f t 1 4");
	pg_exec(pull.db, "UPDATE source SET last_success_at = now() - interval '1 day', "
			 "last_failure_at = now(), last_failure = 'refused'");
	EXPECT("SELECT concat_ws(' ', failing, late) FROM v_source_health", "t t");
}
