package site

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/text"
)

// Source is where a mark comes from.
type Source string

// The sources.
const (
	FromPage   Source = "page"   // the page of the site, without script
	FromDevice Source = "device" // a device that may have been off line
	FromImport Source = "import"
)

// Mark is what somebody at a site said of one thing, at a moment. Marks are only
// ever added. Bases names the marks of the same subject that its maker had seen,
// and that it therefore replaces.
//
// The subjects, and what a mark may say of each:
//
//	check:<key>       "yes" or "no": an item of the checklist is done, or is not
//	count:<category>  so many people are there, in decimal digits
//	sign              the headcount that is signed, as Standing.Counted writes it
//	incident:<mark>   the kind of the incident that the mark of that id told of,
//	                  or "closed"
type Mark struct {
	Site       ID                  `db:"site_id"`
	ID         classroom.MarkID    `db:"id"`
	Session    classroom.SessionID `db:"session_id"`
	Subject    string              `db:"subject"`
	Value      string              `db:"value"`
	Note       string              `db:"note"`
	At         time.Time           `db:"at"` // by the device's clock
	Device     string              `db:"device"`
	Bases      classroom.MarkIDs   `db:"bases"`
	Source     Source              `db:"source"`
	By         org.PersonID        `db:"by_id"`
	ByName     string              `db:"by_name"`
	ByHost     bool                `db:"by_host"`
	ReceivedAt time.Time           `db:"received_at"`
	N          int64               `db:"n"`
}

// The kinds of incidents that a site tells of by one tap.
const (
	LostLink  = "lost_link"  // mất kết nối
	NoPicture = "no_picture" // hình ảnh
	NoSound   = "no_sound"   // âm thanh
	NoPower   = "no_power"   // mất điện
	NoDevice  = "no_device"  // thiết bị
	Other     = "other"
)

// Kinds lists them as the page of a site offers them.
var Kinds = []string{LostLink, NoPicture, NoSound, NoPower, NoDevice, Other}

// What marks say.
const (
	Yes    = "yes"
	No     = "no"
	Closed = "closed"
)

// SignSubject is the subject of a signature.
const SignSubject = "sign"

// Refused says why one mark of many was not taken.
type Refused struct {
	ID  classroom.MarkID
	Why string // key of the message
}

// Sheet is marks of one site, for TakeMany.
type Sheet struct {
	Site  ID
	Marks []Mark
}

const marksMax = 1000 // in one sheet

