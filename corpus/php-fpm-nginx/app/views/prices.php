<?php foreach ($prices as $name => $price): ?><p><?= $name ?>: <?= number_format((float) $price, 2) ?></p><?php endforeach ?>
