package classroom

import (
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/text"
)

// Whatever people write in a title, the feed stays a calendar that can be read
// again: folded at 75 octets between letters, escaped, one event a session.
func FuzzCalendar(f *testing.F) {
	f.Add("Căn bản chuyển đổi số; lớp 1, buổi 2", "Phòng họp \\ số 3", "Mưa lũ\nnghỉ")
	f.Add(strings.Repeat("ưỡ", 80), "", "BEGIN:VEVENT")
	f.Add("a\r\nEND:VCALENDAR\r\n", "\x00", "\u2028")
	f.Add(" ", ",;:\"", strings.Repeat("x", 300))
	at := clock.MustDate("2022-05-16").Time().Add(8 * time.Hour)
	f.Fuzz(func(t *testing.T, title, room, why string) {
		s := SessionLine{Session: Session{ID: "s1", Class: "k1", Title: text.Clean(title), Starts: at, Ends: at.Add(time.Hour), Mode: InPerson,
			Why: text.Clean(why), State: "planned", Edition: 3, ChangedAt: at}, RoomName: text.Clean(room)}
		c := &Classroom{opt: Options{Base: "https://lotrinh.example.vn"}}
		out := c.calendar(i18n.With(context.Background(), i18n.Vi), []SessionLine{s}, map[ClassID]Class{"k1": {ID: "k1", Name: "Lớp 1", State: ClassOpen}})
		for line := range strings.SplitSeq(strings.TrimSuffix(out, "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
				t.Fatalf("a line of %d octets: %q", len(line), line)
			}
		}
		back, err := ics.ParseCalendar(strings.NewReader(out))
		if err != nil {
			t.Fatalf("%v in %q", err, out)
		}
		if n := len(back.Events()); n != 1 {
			t.Fatalf("%d events in %q", n, out)
		}
		e := back.Events()[0]
		want := plainLine("Lớp 1: " + sessionName(i18n.With(context.Background(), i18n.Vi), s))
		if got := e.GetProperty(ics.ComponentPropertySummary).Value; ics.FromText(got) != want && got != want {
			t.Fatalf("the summary %q came back as %q", want, got)
		}
	})
}
