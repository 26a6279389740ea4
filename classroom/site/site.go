package site

import (
	"context"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/id"
	"lotrinh/platform/mail"
	"lotrinh/platform/text"
)

// ID names a site.
type ID string

// Site is a room of a unit that takes part in a conference (điểm cầu).
type Site struct {
	ID         ID                  `db:"id"`
	Session    classroom.SessionID `db:"session_id"`
	Unit       org.UnitID          `db:"unit_id"`
	Central    bool                `db:"central"` // điểm cầu trung tâm
	Room       string              `db:"room"`
	Host       org.PersonID        `db:"host_id"` // the person named for this site
	Technician string              `db:"technician"`
	Phone      string              `db:"phone"`
	Link       string              `db:"link"` // "" = the conference's
	MadeAt     time.Time           `db:"made_at"`
	ChangedAt  time.Time           `db:"changed_at"`
	Edition    int64               `db:"edition"`
}

// Expected is how many of a category are expected at a site.
type Expected struct {
	Site     ID           `db:"site_id"`
	Category org.Category `db:"category"`
	N        int64        `db:"n"`
}

// Draft is what SaveSite takes.
type Draft struct {
	Site
	Expected map[org.Category]int64
}

const expectedMax = 100_000 // people at one site

func (d *Draft) check() error {
	x := &d.Site
	x.Room, x.Technician, x.Phone, x.Link = text.Clean(x.Room), text.Clean(x.Technician), text.Clean(x.Phone), strings.TrimSpace(x.Link)
	var f errs.Form
	f.Need(x.Unit != "", "unit", "site.need-unit")
	f.Need(len(x.Room) <= 200, "room", "site.too-long")
	f.Need(len(x.Technician) <= 200, "technician", "site.too-long")
	f.Need(validPhone(x.Phone), "phone", "site.bad-phone")
	f.Need(x.Link == "" || webAddress(x.Link), "link", "site.bad-link")
	for category, n := range d.Expected {
		f.Need(known(category) && n >= 0 && n <= expectedMax, "n:"+string(category), "site.bad-count")
	}
	return f.Err()
}

// known says whether a category is one of the house.
func known(c org.Category) bool {
	for _, x := range org.Categories {
		if x == c {
			return true
		}
	}
	return false
}

func (s *Sites) site(ctx context.Context, id ID) (Site, error) {
	return db.One[Site](ctx, s.db, `select `+db.Columns[Site]("")+` from classroom_site_site where id = $1`, id)
}

// at reads a site with its conference.
func (s *Sites) at(ctx context.Context, id ID) (Site, Meeting, error) {
	x, err := s.site(ctx, id)
	if err != nil {
		return x, Meeting{}, err
	}
	m, err := s.held(ctx, x.Session)
	return x, m, err
}

// mayRun returns nil when the actor is the host of a site or organises its
// conference: not for the host of another site, to whom it does not exist.
func mayRun(ctx context.Context, x Site, m Meeting) error {
	if x.Host != "" && access.CheckSelf(ctx, x.Host) == nil {
		return nil
	}
	return may(ctx, Organise, m) // access.Check in the plan's unit
}

// SaveSite enters a site of a conference, or changes the one of d.ID as it was
// seen. Who is newly named as its host is told.
func (s *Sites) SaveSite(ctx context.Context, d Draft) (ID, error) {
	m, err := s.held(ctx, d.Session)
	if err != nil {
		return "", err
	}
	if err := may(ctx, Organise, m); err != nil { // access.Check in the plan's unit
		return "", err
	}
	if err := s.place(ctx, m, &d); err != nil {
		return "", err
	}
	fresh := d.ID == ""
	if fresh {
		d.ID, d.MadeAt, d.Edition = ID(id.New(ctx)), clock.Now(ctx), 1
	}
	d.ChangedAt = clock.Now(ctx)
	return d.ID, s.db.Tx(ctx, func(ctx context.Context) error { return s.putSite(ctx, m, d, fresh) })
}

// place says what is wrong with a site in its conference.
func (s *Sites) place(ctx context.Context, m Meeting, d *Draft) error {
	if err := d.check(); err != nil {
		return err
	}
	t := s.orgs.On(ctx, m.On())
	var f errs.Form
	f.Need(t.Has(d.Unit), "unit", "site.unknown-unit")
	f.Need(t.Within(d.Unit, m.Unit) || d.Unit == m.Unit, "unit", "site.outside", t.Name(m.Unit))
	return f.Err()
}

