'use strict';

const express = require('express');
const template = require('lodash/template');

const app = express();
app.disable('x-powered-by');
app.use(express.static(`${__dirname}/public`));

const page = template(`<!doctype html>
<title>node-onbuild</title>
<link rel="stylesheet" href="/style.css">
<h1>Hello from Node <%- version %></h1>
<p>Is it <a href="/healthz">well</a>?</p>
`);

app.get('/', (request, response) => response.send(page({ version: process.version })));
app.get('/healthz', (request, response) => response.send('ok\n'));

// Nothing links to these: what they need is loaded, read or run on the first request.
app.use(require('./lib/rarely'));

app.listen(8080, () => console.log('listening on port 8080'));
process.on('SIGTERM', () => process.exit(0));
