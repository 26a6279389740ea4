package survey

import (
	"context"
	"slices"
	"strings"

	"lotrinh/access"
	"lotrinh/learn/content"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// RunID names a run.
type RunID string

// Slicing is by what the answers of a run are set apart. A run has one at most.
type Slicing string

// The slicings.
const (
	Whole        Slicing = ""
	ByRespondent Slicing = "respondent" // trainee, lecturer, employing agency
	ByCategory   Slicing = "category"   // staff category
	ByUnit       Slicing = "unit"       // small units with those around them
)

// Run is one questionnaire put to the people of one course (đợt khảo sát).
type Run struct {
	ID          RunID      `db:"id"`
	Form        string     `db:"form_id"`
	Key         string     `db:"key"`
	Object      Object     `db:"object"`
	CourseID    string     `db:"course_id"`
	Course      string     `db:"course"`
	ProgrammeID string     `db:"programme_id"`
	Programme   string     `db:"programme"`
	Unit        org.UnitID `db:"unit_id"`
	SliceBy     Slicing    `db:"slice_by"`
	Opens       clock.Date `db:"opens_on"`
	Closes      clock.Date `db:"closes_on"` // the last day
	Told        bool       `db:"told"`      // letters went out
	Reminded    bool       `db:"reminded"`
	Sealed      bool       `db:"sealed"`
	Headless    int64      `db:"headless"` // employing agencies without a head on record
	Invited     int64      `db:"invited"`
	Answered    int64      `db:"answered"`
	Edition     int64      `db:"edition"`
}

// OpenOn says whether the run can be answered on a day.
func (r Run) OpenOn(d clock.Date) bool { return !r.Sealed && r.Opens <= d && d <= r.Closes }

// ClosedOn says whether its last day is past.
func (r Run) ClosedOn(d clock.Date) bool { return r.Sealed || d > r.Closes }

// Invitee is somebody who is asked. Unit and Category are those at the time of the
// course; they are used to set answers apart, in groups of five or more, and are
// not kept.
type Invitee struct {
	Person     org.PersonID
	Respondent Respondent
	Unit       org.UnitID
	Category   org.Category
}

// NewRun is a run to be opened.
type NewRun struct {
	Key         string // of the questionnaire, such as "ks-khoa-boi-duong"
	CourseID    string // "" for a run of no course; else a course has one run of a questionnaire
	Course      string // its title
	ProgrammeID string
	Programme   string
	Unit        org.UnitID // that holds the course
	SliceBy     Slicing
	Opens       clock.Date // zero: today
	Closes      clock.Date // the last day; zero: as many days as the questionnaire says
	Invite      []Invitee  // those that the questionnaire does not ask are left out
	Quiet       bool       // no letters: a run brought in from the past
}

// Open opens a run and, once its first day has come, writes to everybody in it.
// A run of the same questionnaire and course that there is already is returned as
// it is. Errors: Invalid when nobody is left to ask or the dates are wrong.
func (s *Surveys) Open(ctx context.Context, n NewRun) (RunID, error) {
	if err := access.Check(ctx, Edit, n.Unit); err != nil {
		return "", err
	}
	return s.open(ctx, n, 0)
}

func (s *Surveys) open(ctx context.Context, n NewRun, headless int64) (run RunID, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if n.CourseID != "" {
			old, err := db.All[RunID](ctx, s.db, `select id from learn_survey_run where course_id = $1 and key = $2`, n.CourseID, n.Key)
			if err != nil || len(old) > 0 {
				run = append(old, "")[0]
				return err
			}
		}
		f, err := s.formFor(ctx, n.Unit, n.Key)
		if err != nil {
			return err
		}
		b, err := f.Body()
		if err != nil {
			return err
		}
		r, err := draft(ctx, n, f, b)
		if err != nil {
			return err
		}
		r.Headless, run = headless, r.ID
		return s.enter(ctx, r, asked(n.Invite, b), n.Quiet)
	})
	return run, err
}

