module example.org/generator

go 1.19

require (
	github.com/yuin/goldmark v1.5.6
	github.com/yuin/goldmark-meta v1.1.0
)

require gopkg.in/yaml.v2 v2.3.0 // indirect
