<?php
declare(strict_types=1);

spl_autoload_register(function (string $name): void {
    require __DIR__ . '/../src/' . $name . '.php';
});

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && is_file(__DIR__ . $path) && $path !== '/index.php') {
    return false;
}

function page(string $name, array $values = []): string
{
    extract($values);
    ob_start();
    require __DIR__ . "/../templates/$name.php";
    return ob_get_clean();
}

try {
    echo match ($path) {
        '/' => page('home'),
        '/health' => 'ok',
        '/recipes' => page('recipes', ['recipes' => (new Recipes())->all()]),
        '/recipes.json' => json_encode((new Recipes())->all(), JSON_UNESCAPED_UNICODE),
        '/zone' => (new DateTime('2024-07-01 12:00 UTC'))->setTimezone(new DateTimeZone('America/Bogota'))->format('H:i T'),
        '/date' => (new IntlDateFormatter('fr_FR', IntlDateFormatter::FULL, IntlDateFormatter::NONE, 'UTC'))->format(0),
        '/locale' => Tools::locale(),
        '/picture' => Tools::picture(),
        '/xml' => (string) simplexml_load_file(__DIR__ . '/../data/menu.xml')->dish[1],
        '/encoding' => bin2hex(mb_convert_encoding('漢字', 'SJIS', 'UTF-8')),
        '/git' => trim(shell_exec('git --version')),
        '/archive' => Tools::archive(),
        '/broken' => throw new RuntimeException('burnt'),
        '/upload' => (string) strlen(file_get_contents('php://input')),
        default => (http_response_code(404) ? '' : '') . page('missing', ['path' => $path]),
    };
} catch (RuntimeException $error) {
    http_response_code(500);
    echo page('error', ['message' => $error->getMessage()]);
}
