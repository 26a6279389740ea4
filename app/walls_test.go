package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ground is the rooms that others stand on, and the rooms each may look into.
var ground = map[string][]string{"org": {}, "access": {"org"}}

// above is the rooms that may look into all others.
var above = []string{"app", "cmd", "journey"}

// mayImport is the whole rule of the walls: platform knows platform; a ground
// room those below it; every other room itself, the ground and the platform.
func mayImport(room, to string) bool {
	switch {
	case slices.Contains(above, room), to == room:
		return true
	case room == "platform":
		return false
	case to == "platform":
		return true
	}
	if below, ok := ground[room]; ok {
		return slices.Contains(below, to)
	}
	_, ok := ground[to]
	return ok
}

// source is one file of a tree of code.
type source struct {
	path string // from the root: "learn/course.go"
	text string
	ast  *ast.File // nil for SQL
}

func (s source) room() string { room, _, _ := strings.Cut(s.path, "/"); return room }

func read(t *testing.T, root string) (all []source) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && path != root && (e.Name() == "testdata" || strings.HasPrefix(e.Name(), ".")) {
			return fs.SkipDir
		}
		code := strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_templ.go")
		if e.IsDir() || !code && !strings.HasSuffix(path, ".sql") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		s := source{path: filepath.ToSlash(rel), text: string(text)}
		if code && err == nil {
			s.ast, err = parser.ParseFile(token.NewFileSet(), path, text, parser.ParseComments)
		}
		all = append(all, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// imports lists the imports that break the walls.
func imports(all []source) (wrong []string) {
	for _, s := range all {
		if s.ast == nil {
			continue
		}
		for _, imp := range s.ast.Imports {
			path, _ := strconv.Unquote(imp.Path.Value)
			to, ours := strings.CutPrefix(path, "lotrinh/")
			to, _, _ = strings.Cut(to, "/")
			_, isGround := ground[to] // the tests of the ground may stand on all of it
			if ours && !mayImport(s.room(), to) && !(isGround && ground[s.room()] != nil && strings.HasSuffix(s.path, "_test.go")) {
				wrong = append(wrong, s.path+" imports "+to)
			}
		}
	}
	return wrong
}

var tableName = regexp.MustCompile(`(?i)\b(?:from|join|into|update|table|references)\s+(?:if\s+(?:not\s+)?exists\s+)?([a-z]+)_[a-z_]+`)

// tables lists the SQL that reads or writes the table of another room. All may
// read those of org.
func tables(all []source, rooms []string) (wrong []string) {
	for _, s := range all {
		if slices.Contains(above, s.room()) || strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		for _, text := range sqlOf(s) {
			for _, m := range tableName.FindAllStringSubmatch(text, -1) {
				owner := strings.ToLower(m[1])
				if owner != s.room() && owner != "org" && slices.Contains(rooms, owner) {
					wrong = append(wrong, s.path+": "+m[0])
				}
			}
		}
	}
	return wrong
}

func sqlOf(s source) (texts []string) {
	if s.ast == nil {
		return []string{s.text}
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			texts = append(texts, l.Value)
		}
		return true
	})
	return texts
}

// function is one function of a room.
type function struct {
	room, where, name, body, doc string
	door                         bool // other rooms can call it, with a context
}

var asking = regexp.MustCompile(`\baccess\.(Check|CheckSelf|CheckPerson|In|Narrow|Allowed|Anywhere|Who)\(`)

// doors lists the exported methods with a context that neither ask access, nor
// call a function of their room that does, nor say that they are open to all.
func doors(all []source) (wrong []string, seen int) {
	funcs := functions(all)
	asks := map[string]bool{} // room and name
	for range 4 {             // as deep as asking is handed on
		for _, f := range funcs {
			asks[f.room+"."+f.name] = asks[f.room+"."+f.name] || asking.MatchString(f.body) || callsOne(f, asks)
		}
	}
	for _, f := range funcs {
		if !f.door {
			continue
		}
		seen++
		if !asking.MatchString(f.body) && !callsOne(f, asks) && !strings.Contains(f.doc, "Open to all") && !strings.Contains(f.doc, "Asks through") {
			wrong = append(wrong, f.where+": "+f.name)
		}
	}
	return wrong, seen
}

var call = regexp.MustCompile(`\b([A-Za-z]\w*)\(`)

func callsOne(f function, asks map[string]bool) bool {
	for _, m := range call.FindAllStringSubmatch(f.body, -1) {
		if m[1] != f.name && asks[f.room+"."+m[1]] {
			return true
		}
	}
	return false
}

func functions(all []source) (funcs []function) {
	for _, s := range all {
		if s.ast == nil || strings.HasSuffix(s.path, "_test.go") || slices.Contains(append(above, "platform", "access"), s.room()) {
			continue
		}
		for _, d := range s.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			funcs = append(funcs, function{s.room(), s.path, fn.Name.Name, s.text[fn.Body.Pos()-s.ast.FileStart : fn.Body.End()-s.ast.FileStart],
				fn.Doc.Text(), fn.Recv != nil && fn.Name.IsExported() && receiverIsOpen(fn) && takesContext(fn)})
		}
	}
	return funcs
}

// receiverIsOpen says whether other rooms can name the type of the method.
func receiverIsOpen(fn *ast.FuncDecl) bool {
	t := fn.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	name, ok := t.(*ast.Ident)
	return ok && name.IsExported()
}

func takesContext(fn *ast.FuncDecl) bool {
	if len(fn.Type.Params.List) == 0 {
		return false
	}
	s, ok := fn.Type.Params.List[0].Type.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "Context"
}

func roomsOf(all []source) (rooms []string) {
	for _, s := range all {
		if !slices.Contains(rooms, s.room()) {
			rooms = append(rooms, s.room())
		}
	}
	return rooms
}

func TestWalls(t *testing.T) {
	all := read(t, "..")
	for _, w := range imports(all) {
		t.Errorf("%s: ask for it by a small interface, or hear of it by an event", w)
	}
	for _, w := range tables(all, roomsOf(all)) {
		t.Errorf("%s: the table belongs to another room", w)
	}
	wrong, seen := doors(all)
	for _, w := range wrong {
		t.Errorf("%s asks nobody's leave: ask access, or say «Open to all» and why", w)
	}
	if len(all) < 100 || seen < 30 {
		t.Errorf("read %d files and %d doors: is this test still reading the house?", len(all), seen)
	}
}

// The rules are proved on a house that breaks each of them once.
func TestWallsSeeWhatIsWrong(t *testing.T) {
	all := read(t, "testdata/broken")
	if got := imports(all); len(got) != 2 {
		t.Errorf("imports: %v", got)
	}
	if got := tables(all, roomsOf(all)); len(got) != 2 {
		t.Errorf("tables: %v", got)
	}
	if got, seen := doors(all); len(got) != 1 || seen != 3 {
		t.Errorf("doors: %v of %d", got, seen)
	}
}
