<?php
$database = new PDO('sqlite:' . __DIR__ . '/../data/recipes.sqlite');
$database->exec('create table if not exists recipe (name text, minutes integer)');
$database->exec("insert into recipe values ('Soupe à l''oignon', 60), ('Toast', 5)");
