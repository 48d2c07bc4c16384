<?php foreach ($recipes as $recipe): ?><p><?= htmlspecialchars($recipe["name"]) ?>: <?= $recipe["minutes"] ?> min</p><?php endforeach ?>
