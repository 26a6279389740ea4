package classroom_test

import (
	"net/http"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"

	"lotrinh/access"
	"lotrinh/platform/module"
)

func TestFeedFollowsTheSchedule(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		k, staff := taught(t, l)
		site := l.serve(t)
		mine := l.as(module.Learner, "", staff[0])
		path, err := l.NewFeed(mine)
		must(t, err)
		read := func() map[string]*ics.VEvent {
			t.Helper()
			cal, err := ics.ParseCalendar(strings.NewReader(string(site.get(t, path, http.StatusOK))))
			must(t, err)
			events := map[string]*ics.VEvent{}
			for _, e := range cal.Events() {
				events[e.Id()] = e
			}
			return events
		}
		before := read()
		if len(before) != 3 {
			t.Fatalf("%d events", len(before))
		}
		sessions, err := l.Sessions(l.ctx, k)
		must(t, err)
		last := sessions[2]
		uid := string(last.ID) + "@lotrinh"
		if got := value(before[uid], ics.ComponentPropertyDtStart); got != "20220520T010000Z" {
			t.Errorf("it starts at %s", got)
		}
		must(t, l.Cancel(l.ctx, last.ID, "Mưa lũ", last.Edition))
		after := read()
		if value(after[uid], ics.ComponentPropertyStatus) != "CANCELLED" || value(after[uid], ics.ComponentPropertySequence) <= value(before[uid], ics.ComponentPropertySequence) {
			t.Errorf("cancelled, it is %+v", after[uid])
		}
		other, err := l.NewFeed(mine)
		must(t, err)
		site.get(t, path, http.StatusNotFound)
		path = other
		read()
		must(t, l.EndFeed(mine))
		site.get(t, path, http.StatusNotFound)
		if _, err := l.NewFeed(l.base); err == nil {
			t.Error("a stranger has a feed")
		}
		if since, err := l.FeedSince(mine); err != nil || !since.IsZero() {
			t.Errorf("%v %v", since, err)
		}
	})
}

func value(e *ics.VEvent, p ics.ComponentProperty) string {
	if x := e.GetProperty(p); x != nil {
		return x.Value
	}
	return ""
}

// A feed that nobody was given does not exist, and tells strangers nothing.
func TestFeedOfNobody(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		site := l.serve(t)
		site.signIn(access.Actor{Account: "a"})
		for _, token := range []string{"x", "x.ics", strings.Repeat("0", 48) + ".ics"} {
			site.get(t, "/classroom/feed/"+token, http.StatusNotFound)
		}
		if _, err := l.NewFeed(l.as(module.Learner, "", "")); err == nil {
			t.Error("an account of nobody has a feed")
		}
	})
}
