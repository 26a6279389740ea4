package site

import (
	"context"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
)

// View is a site as its own page shows it.
type View struct {
	Line
	Meeting  Meeting
	Checks   []Check // that the site is asked
	Dues     map[string]time.Time
	Now      time.Time
	Run      bool  // the reader may mark
	Organise bool  // the reader may set the site up
	Host     bool  // the reader is the host
	Roster   int64 // people on the roster who sit here: their roll can be called
}

// Categories lists those that the page asks for: expected, counted already, or, of
// a site of which nobody said, those that are mostly invited.
func (v View) Categories() (list []org.Category) {
	for _, c := range org.Categories {
		_, expected := v.Expected[c]
		_, counted := v.Counts[c]
		if expected || counted || len(v.Expected) == 0 && (c == org.Cadre || c == org.CivilServant || c == org.PublicEmployee || c == org.PartTimeWorker) {
			list = append(list, c)
		}
	}
	return list
}

// Address is the meeting room of the site.
func (v View) Address() string {
	if v.Link != "" {
		return v.Link
	}
	return v.Meeting.Address()
}

// View is a site, for its host, who organises the conference and who may read it;
// for the host of another site it does not exist.
func (s *Sites) View(ctx context.Context, id ID) (View, error) {
	if !access.SignedIn(ctx) {
		return View{}, errs.New(errs.Stranger, "error.sign-in")
	}
	x, m, err := s.at(ctx, id)
	if err != nil {
		return View{}, err
	}
	v := View{Run: mayRun(ctx, x, m) == nil, Organise: may(ctx, Organise, m) == nil, Host: x.Host != "" && access.CheckSelf(ctx, x.Host) == nil, Now: clock.Now(ctx)}
	if !v.Run {
		if err := may(ctx, Read, m); err != nil { // access.Check in the plan's unit
			return View{}, err
		}
	}
	b, err := s.fresh(ctx, m.Session, 0)
	if err != nil {
		return View{}, err
	}
	l, ok := b.Line(id)
	if !ok {
		return View{}, notFound()
	}
	v.Line, v.Meeting, v.Dues = l, b.Meeting, b.Dues
	for _, c := range b.Checks {
		if l.Central || !c.Central {
			v.Checks = append(v.Checks, c)
		}
	}
	v.Roster, err = s.rostered(ctx, b, x)
	return v, err
}

// NameHost names the host of a site as it was seen, "" for nobody; who is newly
// named is told. The person must be one whom the actor may read.
func (s *Sites) NameHost(ctx context.Context, id ID, host org.PersonID, edition int64) error {
	x, m, err := s.at(ctx, id)
	if err != nil {
		return err
	}
	if err := may(ctx, Organise, m); err != nil { // access.Check in the plan's unit
		return err
	}
	if host != "" {
		if _, _, err := s.orgs.Person(ctx, host); err != nil {
			return err
		}
	}
	x.Host, x.Edition = host, edition
	_, err = s.SaveSite(ctx, Draft{Site: x})
	return err
}
