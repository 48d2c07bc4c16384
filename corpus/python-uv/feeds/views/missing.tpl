<p>No feed at {{ path }}</p>
