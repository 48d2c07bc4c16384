// A small web server, containerised in the plainest way.
package main

import (
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", hello)
	http.HandleFunc("/healthz", func(answer http.ResponseWriter, _ *http.Request) { fmt.Fprintln(answer, "ok") })
	http.HandleFunc("/fetch", fetch)
	log.Println("listening on port 8080")
	log.Fatal(http.ListenAndServe(":8080", nil))
}

func hello(answer http.ResponseWriter, request *http.Request) {
	if request.URL.Path != "/" {
		http.NotFound(answer, request)
		return
	}
	fmt.Fprintln(answer, "Hello from Go")
}

// fetch makes an HTTPS request to $TLS_URL, trusting the system's certificate authorities; where that is not set,
// it only loads them. Nothing links to it.
func fetch(answer http.ResponseWriter, _ *http.Request) {
	url := os.Getenv("TLS_URL")
	if url == "" {
		roots, err := x509.SystemCertPool()
		if err != nil || roots.Equal(x509.NewCertPool()) {
			http.Error(answer, "no certificate authorities", http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(answer, "certificate authorities loaded")
		return
	}
	page, err := http.Get(url)
	if err != nil {
		http.Error(answer, err.Error(), http.StatusBadGateway)
		return
	}
	defer page.Body.Close()
	io.Copy(answer, page.Body)
}
