package classroom

import (
	"context"
	"errors"
	"net/http"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// fill counts the registered and the waiting.
func (c *Classroom) fill(ctx context.Context, id ClassID) (registered, waiting int64, err error) {
	list, err := c.countSeats(ctx, id)
	return list[Registered], list[Waiting], err
}

type rosterView struct {
	Class Class
	Lines []SeatLine
	Count map[SeatState]int64
	Edit  bool
	May   func(org.UnitID) bool // may withdraw people of a unit
	Mine  org.PersonID
	Tabs  []ui.Link
}

func (c *Classroom) showRoster(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	k, err := c.Class(ctx, ClassID(r.PathValue("class")))
	if err != nil {
		return err
	}
	lines, err := c.Roster(ctx, k.ID)
	if err != nil {
		return err
	}
	v := rosterView{Class: k, Lines: lines, Count: map[SeatState]int64{}, Edit: access.Allowed(ctx, EditClass, k.Unit), Mine: me(ctx),
		May: func(u org.UnitID) bool { return access.Allowed(ctx, Nominate, u) }, Tabs: c.tabs(ctx, k, "/roster")}
	for _, l := range lines {
		v.Count[l.State]++
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("classroom.roster"), Lead: ui.Plain(k.Name), Crumbs: c.classCrumbs(k, false), Body: rosterPage(v), Wide: true,
		Actions: []ui.Act{{Text: i18n.T("classroom.as.xlsx"), Href: classPath(k.ID) + "/roster/download", Icon: "download", Download: true}}})
}

func (c *Classroom) doLeave(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	ctx, id := r.Context(), SeatID(r.PathValue("seat"))
	s, k, err := c.seat(ctx, id)
	if err != nil {
		return err
	}
	back := classPath(k.ID) + "/roster"
	switch f.get("to") {
	case string(Refused):
		err = c.Refuse(ctx, id, f.get("why"))
	case string(Withdrawn):
		err = c.Withdraw(ctx, id, f.get("why"))
	default:
		back = "/classroom/mine"
		err = c.Decline(ctx, id, f.get("why"))
	}
	if errors.Is(err, errs.Invalid) || errors.Is(err, errs.Conflict) {
		ui.Flash(w, r, ui.Bad, firstText(err))
		return web.SeeOther(w, r, back)
	}
	if err != nil {
		return err
	}
	name, err := c.labels(ctx, []org.PersonID{s.Person})
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("classroom.seat.left", name))
	return web.SeeOther(w, r, back)
}

// firstText is what to say of an error where there is no form to say it in.
func firstText(err error) i18n.Text {
	e := errs.Of(err)
	for _, t := range e.Fields {
		return t
	}
	return e.Text
}

type nominateView struct {
	Class    Class
	Units    []ui.Option
	Unit     org.UnitID
	Query    string
	People   []candidate
	Barred   []candidate
	More     bool
	Number   string
	On       string
	Paste    string
	Chosen   map[org.PersonID]bool
	Problems []i18n.Text
	Answer   *Answer
	List     *ListAnswer // an uploaded list that cannot be taken
	Names    map[org.PersonID]string
	Late     bool
	Free     int64
	Rule     string
	Refused  *errs.Error
	Tabs     []ui.Link

	ListRefused *errs.Error // what is wrong with an uploaded file
}

// candidate is a person who may or may not be nominated, and why not.
type candidate struct {
	org.Brief
	UnitName string
	Why      []i18n.Text
}

const candidatesMax = 200

func (c *Classroom) showNominate(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	return c.nominatePage(w, r, http.StatusOK, nominateView{Unit: org.UnitID(q.Get("unit")), Query: q.Get("q")})
}

