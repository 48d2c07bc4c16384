import { readFile } from 'node:fs/promises';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { links } from './links.js';

const app = new Hono();

app.get('/', (c) => c.html('<h1>Short links</h1>'));
app.get('/ping', (c) => c.text('pong'));
app.route('/links', links);
app.use('/static/*', serveStatic({ root: './' }));
app.get('/zones', (c) => c.text(new Date(0).toLocaleString('ja-JP', { timeZone: 'Asia/Tokyo', dateStyle: 'full' })));
app.get('/collate', (c) => c.text(['ä', 'z', 'a'].sort(new Intl.Collator('sv').compare).join('')));
app.get('/script', async (c) => {
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const { stdout } = await promisify(execFile)('sh', ['scripts/count.sh', 'src']);
  return c.text(stdout);
});
app.notFound(async (c) => c.html(await readFile('static/404.html', 'utf8'), 404));
app.onError((error, c) => c.json({ error: error.message }, 500));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
