package classroom

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"lotrinh/org"
)

// MarkID names a mark. The device that makes the mark makes it, so that the same
// mark sent twice is one.
type MarkID string

// Presence is what a mark says of a person in a session.
type Presence string

// The presences.
const (
	Present    Presence = "present"    // có mặt
	Late       Presence = "late"       // đi muộn
	LeftEarly  Presence = "left_early" // về sớm
	Substitute Presence = "substitute" // dự thay
	Excused    Presence = "excused"    // vắng có phép
	Unexcused  Presence = "unexcused"  // vắng không phép
)

// Presences lists them in the order in which a screen offers them.
var Presences = []Presence{Present, Late, Excused, Unexcused, LeftEarly, Substitute}

// Attended says whether somebody sat on the person's chair.
func (p Presence) Attended() bool {
	return p == Present || p == Late || p == LeftEarly || p == Substitute
}

// Source is where a mark comes from.
type Source string

// The sources.
const (
	FromPage     Source = "page"     // the roll call page, on line
	FromDevice   Source = "device"   // a device that may have been off line
	FromScan     Source = "scan"     // the person scanned the code on the screen
	FromPaper    Source = "paper"    // a sheet, typed in
	FromDecision Source = "decision" // the class manager settled a conflict
	FromImport   Source = "import"
)

// Mark is what somebody saw of one person's presence, at a moment. Marks are only
// ever added. Bases names the marks that its maker had seen of that person, and
// that it therefore replaces.
type Mark struct {
	ID           MarkID       `db:"id" json:"id"`
	Session      SessionID    `db:"session_id" json:"-"`
	Person       org.PersonID `db:"person_id" json:"person"`
	State        Presence     `db:"state" json:"state"`
	Reason       string       `db:"reason" json:"reason"`
	Substitute   string       `db:"substitute" json:"substitute"` // who came instead
	SubstituteID org.PersonID `db:"substitute_id" json:"substitute_id"`
	At           time.Time    `db:"at" json:"at"` // by the device's clock
	Device       string       `db:"device" json:"device"`
	Bases        MarkIDs      `db:"bases" json:"bases"`
	Source       Source       `db:"source" json:"source"`
	By           org.PersonID `db:"by_id" json:"by"`
	ReceivedAt   time.Time    `db:"received_at" json:"received_at"`
}

// says is what two marks must share to agree.
func (m Mark) says() string {
	return strings.Join([]string{string(m.State), m.Reason, m.Substitute, string(m.SubstituteID)}, "\x00")
}

// Standing is what the marks of one person in one session come to.
type Standing struct {
	Mark     Mark     // the one that counts
	Heads    []MarkID // marks that none has replaced, sorted
	Conflict bool     // the heads do not agree: a person must settle it
}

// Merge says what marks of one person in one session come to. It depends on the
// set of marks alone, neither on their order nor on repetitions, so that all who
// hold the same marks hold the same roll. A mark that no other mark has replaced
// always stands among the heads: nothing anybody saw is lost without someone who
// saw it saying otherwise. Where the heads do not agree, the one made last by its
// device's clock counts until a person settles it.
func Merge(marks []Mark) (s Standing) {
	replaced := replacedBy(marks)
	heads := map[MarkID]Mark{}
	for _, m := range marks {
		if !replaced[m.ID] {
			heads[m.ID] = m
		}
	}
	for id, m := range heads {
		s.Heads = append(s.Heads, id)
		if s.Mark.ID == "" || later(m, s.Mark) {
			s.Mark = m
		}
	}
	for _, m := range heads {
		s.Conflict = s.Conflict || m.says() != s.Mark.says()
	}
	slices.Sort(s.Heads)
	return s
}

// replacedBy says which marks another one replaces. Marks that name each other in
// a ring replace nothing in it.
func replacedBy(marks []Mark) map[MarkID]bool {
	bases := make(map[MarkID]MarkIDs, len(marks))
	for _, m := range marks {
		bases[m.ID] = m.Bases
	}
	replaced := map[MarkID]bool{}
	for _, m := range marks {
		for _, b := range m.Bases {
			if _, known := bases[b]; known && !replaced[b] && !leads(bases, b, m.ID) {
				replaced[b] = true
			}
		}
	}
	return replaced
}

// leads says whether going from base to base one comes from a mark to another.
func leads(bases map[MarkID]MarkIDs, from, to MarkID) bool {
	seen := map[MarkID]bool{from: true}
	for todo := (MarkIDs{from}); len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if at == to {
			return true
		}
		for _, b := range bases[at] {
			if !seen[b] {
				seen[b] = true
				todo = append(todo, b)
			}
		}
	}
	return false
}

func later(a, b Mark) bool {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) > 0
}
