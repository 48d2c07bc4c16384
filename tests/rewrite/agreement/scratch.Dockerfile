FROM golang:1.23 AS build
RUN go build -o /hello ./hello
FROM scratch
COPY --from=build /hello /hello
USER 65532
ENTRYPOINT ["/hello"]
