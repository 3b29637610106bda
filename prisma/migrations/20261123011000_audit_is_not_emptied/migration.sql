-- The audit is append-only: nor is it emptied whole, by itself or because something that it refers to is.
CREATE FUNCTION event_is_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit is append-only: it is not emptied.' USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER event_not_emptied BEFORE TRUNCATE ON "event"
  FOR EACH STATEMENT EXECUTE FUNCTION event_is_not_emptied();