// draft is the run that n wants.
func draft(ctx context.Context, n NewRun, f Form, b Body) (Run, error) {
	r := Run{ID: RunID(id.New(ctx)), Form: f.ID, Key: f.Key, Object: f.Object, CourseID: n.CourseID, Course: text.Clean(n.Course),
		ProgrammeID: n.ProgrammeID, Programme: text.Clean(n.Programme), Unit: n.Unit, SliceBy: n.SliceBy,
		Opens: n.Opens, Closes: n.Closes, Told: n.Quiet, Reminded: n.Quiet, Invited: int64(len(asked(n.Invite, b)))}
	if r.Opens == 0 {
		r.Opens = clock.Today(ctx)
	}
	if r.Closes == 0 {
		r.Closes = r.Opens + clock.Date(b.OpenDays)
	}
	var form errs.Form
	form.Need(r.Invited > 0, "invite", "learn_survey.nobody")
	form.Need(r.Closes >= r.Opens, "closes", "learn_survey.bad-dates")
	return r, form.Err()
}

// asked is the invitees that the questionnaire asks, each once for each part they
// have in it.
func asked(list []Invitee, b Body) (out []Invitee) {
	type part struct {
		org.PersonID
		Respondent
	}
	seen := map[part]bool{}
	for _, i := range list {
		p := part{i.Person, i.Respondent}
		if b.asks(i.Respondent) && !seen[p] {
			seen[p] = true
			out = append(out, i)
		}
	}
	return out
}

func (s *Surveys) enter(ctx context.Context, r Run, list []Invitee, quiet bool) error {
	if err := db.Insert(ctx, s.db, "learn_survey_run", r); err != nil {
		return err
	}
	invites, tokens := make([]invite, len(list)), make([]token, len(list))
	labels := s.labels(ctx, r.SliceBy, list)
	for i, p := range list {
		invites[i] = invite{r.ID, p.Person, p.Respondent}
		tokens[i] = token{Hash: hashed(s.token(invites[i])), Run: r.ID, Slice: labels[i]}
	}
	slices.SortFunc(tokens, func(a, b token) int { return strings.Compare(a.Hash, b.Hash) }) // so that their order says nothing
	if err := db.Insert(ctx, s.db, "learn_survey_invite", invites...); err != nil {
		return err
	}
	if err := db.Insert(ctx, s.db, "learn_survey_token", tokens...); err != nil {
		return err
	}
	if !quiet && r.Opens <= clock.Today(ctx) {
		if err := s.tell(ctx, r); err != nil {
			return err
		}
	}
	return access.Audit(ctx, s.db, access.Entry{Action: Edit, Unit: r.Unit, Subject: "survey-run:" + string(r.ID),
		Detail: map[string]any{"form": r.Form, "invited": r.Invited, "opens": r.Opens, "closes": r.Closes}})
}

// labels are the groups of people who are asked, each of five or more.
func (s *Surveys) labels(ctx context.Context, by Slicing, list []Invitee) []string {
	labels, units := make([]string, len(list)), make([]org.UnitID, len(list))
	for i, p := range list {
		units[i] = p.Unit
		switch by {
		case ByRespondent:
			labels[i] = string(p.Respondent)
		case ByCategory:
			labels[i] = string(p.Category)
		}
	}
	if by == ByUnit {
		return raise(units, s.orgs.Now(ctx))
	}
	return coarsen(labels)
}

// Run is one of the runs, for those who may read in its unit.
func (s *Surveys) Run(ctx context.Context, run RunID) (Run, error) {
	r, err := s.run(ctx, run)
	if err != nil {
		return r, err
	}
	return r, access.Check(ctx, Read, r.Unit)
}

func (s *Surveys) run(ctx context.Context, run RunID) (Run, error) {
	return db.One[Run](ctx, s.db, `select `+db.Columns[Run]("")+` from learn_survey_run where id = $1`, run)
}

