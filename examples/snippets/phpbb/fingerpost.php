<?php
// Signs what a phpBB 3.3 extension sends to Fingerpost and checks what comes back. PHP 8, nothing to install.

/** The signature of one message: id, timestamp (seconds) and body, joined by full stops. */
function fingerpost_sign(string $secret, string $id, int $timestamp, string $body): string
{
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
    return 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
}

/** Whether a callback is genuine. $body is file_get_contents('php://input'), before it is parsed. */
function fingerpost_is_genuine(string $secret, array $headers, string $body, int $now): bool
{
    $timestamp = $headers['webhook-timestamp'] ?? '';
    if (!ctype_digit($timestamp) || abs($now - (int) $timestamp) > 300) {
        return false;
    }
    $own = fingerpost_sign($secret, $headers['webhook-id'] ?? '', (int) $timestamp, $body);
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $given) {
        if (hash_equals($own, $given)) {
            return true;
        }
    }
    return false;
}

/** Refers a post. The post's id makes a repeat count once. Gives the status and the answer's text. */
function fingerpost_refer(string $base_url, string $slug, string $secret, array $referral, int $post_id): array
{
    $body = json_encode($referral, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);
    $id = "post-$post_id";
    $timestamp = time();
    $call = curl_init("$base_url/v1/forums/" . rawurlencode($slug) . '/referrals');
    curl_setopt_array($call, [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 15,
        CURLOPT_HTTPHEADER => [
            'content-type: application/json',
            "webhook-id: $id",
            "webhook-timestamp: $timestamp",
            'webhook-signature: ' . fingerpost_sign($secret, $id, $timestamp, $body),
        ],
    ]);
    $answer = curl_exec($call);
    return [curl_getinfo($call, CURLINFO_RESPONSE_CODE), $answer === false ? '' : $answer];
}

// `php fingerpost.php SECRET ID TIMESTAMP < body` prints a signature, to compare with other software.
if (PHP_SAPI === 'cli' && isset($argv[3])) {
    echo fingerpost_sign($argv[1], $argv[2], (int) $argv[3], stream_get_contents(STDIN)), "\n";
}
