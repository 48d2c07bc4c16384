module example/goapp

go 1.19
