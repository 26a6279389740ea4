package site

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"lotrinh/classroom"
	"lotrinh/org"
)

// State is where a site stands. It is computed from its marks and never stored.
type State string

// The states, from the first to the last.
const (
	Silent    State = "silent"    // im lặng: nothing is done yet
	Preparing State = "preparing" // đang chuẩn bị: something is
	Ready     State = "ready"     // sẵn sàng: all that comes before the connection is
	OnLine    State = "connected" // đã kết nối
	Counted   State = "counted"   // đã chốt số: the headcount is signed
)

// States lists them as a board shows them.
var States = []State{Counted, OnLine, Ready, Preparing, Silent}

// Incident is something that went wrong at a site.
type Incident struct {
	ID     classroom.MarkID
	Kind   string
	Note   string
	Opened time.Time
	Closed time.Time // zero while it is open
	Heads  classroom.MarkIDs
}

// Open says whether the incident is not over.
func (i Incident) Open() bool { return i.Closed.IsZero() }

// Word is what the marks of one subject come to.
type Word struct {
	Mark     Mark              // the one that counts
	Heads    classroom.MarkIDs // marks that none has replaced
	Conflict bool              // the heads do not agree
	Said     []Mark            // the heads, when they do not agree
}

// Standing is what the marks of a site come to.
type Standing struct {
	State     State
	Words     map[string]Word // by subject, but for incidents
	Counts    map[org.Category]int64
	Total     int64 // of Counts
	Signed    bool  // the signature is of these very counts
	Signature Mark  // the zero mark when nobody has ever signed
	Incidents []Incident
	Conflicts []string // subjects on which devices do not agree, sorted
	Heard     time.Time
}

// OpenIncidents counts the incidents that are not over.
func (st Standing) OpenIncidents() (n int) {
	for _, i := range st.Incidents {
		if i.Open() {
			n++
		}
	}
	return n
}

// Done says whether an item of the checklist is done, and when it was.
func (st Standing) Done(key string) (time.Time, bool) {
	w := st.Words["check:"+key]
	return w.Mark.At, w.Mark.Value == Yes
}

// Merge says what marks of one site come to under a checklist. It depends on the
// set of marks alone, neither on their order nor on repetitions; each subject is
// merged as the marks of a person in a roll call are (classroom.Merge), so that
// what anybody said stands until somebody who saw it says otherwise.
func Merge(marks []Mark, checks []Check, central bool) Standing {
	by := map[string][]Mark{}
	for _, k := range marks {
		by[k.Subject] = append(by[k.Subject], k)
	}
	st := Standing{Words: map[string]Word{}, Counts: map[org.Category]int64{}}
	for _, subject := range slices.Sorted(maps.Keys(by)) {
		w := merge(by[subject])
		if w.Conflict {
			st.Conflicts = append(st.Conflicts, subject)
		}
		kind, of, _ := strings.Cut(subject, ":")
		switch kind {
		case "incident":
			st.Incidents = append(st.Incidents, incident(of, w, by[subject]))
			continue
		case "count":
			n, _ := strconv.ParseInt(w.Mark.Value, 10, 64)
			st.Counts[org.Category(of)] = n
			st.Total += n
		}
		st.Words[subject] = w
	}
	slices.SortFunc(st.Incidents, func(a, b Incident) int {
		return cmp.Or(a.Opened.Compare(b.Opened), cmp.Compare(a.ID, b.ID))
	})
	for _, k := range marks {
		if k.At.After(st.Heard) {
			st.Heard = k.At
		}
	}
	st.sign()
	st.State = st.state(checks, central)
	return st
}

// merge is classroom.Merge: a value is to a subject what a presence is to a person.
func merge(marks []Mark) Word {
	same := make([]classroom.Mark, len(marks))
	at := make(map[classroom.MarkID]Mark, len(marks))
	for i, k := range marks {
		same[i] = classroom.Mark{ID: k.ID, State: classroom.Presence(k.Value), Reason: k.Note, At: k.At, Bases: k.Bases}
		at[k.ID] = k
	}
	st := classroom.Merge(same)
	w := Word{Mark: at[st.Mark.ID], Heads: st.Heads, Conflict: st.Conflict}
	if w.Conflict {
		for _, h := range w.Heads {
			w.Said = append(w.Said, at[h])
		}
	}
	return w
}

// incident reads what the marks of an incident come to. Where one device closed it
// and another, which had not seen that, said something else of it, it stays open.
func incident(of string, w Word, marks []Mark) Incident {
	i := Incident{ID: classroom.MarkID(of), Heads: w.Heads}
	for _, k := range marks {
		if string(k.ID) == of {
			i.Kind, i.Note, i.Opened = k.Value, k.Note, k.At
		}
	}
	if w.Mark.Value == Closed && !w.Conflict {
		i.Closed = w.Mark.At
	} else if w.Mark.Value != Closed {
		i.Kind, i.Note = w.Mark.Value, w.Mark.Note
	}
	return i
}

// sign says whether the signature is of the counts as they stand.
func (st *Standing) sign() {
	w, ok := st.Words[SignSubject]
	if !ok {
		return
	}
	st.Signature = w.Mark
	disputed := w.Conflict
	for _, s := range st.Conflicts {
		disputed = disputed || strings.HasPrefix(s, "count:")
	}
	st.Signed = !disputed && w.Mark.Value == st.Counted()
}

// Counted writes the headcount as it is signed: "cadre=3 civil_servant=12", the
// categories in alphabetical order, without those of which nobody is there.
func (st Standing) Counted() string { return CountedOf(st.Counts) }

// CountedOf writes a headcount as it is signed.
func CountedOf(counts map[org.Category]int64) string {
	var words []string
	for _, c := range slices.Sorted(maps.Keys(counts)) {
		if counts[c] > 0 {
			words = append(words, string(c)+"="+strconv.FormatInt(counts[c], 10))
		}
	}
	return strings.Join(words, " ")
}

// parseCounted reads what CountedOf wrote.
func parseCounted(s string) (map[org.Category]int64, bool) {
	counts := map[org.Category]int64{}
	for _, w := range strings.Fields(s) {
		c, value, ok := strings.Cut(w, "=")
		n, err := strconv.ParseInt(value, 10, 64)
		if !ok || err != nil || wrongCount(c, value) != "" {
			return nil, false
		}
		counts[org.Category(c)] = n
	}
	return counts, CountedOf(counts) == s
}

// state is the last state that the marks reach. An item that comes at or after the
// connection, such as the camera, is not asked for to be ready.
func (st Standing) state(checks []Check, central bool) State {
	if st.Signed {
		return Counted
	}
	if _, yes := st.Done(Connected); yes {
		return OnLine
	}
	ready, some := true, len(st.Counts) > 0 || len(st.Incidents) > 0
	before := true
	for _, c := range checks {
		before = before && c.Key != Connected
		if c.Central && !central {
			continue
		}
		_, yes := st.Done(c.Key)
		some = some || yes
		ready = ready && (yes || !before)
	}
	switch {
	case ready && some:
		return Ready
	case some:
		return Preparing
	}
	return Silent
}
