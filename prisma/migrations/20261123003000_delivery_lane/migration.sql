-- Where the deliveries of one referral at one destination end, and whether one of them is unsettled. It is volatile, and
-- so sees what was committed while the statement that calls it waited for the referral's row.
CREATE FUNCTION delivery_lane(of_referral uuid, of_adapter text, of_destination text, OUT last integer, OUT waits boolean)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  SELECT coalesce(max(d.seq), 0), coalesce(bool_or(d.settled_at IS NULL), false) INTO last, waits FROM delivery d
   WHERE d.referral_id = of_referral AND d.adapter = of_adapter AND d.destination = of_destination;
END
$$;
