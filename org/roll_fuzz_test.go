package org

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/text"
)

type fakeRow map[string]string

func (f fakeRow) Text(key string) string { return text.Clean(f[key]) }

// FuzzReadRoll reads rows of any cells: none makes the reader fail, what it takes is
// fit to be kept, and what it refuses it refuses in a whole sentence in both languages.
func FuzzReadRoll(f *testing.F) {
	f.Add("Nguyễn Văn An", "05/03/1985", "049085001234", "Công chức", "nam", "x", "0905111222", "1/1/2020")
	f.Add("PHẠM THỊ HOA", "31/02/1990", "49190001235", "cb", "Nữ", "không", "905111222", "32874")
	f.Add("Trần\u0000\u202e", "1990", "123456789", "?", "1/1/1990", "-", "+84 (235) 3.852", "29.2.2023")
	f.Add("H'Nhi Ê-ban", "1-1-85", "0 4 9", "Thành viên Tổ CNSCĐ", "", "", "%[1]s", "9999-99-99")
	ctx := clock.At(context.Background(), clock.MustDate("2024-01-01").Time())
	f.Fuzz(func(t *testing.T, name, birth, number, category, male, head, phone, from string) {
		r := readRoll(ctx, 7, fakeRow{"name": name, "birth": birth, "number": number, "category": category, "male": male,
			"head": head, "phone": phone, "from": from, "email": phone + "@" + name})
		for _, told := range append(r.bad, r.warn...) {
			for _, l := range i18n.Langs {
				if s := told.As(l); !i18n.Has(l, told.Key) || strings.Contains(s, "%!") && !strings.Contains(name+birth+number+category+male+head+phone+from, "%!") || !strings.Contains(s, "7") {
					t.Fatalf("%s: %q", told.Key, s)
				}
			}
		}
		if len(r.bad) > 0 {
			return
		}
		q, err := r.who.clean(ctx)
		if err != nil || q != r.who {
			t.Fatalf("%+v is taken, and kept as %+v (%v)", r.who, q, err)
		}
		if !utf8.ValidString(r.who.Name) || r.category != "" && !validCategory(r.category) || r.who.Birth >= clock.Today(ctx) {
			t.Fatalf("%+v", r)
		}
	})
}

// FuzzUnitFinder looks for units by any names: it always answers, and what it finds
// is there.
func FuzzUnitFinder(f *testing.F) {
	b := &book{units: map[UnitID][]state{}}
	put := func(id, parent UnitID, code, name string, to clock.Date) {
		b.units[id] = []state{{Unit: Unit{ID: id, Parent: parent, Code: code, Name: name, From: 1, To: to}}}
	}
	on := clock.MustDate("2024-01-01")
	put("p", "", "49", "Tỉnh Quảng Nam", 0)
	put("a", "p", "20335", "Phường Tân Thạnh", 0)
	put("b", "p", "20341", "Xã Bình Minh", 0)
	put("c", "p", "20342", "Xã Bình Minh", on-5)
	b.bind(on)
	for _, s := range []string{"Xã Bình Minh", "xa binh minh, quang nam", "P. Tân Thạnh", ",,;", "&-&", "UBND", "Tỉnh", "%s"} {
		f.Add(s, s, "20335")
		f.Add(s, "", "")
	}
	f.Fuzz(func(t *testing.T, name, above, code string) {
		x := newUnitFinder(b, on, "").find(place{text.Clean(code), text.Clean(name), "", text.Clean(above), ""})
		if (x.unit == "") == (x.why == nil) || x.unit != "" && !b.tree(on).Has(x.unit) {
			t.Fatalf("%q, %q, %q: %+v", name, above, code, x)
		}
	})
}
