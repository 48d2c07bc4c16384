FROM golang:1.23
WORKDIR /src
COPY . .
RUN go install ./... && go run . --version
USER 1000
