// Reads manifests from stdin and decodes each strictly into the API types of the oldest Kubernetes that is supported (see go.mod):
// a field or kind that it does not know is printed, and the exit code is 1.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	decoder := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme.Scheme, scheme.Scheme, json.SerializerOptions{Yaml: true, Strict: true})
	documents := yaml.NewYAMLReader(bufio.NewReader(os.Stdin))
	known, unknown := 0, 0
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		object, kind, err := decoder.Decode(document, nil, nil)
		switch {
		case err != nil:
			fmt.Printf("%v: %v\n", kind, err)
			unknown++
		case object != nil:
			known++
		}
	}
	fmt.Fprintf(os.Stderr, "%d objects known, %d not\n", known, unknown)
	if unknown > 0 || known == 0 {
		os.Exit(1)
	}
}
