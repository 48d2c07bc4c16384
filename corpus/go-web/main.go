// Handbook serves pages written in Markdown.
package main

import (
	"embed"
	"html/template"
	"log"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

//go:embed templates
var templates embed.FS

var pages = template.Must(template.ParseFS(templates, "templates/*.html"))

func show(w http.ResponseWriter, status int, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := pages.ExecuteTemplate(w, name, data); err != nil {
		log.Print(err)
	}
}

func main() {
	router := chi.NewRouter()
	router.Use(middleware.Logger, middleware.Recoverer)
	router.Get("/", func(w http.ResponseWriter, r *http.Request) { show(w, 200, "index.html", nil) })
	router.Get("/healthz", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ok")) })
	router.Get("/pages/{name}", page)
	router.Get("/zone", zone)
	router.Get("/language", language)
	router.Get("/certificates", certificates)
	router.Get("/list", list)
	router.Get("/user", whoami)
	router.Post("/upload", upload)
	router.Handle("/static/*", http.StripPrefix("/static/", http.FileServer(http.Dir("static"))))
	router.NotFound(func(w http.ResponseWriter, r *http.Request) { show(w, 404, "404.html", r.URL.Path) })
	log.Fatal(http.ListenAndServe(":8080", router))
}
