package classroom

import (
	"context"
	"net/http"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
)

// card is what differs between the cards of sessions.
type card struct {
	Title   string
	All     string // page of all of them
	AllText string
	None    string // said where there are none; "" the card is left out
	Call    bool   // with a button for the roll call
	Count   bool   // with the number of trainees
}

type lateRow struct {
	Overdue
	Names string
}

// link is where the units that are late are seen: one alone nominates at once.
func (l lateRow) link() string {
	if len(l.Units) == 1 && !l.Past {
		return classPath(l.Class.ID) + "/nominate?unit=" + string(l.Units[0])
	}
	return classPath(l.Class.ID) + "/late"
}

// when is the day and time of a session, or «hôm nay».
func (s Meeting) when(ctx context.Context) string {
	span := timeOfDay(s.Starts, "") + "–" + timeOfDay(s.Ends, "")
	switch s.On() - clock.Today(ctx) {
	case 0:
		return i18n.S(ctx, "classroom.home.at-today", span)
	case 1:
		return i18n.S(ctx, "classroom.home.at-tomorrow", span)
	}
	return i18n.S(ctx, "classroom.home.at", i18n.T("classroom.weekday."+edition(int64(s.On().Weekday()))), s.On().Viet(), span)
}

func (s Meeting) where(ctx context.Context) string {
	l := SessionLine{Session: s.Session, RoomName: s.RoomName}
	if s.Address != "" && s.Mode != Online {
		return place(ctx, l) + ", " + s.Address
	}
	return place(ctx, l)
}

// open says whether the roll can be called now: from half an hour before.
func (s Meeting) open(ctx context.Context) bool {
	return !clock.Now(ctx).Before(s.Starts.Add(-scanEarly))
}

type latePageView struct {
	Class    Class
	Rows     []lateUnit
	Tabs     []ui.Link
	Nominate bool
}

type lateUnit struct {
	ID    org.UnitID
	Name  string
	Above string
	May   bool
}

// showLate lists the units that have sent nobody to a class.
func (c *Classroom) showLate(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	k, err := c.Class(ctx, ClassID(r.PathValue("class")))
	if err != nil {
		return err
	}
	if !access.Anywhere(ctx, Nominate) && !access.Allowed(ctx, EditClass, k.Unit) {
		return errs.New(errs.Denied, "error.denied")
	}
	units, err := c.Lacking(ctx, k.ID)
	if err != nil {
		return err
	}
	v := latePageView{Class: k, Tabs: c.tabs(ctx, k, "/late"), Nominate: k.Nominating(clock.Today(ctx)) || access.Allowed(ctx, EditClass, k.Unit)}
	t := c.orgs.Now(ctx)
	for _, id := range units {
		u, _ := t.Unit(id)
		v.Rows = append(v.Rows, lateUnit{ID: id, Name: u.Name, Above: t.Name(u.Parent), May: access.Allowed(ctx, Nominate, id)})
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("classroom.late"), Lead: ui.Plain(k.Name), Crumbs: c.classCrumbs(k, false), Body: latePage(v), Wide: true})
}
