import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import statics from '@fastify/static';
import view from '@fastify/view';
import fastify from 'fastify';
import handlebars from 'handlebars';

const here = import.meta.dirname;
const app = fastify({ logger: true });
app.register(view, { engine: { handlebars }, root: path.join(here, 'views') });
app.register(statics, { root: path.join(here, 'assets'), prefix: '/assets/' });
app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (request, body, done) => done(null, body));

const picture = async (text) => {
  const { default: sharp } = await import('sharp');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="30"><text y="20" font-family="Liberation Sans">${text}</text></svg>`;
  return sharp(Buffer.from(svg));
};

app.get('/', async () => ({ badges: true }));
app.get('/healthz', async () => 'ok');
app.get('/list', async (request, reply) => {
  const badges = JSON.parse(await readFile(path.join(here, 'assets', 'badges.json')));
  return reply.view('list.hbs', { badges });
});
app.get('/badge/:format', async (request) => {
  const { format, width } = (await (await import('sharp')).default(await (await picture('Ünder')).toFormat(request.params.format).toBuffer()).metadata());
  return { format, width };
});
app.get('/drawn', async () => ((await (await picture('Hello')).stats()).isOpaque ? 'blank' : 'drawn'));
app.get('/password', async () => {
  const { hash, verify } = await import('@node-rs/argon2');
  return verify(await hash('swordfish'), 'swordfish');
});
app.get('/drawing', async () => {
  const made = await promisify(execFile)('rsvg-convert', ['--format', 'svg', path.join(here, 'assets', 'badge.svg')]);
  return made.stdout.includes('<svg') ? 'converted' : 'nothing';
});
app.get('/font', async () => (await promisify(execFile)('fc-match', ['Arial'])).stdout);
app.get('/broken', async () => { throw new Error('glue is out'); });
app.get('/zone', async () => new Date(0).toLocaleTimeString('en-US', { timeZone: 'Asia/Colombo' }));
app.post('/size', async (request) => {
  const { width, height } = await (await import('sharp')).default(request.body).metadata();
  return { width, height };
});
app.setNotFoundHandler((request, reply) => reply.code(404).view('missing.hbs', { url: request.url }));

await app.listen({ port: 8000, host: '0.0.0.0' });
