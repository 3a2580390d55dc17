/* /healthz (the loop is alive), /readyz (database, schema, freshness of the sources), /metrics (Prometheus text).
 * None of them touches the database. */
#ifndef SETASIDE_API_HEALTH_H
#define SETASIDE_API_HEALTH_H

struct api_server;
struct reply;
struct route_request;

void health_healthz(
	struct api_server *server, const struct route_request *request, struct reply *reply);
void health_readyz(
	struct api_server *server, const struct route_request *request, struct reply *reply);
void health_metrics(
	struct api_server *server, const struct route_request *request, struct reply *reply);

/* The pulls that run now: what each does, rows, bytes, per cent and time left. */
void health_pulls(
	struct api_server *server, const struct route_request *request, struct reply *reply);

#endif
