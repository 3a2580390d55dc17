#include "alerts/alert.h"

#include <time.h>

#include "alerts/clean.h"
#include "core/mem.h"

enum { IN_FLIGHT_MAX = 1 };

const char *alert_class_name(enum alert_class class)
{
	static const char *const names[] = { "acknowledged", "rejected-permanent", "retry-later",
		"unknown" };

	return names[class];
}

struct alert_channel_head *alert_channel_head(struct alert_channel *channel)
{
	return (struct alert_channel_head *)(void *)channel;
}

void alert_head_init(struct alert_channel_head *head, const struct alert_kind *kind,
	const struct conf_block *block)
{
	head->kind = kind;
	head->name = mem_text(conf_block_title(block));
	head->in_flight_max = kind->in_flight_max > 0 ? kind->in_flight_max : IN_FLIGHT_MAX;
	if (conf_given(block, "in-flight"))
		head->in_flight_max = (int)conf_int(block, "in-flight");
	head->rate_minute =
		conf_given(block, "rate") ? (int)conf_int(block, "rate") : kind->rate_minute;
	head->rate_second = head->rate_minute > 0 ? kind->rate_second : 0;
	head->parts_max = kind->parts_max > 0 ? kind->parts_max : 1;
	if (head->rate_minute > 0 && head->parts_max > head->rate_minute)
		head->parts_max = head->rate_minute;
	head->rate_window_ms = conf_int(block, "rate-window");
	head->retry_first_ms = conf_given(block, "retry-first") ? conf_int(block, "retry-first")
								: kind->retry_first_ms;
	head->retry_cap_ms = conf_int(block, "retry-cap");
	head->give_up_ms = conf_int(block, "give-up");
	head->repeat_ms = kind->stands ? conf_int(block, "repeat") : 0;
}

void alert_head_free(struct alert_channel_head *head)
{
	free(head->name);
	head->name = NULL;
}

void alert_answer_set(struct alert_outcome *outcome, const char *bytes, size_t length)
{
	clean_line(bytes, length, outcome->answer, sizeof(outcome->answer));
}

int64_t alert_clock_ahead(int64_t date_unix)
{
	enum { CLOCK_NOISE_S = 5 };
	int64_t ahead = date_unix < 0 ? 0 : (int64_t)time(NULL) - date_unix;

	return ahead < -CLOCK_NOISE_S || ahead > CLOCK_NOISE_S ? ahead : 0;
}
