#include "lib/payloads.h"

#define COMMON(type, event, kase)                                                                  \
	"{\"type\":\"" type "\",\"event\":\"" event "\",\"timestamp\":\"2026-10-06T01:00:00Z\","   \
	"\"as_of\":\"2026-10-06\",\"case\":\"" kase "\",\"severity\":\"notice\","                  \
	"\"jurisdiction\":\"beijing-xicheng\",\"findings\":[17],\"program\":\"0.1.0\","

const char payload_quota[] = COMMON("sme.quota.gap", "opened",
	"quota/2026/026") "\"demonstration\":false,\"rules\":[\"Q-2\"],\"citations\":["
			  "\"北京市促进中小企业发展条例第二十八条\"],"
			  "\"unit\":{\"code\":\"026\",\"name\":\"示例中学\"},\"department\":{"
			  "\"code\":\"026\",\"name\":\"示例中学\"},"
			  "\"coverage\":{\"known_batch\":12,\"known_at\":\"2026-10-06T00:58:03Z\","
			  "\"contracts_ppm\":960000,"
			  "\"payments_ppm\":910000},"
			  "\"quota\":{\"fiscal_year\":2026,\"basis\":\"plan\",\"view\":\"strict\","
			  "\"rows\":["
			  "{\"target\":\"sme\",\"floor_ppm\":400000,\"base_fen\":1000000007,"
			  "\"amount_fen\":250000002,"
			  "\"gap_fen\":150000001},"
			  "{\"target\":\"small_micro\",\"floor_ppm\":700000,\"base_fen\":250000002,"
			  "\"amount_fen\":200000000,"
			  "\"gap_fen\":0}],\"reservable_fen\":200000000}}";

const char payload_arrears[] = COMMON("sme.arrears.suspected", "updated",
	"arrears/026003") "\"demonstration\":false,\"rules\":[\"P-1\",\"P-3\"],"
			  "\"unit\":{\"code\":\"026003\",\"name\":\"示例街道办\"},"
			  "\"arrears\":{\"rows_total\":3,\"overdue_fen\":12800000,\"rows_new\":1,"
			  "\"rows_cleared\":0,\"rows\":["
			  "{\"obligation_no\":\"HT-1-01\",\"contract_no\":\"HT-1\",\"supplier_"
			  "name\":\"甲公司\","
			  "\"supplier_uscc\":\"91110102MA0000000X\",\"due_on\":\"2026-09-01\","
			  "\"overdue_days\":35,"
			  "\"overdue_fen\":10000000,\"due_source\":\"agreed\",\"rule\":\"P-3\","
			  "\"new\":true,\"interest_fen\":1234},"
			  "{\"obligation_no\":\"HT-2-01\",\"contract_no\":\"HT-2\",\"supplier_"
			  "name\":\"乙公司\","
			  "\"due_on\":\"2026-09-30\",\"overdue_days\":6,\"overdue_fen\":2000000,"
			  "\"disputed_fen\":100000,"
			  "\"rule\":\"P-3\"}]}}";

const char payload_calendar[] = COMMON("sme.calendar.missing", "opened",
	"calendar/2027") "\"demonstration\":true,\"rules\":[\"DT-4\"],\"unit\":{\"code\":"
			 "\"district\",\"name\":\"示例区\"},"
			 "\"calendar\":{\"year\":2027,\"obligations\":60}}";

const char payload_named_format[] = COMMON("sme.calendar.missing", "opened",
	"calendar/2027") "\"demonstration\":false,\"rules\":[\"DT-4\"],\"unit\":{\"code\":\"x\","
			 "\"name\":\"%s\"},"
			 "\"calendar\":{\"year\":2027,\"obligations\":60}}";

const char payload_digest[] =
	"{\"type\":\"sme.digest\",\"event\":\"opened\",\"timestamp\":\"2026-10-06T01:00:"
	"00Z\","
	"\"as_of\":\"2026-10-06\",\"case\":\"digest/"
	"1\",\"severity\":\"notice\",\"rules\":[\"P-4\"],"
	"\"demonstration\":false,\"unit\":{\"code\":\"district\",\"name\":\"\"},"
	"\"findings\":[],"
	"\"digest\":{\"cases_total\":2,\"items\":[{\"ref\":\"A-20261006-000007\",\"case\":"
	"\"arrears/"
	"1\",\"type\":\"sme.arrears.suspected\",\"event\":\"opened\",\"unit_code\":\"1\","
	"\"unit_name\":\"示例中学\",\"rows_total\":0,\"amount_fen\":0,\"due_total\":2,"
	"\"due_fen\":500},"
	"{\"ref\":\"A-20261006-000008\",\"case\":\"quota/2026/"
	"2\",\"type\":\"sme.quota.gap\","
	"\"event\":\"closed\",\"unit_code\":\"2\",\"unit_name\":\"示例局\",\"rows_total\":"
	"0,"
	"\"amount_fen\":0}]}}";
