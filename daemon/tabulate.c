#include "daemon/tabulate.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "core/err.h"
#include "core/mem.h"
#include "core/money.h"

enum { CELL_MAX = TAB_CELL_MAX };

const char *const tab_format_words[] = { "json", "csv", "table", NULL };

/* domain words for people; a code that is not here is shown as it is. */
static const char *const words[][2] = {
	{ "met", "测算达到" },
	{ "met-after-exemptions", "扣除不适宜预留后达到" },
	{ "not-met", "有差额" },
	{ "undefined", "无基数" },
	{ "no-base", "无预算" },
	{ "collecting", "预算未齐" },
	{ "in-year", "年度执行中" },
	{ "preliminary", "年度初步" },
	{ "final", "年度终版" },
	{ "on-target", "目前达标" },
	{ "gap-fixable", "有缺口、可补足" },
	{ "gap-at-risk", "缺口较大、需尽快安排" },
	{ "out-of-reach", "年内已难补足" },
	{ "added", "新增" },
	{ "new", "新增" },
	{ "removed", "减少" },
	{ "changed", "变更" },
	{ "plan", "预算（预留）口径" },
	{ "award", "合同口径" },
	{ "before", "调整前" },
	{ "after", "调整后" },
	{ "reserve", "可预留" },
	{ "name-small-micro", "可指明小微企业" },
	{ "interview", "约谈" },
	{ "supervise", "督办" },
	{ "report", "通报" },
	{ "proposed", "待决定" },
	{ "confirmed", "已确认" },
	{ "declined", "未采纳" },
	{ "lapsed", "已失效" },
	{ "verified", "逾期（已核实）" },
	{ "suspected", "疑似逾期（待核实）" },
	{ "contested", "有争议（核实中）" },
	{ "maybe-paid", "可能已付（待匹配支付）" },
	{ "not-paid", "非该笔付款" },
	{ "refuted", "经核实未逾期" },
	{ "withdrawn", "撤回核实" },
	{ "overdue", "疑似逾期（待核实）" },
	{ "not-due", "未到期" },
	{ "settled", "已结清" },
	{ "not-started", "未起算" },
	{ "data-missing", "待补信息" },
	{ "disputed", "有分歧" },
	{ "calendar-missing", "工作日历待补充" },
	{ "no-statutory-term", "无法定期限" },
	{ "supplier", "供应商" },
	{ "unit", "单位" },
	{ "register", "名录" },
	{ "party", "参与方" },
	{ "accepted", "已认定" },
	{ "rejected", "不是同一主体" },
	{ "amount", "金额相符" },
	{ "only", "唯一可能" },
	{ "budget_item", "采购预算" },
	{ "contract", "合同" },
	{ "obligation", "应付款" },
	{ "payment", "支付凭证" },
	{ "reserve_form", "预留方式" },
	{ "supplier_uscc", "供应商统一社会信用代码" },
	{ "signed_on", "合同签订日期" },
	{ "size_class", "供应商企业规模" },
	{ "accepted_on", "验收日期" },
	{ "settled_on", "结算日期" },
	{ "delivered_on", "交付日期" },
	{ "contract_no", "合同编号" },
	{ "no-data", "没有新数据" },
	{ "empty", "没有数据行" },
	{ "shrunk", "数据行数明显减少" },
	{ "columns", "表头变化" },
	{ "unit-suspect", "疑似单位有误" },
	{ "zeros-lost", "疑似前导零丢失" },
	{ "ahead", "更新时间晚于当前" },
	{ "totals", "合计与明细不符" },
	{ "unread-file", "文件未能读取" },
	{ "unread-sheet", "有工作表未读取" },
	{ "pending", "待转办" },
	{ "on-time", "按时" },
	{ "late", "超时" },
	{ "breach", "已超期" },
	{ "open", "办理中" },
	{ "warn", "临近期限" },
	{ "answered", "已答复" },
	{ "answered-late", "超期答复" },
	{ "no-clock", "不计时" },
};

const char *tab_word(const char *code)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i][0], code) == 0)
			return words[i][1];
	return code;
}

const json_t *tab_member(const json_t *row, const char *path)
{
	char step[64];
	while (row && path) {
		const char *dot = strchr(path, '.');
		size_t length = dot ? (size_t)(dot - path) : strlen(path);
		if (length >= sizeof(step))
			BUG("the path %s is too long", path);
		memcpy(step, path, length);
		step[length] = '\0';
		row = json_object_get(row, step);
		path = dot ? dot + 1 : NULL;
	}
	return row;
}

