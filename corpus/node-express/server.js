const path = require('path');
const express = require('express');
const morgan = require('morgan');

const app = express();
app.set('view engine', 'ejs');
app.set('views', path.join(__dirname, 'views'));
app.use(morgan('tiny'));
app.use(express.raw({ type: '*/*', limit: '1mb' }));

app.get('/', (req, res) => res.render('index', { title: 'The library' }));
app.get('/healthz', (req, res) => res.json({ ok: true }));
app.use('/books', require('./routes/books'));
app.use('/tools', require('./routes/tools'));

app.use((req, res) => res.status(404).render('missing', { path: req.path }));
app.use((error, req, res, next) => res.status(500).render('broken', { message: error.message }));

app.listen(process.env.PORT || 3000, () => console.log('listening'));
