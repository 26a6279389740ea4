package learn

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// How far the demo's people came, in percent, topic by topic of the programme.
var demoShares = []struct{ enrolled, finished int }{{100, 88}, {92, 81}, {90, 76}, {94, 84}, {78, 66}, {70, 58}}

const (
	demoAttempts = 1000 // at the test of the first topic
	demoLags     = 5    // a unit in so many is slow with its people
)

// seedLearners lets the officials of a province go through the courses of the
// demo: they are enrolled as their topic begins, finish its lessons or do not,
// some take the test, and who completes gets a certificate.
func (l *Learn) seedLearners(ctx context.Context, province org.UnitID, seeded []Seeded) error {
	r := rand.New(rand.NewPCG(2022, 6))
	for i, s := range seeded {
		officials, err := l.officials(ctx, province, s.Starts)
		if err != nil {
			return err
		}
		share := demoShares[i%len(demoShares)]
		var enrolled, finished []org.PersonID
		for _, o := range officials {
			if r.IntN(100) >= share.enrolled {
				continue
			}
			enrolled = append(enrolled, o.Person)
			if r.IntN(100) < pace(o.Unit, share.finished) {
				finished = append(finished, o.Person)
			}
		}
		if err := l.seedTopicRun(ctx, s, enrolled, finished, r); err != nil {
			return err
		}
	}
	return nil
}

// pace slows down some units, so that there is somebody to chase.
func pace(unit org.UnitID, percent int) int {
	h := fnv.New32a()
	h.Write([]byte(unit))
	if h.Sum32()%demoLags == 0 {
		return percent * 2 / 5
	}
	return percent
}

type official struct {
	Person org.PersonID `db:"person_id"`
	Unit   org.UnitID   `db:"unit_id"`
}

// officials are the people with a main post below a unit on a date, in an order
// that is the same each time.
func (l *Learn) officials(ctx context.Context, unit org.UnitID, on clock.Date) ([]official, error) {
	w := db.NewWhere(on)
	var below []org.UnitID
	for _, u := range l.orgs.On(ctx, on).Subtree(unit) {
		below = append(below, u.ID)
	}
	return db.All[official](ctx, l.db, `select p.person_id, p.unit_id from org_post p where p.main and p.from_on <= $1
		and (p.to_on is null or p.to_on > $1) and `+db.In(w, "p.unit_id", below).SQL()+` order by p.person_id`, w.Args()...)
}

func (l *Learn) seedTopicRun(ctx context.Context, s Seeded, enrolled, finished []org.PersonID, r *rand.Rand) error {
	at := func(d clock.Date, hour int) context.Context {
		return clock.At(ctx, d.Time().Add(time.Duration(hour)*time.Hour))
	}
	if _, err := l.EnrolMany(at(s.Starts, 8), s.Course, enrolled, "unit"); err != nil {
		return err
	}
	if _, err := l.FinishMany(at(s.Ends-4, 16), s.Course, finished, 0); err != nil {
		return err
	}
	if s.Test != "" {
		err := l.db.Tx(ctx, func(ctx context.Context) error { // one commit, not one for each answer sheet
			for _, p := range finished[:min(demoAttempts, len(finished))] {
				day := clock.At(ctx, (s.Ends - 1).Time().Add(time.Duration(8+r.IntN(9))*time.Hour))
				if err := l.seedAttempt(day, s, p, r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	_, err := l.Issue(at(s.Ends, 15), s.Course, nil)
	return err
}

// seedAttempt lets one person take the test of a topic.
func (l *Learn) seedAttempt(ctx context.Context, s Seeded, p org.PersonID, r *rand.Rand) error {
	person := access.As(ctx, access.Actor{Person: p}, nil)
	aid, err := l.quiz.OpenAttempt(person, s.Test)
	if err != nil {
		return err
	}
	form, err := l.quiz.Sample(ctx, aid, 45+r.IntN(54), r)
	if err != nil {
		return err
	}
	return l.quiz.Submit(clock.At(person, clock.Now(ctx).Add(time.Duration(9+r.IntN(20))*time.Minute)), aid, form)
}
