package classroom

import (
	"slices"

	"lotrinh/org"
)

// sums adds up a report. A person counts in the unit and category that he had
// when he was first marked, as the roll kept it: a later merger of units does not
// change what was.
type sums struct {
	*Report
	sessions []SessionLine
	seats    []SeatLine
	marks    map[SessionID]map[org.PersonID]Attendance
	home     map[org.PersonID]Attendance // the first of each person
	name     func(org.UnitID) string
	came     map[spot]map[string]bool // persons by where they count
}

// spot is where somebody counts: in a unit, in a category, or in all.
type spot struct {
	unit     org.UnitID
	category org.Category
}

func newSums(r *Report, sessions []SessionLine, seats []SeatLine, marks []Attendance, name func(org.UnitID) string) *sums {
	s := &sums{Report: r, name: name, sessions: sessions, seats: seats, marks: map[SessionID]map[org.PersonID]Attendance{},
		home: map[org.PersonID]Attendance{}, came: map[spot]map[string]bool{}}
	for _, a := range marks {
		if s.marks[a.Session] == nil {
			s.marks[a.Session] = map[org.PersonID]Attendance{}
		}
		s.marks[a.Session][a.Person] = a
	}
	for _, x := range sessions {
		for p, a := range s.marks[x.ID] {
			if _, known := s.home[p]; !known {
				s.home[p] = a
			}
		}
	}
	return s
}

// count fills in the sessions and the people.
func (s *sums) count() {
	s.Total.Turns = map[Presence]int64{}
	people := make([]ReportPerson, len(s.seats))
	for i, seat := range s.seats {
		if a, ok := s.home[seat.Person]; ok {
			seat.Unit, seat.Category, seat.UnitName = a.Unit, a.Category, s.name(a.Unit)
		}
		people[i] = ReportPerson{SeatLine: seat, Turns: map[Presence]int64{}}
	}
	for _, x := range s.sessions {
		one := ReportSession{SessionLine: x, Turns: map[Presence]int64{}}
		switch {
		case x.Cancelled():
			s.Cancelled++
		case x.RolledAt.IsZero():
			s.ToCome++
		default:
			s.Held++
			s.Report.Minutes += x.Minutes()
			for i := range people {
				s.mark(&one, &people[i])
			}
		}
		s.Report.Sessions = append(s.Report.Sessions, one)
	}
	s.People = slices.DeleteFunc(people, func(p ReportPerson) bool { return p.State != Registered && p.State != Waiting && p.Held == 0 })
}

// mark counts one person in one session that was held. Who has left the class
// counts in the sessions in which he was marked.
func (s *sums) mark(x *ReportSession, p *ReportPerson) {
	a, marked := s.marks[x.ID][p.Person]
	if !marked && p.State != Registered {
		return
	}
	x.Expected++
	p.Held++
	if !marked {
		p.Unmarked++
		return
	}
	x.Turns[a.State]++
	p.Turns[a.State]++
	if a.State.Attended() {
		x.Attended++
		s.noteCame(p, a)
	}
	if a.State != Present || a.Reason != "" {
		s.Absences = append(s.Absences, ReportAbsence{Session: x.SessionLine, Name: p.Name, State: a.State, Reason: a.Reason, Substitute: a.Substitute, UnitName: p.UnitName})
	}
}

// noteCame notes who sat there: the person, or who came instead.
func (s *sums) noteCame(p *ReportPerson, a Attendance) {
	who := string(p.Person)
	if a.State == Substitute {
		if who = string(a.SubstituteID); who == "" {
			who = "name:" + a.Substitute
		}
	}
	for _, at := range []spot{{}, {unit: p.Unit}, {category: p.Category}} {
		if s.came[at] == nil {
			s.came[at] = map[string]bool{}
		}
		s.came[at][who] = true
	}
}

// fold adds the people up by unit and by category.
func (s *sums) fold(quotas []Quota) {
	units, categories := map[org.UnitID]*ReportLine{}, map[org.Category]*ReportLine{}
	for _, p := range s.People {
		if units[p.Unit] == nil {
			units[p.Unit] = &ReportLine{Unit: p.Unit, Name: p.UnitName, Turns: map[Presence]int64{}}
		}
		if categories[p.Category] == nil {
			categories[p.Category] = &ReportLine{Category: p.Category, Turns: map[Presence]int64{}}
		}
		for _, l := range []*ReportLine{units[p.Unit], categories[p.Category], &s.Total} {
			l.add(p)
		}
	}
	for _, q := range quotas {
		if l := units[q.Unit]; l != nil && q.Topic == s.Class.Topic && q.Category == "" {
			l.Quota += q.Seats
		}
	}
	for u, l := range units {
		l.Persons = int64(len(s.came[spot{unit: u}]))
		s.Units = append(s.Units, *l)
	}
	for x, l := range categories {
		l.Persons = int64(len(s.came[spot{category: x}]))
		s.Categories = append(s.Categories, *l)
	}
	s.Total.Persons = int64(len(s.came[spot{}]))
	slices.SortFunc(s.Units, byName)
	slices.SortFunc(s.Categories, byCategory)
}

func (l *ReportLine) add(p ReportPerson) {
	switch p.State {
	case Registered:
		l.Registered++
	case Waiting:
		l.Waiting++
	}
	for state, n := range p.Turns {
		l.Turns[state] += n
	}
	l.Unmarked += p.Unmarked
}

// hours writes minutes as hours and minutes: 7:30.
func hours(minutes int64) string {
	return edition(minutes/60) + ":" + twoDigits(minutes%60)
}

func twoDigits(n int64) string {
	if n < 10 {
		return "0" + edition(n)
	}
	return edition(n)
}
