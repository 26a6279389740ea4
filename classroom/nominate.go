package classroom

import (
	"context"
	"slices"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// Nomination is what a unit sends to a class (quyết định cử đi học).
type Nomination struct {
	Class  ClassID
	Unit   org.UnitID
	Number string     // of the decision
	On     clock.Date // of the decision
	People []org.PersonID
	Quiet  bool // nobody is written to: an import of what is past
}

// Answer is what became of each nominated person.
type Answer struct {
	Registered []org.PersonID
	Waiting    []org.PersonID
	Refused    []Objection
}

// Objection says in words why someone may not be nominated.
type Objection struct {
	Person org.PersonID
	Why    []i18n.Text
}

type nominationRow struct {
	ID     string       `db:"id"`
	Class  ClassID      `db:"class_id"`
	Unit   org.UnitID   `db:"unit_id"`
	Number string       `db:"number"`
	On     clock.Date   `db:"on_date"`
	By     org.PersonID `db:"by_id"`
	MadeAt time.Time    `db:"made_at"`
}

// Nominate sends people of a unit to a class. Those who may not go are left out,
// with the reasons; beyond the capacity people wait in the order of the list.
// Units nominate until the deadline, the organiser as long as the class is open.
func (c *Classroom) Nominate(ctx context.Context, n Nomination) (Answer, error) {
	if err := access.Check(ctx, Nominate, n.Unit); err != nil {
		return Answer{}, err
	}
	answers, err := c.nominate(ctx, []Nomination{n})
	if err != nil {
		return Answer{}, err
	}
	return answers[0], nil
}

// NominateMany is Nominate for many classes and units in one transaction: for
// imports, each nomination asked for as by itself.
func (c *Classroom) NominateMany(ctx context.Context, list []Nomination) ([]Answer, error) {
	for _, n := range list {
		if err := access.Check(ctx, Nominate, n.Unit); err != nil {
			return nil, err
		}
	}
	return c.nominate(ctx, list)
}

func (c *Classroom) nominate(ctx context.Context, list []Nomination) (answers []Answer, err error) {
	err = c.db.Tx(ctx, func(ctx context.Context) error {
		posts, err := c.postsOf(ctx, list)
		if err != nil {
			return err
		}
		for _, n := range list {
			a, err := c.nominateOne(ctx, n, posts)
			if err != nil {
				return err
			}
			answers = append(answers, a)
		}
		return nil
	})
	return answers, err
}

func (c *Classroom) postsOf(ctx context.Context, list []Nomination) (map[org.PersonID]org.Post, error) {
	var people []org.PersonID
	for _, n := range list {
		people = append(people, n.People...)
	}
	slices.Sort(people)
	return c.orgs.PostsOn(ctx, slices.Compact(people), clock.Today(ctx))
}

func (c *Classroom) nominateOne(ctx context.Context, n Nomination, posts map[org.PersonID]org.Post) (a Answer, err error) {
	k, err := c.lockClass(ctx, n.Class)
	if err != nil {
		return a, err
	}
	if err := c.mayTake(ctx, k, n); err != nil {
		return a, err
	}
	seated, err := c.seated(ctx, k.ID)
	if err != nil {
		return a, err
	}
	t := c.orgs.Now(ctx)
	var fit []org.PersonID
	seen := map[org.PersonID]bool{}
	for _, p := range n.People {
		if seen[p] {
			continue
		}
		seen[p] = true
		if why := c.objections(k, n.Unit, posts, seated, p, t); len(why) > 0 {
			a.Refused = append(a.Refused, Objection{p, why})
			continue
		}
		fit = append(fit, p)
	}
	if len(fit) == 0 {
		return a, nil
	}
	return a, c.seatAll(ctx, k, n, fit, posts, seated, &a)
}

// mayTake says whether the class takes nominations of n now.
func (c *Classroom) mayTake(ctx context.Context, k Class, n Nomination) error {
	organiser := access.Allowed(ctx, EditClass, k.Unit)
	if k.State == ClassDraft && !organiser || !organiser && !c.near(ctx, Nominate, k.Unit) {
		return notFound()
	}
	if k.State != ClassOpen {
		return errs.New(errs.Conflict, "classroom.class.not-open", k.Name)
	}
	if !organiser && clock.Today(ctx) > k.NominateBy {
		return errs.New(errs.Conflict, "classroom.class.deadline-past", k.NominateBy.Viet())
	}
	var f errs.Form
	f.Need(len(n.People) > 0, "people", "classroom.seat.need-people")
	f.Need(len(n.People) <= 10_000, "people", "classroom.seat.too-many")
	f.Need(text.Clean(n.Number) == "" || n.On != 0, "on", "classroom.seat.need-on")
	return f.Err()
}

// objections says why p may not be sent to k by unit; nothing when he may.
func (c *Classroom) objections(k Class, unit org.UnitID, posts map[org.PersonID]org.Post, seated map[org.PersonID]Seat,
	p org.PersonID, t *org.Tree) []i18n.Text {
	post, ok := posts[p]
	switch {
	case !ok:
		return []i18n.Text{i18n.T("classroom.seat.no-post")}
	case !t.Within(post.Unit, unit) && !c.orgs.Covers(unit, post.Unit):
		return []i18n.Text{i18n.T("classroom.seat.other-unit", t.Name(post.Unit))}
	}
	if s, ok := seated[p]; ok && (s.State == Registered || s.State == Waiting) {
		return []i18n.Text{i18n.T("classroom.seat.already." + string(s.State))}
	}
	return k.Rule.Refuses(post, t, c.orgs.Covers)
}

func (c *Classroom) seated(ctx context.Context, k ClassID) (map[org.PersonID]Seat, error) {
	list, err := db.All[Seat](ctx, c.db, `select `+db.Columns[Seat]("")+` from classroom_seat where class_id = $1`, k)
	if err != nil {
		return nil, err
	}
	m := make(map[org.PersonID]Seat, len(list))
	for _, s := range list {
		m[s.Person] = s
	}
	return m, nil
}

// seatAll seats people in their order, the first as long as there is room.
func (c *Classroom) seatAll(ctx context.Context, k Class, n Nomination, people []org.PersonID, posts map[org.PersonID]org.Post,
	seated map[org.PersonID]Seat, a *Answer) error {
	now := clock.Now(ctx)
	row := nominationRow{ID: id.New(ctx), Class: k.ID, Unit: n.Unit, Number: text.Clean(n.Number), On: n.On, By: me(ctx), MadeAt: now}
	if err := db.Insert(ctx, c.db, "classroom_nomination", row); err != nil {
		return err
	}
	taken, rank := int64(0), int64(0)
	for _, s := range seated {
		rank = max(rank, s.Rank)
		if s.State == Registered {
			taken++
		}
	}
	seats := make([]Seat, len(people))
	for i, p := range people {
		rank++
		s := Seat{ID: SeatID(id.New(ctx)), Class: k.ID, Person: p, Unit: posts[p].Unit, Category: posts[p].Category,
			Nomination: row.ID, State: Waiting, Rank: rank, MadeAt: now, ChangedAt: now, Edition: 1}
		if taken < k.Capacity {
			s.State = Registered
			taken++
			a.Registered = append(a.Registered, p)
		} else {
			a.Waiting = append(a.Waiting, p)
		}
		seats[i] = s
	}
	// Who had left and is sent again takes his old line anew.
	if err := db.InsertOr(ctx, c.db, "classroom_seat", `on conflict (class_id, person_id) do update set unit_id = excluded.unit_id,
		category = excluded.category, nomination_id = excluded.nomination_id, state = excluded.state, rank = excluded.rank,
		why = '', changed_at = excluded.changed_at, edition = classroom_seat.edition + 1`, seats...); err != nil {
		return err
	}
	if err := c.audit(ctx, Nominate, n.Unit, "class:"+string(k.ID), map[string]any{"nomination": row.ID, "number": row.Number,
		"registered": a.Registered, "waiting": a.Waiting}); err != nil {
		return err
	}
	if n.Quiet {
		return nil
	}
	return c.tellSeated(ctx, k, *a)
}

// Explain says for each person why he may not be sent to a class by a unit; who
// may is not in the map. Asked for in the unit that would nominate.
func (c *Classroom) Explain(ctx context.Context, class ClassID, unit org.UnitID, people []org.PersonID) (map[org.PersonID][]i18n.Text, error) {
	if err := access.Check(ctx, Nominate, unit); err != nil {
		return nil, err
	}
	k, err := c.Class(ctx, class)
	if err != nil {
		return nil, err
	}
	posts, err := c.orgs.PostsOn(ctx, people, clock.Today(ctx))
	if err != nil {
		return nil, err
	}
	seated, err := c.seated(ctx, k.ID)
	if err != nil {
		return nil, err
	}
	t, out := c.orgs.Now(ctx), map[org.PersonID][]i18n.Text{}
	for _, p := range people {
		if why := c.objections(k, unit, posts, seated, p, t); len(why) > 0 {
			out[p] = why
		}
	}
	return out, nil
}
