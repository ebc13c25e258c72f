// measure runs a command with a file as its standard input and prints, as JSON, how long it took and how much memory
// it held at most: measure FILE COMMAND [ARGUMENT...]. Its output is thrown away.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

type measured struct {
	Seconds float64 `json:"seconds"`
	Bytes   int64   `json:"bytes"`
}

func main() {
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(input string, command []string) error {
	in, err := os.Open(input)
	if err != nil {
		return err
	}
	defer in.Close()
	child := exec.Command(command[0], command[1:]...)
	child.Stdin, child.Stderr = in, os.Stderr
	started := time.Now()
	if err := child.Run(); err != nil {
		return fmt.Errorf("%v: %w", command, err)
	}
	took := time.Since(started)
	usage, ok := child.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return fmt.Errorf("this system does not say how much memory a process used")
	}
	return json.NewEncoder(os.Stdout).Encode(measured{Seconds: took.Seconds(), Bytes: usage.Maxrss * 1024})
}
