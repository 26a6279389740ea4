package site

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/text"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

const formLimit = 1 << 20

func (s *Sites) routes(m *web.Mux) {
	m.Handle("GET /classroom/conferences", s.showConferences)
	m.Handle("GET /classroom/sessions/{session}/board", s.showBoard)
	m.Handle("GET /classroom/sessions/{session}/board/live", s.pollBoard)
	m.Handle("GET /classroom/sessions/{session}/sites", s.showSites)
	m.Handle("GET /classroom/sessions/{session}/sites/export", s.export)
	m.Handle("GET /classroom/sessions/{session}/sites/setup", s.showSetup)
	m.Handle("POST /classroom/sessions/{session}/sites/setup", s.saveSetup)
	m.Handle("POST /classroom/sessions/{session}/sites/invite", s.doInvite)
	m.Handle("POST /classroom/sessions/{session}/sites/hosts", s.doHosts)
	m.Handle("POST /classroom/sessions/{session}/sites/chase", s.doChase)
	m.Handle("GET /classroom/sessions/{session}/sites/checks", s.showChecks)
	m.Handle("POST /classroom/sessions/{session}/sites/checks", s.saveChecks)
	m.Handle("GET /classroom/sessions/{session}/sites/new", s.editSite)
	m.Handle("POST /classroom/sessions/{session}/sites", s.saveSite)
	m.Handle("GET /classroom/sites/{site}", s.showSite)
	m.Handle("GET /classroom/sites/{site}/edit", s.editSite)
	m.Handle("GET /classroom/sites/{site}/host", s.chooseHost)
	m.Handle("POST /classroom/sites/{site}/host", s.nameHost)
	m.Handle("POST /classroom/sites/{site}/remove", s.removeSite)
	m.Handle("POST /classroom/sites/{site}/marks", s.saveMark)
	m.Handle("POST /classroom/sites/{site}/counts", s.saveCounts)
	m.Handle("POST /classroom/sites/{site}/contact", s.saveContact)
}

func boardPath(id classroom.SessionID) string { return "/classroom/sessions/" + string(id) + "/board" }

func sitesPath(id classroom.SessionID) string { return "/classroom/sessions/" + string(id) + "/sites" }

func sessionPath(id classroom.SessionID) string { return "/classroom/sessions/" + string(id) }

func crumb(key, href string) ui.Crumb { return ui.Crumb{Text: i18n.T(key), Href: href} }

func session(r *http.Request) classroom.SessionID {
	return classroom.SessionID(r.PathValue("session"))
}

// crumbs is the way to what stands below a conference, for who may read it.
func crumbs(m Meeting) []ui.Crumb {
	return []ui.Crumb{crumb("site.conferences", "/classroom/conferences"), {Text: ui.Plain(m.Name()), Href: boardPath(m.Session)}}
}

func (s *Sites) showConferences(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Conferences(r.Context())
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("site.conferences"), Lead: i18n.T("site.conferences.lead"), Body: conferencesPage(list)})
}

// showBoard is the board; a session that does not run on sites yet leads who may
// organise it to the set-up.
func (s *Sites) showBoard(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	b, err := s.Board(ctx, session(r))
	if err != nil {
		if s.MayOrganise(ctx, session(r)) {
			return web.SeeOther(w, r, sitesPath(session(r))+"/setup")
		}
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: ui.Plain(b.Meeting.Name()), Lead: i18n.T("site.board.lead", clockOf(b.Meeting.Starts)), Wide: true,
		Crumbs: []ui.Crumb{crumb("site.conferences", "/classroom/conferences")}, Actions: s.boardActs(ctx, b), Body: boardPage(b)})
}

func (s *Sites) boardActs(ctx context.Context, b *Board) []ui.Act {
	path := sitesPath(b.Meeting.Session)
	acts := []ui.Act{{Text: i18n.T("site.list"), Href: path, Icon: "building"}}
	if may(ctx, Organise, b.Meeting) == nil {
		acts = append(acts, ui.Act{Text: i18n.T("site.setup"), Href: path + "/setup", Icon: "settings"})
	}
	return acts
}

