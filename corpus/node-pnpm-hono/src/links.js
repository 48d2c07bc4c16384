import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';

export const links = new Hono();

const known = async () => JSON.parse(await readFile(new URL('./links.json', import.meta.url)));

links.get('/list', async (c) => {
  const { default: mustache } = await import('mustache');
  const template = await readFile(new URL('./list.mustache', import.meta.url), 'utf8');
  return c.html(mustache.render(template, { links: await known() }));
});
links.get('/code/:name', async (c) => {
  const qrcode = await import('qrcode');
  const link = (await known()).find((each) => each.name === c.req.param('name'));
  if (!link) throw new Error('unknown link');
  return c.body(await qrcode.default.toString(link.to, { type: 'svg' }), 200, { 'Content-Type': 'image/svg+xml' });
});
links.post('/', async (c) => {
  const { customAlphabet } = await import('nanoid');
  const name = customAlphabet('a', 6)();
  return c.json({ name, to: await c.req.text() });
});
