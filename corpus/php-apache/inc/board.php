<?php
namespace board;

const FILE = __DIR__ . '/notices.txt';

function notices(): array
{
    return array_map(fn ($line) => iconv('ISO-8859-1', 'UTF-8', $line), file(FILE, FILE_IGNORE_NEW_LINES));
}

function add(string $text): string
{
    $copy = tempnam(sys_get_temp_dir(), 'notice');
    copy(FILE, $copy);
    file_put_contents($copy, $text . "\n", FILE_APPEND);
    return count(file($copy)) . ' notices';
}

function zipped(string $name): string
{
    $path = tempnam(sys_get_temp_dir(), 'zip');
    $zip = new \ZipArchive();
    $zip->open($path, \ZipArchive::OVERWRITE);
    $zip->addFile(FILE, $name);
    $zip->close();
    $zip->open($path);
    return $zip->getNameIndex(0);
}
