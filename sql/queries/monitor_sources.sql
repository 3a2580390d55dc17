-- When each source was pulled successfully the last time, Unix seconds.
SELECT name, extract(epoch FROM last_success_at)::bigint FROM source WHERE last_success_at IS NOT NULL
