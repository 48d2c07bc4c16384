'use strict';

const assert = require('assert');
const report = require('../lib/report');

describe('report', () => {
  it('is a list', () => assert(report(['one']).includes('<li>one</li>')));
});
