-- Wakes whoever waits: pages for the new state version, the sender when messages were queued. Delivered at commit.
-- $1 state version, $2 messages queued
SELECT pg_notify('setaside_state', $1::text), CASE WHEN $2::bigint > 0 THEN pg_notify('setaside_outbox', '') END
