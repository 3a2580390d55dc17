-- The planner must know whether ten rows came or a million.
ANALYZE incoming
