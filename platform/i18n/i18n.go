// Package i18n turns message keys into sentences in the reader's language.
//
// Each module brings messages/vi.toml and messages/en.toml, flat tables of
// "key" = "sentence", and adds them once with Add. A sentence takes its arguments
// as %[1]s or %[1]d, and numbers in it are written as the language writes them
// (1.234,56 in Vietnamese). English can tell one from many: a value that is a
// table {one = "…", other = "…"} chooses by its first argument. Vietnamese has
// no plural.
package i18n

import (
	"context"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// Lang is a language of the screens.
type Lang string

// The languages. Vietnamese is the default.
const (
	Vi Lang = "vi"
	En Lang = "en"
)

// Langs lists the languages, the default first.
var Langs = []Lang{Vi, En}

type langKey struct{}

// With returns a context whose reader reads l.
func With(ctx context.Context, l Lang) context.Context { return context.WithValue(ctx, langKey{}, l) }

// Of is the language of ctx.
func Of(ctx context.Context) Lang {
	if l, ok := ctx.Value(langKey{}).(Lang); ok {
		return l
	}
	return Vi
}

// Text is a sentence yet to be put in someone's language. A Text may be an
// argument of another.
type Text struct {
	Key  string
	Args []any
}

// T names a sentence.
func T(key string, args ...any) Text { return Text{key, args} }

// In renders the text in the language of ctx; an unknown key stands for itself.
func (t Text) In(ctx context.Context) string { return t.As(Of(ctx)) }

// As renders the text in l.
func (t Text) As(l Lang) string {
	b := current()
	if len(t.Args) == 0 {
		if s, ok := b.plain[l][t.Key]; ok {
			return s
		}
		return t.Key
	}
	args := make([]any, len(t.Args))
	for i, a := range t.Args {
		if nested, ok := a.(Text); ok {
			a = nested.As(l)
		}
		args[i] = a
	}
	return b.printers[l].Sprintf(message.Key(t.Key, t.Key), args...)
}

// S renders the sentence of key in the language of ctx.
func S(ctx context.Context, key string, args ...any) string { return T(key, args...).In(ctx) }

// Has says whether key has a sentence in l.
func Has(l Lang, key string) bool { _, ok := current().plain[l][key]; return ok }

type book struct {
	plain    map[Lang]map[string]string
	printers map[Lang]*message.Printer
}

var (
	mu      sync.Mutex
	sources []fs.FS
	made    atomic.Pointer[book]
)

// Add takes in messages/*.toml of a module. It is called while the program
// starts (var _ = i18n.Add(messages)), and panics on a file that cannot be read,
// since the files are embedded.
func Add(messages fs.FS) struct{} {
	mu.Lock()
	defer mu.Unlock()
	sources = append(sources, messages)
	made.Store(nil)
	return struct{}{}
}

func current() *book {
	if b := made.Load(); b != nil {
		return b
	}
	mu.Lock()
	defer mu.Unlock()
	b := bind(sources)
	made.Store(b)
	return b
}

func bind(sources []fs.FS) *book {
	b := &book{map[Lang]map[string]string{}, map[Lang]*message.Printer{}}
	cat := catalog.NewBuilder(catalog.Fallback(language.Vietnamese))
	for _, l := range Langs {
		b.plain[l] = map[string]string{}
		for _, src := range sources {
			for key, v := range read(src, l) {
				if err := b.add(cat, l, key, v); err != nil {
					panic(err)
				}
			}
		}
		b.printers[l] = message.NewPrinter(language.Make(string(l)), message.Catalog(cat))
	}
	return b
}

func read(src fs.FS, l Lang) map[string]any {
	out := map[string]any{}
	if _, err := toml.DecodeFS(src, "messages/"+string(l)+".toml", &out); err != nil {
		panic(fmt.Errorf("i18n: messages/%s.toml: %w", l, err))
	}
	return out
}

func (b *book) add(cat *catalog.Builder, l Lang, key string, v any) error {
	tag := language.Make(string(l))
	if _, twice := b.plain[l][key]; twice {
		return fmt.Errorf("i18n: %s: the key %q stands twice", l, key)
	}
	switch v := v.(type) {
	case string:
		b.plain[l][key] = v
		return cat.SetString(tag, key, v)
	case map[string]any:
		one, _ := v["one"].(string)
		other, ok := v["other"].(string)
		if !ok {
			return fmt.Errorf("i18n: %s: %q is neither a sentence nor {one, other}: quote keys that have a dot", l, key)
		}
		b.plain[l][key] = other
		return cat.Set(tag, key, plural.Selectf(1, "%d", plural.One, one, plural.Other, other))
	}
	return fmt.Errorf("i18n: %s: %q is a %T", l, key, v)
}
