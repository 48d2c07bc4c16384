insert into task (name, due) values ('Water the plants', '2024-05-01 09:00:00'), ('Étudier', '2024-05-02 18:30:00');
