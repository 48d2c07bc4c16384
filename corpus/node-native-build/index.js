const fs = require('fs');
const http = require('http');
const path = require('path');
const { Server } = require('socket.io');
const winston = require('winston');

const log = winston.createLogger({ transports: [new winston.transports.Console()] });
const near = (...names) => path.join(__dirname, ...names);

const pages = {
  '/': () => '<h1>Chat</h1>',
  '/up': () => 'up',
  '/messages': () => {
    const database = require('./lib/database')();
    const messages = database.prepare('select author, words from message').all();
    return require('nunjucks').configure(near('lib')).render('messages.njk', { messages });
  },
  '/search': (url) => {
    const database = require('./lib/database')();
    return database.prepare('select author from message where message match ?').pluck().get(url.searchParams.get('q')) || 'nobody';
  },
  '/welcome': async (url) => {
    const i18next = require('i18next');
    const backend = require('i18next-fs-backend');
    await i18next.use(backend).init({ lng: url.searchParams.get('language'), fallbackLng: 'en', backend: { loadPath: near('lib', '{{lng}}.json') } });
    return i18next.t('welcome');
  },
  '/zone': () => new Date(0).toLocaleString('en-GB', { timeZone: 'Atlantic/Reykjavik', hour12: false }),
  '/worker': () => new Promise((resolve, reject) => {
    const { Worker } = require('worker_threads');
    new Worker(near('lib', 'worker.js')).on('message', resolve).on('error', reject);
  }),
  '/compress': () => require('zlib').brotliDecompressSync(require('zlib').brotliCompressSync('squeezed')).toString(),
  '/disk': () => require('child_process').execSync('du -b lib/worker.js | cut -f1').toString(),
  '/rules': () => fs.promises.readFile(near('public', 'rules.txt'), 'latin1'),
  '/broken': () => { throw new Error('line is dead'); },
};

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  try {
    if (!pages[url.pathname]) {
      response.statusCode = 404;
      return response.end(fs.readFileSync(near('public', '404.html')));
    }
    response.end(String(await pages[url.pathname](url)));
  } catch (error) {
    response.statusCode = 500;
    response.end(`sorry: ${error.message}`);
  }
});
new Server(server);
server.listen(Number(process.env.PORT), () => log.info('listening'));
