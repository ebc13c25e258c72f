// kyaml-identity reads a ResourceList with kyaml, as functions written in Go do, and writes it back unchanged: what the
// benchmark measures the TypeScript function against. With -json it prints the values that kyaml reads instead, one
// line for each list; lists are separated by a NUL byte, so that one process can read many.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

func main() {
	run := identity
	if len(os.Args) > 1 && os.Args[1] == "-json" {
		run = values
	}
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func identity(in io.Reader, out io.Writer) error {
	list := &kio.ByteReadWriter{Reader: in, Writer: out, KeepReaderAnnotations: true}
	return kio.Pipeline{Inputs: []kio.Reader{list}, Outputs: []kio.Writer{list}}.Execute()
}

func values(in io.Reader, out io.Writer) error {
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(out)
	for _, list := range bytes.Split(text, []byte{0}) {
		value, err := read(list)
		if err != nil {
			value = map[string]string{"error": err.Error()}
		}
		if err := lines.Encode(value); err != nil {
			return err
		}
	}
	return nil
}

// read takes the list as kyaml's own nodes and turns them into JSON values, so that kyaml decides what each scalar is.
func read(text []byte) (any, error) {
	node, err := yaml.Parse(string(text))
	if err != nil {
		return nil, err
	}
	if err := node.DeAnchor(); err != nil {
		return nil, err
	}
	return value(node.YNode())
}

func value(node *yaml.Node) (any, error) {
	switch node.Kind {
	case yaml.DocumentNode:
		return value(node.Content[0])
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			inner, err := value(node.Content[i+1])
			if err != nil {
				return nil, err
			}
			object[node.Content[i].Value] = inner
		}
		return object, nil
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range node.Content {
			inner, err := value(item)
			if err != nil {
				return nil, err
			}
			list = append(list, inner)
		}
		return list, nil
	default:
		// The tag tells apart what looks alike, such as the string "1" and the number 1.
		return []string{"scalar", node.ShortTag(), node.Value}, nil
	}
}
