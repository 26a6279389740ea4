package text

import (
	"errors"
	"testing"

	"lotrinh/platform/clock"
)

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"31/12/2024": "2024-12-31", "1/2/2024": "2024-02-01", "01-02-2024": "2024-02-01", "1.2.2024": "2024-02-01",
		"2024-02-01": "2024-02-01", "2024/2/1": "2024-02-01", " 05 / 03 / 1985 ": "1985-03-05", "29/2/2024": "2024-02-29", "": "",
	} {
		d, err := ParseDate(in)
		if err != nil || d.String() != want {
			t.Errorf("ParseDate(%q) = %s, %v; want %s", in, d, err, want)
		}
	}
	for in, want := range map[string]error{
		"1/2/24": ErrShortYear, "05-03-85": ErrShortYear, "31/4/2024": ErrDate, "29/2/2023": ErrDate, "12/31/2024": ErrDate,
		"0/1/2024": ErrDate, "1/2": ErrDate, "1/2-2024": ErrDate, "2024": ErrDate, "45123": ErrDate, "1/2/2024/3": ErrDate,
		"24-02-2024-": ErrDate, "a/b/c": ErrDate, "1/2/202": ErrDate, "1/2/20240": ErrDate, "+1/2/2024": ErrDate,
		"5/3/0985": ErrDateRange, "5/3/2985": ErrDateRange, "2024-02-001": ErrDate, "99/99/99": ErrDate,
	} {
		if d, err := ParseDate(in); !errors.Is(err, want) || d != 0 {
			t.Errorf("ParseDate(%q) = %s, %v; want %v", in, d, err, want)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"31/12/2024", "2024-02-29", "1.2.24", " 5 / 3 / 1985"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err != nil || d == 0 {
			return
		}
		for _, again := range []string{d.String(), d.Viet()} {
			if back, err := ParseDate(again); err != nil || back != d {
				t.Fatalf("%q is %s, and read again from %q %s, %v", s, d, again, back, err)
			}
		}
		if d < clock.NewDate(firstYear, 1, 1) || d > clock.NewDate(lastYear, 12, 31) {
			t.Fatalf("%q is %s", s, d)
		}
	})
}