func (s *Sites) putSite(ctx context.Context, m Meeting, d Draft, fresh bool) error {
	if err := s.touch(ctx, m.Session); err != nil {
		return err
	}
	old, err := s.clash(ctx, d, fresh)
	if err != nil {
		return err
	}
	if fresh {
		err = db.Insert(ctx, s.db, "classroom_site_site", d.Site)
	} else {
		err = s.changeSite(ctx, d.Site)
	}
	if err == nil {
		err = s.expect(ctx, d)
	}
	if err == nil && d.Host != "" && d.Host != old.Host {
		err = s.tellHosts(ctx, m, []Site{d.Site})
	}
	if err != nil {
		return err
	}
	return s.audit(ctx, Organise, m.Unit, "site:"+string(d.ID), d)
}

// clash refuses a second site of a unit and a second central site, and returns the
// site as it is.
func (s *Sites) clash(ctx context.Context, d Draft, fresh bool) (old Site, err error) {
	all, err := s.sitesOf(ctx, d.Session)
	if err != nil {
		return old, err
	}
	var f errs.Form
	for _, x := range all {
		if x.ID == d.ID {
			old = x
			continue
		}
		f.Need(x.Unit != d.Unit, "unit", "site.unit-taken")
		f.Need(!x.Central || !d.Central, "central", "site.central-taken")
	}
	if !fresh && old.ID == "" {
		return old, notFound()
	}
	return old, f.Err()
}

func (s *Sites) changeSite(ctx context.Context, x Site) error {
	n, err := s.db.Exec(ctx, `update classroom_site_site set unit_id = $1, central = $2, room = $3, host_id = $4, technician = $5, phone = $6,
		link = $7, changed_at = $8, edition = edition + 1 where id = $9 and session_id = $10 and edition = $11`,
		x.Unit, x.Central, x.Room, x.Host, x.Technician, x.Phone, x.Link, x.ChangedAt, x.ID, x.Session, x.Edition)
	if err == nil && n == 0 {
		err = changed()
	}
	return err
}

func (s *Sites) expect(ctx context.Context, d Draft) error {
	if d.Expected == nil {
		return nil
	}
	if _, err := s.db.Exec(ctx, `delete from classroom_site_expected where site_id = $1`, d.ID); err != nil {
		return err
	}
	return db.Insert(ctx, s.db, "classroom_site_expected", expectedRows(d.ID, d.Expected)...)
}

func expectedRows(id ID, expected map[org.Category]int64) (rows []Expected) {
	for _, c := range org.Categories {
		if n, ok := expected[c]; ok {
			rows = append(rows, Expected{id, c, n})
		}
	}
	return rows
}

func (s *Sites) sitesOf(ctx context.Context, id classroom.SessionID) ([]Site, error) {
	return db.All[Site](ctx, s.db, `select `+db.Columns[Site]("")+` from classroom_site_site where session_id = $1 order by id`, id)
}

func (s *Sites) expectedOf(ctx context.Context, id classroom.SessionID) (map[ID]map[org.Category]int64, error) {
	all := map[ID]map[org.Category]int64{}
	err := db.Each(ctx, s.db, `select e.site_id, e.category, e.n from classroom_site_expected e
		join classroom_site_site x on x.id = e.site_id where x.session_id = $1`, []any{id}, func(e Expected) error {
		if all[e.Site] == nil {
			all[e.Site] = map[org.Category]int64{}
		}
		all[e.Site][e.Category] = e.N
		return nil
	})
	return all, err
}

// RemoveSite takes a site out of a conference while nobody there has said
// anything: what was marked is never lost.
func (s *Sites) RemoveSite(ctx context.Context, id ID, edition int64) error {
	x, m, err := s.at(ctx, id)
	if err != nil {
		return err
	}
	if err := may(ctx, Organise, m); err != nil { // access.Check in the plan's unit
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.touch(ctx, m.Session); err != nil {
			return err
		}
		heard, err := db.One[int](ctx, s.db, `select count(*) from classroom_site_mark where site_id = $1`, id)
		if err != nil {
			return err
		}
		if heard > 0 {
			return errs.New(errs.Conflict, "site.has-marks")
		}
		if _, err := s.db.Exec(ctx, `delete from classroom_site_expected where site_id = $1`, id); err != nil {
			return err
		}
		n, err := s.db.Exec(ctx, `delete from classroom_site_site where id = $1 and edition = $2`, id, edition)
		if err == nil && n == 0 {
			err = changed()
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, Organise, m.Unit, "site:"+string(id), map[string]any{"removed": x})
	})
}

