-- The cursors of a source, as the last committed pull left them ($1 = name).
SELECT watermark, etag, last_modified, next_link FROM source WHERE name = $1
