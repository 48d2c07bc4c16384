create table note (title text, body text);
insert into note values ('Key', 'under the mat'), ('Año', '1987');