// Take takes marks of a site, in any order and however often they are sent. What
// cannot be taken is told mark by mark, and the others are taken.
func (s *Sites) Take(ctx context.Context, id ID, marks []Mark) ([]Refused, error) {
	x, m, err := s.at(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := mayRun(ctx, x, m); err != nil { // access.CheckSelf of the host
		return nil, err
	}
	return s.takeAll(ctx, m, []Site{x}, []Sheet{{id, marks}})
}

// TakeMany takes marks of many sites of a conference in one transaction, for
// imports and for what an organiser was told by telephone.
func (s *Sites) TakeMany(ctx context.Context, id classroom.SessionID, sheets []Sheet) ([]Refused, error) {
	m, err := s.held(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := may(ctx, Organise, m); err != nil { // access.Check in the plan's unit
		return nil, err
	}
	all, err := s.sitesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	at := map[ID]Site{}
	for _, x := range all {
		at[x.ID] = x
	}
	sites := make([]Site, len(sheets))
	for i, sh := range sheets {
		if sites[i] = at[sh.Site]; sites[i].ID == "" {
			return nil, notFound()
		}
	}
	return s.takeAll(ctx, m, sites, sheets)
}

func (s *Sites) takeAll(ctx context.Context, m Meeting, sites []Site, sheets []Sheet) (refused []Refused, err error) {
	if m.Cancelled() {
		return nil, errs.New(errs.Conflict, "site.cancelled")
	}
	for _, sh := range sheets {
		if len(sh.Marks) > marksMax {
			return nil, errs.New(errs.Invalid, "site.too-many", marksMax)
		}
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		refused, err = s.take(ctx, m, sites, sheets)
		return err
	})
	return refused, err
}

// take writes marks down. The conference is locked meanwhile, so that N grows in
// the order in which marks come to be seen.
func (s *Sites) take(ctx context.Context, m Meeting, sites []Site, sheets []Sheet) ([]Refused, error) {
	if _, err := s.db.Exec(ctx, `update classroom_site_conference set n = n + 1, changed_at = $1 where session_id = $2`, clock.Now(ctx), m.Session); err != nil {
		return nil, err
	}
	n, err := db.One[int64](ctx, s.db, `select n from classroom_site_conference where session_id = $1`, m.Session)
	if err != nil {
		return nil, err
	}
	checks, err := s.checksOf(ctx, m.Session)
	if err != nil {
		return nil, err
	}
	known, err := s.knownIn(ctx, m.Session, sites)
	if err != nil {
		return nil, err
	}
	v := sieve{s: s, m: m, checks: checks, n: n, known: known}
	for i, sh := range sheets {
		v.sift(ctx, sites[i], sh.Marks)
	}
	if err := db.Insert(ctx, s.db, "classroom_site_mark", v.fresh...); err != nil {
		return nil, err
	}
	return v.refused, access.AuditAll(ctx, s.db, v.log)
}

type markKey struct {
	Site ID
	ID   classroom.MarkID
}

// knownIn reads the marks of sites that are there already.
func (s *Sites) knownIn(ctx context.Context, id classroom.SessionID, sites []Site) (map[markKey]Mark, error) {
	w := db.NewWhere().And("session_id = ?", id)
	if len(sites) == 1 {
		w.And("site_id = ?", sites[0].ID)
	}
	known := map[markKey]Mark{}
	err := db.Each(ctx, s.db, `select `+db.Columns[Mark]("")+` from classroom_site_mark where `+w.SQL(), w.Args(), func(k Mark) error {
		known[markKey{k.Site, k.ID}] = k
		return nil
	})
	return known, err
}

// sieve parts marks that are new from those known already and those that cannot
// be.
type sieve struct {
	s       *Sites
	m       Meeting
	checks  []Check
	n       int64
	known   map[markKey]Mark
	fresh   []Mark
	refused []Refused
	log     []access.Entry
}

func (v *sieve) sift(ctx context.Context, x Site, marks []Mark) {
	before := len(v.fresh)
	for _, k := range marks {
		k = v.stamp(ctx, x, k)
		if old, ok := v.known[markKey{x.ID, k.ID}]; ok {
			if old.Subject != k.Subject || old.Value != k.Value || old.Note != k.Note {
				v.refused = append(v.refused, Refused{k.ID, "site.mark.id-taken"})
			}
			continue
		}
		if why := v.wrong(x, k); why != "" {
			v.refused = append(v.refused, Refused{k.ID, why})
			continue
		}
		v.known[markKey{x.ID, k.ID}] = k
		v.fresh = append(v.fresh, k)
	}
	if n := len(v.fresh) - before; n > 0 {
		v.log = append(v.log, access.Entry{Action: Own, Unit: x.Unit, Subject: "site:" + string(x.ID), Detail: map[string]int{"marks": n}})
	}
}

// stamp writes on a mark who made it and when it came in. The house itself, which
// imports, says who made a mark; anybody else makes his own.
func (v *sieve) stamp(ctx context.Context, x Site, k Mark) Mark {
	now := clock.Now(ctx)
	k.Site, k.Session, k.ReceivedAt, k.N = x.ID, x.Session, now, v.n
	if k.Source != FromImport || access.CheckSelf(ctx, "") != nil {
		k.By, k.ByName = me(ctx)
	}
	k.ByHost = k.By != "" && k.By == x.Host
	k.Note, k.Device = text.Clean(k.Note), text.Clean(k.Device)
	if k.At.IsZero() || k.At.After(now) { // a clock that runs ahead must not win for ever
		k.At = now
	}
	k.At = k.At.In(clock.Zone).Truncate(time.Microsecond)
	if k.Source == "" {
		k.Source = FromDevice
	}
	return k
}

var (
	markID = regexp.MustCompile(`^[0-9a-zA-Z-]{8,64}$`)
	digits = regexp.MustCompile(`^(0|[1-9][0-9]{0,5})$`)
)

// wrong is the key of what makes k impossible, or "".
func (v *sieve) wrong(x Site, k Mark) string {
	switch {
	case !markID.MatchString(string(k.ID)):
		return "site.mark.bad-id"
	case len(k.Note) > 500 || len(k.Value) > 400 || len(k.Device) > 64 || len(k.Bases) > 100:
		return "site.mark.too-long"
	case k.Source != FromPage && k.Source != FromDevice && k.Source != FromImport:
		return "site.mark.bad-value"
	}
	for _, b := range k.Bases {
		if !markID.MatchString(string(b)) {
			return "site.mark.bad-id"
		}
	}
	kind, of, _ := strings.Cut(k.Subject, ":")
	switch kind {
	case "check":
		return v.wrongCheck(x, of, k.Value)
	case "count":
		return wrongCount(of, k.Value)
	case SignSubject:
		if _, ok := parseCounted(k.Value); !ok || of != "" {
			return "site.mark.bad-value"
		}
		return ""
	case "incident":
		return v.wrongIncident(x, of, k)
	}
	return "site.mark.bad-subject"
}

func (v *sieve) wrongCheck(x Site, key, value string) string {
	asked := slices.ContainsFunc(v.checks, func(c Check) bool { return c.Key == key && (x.Central || !c.Central) })
	switch {
	case !asked:
		return "site.mark.no-check"
	case value != Yes && value != No:
		return "site.mark.bad-value"
	}
	return ""
}

func wrongCount(category, value string) string {
	if !known(org.Category(category)) {
		return "site.mark.bad-subject"
	}
	if n, err := strconv.ParseInt(value, 10, 64); err != nil || !digits.MatchString(value) || n > expectedMax {
		return "site.bad-count"
	}
	return ""
}

// wrongIncident lets an incident be told of under the id of the mark that tells,
// and be closed, or said to be something else, by later ones.
func (v *sieve) wrongIncident(x Site, of string, k Mark) string {
	if of != string(k.ID) {
		if _, told := v.known[markKey{x.ID, classroom.MarkID(of)}]; !told {
			return "site.mark.no-incident"
		}
	} else if k.Value == Closed {
		return "site.mark.bad-value"
	}
	if k.Value != Closed && !slices.Contains(Kinds, k.Value) {
		return "site.mark.bad-value"
	}
	return ""
}

// Marks is the story of a site: every mark ever made, by the time it was received.
func (s *Sites) Marks(ctx context.Context, id ID) ([]Mark, error) {
	x, m, err := s.at(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := mayRun(ctx, x, m); err != nil { // access.CheckSelf of the host
		return nil, err
	}
	return s.marksOf(ctx, id)
}

func (s *Sites) marksOf(ctx context.Context, id ID) ([]Mark, error) {
	return db.All[Mark](ctx, s.db, `select `+db.Columns[Mark]("")+` from classroom_site_mark where site_id = $1 order by received_at, id`, id)
}
