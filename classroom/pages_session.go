package classroom

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

type sessionForm struct {
	SessionDraft
	Class      Class
	LecturerL  string // lines as typed
	AssistantL string
	Rooms      []ui.Option
	Topics     []ui.Option
	Clashes    Clashes
	Days       []string
	Count      string
	Date       string
	Start, End string
	Refused    *errs.Error
}

func (c *Classroom) editSession(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f sessionForm
	if id := SessionID(r.PathValue("session")); id != "" {
		s, k, err := c.Session(ctx, id)
		if err != nil {
			return err
		}
		f.Session, f.Class = s, k
		teachers, err := c.teachers(ctx, id)
		if err != nil {
			return err
		}
		for _, t := range teachers {
			if t.Role == "lecturer" {
				f.Lecturers = append(f.Lecturers, t.Person)
			} else {
				f.Assistants = append(f.Assistants, t.Person)
			}
		}
		if f.LecturerL, err = c.labels(ctx, f.Lecturers); err != nil {
			return err
		}
		if f.AssistantL, err = c.labels(ctx, f.Assistants); err != nil {
			return err
		}
	} else {
		k, err := c.Class(ctx, ClassID(r.PathValue("class")))
		if err != nil {
			return err
		}
		f.Class, f.Session = k, Session{Mode: InPerson, Topic: k.Topic}
	}
	f.Date, f.Start, f.End = dateOf(f.Starts), timeOfDay(f.Starts, "08:00"), timeOfDay(f.Ends, "11:30")
	if f.Date == "" {
		f.Date = max(f.Class.From, clock.Today(ctx)).String()
	}
	return c.showSessionForm(w, r, http.StatusOK, f)
}

func (c *Classroom) showSessionForm(w http.ResponseWriter, r *http.Request, status int, f sessionForm) error {
	ctx := r.Context()
	if err := c.mayRun(ctx, f.Class); err != nil {
		return err
	}
	rooms, err := c.Rooms(ctx)
	if err != nil {
		return err
	}
	f.Rooms = []ui.Option{{Text: i18n.T("classroom.room.none")}}
	for _, x := range rooms {
		f.Rooms = append(f.Rooms, ui.Option{Value: string(x.ID), Text: i18n.T("classroom.room.seats", x.Name, x.Capacity)})
	}
	topics, err := c.topics(ctx, f.Class.Plan)
	if err != nil {
		return err
	}
	f.Topics = []ui.Option{{Text: i18n.T("classroom.topic.of-class")}}
	for _, t := range topics {
		f.Topics = append(f.Topics, ui.Option{Value: string(t.ID), Text: ui.Plain(t.Name)})
	}
	title := i18n.T("classroom.session.new")
	if f.ID != "" {
		title = i18n.T("classroom.session.edit")
	}
	return ui.Show(w, r, status, ui.Page{Title: title, Narrow: true, Crumbs: c.classCrumbs(f.Class, false), Body: sessionFormPage(f)})
}

