# frozen_string_literal: true

# Signs what a Discourse plugin sends to Fingerpost and checks what comes back. Ruby's own library, nothing to install.
require "base64"
require "json"
require "net/http"
require "openssl"

module Fingerpost
  TOLERANCE_SECONDS = 300

  # The signature of one message: id, timestamp (seconds) and body, joined by full stops.
  def self.sign(secret, id, timestamp, body)
    key = Base64.decode64(secret.delete_prefix("whsec_"))
    "v1,#{Base64.strict_encode64(OpenSSL::HMAC.digest("SHA256", key, "#{id}.#{timestamp}.#{body}"))}"
  end

  # Whether a callback is genuine. `body` is `request.raw_post`, before it is parsed.
  def self.genuine?(secret, headers, body, now = Time.now.to_i)
    timestamp = headers["webhook-timestamp"].to_s
    return false unless timestamp.match?(/\A\d+\z/) && (now - timestamp.to_i).abs <= TOLERANCE_SECONDS
    own = sign(secret, headers["webhook-id"], timestamp, body)
    headers["webhook-signature"].to_s.split.any? do |given|
      given.bytesize == own.bytesize && OpenSSL.fixed_length_secure_compare(given, own)
    end
  end

  # Refers a post. The post's id makes a repeat count once.
  def self.refer(base_url, slug, secret, referral, post_id)
    body = JSON.generate(referral)
    id = "post-#{post_id}"
    timestamp = Time.now.to_i
    Net::HTTP.post(
      URI("#{base_url}/v1/forums/#{slug}/referrals"),
      body,
      "content-type" => "application/json",
      "webhook-id" => id,
      "webhook-timestamp" => timestamp.to_s,
      "webhook-signature" => sign(secret, id, timestamp, body),
    )
  end
end

# `ruby fingerpost.rb SECRET ID TIMESTAMP < body` prints a signature, to compare with other software.
puts Fingerpost.sign(ARGV[0], ARGV[1], ARGV[2], $stdin.read) if $PROGRAM_NAME == __FILE__ && ARGV.length == 3
