<p>Sorry, <?= htmlspecialchars($message) ?>.</p>
