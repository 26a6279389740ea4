package site_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lotrinh/classroom"
	"lotrinh/classroom/site"
	"lotrinh/org"
)

var checks = []site.Check{{Key: "notice"}, {Key: "connected"}, {Key: "camera"}}

// drawMarks draws what two devices may come to hold about one site: each sees some
// of the marks made before and makes marks on top of them.
func drawMarks(t *rapid.T) []site.Mark {
	marks := make([]site.Mark, rapid.IntRange(0, 14).Draw(t, "marks"))
	for i := range marks {
		k := site.Mark{ID: classroom.MarkID(fmt.Sprintf("mark-%04d", i)), Device: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "device"),
			At: now.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "clock")) * time.Minute)}
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			k.Subject, k.Value = "check:"+rapid.SampledFrom([]string{"notice", "connected", "gone"}).Draw(t, "check"), rapid.SampledFrom([]string{site.Yes, site.No}).Draw(t, "yes")
		case 1:
			k.Subject, k.Value = "count:cadre", fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "n"))
		case 2:
			k.Subject, k.Value = "sign", rapid.SampledFrom([]string{"", "cadre=1", "cadre=2"}).Draw(t, "signed")
		case 3:
			k.Subject, k.Value = "incident:mark-0000", rapid.SampledFrom([]string{site.NoSound, site.Closed}).Draw(t, "incident")
		}
		for b := range i {
			if marks[b].Subject == k.Subject && rapid.IntRange(0, 2).Draw(t, "seen") == 0 {
				k.Bases = append(k.Bases, marks[b].ID)
			}
		}
		marks[i] = k
	}
	return marks
}

func TestMergeMindsNeitherOrderNorRepetition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		marks := drawMarks(t)
		want := site.Merge(marks, checks, false)
		again := rapid.Permutation(append(slices.Clone(marks), marks...)).Draw(t, "order")
		got := site.Merge(again, checks, false)
		for _, st := range []*site.Standing{&got, &want} {
			for s, w := range st.Words { // the heads are a set
				slices.SortFunc(w.Said, func(a, b site.Mark) int { return compare(a.ID, b.ID) })
				w.Said = slices.CompactFunc(w.Said, func(a, b site.Mark) bool { return a.ID == b.ID })
				st.Words[s] = w
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("in another order\n%+v, want\n%+v", got, want)
		}
	})
}

func compare(a, b classroom.MarkID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// A headcount that devices do not agree on never counts as signed; one that a
// device enters having seen all heads does.
func TestMergeSettles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		marks := drawMarks(t)
		st := site.Merge(marks, checks, false)
		for _, s := range st.Conflicts {
			if st.Signed && (s == "count:cadre" || s == site.SignSubject) {
				t.Fatalf("signed although devices do not agree on %s", s)
			}
		}
		last := []site.Mark{
			{ID: "mark-last", Subject: "count:cadre", Value: "7", At: now.Add(-time.Hour), Bases: st.Words["count:cadre"].Heads},
			{ID: "mark-sign", Subject: site.SignSubject, Value: "cadre=7", At: now.Add(-time.Hour), Bases: st.Words[site.SignSubject].Heads},
		}
		st = site.Merge(append(marks, last...), checks, false)
		if !st.Signed || st.State != site.Counted || st.Total != 7 || st.Counts[org.Cadre] != 7 {
			t.Fatalf("%+v", st)
		}
	})
}

// phone is a device that marks off line and sends what it has when it can.
type phone struct {
	name  string
	seen  map[string]classroom.MarkIDs
	queue []site.Mark
	n     int
}

func (v *phone) mark(subject, value string, at time.Time) {
	v.n++
	k := site.Mark{ID: classroom.MarkID(fmt.Sprintf("%s-mark-%04d", v.name, v.n)), Subject: subject, Value: value, At: at, Device: v.name, Bases: v.seen[subject]}
	v.seen[subject] = classroom.MarkIDs{k.ID}
	v.queue = append(v.queue, k)
}

// Two devices mark one site off line, send in any pieces, some of them twice, and
// the server ends where Merge of all marks ends; nothing is lost.
func TestDevicesConverge(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		sites := l.confer(t)
		for round, x := range sites[:5] {
			r := rand.New(rand.NewPCG(3, uint64(round)))
			phones := []*phone{{name: "a-phone", seen: map[string]classroom.MarkIDs{}}, {name: "b-phone", seen: map[string]classroom.MarkIDs{}}}
			var all []site.Mark
			for range 60 {
				v := phones[r.IntN(2)]
				switch r.IntN(4) {
				case 0, 1:
					at := now.Add(-time.Duration(r.IntN(600)) * time.Second)
					switch r.IntN(3) {
					case 0:
						v.mark([]string{"check:notice", "check:connected"}[r.IntN(2)], []string{site.Yes, site.No}[r.IntN(2)], at)
					case 1:
						v.mark([]string{"count:cadre", "count:civil_servant"}[r.IntN(2)], fmt.Sprint(r.IntN(5)), at)
					case 2:
						v.mark("sign", site.CountedOf(map[org.Category]int64{org.Cadre: int64(r.IntN(5)), org.CivilServant: int64(r.IntN(5))}), at)
					}
				case 2: // a part arrives, and stays in the queue: the answer was lost
					l.take(t, l.host(x), x, v.queue[:r.IntN(len(v.queue)+1)]...)
				case 3:
					l.take(t, l.host(x), x, v.queue...)
					all, v.queue = append(all, v.queue...), nil
					if r.IntN(2) == 0 {
						for s, w := range l.line(t, x).Words {
							v.seen[s] = w.Heads
						}
					}
				}
			}
			for _, v := range phones {
				l.take(t, l.host(x), x, v.queue...)
				all = append(all, v.queue...)
			}
			kept, err := l.Marks(l.host(x), x.ID)
			must(t, err)
			if len(kept) != len(all) {
				t.Fatalf("%d marks were made, %d are kept", len(all), len(kept))
			}
			want := site.Merge(all, []site.Check{{Key: "notice"}, {Key: "trial"}, {Key: "technician"}, {Key: "connected"}, {Key: "camera"}}, x.Central)
			got := l.line(t, x)
			if got.State != want.State || got.Standing.Total != want.Total || got.Signed != want.Signed || !slices.Equal(got.Conflicts, want.Conflicts) {
				t.Fatalf("%s stands as %s %d %v, want %s %d %v", x.ID, got.State, got.Standing.Total, got.Conflicts, want.State, want.Total, want.Conflicts)
			}
			for s, w := range want.Words {
				if !slices.Equal(got.Words[s].Heads, w.Heads) || got.Words[s].Mark.Value != w.Mark.Value {
					t.Fatalf("%s: %+v, want %+v", s, got.Words[s], w)
				}
			}
		}
	})
}
