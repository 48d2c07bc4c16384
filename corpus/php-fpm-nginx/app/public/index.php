<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);

function view(string $name, array $values = []): void
{
    extract($values);
    require __DIR__ . "/../views/$name.php";
}

switch ($path) {
    case '/':
        view('home');
        break;
    case '/status':
        echo 'fine';
        break;
    case '/prices':
        view('prices', ['prices' => parse_ini_file(__DIR__ . '/../data/prices.ini')]);
        break;
    case '/sum':
        echo bcadd('0.1', '0.2', 30);
        break;
    case '/message':
        echo MessageFormatter::formatMessage('ru', '{0, plural, one{# яблоко} few{# яблока} other{# яблок}}', [3]);
        break;
    case '/transliterate':
        echo Transliterator::create('Any-Latin; Latin-ASCII')->transliterate('Ελλάδα');
        break;
    case '/zone':
        echo (new DateTimeImmutable('@0'))->setTimezone(new DateTimeZone('Asia/Riyadh'))->format('H:i');
        break;
    case '/session':
        session_start();
        $_SESSION['seen'] = ($_SESSION['seen'] ?? 0) + 1;
        echo 'seen ' . $_SESSION['seen'];
        break;
    case '/shell':
        echo shell_exec('id -un');
        break;
    case '/upload':
        echo md5(file_get_contents('php://input'));
        break;
    case '/broken':
        http_response_code(500);
        view('error', ['message' => 'till is jammed']);
        break;
    default:
        http_response_code(404);
        view('error', ['message' => "nothing is sold at $path"]);
}
