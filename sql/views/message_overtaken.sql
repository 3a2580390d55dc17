-- message_overtaken(…): whether the receiver has heard a later message of the same case, by itself or within a digest, or is
-- hearing it now. Sent after it, the older one would tell what is no longer so: a closed case would stand open there.
DROP FUNCTION IF EXISTS message_overtaken(text, text, text, bigint);
CREATE FUNCTION message_overtaken(of_case text, of_channel text, of_recipient text, number bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM message n LEFT JOIN message d ON d.message_id = n.superseded_by
    WHERE n.case_key = of_case AND n.channel = of_channel AND n.recipient = of_recipient AND n.message_id > number
      AND (n.state IN ('acknowledged', 'sending') OR n.state = 'superseded' AND d.state IN ('acknowledged', 'sending'))
      AND n.case_key NOT LIKE 'test/%')
$$;
COMMENT ON FUNCTION message_overtaken(text, text, text, bigint) IS 'a later message of the case has arrived, or is on its way';
