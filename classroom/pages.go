package classroom

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

const formLimit = 1 << 20

func (c *Classroom) routes(m *web.Mux) {
	m.Handle("GET /classroom/plans", c.showPlans)
	m.Handle("GET /classroom/programmes/new", c.editProgramme)
	m.Handle("POST /classroom/programmes", c.saveProgramme)
	m.Handle("GET /classroom/plans/new", c.editPlan)
	m.Handle("POST /classroom/plans", c.savePlan)
	m.Handle("GET /classroom/plans/{plan}", c.showPlan)
	m.Handle("GET /classroom/plans/{plan}/edit", c.editPlan)
	m.Handle("POST /classroom/plans/{plan}/topics", c.saveTopic)
	m.Handle("GET /classroom/plans/{plan}/quota", c.showQuota)
	m.Handle("POST /classroom/plans/{plan}/quota", c.saveQuota)
	m.Handle("GET /classroom/plans/{plan}/costs", c.showCosts)
	m.Handle("POST /classroom/plans/{plan}/costs", c.saveCost)
	m.Handle("GET /classroom/classes", c.showClasses)
	m.Handle("GET /classroom/plans/{plan}/classes/new", c.editClass)
	m.Handle("POST /classroom/plans/{plan}/classes", c.saveClass)
	m.Handle("GET /classroom/classes/{class}", c.showClass)
	m.Handle("GET /classroom/classes/{class}/edit", c.editClass)
	m.Handle("POST /classroom/classes/{class}/state", c.setClassState)
	m.Handle("GET /classroom/classes/{class}/roster", c.showRoster)
	m.Handle("GET /classroom/classes/{class}/late", c.showLate)
	m.Handle("GET /classroom/classes/{class}/report", c.showReport)
	m.Handle("GET /classroom/classes/{class}/report/download", c.downloadReport)
	m.Handle("GET /classroom/classes/{class}/nominate", c.showNominate)
	m.Handle("POST /classroom/classes/{class}/nominate", c.doNominate)
	m.Handle("POST /classroom/classes/{class}/nominate/list", c.doNominateList)
	m.Handle("GET /classroom/nominate/form", c.downloadListForm)
	m.Handle("GET /classroom/classes/{class}/roster/download", c.downloadRoster)
	m.Handle("POST /classroom/seats/{seat}/leave", c.doLeave)
	m.Handle("GET /classroom/classes/{class}/sessions/new", c.editSession)
	m.Handle("POST /classroom/classes/{class}/sessions", c.saveSession)
	m.Handle("GET /classroom/sessions/{session}", c.showSession)
	m.Handle("GET /classroom/sessions/{session}/edit", c.editSession)
	m.Handle("POST /classroom/sessions/{session}/cancel", c.cancelSession)
	m.Handle("GET /classroom/sessions/{session}/roll", c.showRoll)
	m.Handle("POST /classroom/sessions/{session}/roll", c.saveRoll)
	m.Handle("GET /classroom/sessions/{session}/sheet", c.downloadSheet)
	m.Handle("POST /classroom/sessions/{session}/settle", c.settleRoll)
	m.Handle("GET /classroom/rooms", c.showRooms)
	m.Handle("POST /classroom/rooms", c.saveRoom)
	m.Handle("GET /classroom/mine", c.showMine)
	m.Handle("GET /classroom/sessions/{session}/code", c.showCode)
	m.Handle("GET /classroom/scan/{session}/{step}/{mac}", c.showScan)
	m.Handle("GET /classroom/scan/{session}/done", c.showScanned)
	m.Handle("POST /classroom/scan/{session}", c.doScan)
	m.Handle("GET /classroom/paper", c.showPaper)
	m.Handle("POST /classroom/paper", c.findPaper)
	m.Handle("POST /classroom/feed", c.newFeed)
	m.Handle("POST /classroom/feed/end", c.endFeed)
	feedOften := web.NewLimiter(60, 60) // calendars of an office behind one address
	m.Public("GET /classroom/feed/{token}", web.Limited(feedOften, c.showFeed))
	m.Public("GET /classroom/worker.js", showWorker)
}

