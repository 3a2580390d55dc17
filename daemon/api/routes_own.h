/* What the files of the table of routes share: columns and parameters that stand beside it, by noun. */
#ifndef SETASIDE_API_ROUTES_OWN_H
#define SETASIDE_API_ROUTES_OWN_H

#include "api/route.h"

/* Pages: limit at most 500 rows; cursor as given in "next" of the page before. */
#define PAGE_PARAMETERS                                                                            \
	{ .name = "limit", .type = ROUTE_INT, .min = 1, .max = 500, .fallback = "50" },            \
	{                                                                                          \
		.name = "cursor", .type = ROUTE_TEXT                                               \
	}

/* routes_alerts.c: findings, the messages about them, their deliveries */
extern const struct route_column route_finding_columns[], route_finding_one_columns[],
	route_alert_columns[], route_delivery_columns[], route_channel_columns[];
extern const struct route_parameter route_finding_parameters[], route_alert_parameters[],
	route_delivery_parameters[];

#endif