// pollBoard answers a watcher: nothing new (204, or 304 to who names the version),
// or what changed since the version that he has. All watchers who have the same
// version are given the same bytes, which are drawn once.
func (s *Sites) pollBoard(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	b, err := s.boardOf(ctx, session(r), boardAge)
	if err != nil {
		return err
	}
	has := r.URL.Query().Get("v")
	etag := `"` + b.Version + "." + string(i18n.Of(ctx)) + `"`
	w.Header().Set("ETag", etag)
	w.Header().Set("Cache-Control", "private, no-cache")
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if has == b.Version {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	body, err := b.draw(i18n.Of(ctx), has)
	if err != nil {
		return err
	}
	if body == nil { // the sites are others: the page is read anew
		w.Header().Set("HX-Refresh", "true")
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = w.Write(body)
	return err
}

const drawnMax = 64 // versions that watchers of one board may have

// draw is what changed since a version, in a language; nil when the set-up did.
func (b *Board) draw(l i18n.Lang, has string) ([]byte, error) {
	key := string(l) + " " + has
	if body, ok := b.drawn.Load(key); ok {
		return body.([]byte), nil
	}
	n, phase, ok := readVersion(has)
	if !ok || n < b.Meeting.SetupN || n > b.Meeting.N {
		return nil, nil
	}
	var buf bytes.Buffer
	if err := boardLive(b, n, phase != b.phase).Render(i18n.With(context.Background(), l), &buf); err != nil {
		return nil, err
	}
	if b.drawnN.Add(1) <= drawnMax {
		b.drawn.Store(key, buf.Bytes())
	}
	return buf.Bytes(), nil
}

func readVersion(v string) (n int64, phase int, ok bool) {
	parts := strings.Split(v, "-")
	if len(parts) != 3 {
		return 0, 0, false
	}
	n, err := strconv.ParseInt(parts[0], 10, 64)
	phase, err2 := strconv.Atoi(parts[1])
	return n, phase, err == nil && err2 == nil
}

// Filter is what the list of sites shows.
type Filter struct {
	State State // "" all
	Group org.UnitID
	Only  string // "overdue", "incidents", "disputed", "nohost"
	Query string
}

func (f Filter) fits(b *Board, l Line) bool {
	switch f.Only {
	case "overdue":
		if len(l.Overdue) == 0 {
			return false
		}
	case "incidents":
		if len(l.Standing.Incidents) == 0 {
			return false
		}
	case "disputed":
		if len(l.Conflicts) == 0 {
			return false
		}
	case "nohost":
		if l.Host != "" {
			return false
		}
	}
	return (f.State == "" || f.State == l.State) && (f.Group == "" || b.Groups[l.Group].Unit == f.Group) &&
		(f.Query == "" || strings.Contains(text.Fold(l.UnitName+" "+l.HostName+" "+l.Phone), text.Fold(f.Query)))
}

type listView struct {
	Board    *Board
	Filter   Filter
	Lines    []Line
	Pages    ui.Pages
	Organise bool
}

const listSize = 60

// List is the sites of a conference that fit a filter, with whom to call there.
// That it was read is noted in the log.
func (s *Sites) List(ctx context.Context, id classroom.SessionID, f Filter) (*Board, []Line, error) {
	b, err := s.Board(ctx, id) // asks access
	if err != nil {
		return nil, nil, err
	}
	var lines []Line
	for _, l := range b.Lines {
		if f.fits(b, l) {
			lines = append(lines, l)
		}
	}
	return b, lines, access.Audit(ctx, s.db, access.Entry{Action: Read, Unit: b.Meeting.Unit, Subject: "session:" + string(id), Read: true})
}

func (s *Sites) showSites(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	f := Filter{State: State(q.Get("state")), Group: org.UnitID(q.Get("group")), Only: q.Get("only"), Query: text.Clean(q.Get("q"))}
	b, lines, err := s.List(ctx, session(r), f)
	if err != nil {
		return err
	}
	v := listView{Board: b, Filter: f, Organise: may(ctx, Organise, b.Meeting) == nil,
		Pages: ui.Pages{At: ui.PageAt(q), Size: listSize, Total: len(lines), Path: sitesPath(b.Meeting.Session), Query: q}}
	from := min(len(lines), (v.Pages.At-1)*listSize)
	v.Lines = lines[from:min(len(lines), from+listSize)]
	p := ui.Page{Title: i18n.T("site.list"), Lead: ui.Plain(b.Meeting.Name() + ", " + clockOf(b.Meeting.Starts)), Wide: true, Crumbs: crumbs(b.Meeting), Body: sitesPage(v)}
	path := sitesPath(b.Meeting.Session)
	p.Actions = []ui.Act{{Text: i18n.T("site.export.xlsx"), Href: path + "/export?as=xlsx", Icon: "download", Download: true},
		{Text: i18n.T("site.export.pdf"), Href: path + "/export?as=pdf", Icon: "print", Download: true}}
	if v.Organise {
		p.Actions = append(p.Actions, ui.Act{Text: i18n.T("site.new"), Href: path + "/new", Icon: "plus"})
	}
	return ui.Show(w, r, http.StatusOK, p)
}

func (s *Sites) showSite(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.View(ctx, ID(r.PathValue("site")))
	if err != nil {
		return err
	}
	p := ui.Page{Title: ui.Plain(v.UnitName), Lead: ui.Plain(v.Meeting.Name() + ", " + clockOf(v.Meeting.Starts)), Narrow: true, Body: sitePage(v)}
	if may(ctx, Read, v.Meeting) == nil {
		p.Crumbs = crumbs(v.Meeting)
	} else {
		p.Crumbs = []ui.Crumb{crumb("classroom.mine", "/classroom/mine")}
	}
	if v.Organise {
		p.Actions = []ui.Act{{Text: i18n.T("site.edit"), Href: sitePath(v.ID) + "/edit", Icon: "edit"}}
	}
	return ui.Show(w, r, http.StatusOK, p)
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

func (f formOf) number(name string) int64 {
	word := strings.NewReplacer(".", "", " ", "", "\u00a0", "").Replace(f.get(name))
	if word == "" {
		return 0
	}
	n, err := strconv.ParseInt(word, 10, 64)
	f.bad.Need(err == nil && n >= 0, name, "site.bad-number", f.get(name))
	return n
}

// counts reads the fields n:<category> of categories.
func (f formOf) counts(categories []org.Category) map[org.Category]int64 {
	all := map[org.Category]int64{}
	for _, c := range categories {
		all[c] = f.number("n:" + string(c))
	}
	return all
}

func ofWords[T ~string](words []string) (list []T) {
	for _, w := range words {
		if w != "" {
			list = append(list, T(w))
		}
	}
	return list
}

// refused returns what a form shows when err is about it, or err itself.
func refused(err error) (*errs.Error, error) {
	e := errs.Of(err)
	if e.Kind == errs.Invalid || e.Kind == errs.Conflict {
		return e, nil
	}
	return nil, err
}

func stateTone(s State) ui.Tone {
	return map[State]ui.Tone{Counted: ui.Good, OnLine: ui.Info, Ready: ui.Warn, Preparing: ui.Neutral, Silent: ui.Bad}[s]
}

func categoryText(c org.Category) i18n.Text { return i18n.T("classroom.category." + string(c)) }

func dueText(t time.Time) string { return t.In(clock.Zone).Format("15:04 02/01") }

// sums lists the categories of a board that anybody of is expected or counted.
func (b *Board) categories() []org.Category {
	return slices.DeleteFunc(slices.Clone(org.Categories), func(c org.Category) bool { return b.Sums[c] == Sum{} })
}

// groupSum is how many sites of a group have signed, and how many there are.
func (b *Board) groupSum(g Group) (signed, all int) {
	for _, i := range g.Lines {
		if b.Lines[i].State == Counted {
			signed++
		}
	}
	return signed, len(g.Lines)
}

func tileClass(l Line) string {
	c := "site-tile " + string(l.State)
	if l.OpenIncidents() > 0 {
		c += " trouble"
	}
	if len(l.Overdue) > 0 {
		c += " late"
	}
	return c
}

// tileNote is what a tile says below the name of its site.
func tileNote(ctx context.Context, l Line) string {
	switch {
	case l.OpenIncidents() > 0:
		return i18n.S(ctx, "site.tile.incidents", l.OpenIncidents())
	case len(l.Conflicts) > 0:
		return i18n.S(ctx, "site.tile.disputed")
	case l.State == Counted:
		return i18n.Number(ctx, l.Standing.Total)
	}
	return i18n.S(ctx, "site.state."+string(l.State))
}
