<?php
declare(strict_types=1);

final class Recipes
{
    public function all(): array
    {
        $database = new PDO('sqlite:' . __DIR__ . '/../data/recipes.sqlite');
        return $database->query('select name, minutes from recipe order by minutes')->fetchAll(PDO::FETCH_ASSOC);
    }
}
