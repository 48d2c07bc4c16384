package main

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/yuin/goldmark"
	"golang.org/x/text/collate"
	textlanguage "golang.org/x/text/language"
)

func page(w http.ResponseWriter, r *http.Request) {
	source, err := os.ReadFile(filepath.Join("content", filepath.Base(chi.URLParam(r, "name"))+".md"))
	if err != nil {
		show(w, 404, "404.html", r.URL.Path)
		return
	}
	var body bytes.Buffer
	if err := goldmark.Convert(source, &body); err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	show(w, 200, "page.html", template.HTML(body.String()))
}

func zone(w http.ResponseWriter, _ *http.Request) {
	place, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	fmt.Fprint(w, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).In(place).Format(time.RFC1123))
}

func language(w http.ResponseWriter, _ *http.Request) {
	words := []string{"zebra", "ähnlich", "apfel"}
	collate.New(textlanguage.German).SortStrings(words)
	fmt.Fprint(w, words)
}

func certificates(w http.ResponseWriter, _ *http.Request) {
	pool, err := x509.SystemCertPool()
	if err != nil || len(pool.Subjects()) == 0 { //nolint:staticcheck // only counted
		http.Error(w, "no authorities", 500)
		return
	}
	fmt.Fprint(w, "authorities found")
}

func list(w http.ResponseWriter, _ *http.Request) {
	out, err := exec.Command("sh", "-c", "ls content | sort | tr '\\n' ' '").Output()
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	w.Write(out)
}

func whoami(w http.ResponseWriter, _ *http.Request) {
	current, err := user.Current()
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	fmt.Fprint(w, current.Username, " ", current.HomeDir)
}

func upload(w http.ResponseWriter, r *http.Request) {
	file, err := os.CreateTemp("", "upload")
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	defer os.Remove(file.Name())
	size, _ := io.Copy(file, r.Body)
	fmt.Fprint(w, size, " bytes")
}
