const rss = require('@11ty/eleventy-plugin-rss');
const { DateTime } = require('luxon');

module.exports = function (config) {
  config.addPlugin(rss);
  config.addPassthroughCopy({ assets: 'assets' });
  config.addFilter('day', (date) => DateTime.fromJSDate(date, { zone: 'utc' }).setLocale('en-GB').toFormat('d LLLL yyyy'));
  return { markdownTemplateEngine: 'njk', dir: { input: 'pages', includes: '../_includes', data: '../_data' } };
};
