// Reads a JSON list of texts from stdin and puts each through the library by which Flux replaces variables, with no
// variable but one set, as spec.postBuild does. Prints a JSON list of what each became, or why it failed.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/fluxcd/pkg/envsubst"
)

type result struct {
	Text  string `json:"text"`
	Error string `json:"error,omitempty"`
}

// As strict mode does, which is the default from Flux 2.9 on.
func lookUp(name string) (string, bool) {
	return "anything", name == "PLATFORM"
}

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	results := []result{}
	for _, text := range texts {
		became, err := envsubst.Eval(text, lookUp)
		if err != nil {
			results = append(results, result{Error: err.Error()})
			continue
		}
		results = append(results, result{Text: became})
	}
	if err := json.NewEncoder(os.Stdout).Encode(results); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