static void share_text(const json_t *part, const json_t *whole, char room[CELL_MAX])
{
	int64_t hundredths;
	room[0] = '\0';
	if (!json_is_integer(part) || !json_is_integer(whole) || json_integer_value(whole) <= 0)
		return;
	wide_t cut = (wide_t)json_integer_value(part) * 10000 / json_integer_value(whole);
	hundredths = (int64_t)cut;
	snprintf(room, CELL_MAX, "%" PRId64 ".%02" PRId64, hundredths / 100, hundredths % 100);
}

void tab_cell(const struct tab_column *column, const json_t *row, bool people, char *room)
{
	const json_t *value = tab_member(row, column->member);
	char money[MONEY_TEXT_MAX];
	room[0] = '\0';
	if (column->type == TAB_SHARE)
		share_text(value, tab_member(row, column->whole), room);
	else if (json_is_integer(value) && column->type == TAB_FEN)
		snprintf(room, CELL_MAX, "%s",
			people ? money_text_grouped(json_integer_value(value), money)
			       : money_text(json_integer_value(value), money));
	else if (json_is_integer(value))
		snprintf(room, CELL_MAX, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_string(value))
		snprintf(room, CELL_MAX, "%s",
			people && column->type == TAB_WORD ? tab_word(json_string_value(value))
							   : json_string_value(value));
}

static void write_csv_cell(FILE *out, const struct tab_column *column, const char *text)
{
	bool formula = column->type <= TAB_WORD && *text && strchr("=+-@\t\r", *text);
	if (!formula && !strpbrk(text, "\",\r\n")) {
		fputs(text, out);
		return;
	}
	fputs(formula ? "\"'" : "\"", out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void write_csv(FILE *out, const struct tab_column *columns, int count, const json_t *rows)
{
	char room[CELL_MAX];
	size_t index;
	json_t *row;
	for (int c = 0; c < count; c++)
		fprintf(out, "%s%s", c ? "," : "", columns[c].csv);
	fputs("\r\n", out);
	json_array_foreach(rows, index, row)
	{
		for (int c = 0; c < count; c++) {
			tab_cell(&columns[c], row, false, room);
			if (c)
				fputc(',', out);
			write_csv_cell(out, &columns[c], room);
		}
		fputs("\r\n", out);
	}
}

/* Columns on a terminal that text takes: East Asian wide characters take two. */
static int display_width(const char *text)
{
	utf8proc_int32_t point;
	int width = 0;
	while (*text) {
		utf8proc_ssize_t bytes =
			utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &point);
		if (bytes <= 0)
			return width;
		width += utf8proc_charwidth(point);
		text += bytes;
	}
	return width;
}

static void write_padded(FILE *out, const char *text, int width, bool right, bool last)
{
	int pad = width - display_width(text);
	if (right)
		fprintf(out, "%*s", pad, "");
	fputs(text, out);
	if (!right && !last)
		fprintf(out, "%*s", pad, "");
	fputs(last ? "\n" : "  ", out);
}

static void write_table(FILE *out, const struct tab_column *columns, int count, const json_t *rows)
{
	_cleanup_free_ int *width = mem_zero((size_t)count + 1, sizeof(*width));
	char room[CELL_MAX];
	size_t index;
	json_t *row;
	for (int c = 0; c < count; c++) {
		width[c] = display_width(columns[c].title);
		json_array_foreach(rows, index, row)
		{
			tab_cell(&columns[c], row, true, room);
			int wide = display_width(room);
			width[c] = wide > width[c] ? wide : width[c];
		}
	}
	for (int c = 0; c < count; c++)
		write_padded(out, columns[c].title, width[c], columns[c].type > TAB_WORD,
			c == count - 1);
	json_array_foreach(rows, index, row) for (int c = 0; c < count; c++)
	{
		tab_cell(&columns[c], row, true, room);
		write_padded(out, room, width[c], columns[c].type > TAB_WORD, c == count - 1);
	}
}

void tab_write(FILE *out, enum tab_format format, const struct tab_column *columns, int count,
	const json_t *rows)
{
	if (format == TAB_CSV)
		write_csv(out, columns, count, rows);
	else
		write_table(out, columns, count, rows);
}
