create table task (id integer primary key, name text not null, due datetime not null);
