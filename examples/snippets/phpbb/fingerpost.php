<?php
// Signs what a phpBB 3.3 extension sends to Fingerpost and checks what comes back. PHP 8, no extension of it.

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

/** Refers a post. The post's id makes a repeat count once. Gives the status and the answer's text; 0 without an answer. */
function fingerpost_refer(string $base_url, string $slug, string $secret, array $referral, int $post_id): array
{
    $body = json_encode($referral, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);
    $id = "post-$post_id";
    $timestamp = time();
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'content' => $body,
        'timeout' => 15,
        'follow_location' => 0,
        'ignore_errors' => true,
        'header' => [
            'content-type: application/json',
            "webhook-id: $id",
            "webhook-timestamp: $timestamp",
            'webhook-signature: ' . fingerpost_sign($secret, $id, $timestamp, $body),
        ],
    ]]);
    $answer = @file_get_contents("$base_url/v1/forums/" . rawurlencode($slug) . '/referrals', false, $context);
    $status = preg_match('/^HTTP\/\S+ (\d{3})/', $http_response_header[0] ?? '', $found) ? (int) $found[1] : 0;
    return [$status, $answer === false ? '' : $answer];
}

/**
 * What the address that Fingerpost calls answers: a status and a text. $reply_once($id, $post, $text) puts the text under
 * the post that was referred, with phpBB's submit_post(), unless it has done so for that id, and gives the reply's address.
 */
function fingerpost_receive(string $secret, array $headers, string $body, int $now, callable $reply_once): array
{
    if (!fingerpost_is_genuine($secret, $headers, $body, $now)) {
        return [401, ''];
    }
    ['type' => $type, 'data' => $data] = json_decode($body, true, 64, JSON_THROW_ON_ERROR);
    if (!empty($data['test']) || $type !== 'referral.replied') {
        return [200, '{}'];
    }
    $text = "{$data['text']}\n\n{$data['from']['department']}, {$data['from']['pool']}\n"
        . "Check that this is official: {$data['verify']['url']}";
    $url = $reply_once($headers['webhook-id'], (int) $data['externalId'], $text);
    return [200, json_encode(['url' => $url], JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR)];
}

// `php fingerpost.php SECRET ID TIMESTAMP < body` prints a signature, to compare with other software.
if (PHP_SAPI === 'cli' && isset($argv[3])) {
    echo fingerpost_sign($argv[1], $argv[2], (int) $argv[3], stream_get_contents(STDIN)), "\n";
}
