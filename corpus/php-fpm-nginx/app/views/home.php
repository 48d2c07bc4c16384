<h1>Greengrocer</h1>
