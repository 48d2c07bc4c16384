<ol>
% for entry in entries:
<li>{{ entry.title }} {{ entry.author }}</li>
% end
</ol>
