package i18n

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"lotrinh/platform/clock"
)

func TestIn(t *testing.T) {
	Add(fstest.MapFS{
		"messages/vi.toml": {Data: []byte("\"t.hello\" = \"Chào %[1]s\"\n\"t.n\" = \"%[1]d xã\"\n\"t.p\" = \"Xong\"")},
		"messages/en.toml": {Data: []byte("\"t.hello\" = \"Hello %[1]s\"\n\"t.n\" = {one = \"%[1]d commune\", other = \"%[1]d communes\"}\n\"t.p\" = \"Done\"")},
	})
	vi := context.Background()
	en := With(vi, En)
	for _, c := range []struct {
		ctx  context.Context
		text Text
		want string
	}{
		{vi, T("t.hello", "Huế"), "Chào Huế"}, {en, T("t.hello", T("t.p")), "Hello Done"},
		{vi, T("t.n", 3321), "3.321 xã"}, {en, T("t.n", 3321), "3,321 communes"}, {en, T("t.n", 1), "1 commune"},
		{vi, T("t.p"), "Xong"}, {vi, T("t.none"), "t.none"},
	} {
		if got := c.text.In(c.ctx); got != c.want {
			t.Errorf("%s %v: %q, want %q", Of(c.ctx), c.text, got, c.want)
		}
	}
}

func TestFormats(t *testing.T) {
	vi := context.Background()
	en := With(vi, En)
	at := time.Date(2025, 7, 1, 0, 5, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{Number(vi, 1234567), "1.234.567"}, {Number(en, 1234), "1,234"}, {Number(vi, -999), "-999"}, {Number(vi, -1000), "-1.000"},
		{Percent(vi, 419, 442), "94,8 %"}, {Percent(en, 419, 442), "94.8%"}, {Percent(vi, 1, 0), "–"}, {Percent(vi, 1, 8), "12,5 %"},
		{DateTime(vi, at), "01/07/2025 07:05"}, {DateTime(vi, time.Time{}), ""}, {Date(vi, clock.MustDate("2025-07-01")), "01/07/2025"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