func (c *Classroom) saveSession(w http.ResponseWriter, r *http.Request) error {
	in, err := fields(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	k, err := c.Class(ctx, ClassID(r.PathValue("class")))
	if err != nil {
		return err
	}
	f := sessionForm{Class: k, LecturerL: in.get("lecturers"), AssistantL: in.get("assistants"), Days: in.all("days"), Count: in.get("count"),
		Date: in.get("date"), Start: in.get("start"), End: in.get("end")}
	f.Session = Session{ID: SessionID(in.get("id")), Class: k.ID, Topic: TopicID(in.get("topic")), Title: in.get("title"), Mode: Mode(in.get("mode")),
		Starts: in.at("date", "start"), Ends: in.at("date", "end"), Room: RoomID(in.get("room")), Link: in.get("link"),
		Provider: in.get("provider"), Author: in.get("author"), RoomCode: in.get("room_code"), Edition: in.number("edition")}
	f.Anyway = in.on("anyway")
	f.Lecturers, f.Assistants = c.teachersOf(r, in)
	count := in.number("count")
	id, off := f.ID, []clock.Date(nil)
	if err = in.bad.Err(); err == nil {
		id, off, err = c.saveOrRepeat(r, f, int(count))
	}
	if err == nil {
		c.flashSession(w, r, off)
		if count > 1 {
			return web.SeeOther(w, r, classPath(k.ID))
		}
		return web.SeeOther(w, r, sessionPath(id))
	}
	errors.As(err, &f.Clashes)
	e, err := refused(err)
	if err != nil {
		return err
	}
	f.Refused = e
	return c.showSessionForm(w, r, e.Kind.Status(), f)
}

func (c *Classroom) flashSession(w http.ResponseWriter, r *http.Request, off []clock.Date) {
	if len(off) == 0 {
		ui.Flash(w, r, ui.Good, i18n.T("classroom.saved"))
		return
	}
	days := ""
	for i, d := range off {
		if i > 0 {
			days += ", "
		}
		days += d.Viet()
	}
	ui.Flash(w, r, ui.Warn, i18n.T("classroom.session.days-off", days))
}

func (c *Classroom) teachersOf(r *http.Request, in formOf) (lecturers, assistants []org.PersonID) {
	read := func(field string) []org.PersonID {
		people, problems := c.findAll(r.Context(), in.get(field), "")
		for _, p := range problems {
			in.bad.Need(false, field, p.Key, p.Args...)
		}
		return people
	}
	return read("lecturers"), read("assistants")
}

func (c *Classroom) saveOrRepeat(r *http.Request, f sessionForm, count int) (SessionID, []clock.Date, error) {
	if f.ID != "" || count <= 1 {
		id, err := c.SaveSession(r.Context(), f.SessionDraft)
		return id, nil, err
	}
	rec := Recurrence{Count: count}
	for _, d := range f.Days {
		if n, err := strconv.Atoi(d); err == nil && n >= 0 && n < 7 {
			rec.Days = append(rec.Days, time.Weekday(n))
		}
	}
	s, err := c.Repeat(r.Context(), f.SessionDraft, rec)
	if err != nil || len(s.Sessions) == 0 {
		return "", s.Off, err
	}
	return s.Sessions[0], s.Off, nil
}

type sessionView struct {
	Session  Session
	Class    Class
	Topic    string
	Room     string
	Teachers string
	Clashes  []Clash
	Run      bool
	Call     bool
	Past     bool
	Tally    map[Presence]int
}

func (c *Classroom) showSession(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	s, k, err := c.Session(ctx, SessionID(r.PathValue("session")))
	if err != nil {
		return err
	}
	v := sessionView{Session: s, Class: k, Run: c.mayRun(ctx, k) == nil, Call: c.mayCall(ctx, s, k) == nil, Past: s.Ends.Before(clock.Now(ctx))}
	names, err := c.topicNames(ctx, k.Plan)
	if err != nil {
		return err
	}
	if v.Topic = names[s.Topic]; v.Topic == "" {
		v.Topic = names[k.Topic]
	}
	if s.Room != "" {
		room, err := c.room(ctx, s.Room)
		if err != nil {
			return err
		}
		v.Room = room.Name
	}
	teachers, err := c.teachers(ctx, s.ID)
	if err != nil {
		return err
	}
	var ids []org.PersonID
	for _, t := range teachers {
		ids = append(ids, t.Person)
	}
	if v.Teachers, err = c.labels(ctx, ids); err != nil {
		return err
	}
	if v.Run && !v.Past && !s.Cancelled() {
		if v.Clashes, err = c.Clashes(ctx, s.ID); err != nil {
			return err
		}
	}
	if v.Tally, err = c.tally(ctx, s.ID); err != nil {
		return err
	}
	p := ui.Page{Title: sessionTitle(s, v.Topic), Lead: ui.Plain(k.Name), Crumbs: c.classCrumbs(k, false), Body: sessionPage(v)}
	if v.Call && !s.Cancelled() {
		p.Actions = append(p.Actions, ui.Act{Text: i18n.T("classroom.roll"), Kind: ui.Primary, Icon: "check", Href: sessionPath(s.ID) + "/roll"})
	}
	if v.Call && !v.Past && !s.Cancelled() {
		p.Actions = append(p.Actions, ui.Act{Text: i18n.T("classroom.scan.title"), Href: sessionPath(s.ID) + "/code"})
	}
	if v.Call && !s.Cancelled() {
		p.Actions = append(p.Actions, ui.Act{Text: i18n.T("classroom.sheet"), Icon: "print", Href: sessionPath(s.ID) + "/sheet", Download: true})
	}
	if v.Run && !s.Cancelled() {
		p.Actions = append(p.Actions, ui.Act{Text: i18n.T("classroom.edit"), Icon: "edit", Href: sessionPath(s.ID) + "/edit"})
	}
	if c.opt.Beside != nil {
		p.Actions = append(p.Actions, c.opt.Beside.OnSession(ctx, s.ID)...)
	}
	return ui.Show(w, r, http.StatusOK, p)
}

func sessionTitle(s Session, topic string) i18n.Text {
	switch {
	case s.Title != "":
		return ui.Plain(s.Title)
	case topic != "":
		return ui.Plain(topic)
	}
	return i18n.T("classroom.session.on", s.On().Viet())
}

func (c *Classroom) cancelSession(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	id := SessionID(r.PathValue("session"))
	err = c.Cancel(r.Context(), id, f.get("why"), f.number("edition"))
	if errors.Is(err, errs.Invalid) || errors.Is(err, errs.Conflict) {
		ui.Flash(w, r, ui.Bad, firstText(err))
		return web.SeeOther(w, r, sessionPath(id))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("classroom.session.was-cancelled"))
	return web.SeeOther(w, r, sessionPath(id))
}

type mineView struct {
	Seats    []MySeat
	Sessions []SessionLine
	Names    map[ClassID]string
	Now      time.Time
	More     web.Component // of the module beside
	Person   bool          // the account is a person's
	Feed     time.Time     // his calendar feed was made; zero: none
}

func (c *Classroom) showMine(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var v mineView
	var err error
	if v.Seats, err = c.Mine(ctx); err != nil {
		return err
	}
	if v.Sessions, err = c.MySessions(ctx, clock.Today(ctx)-7, clock.Today(ctx)+120); err != nil {
		return err
	}
	v.Now, v.Person = clock.Now(ctx), me(ctx) != ""
	if v.Feed, err = c.FeedSince(ctx); err != nil {
		return err
	}
	if v.Names, err = c.classNames(ctx, v.Sessions); err != nil {
		return err
	}
	if c.opt.Beside != nil {
		if v.More, err = c.opt.Beside.OnMine(ctx); err != nil {
			return err
		}
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("classroom.mine"), Body: minePage(v)})
}
