const database = require('./lib/database')();

database.exec('create virtual table if not exists message using fts5 (author, words)');
const insert = database.prepare('insert into message values (?, ?)');
insert.run('Ida', 'Shall we meet at the fountain?');
insert.run('Jón', 'Sjáumst á torginu');
