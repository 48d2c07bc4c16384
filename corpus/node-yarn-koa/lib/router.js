const fs = require('fs');
const { execFileSync } = require('child_process');
const Router = require('@koa/router');

const router = new Router();
const near = (name) => `${__dirname}/${name}`;

router.get('/status', (ctx) => { ctx.body = { status: 'up', version: process.env.APP_VERSION }; });
router.get('/frames', (ctx) => {
  const { parse } = require('csv-parse/sync');
  const rows = parse(fs.readFileSync(near('frames.csv')), { columns: true });
  ctx.body = rows.map((row) => `${row.name}: ${row.width}x${row.height}`).join('\n');
});
router.get('/settings', (ctx) => {
  ctx.body = require('yaml').parse(fs.readFileSync(near('settings.yml'), 'utf8'));
});
router.get('/page', (ctx) => {
  ctx.body = require('pug').renderFile(near('page.pug'), { names: ['oak', 'walnut'] });
});
router.get('/size', (ctx) => {
  ctx.body = execFileSync('gm', ['identify', '-format', '%wx%h %m', `${__dirname}/../public/dot.gif`]).toString();
});
router.get('/convert', (ctx) => {
  const png = execFileSync('gm', ['convert', `${__dirname}/../public/dot.gif`, 'png:-']);
  ctx.body = png.subarray(1, 4).toString();
});
router.get('/time', (ctx) => { ctx.body = new Date(0).toString(); });
router.get('/home', (ctx) => { ctx.body = `${require('os').userInfo().username} ${require('os').homedir()}`; });

module.exports = router;
