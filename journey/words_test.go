package journey

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// book is the sentences of one language, by key.
type book map[string]string

// sentences reads all messages/LANG.toml of the house.
func sentences(t *testing.T, lang string) book {
	t.Helper()
	all := book{}
	err := filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() != lang+".toml" || filepath.Base(filepath.Dir(path)) != "messages" {
			return err
		}
		one := map[string]any{}
		if _, err := toml.DecodeFile(path, &one); err != nil {
			return err
		}
		for key, v := range one {
			switch v := v.(type) {
			case string:
				all[key] = v
			case map[string]any:
				all[key], _ = v["other"].(string)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?[-+#0-9.]*([a-zA-Z%])`)

// verbs lists the arguments that a sentence shows: "1s 2d".
func verbs(s string) string {
	seen := map[string]bool{}
	for _, m := range verb.FindAllStringSubmatch(s, -1) {
		if m[2] != "%" {
			seen[m[1]+m[2]] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(seen)), " ")
}

// TestSentencesStandInBothLanguages holds the two languages together: the same
// keys, and the same arguments in each sentence. English may leave an argument
// out of its singular.
func TestSentencesStandInBothLanguages(t *testing.T) {
	vi, en := sentences(t, "vi"), sentences(t, "en")
	if len(vi) < 300 {
		t.Fatalf("%d sentences: is this test still reading the house?", len(vi))
	}
	for key, s := range vi {
		other, ok := en[key]
		switch {
		case !ok:
			t.Errorf("%s is missing in English", key)
		case verbs(s) != verbs(other):
			t.Errorf("%s shows (%s) in Vietnamese and (%s) in English", key, verbs(s), verbs(other))
		case strings.Contains(s, "%!") || s == "" || other == "":
			t.Errorf("%s says nothing", key)
		}
	}
	for key := range en {
		if _, ok := vi[key]; !ok {
			t.Errorf("%s is missing in Vietnamese", key)
		}
	}
}

// use is a key, or the beginning of keys, that the code names.
type use struct {
	key    string
	prefix bool
	where  string
}

// speakers finds the functions that take a message key, and at which argument:
// those of i18n and errs, and every function of a package that hands one of its
// own arguments on to such a function.
type speakers map[string]int // "pkg.Name", "pkg.Type.Name" by bare method name: ".Name"

func newSpeakers() speakers {
	return speakers{"i18n.T": 0, "i18n.S": 1, "errs.New": 1, ".Field": 1, ".Need": 2}
}

type file struct {
	path, dir string
	ast       *ast.File
	set       *token.FileSet
}

func goFiles(t *testing.T) (files []file) {
	t.Helper()
	set := token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (e.Name() == "testdata" || strings.HasPrefix(e.Name(), ".") && e.Name() != "..") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(set, path, text, 0)
		files = append(files, file{path, filepath.Dir(path), f, set})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// argument is where a call of f takes a key; -1 for nowhere.
func (s speakers) argument(f file, call *ast.CallExpr) int {
	var names []string
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		names = []string{f.dir + "." + fun.Name}
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok {
			names = append(names, x.Name+"."+fun.Sel.Name)
		}
		names = append(names, "."+fun.Sel.Name, f.dir+"."+fun.Sel.Name)
	}
	for _, n := range names {
		if i, ok := s[n]; ok && i < len(call.Args) {
			return i
		}
	}
	return -1
}

// learn adds the functions that hand a parameter on; it says whether it found any.
func (s speakers) learn(files []file) (more bool) {
	for _, f := range files {
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil || fn.Type.Params == nil {
				continue
			}
			params := paramsOf(fn)
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				i := s.argument(f, call)
				if i < 0 {
					return true
				}
				if id, ok := call.Args[i].(*ast.Ident); ok {
					name := f.dir + "." + fn.Name.Name
					if at := slices.Index(params, id.Name); at >= 0 {
						if _, known := s[name]; !known {
							s[name], more = at, true
						}
					}
				}
				return true
			})
		}
	}
	return more
}

func paramsOf(fn *ast.FuncDecl) (names []string) {
	for _, p := range fn.Type.Params.List {
		if len(p.Names) == 0 {
			names = append(names, "")
		}
		for _, n := range p.Names {
			names = append(names, n.Name)
		}
	}
	return names
}

// usesOf lists the keys that the code names where a key is asked for.
func usesOf(files []file) (uses []use) {
	s := newSpeakers()
	for s.learn(files) {
	}
	for _, f := range files {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if i := s.argument(f, call); i >= 0 {
					if key, prefix, ok := literal(call.Args[i]); ok {
						uses = append(uses, use{key, prefix, f.set.Position(call.Pos()).String()})
					}
				}
			}
			return true
		})
	}
	return uses
}

// literal is the text of an expression, or the text that it begins with.
func literal(e ast.Expr) (text string, prefix, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, false, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		text, _, ok = literal(e.X)
		return text, true, ok && e.Op == token.ADD
	}
	return "", false, false
}

func TestCodeNamesSentencesThatThereAre(t *testing.T) {
	vi := sentences(t, "vi")
	uses := usesOf(goFiles(t))
	if len(uses) < 500 {
		t.Fatalf("%d uses: is this test still reading the house?", len(uses))
	}
	for _, u := range uses {
		_, there := vi[u.key]
		if u.prefix {
			there = begins(vi, u.key)
		}
		if !there && !strings.Contains(u.key, "%") {
			t.Errorf("%s: no sentence of key %q", u.where, u.key)
		}
	}
}

func begins(b book, prefix string) bool {
	for key := range b {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// TestNoSentenceIsDead finds sentences whose key stands nowhere in the code: whole,
// as a beginning that something is put behind, or with an end that is put behind
// another key.
func TestNoSentenceIsDead(t *testing.T) {
	whole, start, end := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, f := range goFiles(t) {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if text, err := strconv.Unquote(l.Value); err == nil {
					whole[text] = true
					if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "-") {
						start[text] = true
					}
					if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "-") {
						end[text] = true
					}
				}
			}
			return true
		})
	}
	for key := range sentences(t, "vi") {
		alive := whole[key]
		for i := range key {
			alive = alive || start[key[:i]] || whole[key[:i]] && end[key[i:]]
		}
		if !alive {
			t.Errorf("%s is said nowhere", key)
		}
	}
}
