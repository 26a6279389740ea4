package classroom

import (
	"net/http"
	"strings"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/id"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

type rollView struct {
	Roll
	Topic   string
	Source  Source
	Settle  bool
	Refused *errs.Error
}

// Order is the roll with disputed lines first.
func (v rollView) disputes() (list []RollLine) {
	for _, l := range v.Lines {
		if l.Now.Conflict {
			list = append(list, l)
		}
	}
	return list
}

func (c *Classroom) showRoll(w http.ResponseWriter, r *http.Request) error {
	return c.rollPage(w, r, http.StatusOK, nil)
}

func (c *Classroom) rollPage(w http.ResponseWriter, r *http.Request, status int, e *errs.Error) error {
	ctx := r.Context()
	roll, err := c.Roll(ctx, SessionID(r.PathValue("session")))
	if err != nil {
		return err
	}
	v := rollView{Roll: roll, Source: FromPage, Settle: c.mayRun(ctx, roll.Class) == nil, Refused: e}
	if r.URL.Query().Get("paper") != "" {
		v.Source = FromPaper
	}
	names, err := c.topicNames(ctx, roll.Class.Plan)
	if err != nil {
		return err
	}
	if v.Topic = names[roll.Session.Topic]; v.Topic == "" {
		v.Topic = names[roll.Class.Topic]
	}
	s := roll.Session
	way := append(c.classCrumbs(roll.Class, false), plainCrumb(sessionTitle(s, v.Topic).In(ctx), sessionPath(s.ID)))
	if roll.Part { // the host of a site sees neither class nor session
		way = []ui.Crumb{crumb("classroom.mine", "/classroom/mine")}
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("classroom.roll"), Lead: ui.Plain(roll.Class.Name + " · " + clockOf(s.Starts)), Crumbs: way, Body: rollPage(v), Narrow: true})
}

func (c *Classroom) saveRoll(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	ctx, sid := r.Context(), SessionID(r.PathValue("session"))
	refusedMarks, err := c.MarkAll(ctx, sid, rollMarks(r, f), true)
	if err == nil && len(refusedMarks) > 0 {
		x := refusedMarks[0]
		e := errs.New(errs.Invalid, x.Why, x.Args...)
		return c.rollPage(w, r, http.StatusUnprocessableEntity, e)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("classroom.roll.saved"))
	return web.SeeOther(w, r, sessionPath(sid)+"/roll")
}

// rollMarks reads the marks of the roll call form: one for each person who stands
// differently from what the page showed, or who had not been marked.
func rollMarks(r *http.Request, f formOf) (marks []Mark) {
	source := FromPage
	if f.get("source") == string(FromPaper) {
		source = FromPaper
	}
	for _, p := range f.all("person") {
		m := Mark{Person: org.PersonID(p), State: Presence(f.get("s:" + p)), Reason: f.get("r:" + p), Substitute: f.get("b:" + p),
			Bases: markIDs(f.get("h:" + p)), At: clock.Now(r.Context()), Source: source, Device: "web"}
		if m.State != Substitute {
			m.Substitute = ""
		}
		if f.get("was:"+p) == was(m.State, m.Reason, m.Substitute) {
			continue
		}
		m.ID = MarkID(id.New(r.Context()))
		marks = append(marks, m)
	}
	return marks
}

// was is what the page showed of a person, to tell whether it was changed.
func was(s Presence, reason, substitute string) string {
	return strings.Join([]string{string(s), reason, substitute}, "|")
}

func (c *Classroom) settleRoll(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	ctx, sid := r.Context(), SessionID(r.PathValue("session"))
	p := org.PersonID(f.get("person"))
	marks, err := c.Marks(ctx, sid, p)
	if err != nil {
		return err
	}
	m := Mark{}
	for _, x := range marks {
		if x.ID == MarkID(f.get("mark")) {
			m = Mark{State: x.State, Reason: x.Reason, Substitute: x.Substitute, SubstituteID: x.SubstituteID}
		}
	}
	m.ID, m.Person, m.Bases, m.At, m.Device = MarkID(id.New(ctx)), p, markIDs(f.get("heads")), clock.Now(ctx), "web"
	if err := c.Settle(ctx, sid, m); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("classroom.roll.settled"))
	return web.SeeOther(w, r, sessionPath(sid)+"/roll")
}

func (c *Classroom) showPaper(w http.ResponseWriter, r *http.Request) error {
	return c.paperPage(w, r, http.StatusOK, "", nil)
}

func (c *Classroom) paperPage(w http.ResponseWriter, r *http.Request, status int, code string, e *errs.Error) error {
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("classroom.paper"), Lead: i18n.T("classroom.paper.lead"), Narrow: true,
		Crumbs: []ui.Crumb{crumb("classroom.classes", "/classroom/classes")}, Body: paperBody(code, e)})
}

func (c *Classroom) findPaper(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	sid, err := c.SessionOfPaper(r.Context(), f.get("code"))
	if err == nil {
		return web.SeeOther(w, r, sessionPath(sid)+"/roll?paper=1")
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	return c.paperPage(w, r, e.Kind.Status(), f.get("code"), e)
}
