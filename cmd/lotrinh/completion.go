package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run writes a completion script: source <(lotrinh completion bash).
func (c completionCmd) Run(k *kong.Context, out io.Writer) error {
	words := wordsOf(k.Model.Node, "")
	switch c.Shell {
	case "fish":
		for _, path := range slices.Sorted(maps.Keys(words)) {
			next := words[path]
			seen := "__fish_use_subcommand"
			if path != "" {
				seen = "__fish_seen_subcommand_from " + path
			}
			fmt.Fprintf(out, "complete -c lotrinh -f -n '%s' -a '%s'\n", seen, strings.Join(next, " "))
		}
		return nil
	case "zsh":
		fmt.Fprintln(out, "autoload -U +X bashcompinit && bashcompinit")
	}
	fmt.Fprint(out, "_lotrinh() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n\tcase ${COMP_WORDS[1]} in\n")
	for _, path := range slices.Sorted(maps.Keys(words)) {
		if path != "" {
			fmt.Fprintf(out, "\t%s) COMPREPLY=($(compgen -f -W '%s' -- \"$cur\")) ;;\n", path, strings.Join(words[path], " "))
		}
	}
	fmt.Fprintf(out, "\t*) COMPREPLY=($(compgen -W '%s' -- \"$cur\")) ;;\n\tesac\n}\ncomplete -F _lotrinh lotrinh\n", strings.Join(words[""], " "))
	return nil
}

// wordsOf lists what may follow each command: its own commands and flags, and the
// flags of all.
func wordsOf(n *kong.Node, path string) map[string][]string {
	all := map[string][]string{path: flags(n)}
	for _, child := range n.Children {
		if child.Hidden {
			continue
		}
		all[path] = append(all[path], child.Name)
		if path == "" {
			all[child.Name] = append(wordsOf(child, child.Name)[child.Name], flags(n)...)
		}
	}
	return all
}

func flags(n *kong.Node) (words []string) {
	for _, f := range n.Flags {
		words = append(words, "--"+f.Name)
	}
	return words
}
