<p>It is <?= htmlspecialchars($message) ?>.</p>
