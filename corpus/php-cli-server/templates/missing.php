<p>No recipe at <?= htmlspecialchars($path) ?></p>
