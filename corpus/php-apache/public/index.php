<?php
require __DIR__ . '/../inc/board.php';

switch (strtok($_SERVER['REQUEST_URI'], '?')) {
    case '/':
        echo '<h1>Notice board</h1>';
        break;
    case '/up':
        echo 'up';
        break;
    case '/notices':
        require __DIR__ . '/../inc/notices.phtml';
        break;
    case '/add':
        echo board\add(file_get_contents('php://input'));
        break;
    case '/zip':
        echo board\zipped('notices.txt');
        break;
    case '/pdf':
        echo trim(shell_exec('gs --version'));
        break;
    case '/time':
        date_default_timezone_set('Asia/Jakarta');
        echo date('H:i T', 0);
        break;
    case '/who':
        echo posix_getpwuid(posix_geteuid())['name'];
        break;
    case '/sign':
        $key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1']);
        openssl_sign('text', $signature, $key, OPENSSL_ALGO_SHA256);
        echo strlen($signature) > 60 ? 'signed' : 'not signed';
        break;
    default:
        http_response_code(404);
        echo 'Nothing is pinned here.';
}
