<?php
// A router for PHP's own server; each route needs something else.
set_error_handler(fn ($level, $text) => throw new ErrorException($text));
spl_autoload_register(fn ($class) => require dirname(__DIR__) . '/classes/' . $class . '.php');
$root = dirname(__DIR__);
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/style.css') return false;
header('Content-Type: text/plain');
try {
    switch ($path) {
        case '/': header('Content-Type: text/html'); echo '<h1>PHP</h1><a href="/healthz">healthz</a>'; break;
        case '/healthz': echo "ok\n"; break;
        case '/template': $name = 'reader'; require "$root/templates/letter.php"; break;
        case '/class': echo (new Greeting())->text(); break;
        case '/database': echo (new PDO('sqlite:/var/lib/app/app.db'))->query('select 6 * 7')->fetchColumn(); break;
        case '/multibyte': echo mb_strtoupper('é'), bin2hex(mb_convert_encoding('日', 'SJIS', 'UTF-8')); break;
        case '/iconv': echo bin2hex(iconv('UTF-8', 'IBM037', 'cafe')); break;
        case '/collate': $words = ['z', 'ä', 'a']; (new Collator('de_DE'))->sort($words); echo implode($words); break;
        case '/xml': echo simplexml_load_file("$root/data/picture.svg")['width']; break;
        case '/fetch': echo file_get_contents(getenv('TLS_URL')); break;
        case '/curl': $curl = curl_init(getenv('TLS_URL')); curl_exec($curl); break;
        case '/zone': echo (new DateTime('@1500000000'))->setTimezone(new DateTimeZone('America/New_York'))->format('c T'); break;
        case '/locale': echo setlocale(LC_ALL, 'es_ES.UTF-8'), ' ', localeconv()['decimal_point']; break;
        case '/shell': echo shell_exec('uname -s; seq 3 | sort -r | head -1'); break;
        case '/user': echo posix_getpwuid(posix_geteuid())['name'], ' ', gethostbyname('localhost'); break;
        case '/data': echo json_decode(file_get_contents("$root/data/settings.json"))->answer; break;
        case '/type': echo mime_content_type("$root/data/picture.svg"); break;
        case '/digest': echo hash('xxh3', 'x'), openssl_digest('x', 'sha3-256'); break;
        case '/upload':
            $file = tempnam(sys_get_temp_dir(), 'upload');
            echo file_put_contents($file, file_get_contents('php://input')), ' bytes';
            unlink($file);
            break;
        default: http_response_code(404); require "$root/templates/missing.php";
    }
} catch (Throwable $error) {
    http_response_code(500);
    echo get_class($error), ': ', $error->getMessage();
}
