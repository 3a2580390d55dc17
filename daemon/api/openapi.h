/* GET /api/v1/openapi.json: the description of the API, made from the route table, so it cannot differ from it. */
#ifndef SETASIDE_API_OPENAPI_H
#define SETASIDE_API_OPENAPI_H

#include "api/route.h"

void openapi_handle(
	struct api_server *server, const struct route_request *request, struct reply *reply);

#endif
