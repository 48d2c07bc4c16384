module example.org/handbook

go 1.19

require (
	github.com/go-chi/chi/v5 v5.0.10
	github.com/yuin/goldmark v1.5.6
	golang.org/x/text v0.13.0
)
