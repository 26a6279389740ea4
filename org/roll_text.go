package org

import (
	"encoding/json"
	"fmt"

	"lotrinh/platform/i18n"
)

// keptText is a sentence as the database keeps it: its key and arguments, so that
// everybody reads it in his own language.
type keptText struct {
	Key  string    `json:"k"`
	Args []keptArg `json:"a,omitempty"`
}

type keptArg struct {
	S *string   `json:"s,omitempty"`
	N *int64    `json:"n,omitempty"`
	T *keptText `json:"t,omitempty"`
}

func keepText(t i18n.Text) keptText {
	k := keptText{Key: t.Key}
	for _, a := range t.Args {
		k.Args = append(k.Args, keepArg(a))
	}
	return k
}

func keepArg(a any) keptArg {
	switch a := a.(type) {
	case i18n.Text:
		t := keepText(a)
		return keptArg{T: &t}
	case string:
		return keptArg{S: &a}
	case int:
		n := int64(a)
		return keptArg{N: &n}
	case int64:
		return keptArg{N: &a}
	}
	s := fmt.Sprint(a)
	return keptArg{S: &s}
}

func (k keptText) text() i18n.Text {
	t := i18n.Text{Key: k.Key}
	for _, a := range k.Args {
		switch {
		case a.T != nil:
			t.Args = append(t.Args, a.T.text())
		case a.N != nil:
			t.Args = append(t.Args, *a.N)
		case a.S != nil:
			t.Args = append(t.Args, *a.S)
		}
	}
	return t
}

func encodeText(t i18n.Text) string {
	b, err := json.Marshal(keepText(t))
	if err != nil {
		return "{}" // strings and numbers always marshal
	}
	return string(b)
}

func decodeText(s string) i18n.Text {
	var k keptText
	if json.Unmarshal([]byte(s), &k) != nil {
		return i18n.Text{}
	}
	return k.text()
}
