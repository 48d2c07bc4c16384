const os = require('os');
const { execFile } = require('child_process');
const router = require('express').Router();

router.get('/zone', (req, res) => {
  const dayjs = require('dayjs');
  dayjs.extend(require('dayjs/plugin/utc'));
  dayjs.extend(require('dayjs/plugin/timezone'));
  res.send(dayjs('2024-07-01T12:00:00Z').tz('Asia/Tokyo').format('YYYY-MM-DD HH:mm'));
});
router.get('/money', (req, res) => {
  res.send(new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }).format(1234.5));
});
router.get('/latin', (req, res) => {
  const iconv = require('iconv-lite');
  res.send(iconv.encode('déjà', 'iso-8859-1').toString('hex'));
});
router.get('/lines', (req, res, next) => {
  execFile('sh', ['-c', 'wc -l < data/books.json'], (error, out) => (error ? next(error) : res.send(out.trim())));
});
router.get('/user', (req, res) => res.send(os.userInfo().username));
router.post('/digest', (req, res) => {
  res.send(require('crypto').createHash('sha256').update(req.body).digest('hex'));
});

module.exports = router;
