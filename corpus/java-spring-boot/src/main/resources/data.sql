insert into plant values ('Salbei', 40), ('Möhre', 30);
