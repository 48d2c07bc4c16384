create table plant (name varchar(40), height int);
