const fs = require('fs');
const path = require('path');
const router = require('express').Router();

const data = path.join(__dirname, '..', 'data');
const books = () => JSON.parse(fs.readFileSync(path.join(data, 'books.json'), 'utf8'));

router.get('/', (req, res) => res.render('books', { books: books() }));
router.get('/:id/notes', (req, res) => {
  const { marked } = require('marked');
  const text = fs.readFileSync(path.join(data, 'notes', `${Number(req.params.id)}.md`), 'utf8');
  res.send(marked.parse(text));
});
router.get('/:id', (req, res, next) => {
  const book = books().find((each) => each.id === Number(req.params.id));
  if (!book) return next(new Error(`no book ${req.params.id}`));
  res.json(book);
});

module.exports = router;
