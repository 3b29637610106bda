<?php
// A forum in PHP that has the snippet for phpBB: an address for its moderators' button, and the one that is called back.
// Its posts are files in a folder. `php -S` runs this for each request.
require getenv('SNIPPET');

$input = file_get_contents('php://input');
$secret = getenv('FINGERPOST_SECRET');
if (isset($_GET['refer'])) {
    $referral = json_decode($input, true);
    [$base, $forum] = [getenv('FINGERPOST_URL'), getenv('FINGERPOST_FORUM')];
    [$status, $answer] = fingerpost_refer($base, $forum, $secret, $referral, (int) $_GET['refer']);
} else {
    $headers = array_change_key_case(getallheaders());
    [$status, $answer] = fingerpost_receive($secret, $headers, $input, time(), function ($id, $post, $text) {
        $file = getenv('POSTS') . '/' . sha1($id) . '.json';
        if (!file_exists($file)) {
            file_put_contents($file, json_encode(['under' => $post, 'text' => $text]));
        }
        return "https://parents.example/reply-to/$post";
    });
}
http_response_code($status);
header('content-type: application/json');
echo $answer;
