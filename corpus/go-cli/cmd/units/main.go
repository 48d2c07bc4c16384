// Units converts between units of measurement.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"
)

const directory = "/usr/share/units"

func factors(kind string) (map[string]float64, error) {
	file, err := os.Open(filepath.Join(directory, kind+".txt"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	known := map[string]float64{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if known[words[0]], err = strconv.ParseFloat(words[1], 64); err != nil {
			return nil, err
		}
	}
	return known, nil
}

func convert(_ *cobra.Command, args []string) error {
	value, err := strconv.ParseFloat(args[1], 64)
	if err != nil {
		return err
	}
	known, err := factors(args[0])
	if err != nil {
		return err
	}
	fmt.Printf("%g %s\n", value*known[args[2]]/known[args[3]], args[3])
	return nil
}

func list(_ *cobra.Command, args []string) error {
	known, err := factors(args[0])
	if err != nil {
		return err
	}
	return yaml.NewEncoder(os.Stdout).Encode(known)
}

func epoch(*cobra.Command, []string) { fmt.Println(time.Unix(0, 0).Format(time.RFC3339)) }

func page(_ *cobra.Command, args []string) error {
	pager := exec.Command("sort", "-r", filepath.Join(directory, args[0]+".txt"))
	pager.Stdout, pager.Stderr = os.Stdout, os.Stderr
	return pager.Run()
}

func main() {
	root := &cobra.Command{Use: "units", Short: "Convert between units", SilenceUsage: true}
	root.AddCommand(
		&cobra.Command{Use: "convert KIND VALUE FROM TO", Short: "Convert", Args: cobra.ExactArgs(4), RunE: convert},
		&cobra.Command{Use: "list KIND", Short: "List units", Args: cobra.ExactArgs(1), RunE: list},
		&cobra.Command{Use: "epoch", Short: "When time began", Run: epoch},
		&cobra.Command{Use: "page KIND", Short: "Print a table", Args: cobra.ExactArgs(1), RunE: page},
	)
	if root.Execute() != nil {
		os.Exit(1)
	}
}