// Extend gives a run that is still open a later last day. A closed one stays
// closed: its results have been seen.
func (s *Surveys) Extend(ctx context.Context, run RunID, edition int64, closes clock.Date) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		r, err := s.run(ctx, run)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, Edit, r.Unit); err != nil {
			return err
		}
		today := clock.Today(ctx)
		if r.ClosedOn(today) {
			return errs.New(errs.Conflict, "learn_survey.was-closed")
		}
		var f errs.Form
		f.Need(closes > r.Closes && closes <= r.Opens+maxAfter, "closes", "learn_survey.need-later", r.Closes.Viet())
		if err := f.Err(); err != nil {
			return err
		}
		n, err := s.db.Exec(ctx, `update learn_survey_run set closes_on = $1, reminded = $2, edition = edition + 1
			where id = $3 and edition = $4 and closes_on >= $5`, closes, r.Reminded && closes < today+remindDays, run, edition, today)
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "error.changed")
		}
		if err != nil {
			return err
		}
		return access.Audit(ctx, s.db, access.Entry{Action: Edit, Unit: r.Unit, Subject: "survey-run:" + string(run), Detail: map[string]any{"closes": closes}})
	})
}

// Filter narrows the runs.
type Filter struct {
	Programme string // id
	Course    string // id
	Object    Object
	State     string // "open", "closed", "waiting" or "" all
	Limit     int    // 50 when zero
	Offset    int
}

func (s *Surveys) narrowed(ctx context.Context, f Filter) *db.Where {
	today := clock.Today(ctx)
	w := access.In(ctx, Read).Narrow(db.NewWhere(), "unit_id")
	w.If(f.Programme != "", "programme_id = ?", f.Programme)
	w.If(f.Course != "", "course_id = ?", f.Course)
	w.If(f.Object != "", "object = ?", f.Object)
	w.If(f.State == "open", "opens_on <= ?", today)
	w.If(f.State == "open", "closes_on >= ?", today)
	w.If(f.State == "closed", "closes_on < ?", today)
	w.If(f.State == "waiting", "opens_on > ?", today)
	return w
}

// Runs lists the runs where the actor may read, those that close last first, and
// says how many there are.
func (s *Surveys) Runs(ctx context.Context, f Filter) ([]Run, int, error) {
	w := s.narrowed(ctx, f)
	total, err := db.One[int](ctx, s.db, `select count(*) from learn_survey_run where `+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	limit := f.Limit
	if limit == 0 {
		limit = 50
	}
	list, err := db.All[Run](ctx, s.db, `select `+db.Columns[Run]("")+` from learn_survey_run where `+w.SQL()+
		` order by closes_on desc, course, object, id limit `+w.Arg(limit)+` offset `+w.Arg(f.Offset), w.Args()...)
	return list, total, err
}

// Rate is how many answered of those who were asked.
type Rate struct {
	Object   Object `db:"object"`
	Runs     int64  `db:"runs"`
	Answered int64  `db:"answered"`
	Invited  int64  `db:"invited"`
}

// Rates adds up the runs of a filter by object, in the order of the Circular;
// objects without a run are left out.
func (s *Surveys) Rates(ctx context.Context, f Filter) ([]Rate, error) {
	w := s.narrowed(ctx, f)
	list, err := db.All[Rate](ctx, s.db, `select object, count(*) as runs, sum(answered) as answered, sum(invited) as invited
		from learn_survey_run where `+w.SQL()+` group by object`, w.Args()...)
	slices.SortFunc(list, func(a, b Rate) int { return slices.Index(Objects, a.Object) - slices.Index(Objects, b.Object) })
	return list, err
}

// Programme is a programme that was evaluated.
type Programme struct {
	ID    string `db:"programme_id"`
	Title string `db:"title"`
}

// Programmes lists those of the runs where the actor may read.
func (s *Surveys) Programmes(ctx context.Context) ([]Programme, error) {
	w := s.narrowed(ctx, Filter{}).And("programme_id <> ''")
	return db.All[Programme](ctx, s.db, `select programme_id, max(programme) as title from learn_survey_run where `+w.SQL()+
		` group by programme_id order by title, programme_id`, w.Args()...)
}

// sliceOf is by what runs of a questionnaire that open by themselves set answers
// apart.
func sliceOf(b Body) Slicing {
	if b.asks(content.AskAgency) {
		return ByRespondent
	}
	return ByCategory
}
