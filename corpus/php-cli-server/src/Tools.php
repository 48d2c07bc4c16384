<?php
declare(strict_types=1);

final class Tools
{
    public static function locale(): string
    {
        setlocale(LC_TIME, 'it_IT.UTF-8');
        return nl_langinfo(DAY_2);
    }

    public static function picture(): string
    {
        $image = imagecreatetruecolor(10, 10);
        ob_start();
        imagepng($image);
        return substr(ob_get_clean(), 1, 3);
    }

    public static function archive(): string
    {
        $directory = sys_get_temp_dir() . '/' . uniqid('archive');
        mkdir($directory);
        file_put_contents("$directory/a.txt", 'hello');
        shell_exec("cd $directory && zip -q a.zip a.txt && rm a.txt && unzip -q a.zip");
        return file_get_contents("$directory/a.txt");
    }
}
