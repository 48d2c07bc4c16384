const Koa = require('koa');
const serve = require('koa-static');
const router = require('./lib/router');

const app = new Koa();
app.use(async (ctx, next) => {
  try {
    await next();
    if (ctx.status === 404) ctx.throw(404, 'no such frame');
  } catch (error) {
    ctx.status = error.status || 500;
    ctx.body = require('pug').renderFile(`${__dirname}/lib/error.pug`, { message: error.message });
  }
});
app.use(serve(`${__dirname}/public`));
app.use(router.routes());
app.listen(4000);
