'use strict';

const marked = require('marked');

module.exports = (lines) => marked(lines.map((line) => `* ${line}\n`).join(''));