// fields reads a posted form.
func fields(w http.ResponseWriter, r *http.Request) (formOf, error) {
	if err := web.Form(w, r, formLimit); err != nil {
		return formOf{}, err
	}
	return formOf{r: r, bad: &errs.Form{}}, nil
}

// formOf reads the fields of a posted form and gathers what cannot be read.
type formOf struct {
	r   *http.Request
	bad *errs.Form
}

func (f formOf) get(name string) string { return strings.TrimSpace(f.r.PostForm.Get(name)) }

func (f formOf) all(name string) []string { return f.r.PostForm[name] }

func (f formOf) on(name string) bool { return f.get(name) != "" }

func (f formOf) date(name string) clock.Date {
	d, err := ui.DateValue(f.get(name))
	f.bad.Need(err == nil, name, "classroom.bad-date", f.get(name))
	return d
}

func (f formOf) number(name string) int64 {
	s := strings.NewReplacer(".", "", " ", "", "\u00a0", "").Replace(f.get(name))
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	f.bad.Need(err == nil && n >= 0, name, "classroom.bad-number", f.get(name))
	return n
}

// at reads a moment from a date field and a field for the time of day.
func (f formOf) at(date, tod string) time.Time {
	d := f.date(date)
	if d == 0 {
		return time.Time{}
	}
	t, err := time.Parse("15:04", f.get(tod))
	f.bad.Need(err == nil, tod, "classroom.bad-time", f.get(tod))
	return d.Time().Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
}

// refused returns what a form shows when err is about it, or err itself.
func refused(err error) (*errs.Error, error) {
	e := errs.Of(err)
	if e.Kind == errs.Invalid || e.Kind == errs.Conflict {
		return e, nil
	}
	return nil, err
}

// units are the choices of a unit in which the actor may do a.
func (c *Classroom) units(ctx context.Context, a module.ActionName, empty i18n.Text) []ui.Option {
	var out []ui.Option
	if empty.Key != "" {
		out = append(out, ui.Option{Text: empty})
	}
	t, s := c.orgs.Now(ctx), access.In(ctx, a)
	tops := s.Tops()
	if s.All() {
		tops = t.Roots()
	}
	seen := map[org.UnitID]bool{}
	for _, top := range tops {
		base := t.Depth(top)
		for _, u := range t.Subtree(top) {
			if u.Tier == org.Village || seen[u.ID] || len(out) > 1500 {
				continue
			}
			seen[u.ID] = true
			out = append(out, ui.Option{Value: string(u.ID), Text: ui.Plain(strings.Repeat("– ", t.Depth(u.ID)-base) + u.Name)})
		}
	}
	return out
}

func classPath(id ClassID) string     { return "/classroom/classes/" + string(id) }
func planPath(id PlanID) string       { return "/classroom/plans/" + string(id) }
func sessionPath(id SessionID) string { return "/classroom/sessions/" + string(id) }

func crumb(key, href string) ui.Crumb { return ui.Crumb{Text: i18n.T(key), Href: href} }

func plainCrumb(name, href string) ui.Crumb { return ui.Crumb{Text: ui.Plain(name), Href: href} }

func num(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func edition(n int64) string { return strconv.FormatInt(n, 10) }

func timeOfDay(t time.Time, usual string) string {
	if t.IsZero() {
		return usual
	}
	return t.In(clock.Zone).Format("15:04")
}

func dateOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return clock.DateOf(t).String()
}

// showWorker is the service worker of the classroom's pages. Browsers look for a
// newer one by this one address.
func showWorker(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Service-Worker-Allowed", "/classroom/")
	_, err := io.WriteString(w, strings.Replace(workerJS, "OUTBOX", ui.Asset("outbox.js"), 1))
	return err
}
