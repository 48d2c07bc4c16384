FROM golang:1.23
WORKDIR /src
RUN go run main.go && go install -tags netgo github.com/magefile/mage@v1.15.0
USER 1000
