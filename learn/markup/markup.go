// Package markup turns what authors write, Markdown with tables, into the HTML of
// a lesson or a question.
//
// The HTML is safe by construction: goldmark drops raw HTML and links that are
// not http, https or mailto, so there is nothing left to be cleaned.
package markup

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Picture finds the path under which a picture that a text names is served, ""
// when there is none: then the picture's words stand in its place.
type Picture func(name string) string

// HTML renders Markdown. Pictures of other sites are never shown: a reader's
// address is nobody's business.
func HTML(source string, picture Picture) string {
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(&local{picture}, 100))),
	)
	var b bytes.Buffer
	if err := md.Convert([]byte(source), &b); err != nil {
		return "" // a bytes.Buffer takes everything
	}
	return b.String()
}

// Line renders a text of one paragraph, without the paragraph around it: the
// label of an option.
func Line(source string) string {
	s := strings.TrimSpace(HTML(source, nil))
	if inner, ok := strings.CutPrefix(s, "<p>"); ok && strings.Count(s, "<p>") == 1 {
		if inner, ok = strings.CutSuffix(inner, "</p>"); ok {
			return inner
		}
	}
	return s
}

// Pictures lists the names of the pictures in a text, in their order.
func Pictures(source string) []string {
	var names []string
	root := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader([]byte(source)))
	_ = ast.Walk(root, func(n ast.Node, in bool) (ast.WalkStatus, error) {
		if img, ok := n.(*ast.Image); ok && in {
			names = append(names, string(img.Destination))
		}
		return ast.WalkContinue, nil
	})
	return names
}

// local points pictures to where they are served, and lets browsers fetch them
// when they come into sight.
type local struct{ picture Picture }

func (l *local) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	var lost []*ast.Image
	_ = ast.Walk(doc, func(n ast.Node, in bool) (ast.WalkStatus, error) {
		img, ok := n.(*ast.Image)
		if !ok || !in {
			return ast.WalkContinue, nil
		}
		to := ""
		if l.picture != nil {
			to = l.picture(string(img.Destination))
		}
		if to == "" {
			lost = append(lost, img)
			return ast.WalkContinue, nil
		}
		img.Destination = []byte(to)
		img.SetAttributeString("loading", []byte("lazy"))
		return ast.WalkContinue, nil
	})
	for _, img := range lost {
		unwrap(img)
	}
}

// unwrap puts the words of a picture in its place.
func unwrap(img *ast.Image) {
	parent := img.Parent()
	for child := img.FirstChild(); child != nil; {
		next := child.NextSibling()
		parent.InsertBefore(parent, img, child)
		child = next
	}
	parent.RemoveChild(parent, img)
}
