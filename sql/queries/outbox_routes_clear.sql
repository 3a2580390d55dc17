-- The routes are written anew from the configuration, in the same transaction.
DELETE FROM route
