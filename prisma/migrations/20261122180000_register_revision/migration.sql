-- The register's present revision, in one round trip, with the shared half of the register's lock. An apply takes the
-- other half, so a transaction that has read the register ends before the register changes. It is volatile, and so sees
-- what was committed while it waited for the lock, which the statement around it would not.
CREATE FUNCTION register_revision() RETURNS uuid LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7270736901);
  RETURN (SELECT revision FROM register_state WHERE id = 1);
END
$$;
