FROM golang:1.23
RUN go install golang.org/x/tools/cmd/goimports@v0.21.0 && go run github.com/magefile/mage@v1.15.0 build
USER 1000
