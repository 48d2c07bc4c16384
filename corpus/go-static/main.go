// Generator makes a site from Markdown, and serves it.
package main

import (
	"bytes"
	"flag"
	"html/template"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/yuin/goldmark"
	meta "github.com/yuin/goldmark-meta"
	"github.com/yuin/goldmark/parser"
)

type page struct {
	Title   any
	Body    template.HTML
	Printed string
}

func build(out string) error {
	layouts, err := template.ParseGlob("layouts/*.html")
	if err != nil {
		return err
	}
	sources, err := filepath.Glob("content/*.md")
	if err != nil {
		return err
	}
	markdown := goldmark.New(goldmark.WithExtensions(meta.Meta))
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			return err
		}
		var body, made bytes.Buffer
		context := parser.NewContext()
		if err := markdown.Convert(text, &body, parser.WithContext(context)); err != nil {
			return err
		}
		values := page{meta.Get(context)["title"], template.HTML(body.String()), "2024"}
		if err := layouts.ExecuteTemplate(&made, "page.html", values); err != nil {
			return err
		}
		name := strings.TrimSuffix(filepath.Base(source), ".md")
		target := filepath.Join(out, name, "index.html")
		if name == "index" {
			target = filepath.Join(out, "index.html")
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, made.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(out, "404.html"), []byte("<p>Not written yet.</p>"), 0o644)
}

func preview(w http.ResponseWriter, r *http.Request) {
	directory, err := os.MkdirTemp("", "preview")
	if err == nil {
		defer os.RemoveAll(directory)
		err = build(directory)
	}
	if err != nil {
		http.Error(w, "sorry: "+err.Error(), 500)
		return
	}
	http.ServeFile(w, r, filepath.Join(directory, filepath.Base(r.URL.Path), "index.html"))
}

func check(w http.ResponseWriter, r *http.Request) {
	out, _ := exec.Command("tidy", "-q", "-e", "public/index.html").CombinedOutput()
	w.Write(append([]byte("checked\n"), out...))
}

func now(w http.ResponseWriter, r *http.Request) {
	zone, err := time.LoadLocation(r.URL.Query().Get("zone"))
	if err != nil {
		http.Error(w, "sorry: "+err.Error(), 400)
		return
	}
	w.Write([]byte(time.Unix(0, 0).In(zone).Format(time.RFC822)))
}

func serve(out string) error {
	http.HandleFunc("/preview/", preview)
	http.HandleFunc("/check", check)
	http.HandleFunc("/time", now)
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		path := filepath.Join(out, filepath.Clean(r.URL.Path))
		if _, err := os.Stat(path); err != nil {
			w.WriteHeader(404)
			path = filepath.Join(out, "404.html")
			text, _ := os.ReadFile(path)
			w.Write(text)
			return
		}
		http.FileServer(http.Dir(out)).ServeHTTP(w, r)
	})
	return http.ListenAndServe(":1313", nil)
}

func main() {
	out := flag.String("out", "public", "where the site is")
	flag.Parse()
	command := map[string]func(string) error{"build": build, "serve": serve}[flag.Arg(0)]
	if command == nil {
		log.Fatalf("what is %q?", flag.Arg(0))
	}
	if err := command(*out); err != nil {
		log.Fatal(err)
	}
}
