FROM golang:1.23
RUN go get github.com/spf13/cobra
USER 1000
