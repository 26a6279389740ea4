package site

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// Line is a site as boards and lists show it.
type Line struct {
	Site
	Standing
	UnitName string
	Short    string // without its kind, for a tile
	HostName string
	Group    int // of Board.Groups
	Expected map[org.Category]int64
	Invited  int64                  // the sum of Expected
	Overdue  []Check                // items that are due and not done; none once it is counted
	Roll     map[org.Category]int64 // attended by name, from the roll call of the session
	Named    int64                  // the sum of Roll
	Seen     int64                  // N of the conference when the site last changed
}

// Group is the sites of a district, or of the agencies of the province.
type Group struct {
	Unit  org.UnitID
	Name  string
	Lines []int // of Board.Lines
}

// Sum is how many were expected and how many were counted.
type Sum struct{ Expected, Counted int64 }

// Board is a conference at a moment. It is shared between its watchers: read it
// only.
type Board struct {
	Meeting   Meeting
	Checks    []Check
	Dues      map[string]time.Time // by key of the check
	Lines     []Line
	Groups    []Group
	Tally     map[State]int
	Open      int // incidents that are not over
	Incidents int // that there were
	Overdue   int // sites with something overdue
	Disputed  int // sites on whose word devices do not agree
	Sums      map[org.Category]Sum
	Total     Sum   // counted: lượt, as signed
	Unsigned  int64 // counted at sites whose headcount bears no valid signature
	Named     int64 // người: distinct persons in the roll call, where one was called
	Version   string
	phase     int
	drawn     sync.Map // language and version that the watcher has: []byte
	drawnN    atomic.Int32
}

// Heads is how many sites have been heard of.
func (b *Board) Heads() int { return len(b.Lines) - b.Tally[Silent] }

// Line is a site of the board.
func (b *Board) Line(id ID) (Line, bool) {
	for _, l := range b.Lines {
		if l.ID == id {
			return l, true
		}
	}
	return Line{}, false
}

// boards holds the boards that somebody watches.
type boards struct {
	mu  sync.Mutex
	all map[classroom.SessionID]*watched
}

// watched is the board of one conference and what it is made from.
type watched struct {
	mu    sync.Mutex
	read  time.Time // when the database was last asked
	used  time.Time
	board *Board
	marks map[ID][]Mark
	n     int64 // marks are those up to this N
}

const (
	boardAge  = time.Second      // watchers see what is at most so old
	boardKept = 10 * time.Minute // a board that nobody watches is forgotten
)

func (b *boards) of(id classroom.SessionID) *watched {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all == nil {
		b.all = map[classroom.SessionID]*watched{}
	}
	now := time.Now()
	for k, w := range b.all {
		if k != id && now.Sub(w.used) > boardKept {
			delete(b.all, k)
		}
	}
	w := b.all[id]
	if w == nil {
		w = &watched{marks: map[ID][]Mark{}}
		b.all[id] = w
	}
	w.used = now
	return w
}

// Board is the board of a conference, for who may read it.
func (s *Sites) Board(ctx context.Context, id classroom.SessionID) (*Board, error) {
	return s.boardOf(ctx, id, 0)
}

// boardOf is Board that may be as old as age: all who watch share it, so that the
// database is asked once for them all.
func (s *Sites) boardOf(ctx context.Context, id classroom.SessionID, age time.Duration) (*Board, error) {
	if !access.SignedIn(ctx) {
		return nil, errs.New(errs.Stranger, "error.sign-in")
	}
	b, err := s.fresh(ctx, id, age)
	if err != nil {
		return nil, err
	}
	if err := may(ctx, Read, b.Meeting); err != nil { // access.Check in the plan's unit
		return nil, err
	}
	return b, nil
}

func (s *Sites) fresh(ctx context.Context, id classroom.SessionID, age time.Duration) (*Board, error) {
	w := s.boards.of(id)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.board != nil && time.Since(w.read) < age && w.board.phase == w.board.phaseAt(clock.Now(ctx)) {
		return w.board, nil
	}
	m, err := s.held(ctx, id)
	if err != nil {
		return nil, err
	}
	asked := time.Now()
	if w.board == nil || age == 0 || versionOf(m, w.board.phaseAt(clock.Now(ctx))) != w.board.Version {
		if err := s.refresh(ctx, w, m); err != nil {
			w.board, w.marks, w.n = nil, map[ID][]Mark{}, 0
			return nil, err
		}
	}
	w.read = asked
	return w.board, nil
}

// refresh makes the board anew: from the marks that came in since, where nothing
// else changed.
func (s *Sites) refresh(ctx context.Context, w *watched, m Meeting) error {
	marks, err := db.All[Mark](ctx, s.db, `select `+db.Columns[Mark]("")+` from classroom_site_mark
		where session_id = $1 and n > $2 and n <= $3 order by n, id`, m.Session, w.n, m.N)
	if err != nil {
		return err
	}
	touched := map[ID]bool{}
	for _, k := range marks {
		w.marks[k.Site] = append(w.marks[k.Site], k)
		touched[k.Site] = true
	}
	w.n = m.N
	b, err := s.begun(ctx, w, m)
	if err != nil {
		return err
	}
	for i := range b.Lines {
		l := &b.Lines[i]
		if touched[l.ID] || l.Standing.State == "" {
			l.Standing = Merge(w.marks[l.ID], b.Checks, l.Central)
		}
		for _, k := range w.marks[l.ID] {
			l.Seen = max(l.Seen, k.N)
		}
	}
	if err := s.addRoll(ctx, b); err != nil {
		return err
	}
	b.phase = b.phaseAt(clock.Now(ctx))
	b.Version = versionOf(m, b.phase)
	b.add(clock.Now(ctx))
	w.board = b
	return nil
}

