create table tide (port text, at text, metres real);
insert into tide values ('Esbjerg', '04:10', 1.4), ('Esbjerg', '16:30', 1.6), ('Ribe', '04:40', 1.1);