// SaveContact lets the host of a site, or the organiser, say who is technician
// there and which telephone answers, as they were seen.
func (s *Sites) SaveContact(ctx context.Context, id ID, room, technician, phone string, edition int64) error {
	x, m, err := s.at(ctx, id)
	if err != nil {
		return err
	}
	if err := mayRun(ctx, x, m); err != nil { // access.CheckSelf of the host
		return err
	}
	x.Room, x.Technician, x.Phone, x.Edition, x.ChangedAt = room, technician, phone, edition, clock.Now(ctx)
	d := Draft{Site: x}
	if err := d.check(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.touch(ctx, m.Session); err != nil {
			return err
		}
		if err := s.changeSite(ctx, d.Site); err != nil {
			return err
		}
		return s.audit(ctx, Own, x.Unit, "site:"+string(id), map[string]string{"room": d.Room, "technician": d.Technician, "phone": d.Phone})
	})
}

// tellHosts writes to those who were named for sites.
func (s *Sites) tellHosts(ctx context.Context, m Meeting, sites []Site) error {
	if s.post == nil || len(sites) == 0 {
		return nil
	}
	hosts := make([]org.PersonID, len(sites))
	for i, x := range sites {
		hosts[i] = x.Host
	}
	addresses, err := s.addresses(ctx, hosts)
	if err != nil {
		return err
	}
	t := s.orgs.On(ctx, m.On())
	letters := make([]mail.Letter, len(sites))
	for i, x := range sites {
		args := []any{t.Name(x.Unit), m.Name(), clockOf(m.Starts)}
		letters[i] = mail.Letter{Reader: string(x.Host), Address: addresses[x.Host], Link: sitePath(x.ID),
			Subject: i18n.T("site.mail.host", args...).As(i18n.Vi), Body: i18n.T("site.mail.host.body", args...).As(i18n.Vi)}
	}
	return s.post.Send(ctx, letters...)
}

type address struct {
	ID    org.PersonID `db:"id"`
	Email string       `db:"email"`
}

func (s *Sites) addresses(ctx context.Context, people []org.PersonID) (map[org.PersonID]string, error) {
	all := map[org.PersonID]string{}
	for len(people) > 0 {
		n := min(500, len(people))
		w := db.NewWhere()
		rows, err := db.All[address](ctx, s.db, `select id, email from org_person where `+db.In(w, "id", people[:n]).SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			all[r.ID] = r.Email
		}
		people = people[n:]
	}
	return all, nil
}

// Hosted is a site that the actor is named for.
type Hosted struct {
	Site
	Meeting  Meeting
	UnitName string
}

// Mine lists the sites that the actor is named for, of conferences not long past,
// the next first.
func (s *Sites) Mine(ctx context.Context) ([]Hosted, error) {
	if !access.SignedIn(ctx) {
		return nil, errs.New(errs.Stranger, "error.sign-in")
	}
	p, _ := me(ctx)
	if p == "" {
		return nil, nil
	}
	sites, err := db.All[Site](ctx, s.db, `select `+db.Columns[Site]("x")+` from classroom_site_site x
		join classroom_session s on s.id = x.session_id where x.host_id = $1 and s.state = 'planned'
		order by s.starts_at desc, x.id limit 50`, p)
	if err != nil {
		return nil, err
	}
	list := make([]Hosted, len(sites))
	for i, x := range sites {
		m, err := s.held(ctx, x.Session)
		if err != nil {
			return nil, err
		}
		list[i] = Hosted{x, m, s.orgs.On(ctx, m.On()).Name(x.Unit)}
	}
	return list, nil
}

func clockOf(t time.Time) string { return t.In(clock.Zone).Format("15:04 02/01/2006") }

func sitePath(id ID) string { return "/classroom/sites/" + string(id) }