func (c *Classroom) nominatePage(w http.ResponseWriter, r *http.Request, status int, v nominateView) error {
	ctx := r.Context()
	k, err := c.Class(ctx, ClassID(r.PathValue("class")))
	if err != nil {
		return err
	}
	if !access.Anywhere(ctx, Nominate) {
		return errs.New(errs.Denied, "error.denied")
	}
	v.Class, v.Tabs, v.Rule = k, c.tabs(ctx, k, "/nominate"), c.ruleWords(ctx, k.Rule)
	v.Late = clock.Today(ctx) > k.NominateBy && !access.Allowed(ctx, EditClass, k.Unit)
	if v.Unit == "" {
		v.Unit = c.firstUnit(ctx)
	}
	v.Units = c.units(ctx, Nominate, i18n.Text{})
	if err := access.Check(ctx, Nominate, v.Unit); err != nil {
		return err
	}
	taken, err := c.taken(ctx, k.ID)
	if err != nil {
		return err
	}
	v.Free = max(0, k.Capacity-taken)
	if err := c.candidates(ctx, k, &v); err != nil {
		return err
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("classroom.nominate"), Lead: ui.Plain(k.Name), Crumbs: c.classCrumbs(k, false), Body: nominatePage(v), Wide: true})
}

func (c *Classroom) firstUnit(ctx context.Context) org.UnitID {
	s := access.In(ctx, Nominate)
	if len(s.Tops()) > 0 {
		return s.Tops()[0]
	}
	if roots := c.orgs.Now(ctx).Roots(); len(roots) > 0 {
		return roots[0]
	}
	return ""
}

// candidates lists the people of the chosen unit, those who may go first.
func (c *Classroom) candidates(ctx context.Context, k Class, v *nominateView) error {
	list, err := c.orgs.Search(ctx, org.Filter{Unit: v.Unit, Text: v.Query, Limit: candidatesMax + 1})
	if err != nil {
		return err
	}
	if v.More = len(list) > candidatesMax; v.More {
		list = list[:candidatesMax]
	}
	ids := make([]org.PersonID, len(list))
	for i, b := range list {
		ids[i] = b.ID
	}
	why, err := c.Explain(ctx, k.ID, v.Unit, ids)
	if err != nil {
		return err
	}
	t := c.orgs.Now(ctx)
	for _, b := range list {
		x := candidate{b, t.Name(b.Unit), why[b.ID]}
		if len(x.Why) > 0 {
			v.Barred = append(v.Barred, x)
		} else {
			v.People = append(v.People, x)
		}
	}
	return nil
}

func (c *Classroom) doNominate(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	v := nominateView{Unit: org.UnitID(f.get("unit")), Query: f.get("q"), Number: f.get("number"), On: f.get("on"), Paste: f.get("paste"), Chosen: map[org.PersonID]bool{}}
	people := idsOf[org.PersonID](f.all("person"))
	for _, p := range people {
		v.Chosen[p] = true
	}
	if err := access.Check(ctx, Nominate, v.Unit); err != nil {
		return err
	}
	pasted, problems := c.findAll(ctx, v.Paste, v.Unit)
	n := Nomination{Class: ClassID(r.PathValue("class")), Unit: v.Unit, Number: v.Number, On: f.date("on"), People: append(people, pasted...)}
	err = f.bad.Err()
	if err == nil && len(problems) > 0 {
		v.Problems = problems
		return c.nominatePage(w, r, http.StatusUnprocessableEntity, v)
	}
	var a Answer
	if err == nil {
		a, err = c.Nominate(ctx, n)
	}
	if err != nil {
		e, err := refused(err)
		if err != nil {
			return err
		}
		v.Refused = e
		return c.nominatePage(w, r, e.Kind.Status(), v)
	}
	return c.afterNominate(w, r, v, a)
}

// afterNominate goes on to the roster, or shows who could not be sent and why.
func (c *Classroom) afterNominate(w http.ResponseWriter, r *http.Request, v nominateView, a Answer) error {
	if len(a.Refused) == 0 {
		ui.Flash(w, r, ui.Good, i18n.T("classroom.nominated", len(a.Registered), len(a.Waiting)))
		return web.SeeOther(w, r, classPath(ClassID(r.PathValue("class")))+"/roster")
	}
	ids := make([]org.PersonID, len(a.Refused))
	for i, o := range a.Refused {
		ids[i] = o.Person
	}
	known, err := c.orgs.People(r.Context(), ids)
	if err != nil {
		return err
	}
	v.Answer, v.Names, v.Chosen, v.Paste = &a, map[org.PersonID]string{}, nil, ""
	for p, b := range known {
		v.Names[p] = b.Name
	}
	return c.nominatePage(w, r, http.StatusOK, v)
}
