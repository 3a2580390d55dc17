#include "alerts/http_answer.h"

#include "core/netguard.h"

enum { ANSWER_READ_MAX = 4096 };

int http_networks_validate(const struct conf_block *block, struct conf_errors *errors)
{
	struct netguard guard = NETGUARD_INIT;
	int bad = 0;

	for (int i = 0; i < conf_list_count(block, "allow"); i++) {
		struct err err = ERR_INIT;

		if (netguard_allow(&guard, conf_list_item(block, "allow", i), &err) < 0)
			bad = conf_complain(errors, block, "allow", "%s", err.text);
	}
	return bad;
}

int http_networks_read(const struct conf_block *block, struct netguard *guard, struct err *err)
{
	for (int i = 0; i < conf_list_count(block, "allow"); i++)
		if (netguard_allow(guard, conf_list_item(block, "allow", i), err) < 0)
			return -1;
	return 0;
}

void http_answer_init(struct buf *answer)
{
	buf_init(answer, ANSWER_READ_MAX);
}

enum fetch_flow http_answer_take(struct buf *answer, const char *bytes, size_t count)
{
	size_t left = ANSWER_READ_MAX - answer->used;

	buf_add(answer, bytes, count < left ? count : left);
	return count < left ? FETCH_MORE : FETCH_ENOUGH;
}

void http_answer_judge(const struct fetch_result *result, const struct buf *answer,
	http_judge_fn judge, void *arg, struct alert_outcome *outcome)
{
	struct buf line;

	outcome->retry_after_s = 0;
	outcome->endpoint_fault = outcome->endpoint_gone = false;
	buf_init(&line, 2 * ANSWER_READ_MAX);
	if (result->head.complete && result->head.status >= 200) {
		judge(arg, &result->head, answer, outcome);
		outcome->clock_ahead_s = alert_clock_ahead(result->head.date_unix);
		buf_format(&line, "HTTP %d%s", result->head.status, answer->used > 0 ? " " : "");
		buf_add(&line, answer->data, answer->used);
	} else {
		outcome->class = result->fate == FETCH_UNSENT ? ALERT_RETRY : ALERT_UNKNOWN;
		outcome->endpoint_fault = true;
		buf_add_text(&line, result->err.text);
	}
	alert_answer_set(outcome, line.data, line.used);
	buf_free(&line);
}
