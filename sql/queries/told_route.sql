-- Whether messages go anywhere.
SELECT EXISTS (SELECT FROM route)
