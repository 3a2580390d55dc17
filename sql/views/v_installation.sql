DROP VIEW IF EXISTS v_installation;
CREATE VIEW v_installation WITH (security_invoker = true) AS
SELECT demonstration, created_at
FROM installation;
COMMENT ON VIEW v_installation IS '安装信息 This installation.';
COMMENT ON COLUMN v_installation.demonstration IS '演示数据: every page, mail and document is marked';
COMMENT ON COLUMN v_installation.created_at IS 'time of the first migration';
