package pdf

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
)

// texts calls visit with each text in a value, however deep, which may change it.
func texts(v reflect.Value, visit func(*string)) {
	switch v.Kind() {
	case reflect.Pointer:
		texts(v.Elem(), visit)
	case reflect.Interface:
		inside := reflect.New(v.Elem().Type())
		inside.Elem().Set(v.Elem())
		texts(inside, visit)
		v.Set(inside.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			texts(v.Index(i), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type() != reflect.TypeOf(day(1, 1, 1)) {
				texts(v.Field(i), visit)
			}
		}
	case reflect.String:
		s := v.String()
		visit(&s)
		v.SetString(s)
	}
}

// oddTexts are put into each field in turn.
var oddTexts = map[string]string{
	"a long name": longCertificate().Holder + " 😀\x00\u202E\u0301é\u00AD\uFFFF(\\)<> " + longCertificate().Unit,
	"one word":    strings.Repeat("Nghiêng", 20),
	"many lines":  strings.Repeat("ẾỂẴ Ự\n", 9),
}

// Whatever single field of a document holds an odd text, the document is printed
// whole, or, for what no page can hold, refused.
func TestEachField(t *testing.T) {
	for _, sample := range []func() document{
		func() document { d := sampleDecision(); return &d },
		func() document { d := sampleLetter(); return &d },
		func() document { d := sampleCertificate(); return &d },
		func() document { d := sampleSlips(1); return &d },
		func() document { d := sampleRoll(2); return &d },
		func() document {
			d := sampleReport(planTable())
			d.Table.Rows = d.Table.Rows[6:]
			return &d
		},
	} {
		count := 0
		texts(reflect.ValueOf(sample()), func(*string) { count++ })
		for name, odd := range oddTexts {
			refused := 0
			for field := range count {
				d, i, was := sample(), 0, ""
				texts(reflect.ValueOf(d), func(s *string) {
					if i == field {
						was, *s = *s, odd
					}
					i++
				})
				var b bytes.Buffer
				if err := d.Write(&b); errors.Is(err, ErrInput) {
					refused++
					continue
				}
				t.Run("", func(t *testing.T) {
					readPDF(t, b.Bytes()).sound(t, 4)
					if t.Failed() {
						t.Errorf("%T with %s in place of %q", d, name, was)
					}
				})
			}
			if refused > 2 {
				t.Errorf("%T with %s: %d of %d fields refused", sample(), name, refused, count)
			}
		}
	}
}
