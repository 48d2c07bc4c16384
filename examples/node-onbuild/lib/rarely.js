'use strict';

// Routes that are seldom visited, each of which needs something that the start of the server does not.

const { execFile } = require('child_process');
const dns = require('dns');
const express = require('express');
const fs = require('fs');
const https = require('https');
const path = require('path');
const tls = require('tls');
const url = require('url');
const template = require('lodash/template');

const router = express.Router();
module.exports = router;

// A module that is loaded when it is first needed.
router.get('/lazy', (request, response) => {
  const report = require('./report');
  response.send(report(['first', 'second']));
});

// A template that is read from disk, by a name that is put together.
router.get('/template', (request, response, next) => {
  const file = path.join(__dirname, '..', 'views', `${request.query.name || 'greeting'}.html`);
  fs.readFile(file, 'utf8', (error, text) => {
    if (error) return next(error);
    response.send(template(text)({ name: 'template' }));
  });
});

// HTTPS by the system's certificate authorities: to $TLS_URL, or only the loading of them where that is not set.
router.get('/tls', (request, response, next) => {
  const bundle = process.env.SSL_CERT_FILE || '/etc/ssl/certs/ca-certificates.crt';
  fs.readFile(bundle, 'utf8', (error, text) => {
    if (error) return next(error);
    const ca = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) || [];
    if (!process.env.TLS_URL) {
      tls.createSecureContext({ ca });
      return response.send(`${ca.length > 0 ? 'certificate authorities loaded' : 'none'}\n`);
    }
    const target = Object.assign(url.parse(process.env.TLS_URL), { ca });
    https.get(target, (answer) => answer.pipe(response)).on('error', next);
  });
});

// A shell, and commands that only its script names.
router.get('/shell', (request, response, next) => {
  execFile('sh', ['-c', 'uname -s; ls public | sort -r'], { cwd: path.join(__dirname, '..') }, (error, output) => {
    if (error) return next(error);
    response.send(output);
  });
});

// A date in a time zone: Node 8 has no zones of its own, and the date command takes the system's.
router.get('/date', (request, response, next) => {
  const env = Object.assign({}, process.env, { TZ: 'America/New_York' });
  execFile('date', ['-d', '@1500000000', '+%F %T %Z'], { env }, (error, output) => {
    if (error) return next(error);
    response.send(output);
  });
});

// A name look-up, which the C library does through NSS.
router.get('/lookup', (request, response, next) => {
  dns.lookup('localhost', { family: 4 }, (error, address) => {
    if (error) return next(error);
    response.send(`${address} ${require('os').userInfo().username}\n`);
  });
});
