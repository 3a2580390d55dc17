-- Becomes the sender of this database's messages, unless another session is: then who it is.
SELECT sender_lock()