// begun is a board with its sites, which are those of the last board while the
// set-up stays as it was.
func (s *Sites) begun(ctx context.Context, w *watched, m Meeting) (*Board, error) {
	if old := w.board; old != nil && old.Meeting.SetupN == m.SetupN && old.Meeting.Starts.Equal(m.Starts) {
		return &Board{Meeting: m, Checks: old.Checks, Dues: old.Dues, Lines: slices.Clone(old.Lines), Groups: old.Groups}, nil
	}
	return s.lay(ctx, m)
}

// lay reads what is not marks.
func (s *Sites) lay(ctx context.Context, m Meeting) (*Board, error) {
	b := &Board{Meeting: m, Dues: map[string]time.Time{}}
	var err error
	if b.Checks, err = s.checksOf(ctx, m.Session); err != nil {
		return nil, err
	}
	for _, c := range b.Checks {
		b.Dues[c.Key] = s.due(ctx, c, m.Starts)
	}
	sites, err := s.sitesOf(ctx, m.Session)
	if err != nil {
		return nil, err
	}
	expected, err := s.expectedOf(ctx, m.Session)
	if err != nil {
		return nil, err
	}
	var hosts []org.PersonID
	for _, x := range sites {
		if x.Host != "" {
			hosts = append(hosts, x.Host)
		}
	}
	names, err := s.orgs.People(ctx, hosts)
	if err != nil {
		return nil, err
	}
	for _, x := range sites {
		b.Lines = append(b.Lines, Line{Site: x, HostName: names[x.Host].Name, Expected: expected[x.ID]})
	}
	s.order(ctx, b)
	return b, nil
}

// order names the units of the sites as they were on the day, puts the sites in
// the order of the tree, the central one first, and gathers them by district.
func (s *Sites) order(ctx context.Context, b *Board) {
	t := s.orgs.On(ctx, b.Meeting.On())
	place := map[org.UnitID]int{}
	for i, u := range t.Subtree(b.Meeting.Unit) {
		place[u.ID] = i
	}
	slices.SortStableFunc(b.Lines, func(x, y Line) int {
		if x.Central != y.Central {
			return map[bool]int{true: -1, false: 1}[x.Central]
		}
		return place[x.Unit] - place[y.Unit]
	})
	at := map[org.UnitID]int{}
	for i := range b.Lines {
		l := &b.Lines[i]
		u, _ := t.Unit(l.Unit)
		l.UnitName, l.Short = u.Name, short(u.Name)
		top, ok := t.Up(l.Unit, org.District)
		if !ok {
			top = b.Meeting.Unit
		}
		if _, ok := at[top]; !ok {
			at[top] = len(b.Groups)
			b.Groups = append(b.Groups, Group{Unit: top, Name: t.Name(top)})
		}
		l.Group = at[top]
		b.Groups[l.Group].Lines = append(b.Groups[l.Group].Lines, i)
		for _, n := range l.Expected {
			l.Invited += n
		}
	}
}

// short is a unit's name without the word for its kind, as a tile shows it.
func short(name string) string {
	for _, kind := range []string{"Thành phố ", "Thị xã ", "Thị trấn ", "Huyện ", "Quận ", "Phường ", "Xã ", "Đặc khu ", "Tỉnh "} {
		if rest, ok := strings.CutPrefix(name, kind); ok {
			return rest
		}
	}
	return name
}

func (b *Board) phaseAt(now time.Time) (n int) {
	for _, d := range b.Dues {
		if !now.Before(d) {
			n++
		}
	}
	return n
}

// versionOf names what a board shows: it changes whenever that does.
func versionOf(m Meeting, phase int) string {
	h := fnv.New32a()
	fmt.Fprint(h, m.Title, m.ClassName, m.State, m.Starts.UnixMicro(), m.SessionLink)
	return fmt.Sprintf("%d-%d-%x", m.N, phase, h.Sum32())
}

// add sums the lines up.
func (b *Board) add(now time.Time) {
	b.Tally, b.Sums = map[State]int{}, map[org.Category]Sum{}
	for i := range b.Lines {
		l := &b.Lines[i]
		b.Tally[l.State]++
		b.Incidents += len(l.Standing.Incidents)
		b.Open += l.OpenIncidents()
		if len(l.Conflicts) > 0 {
			b.Disputed++
		}
		l.Overdue = b.overdue(*l, now)
		if len(l.Overdue) > 0 {
			b.Overdue++
		}
		b.count(*l)
	}
}

func (b *Board) count(l Line) {
	for c, n := range l.Expected {
		sum := b.Sums[c]
		sum.Expected += n
		b.Sums[c] = sum
	}
	b.Total.Expected += l.Invited
	if !l.Signed {
		b.Unsigned += l.Standing.Total
		return
	}
	b.Total.Counted += l.Standing.Total
	for c, n := range l.Counts {
		sum := b.Sums[c]
		sum.Counted += n
		b.Sums[c] = sum
	}
}

func (b *Board) overdue(l Line, now time.Time) (list []Check) {
	if l.State == Counted || b.Meeting.Cancelled() {
		return nil
	}
	for _, c := range b.Checks {
		_, done := l.Done(c.Key)
		if !done && (l.Central || !c.Central) && !now.Before(b.Dues[c.Key]) {
			list = append(list, c)
		}
	}
	return list
}
