package app

import (
	"context"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
)

// All that is kept under a person follows when his record is merged into another's.
func TestRecordsFollowMergedPersons(t *testing.T) { eachHouse(t, recordsFollow) }

func recordsFollow(t *testing.T, h *House, ctx context.Context, root org.UnitID) {
	sys := access.System(ctx)
	people, err := h.Orgs.AddPeople(sys, entered("Trần Thị Bích", root), entered("Trần Thị Bích", root))
	must(t, err)
	keep, drop := people[0], people[1]
	acc, err := h.Access.OpenAccount(sys, access.NewAccount{Name: "bichtt", Title: "Trần Thị Bích", Person: drop, Unit: root})
	must(t, err)
	b := &bench{h, nil, root}
	both, err := b.course(sys, "Cả hai đều học", "", 1)
	must(t, err)
	_, err = h.learning.EnrolMany(sys, both, people, "import")
	must(t, err)
	_, err = h.learning.FinishMany(sys, both, []org.PersonID{drop}, 0)
	must(t, err)
	serials, err := h.learning.Issue(sys, both, nil)
	must(t, err)
	one, err := b.course(sys, "Chỉ bản ghi bị bỏ học", "", 1)
	must(t, err)
	_, err = h.learning.EnrolMany(sys, one, []org.PersonID{drop}, "import")
	must(t, err)

	must(t, h.Orgs.MergePeople(sys, keep, drop))
	must(t, h.Jobs.Drain(sys))
	must(t, h.learning.OnPersonsMerged(sys, org.PersonsMerged{From: drop, To: keep})) // told twice

	is := func(what, want, query string, args ...any) {
		t.Helper()
		got, err := db.One[string](ctx, h.DB, query, args...)
		if err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", what, got, want, err)
		}
	}
	is("the account", string(keep), `select person_id from access_account where id = $1`, acc)
	is("the certificate", string(keep), `select person_id from learn_certificate where serial = $1`, serials[0])
	is("the completed course", "completed", `select state from learn_enrolment where course_id = $1 and person_id = $2`, both, keep)
	is("the other enrolment", "withdrawn", `select state from learn_enrolment where course_id = $1 and person_id = $2`, both, drop)
	is("the course of one", "active", `select state from learn_enrolment where course_id = $1 and person_id = $2`, one, keep)
}

func entered(name string, unit org.UnitID) org.NewPerson {
	return org.NewPerson{Name: name, Birth: clock.MustDate("1985-01-01"), Post: org.Post{Unit: unit, Category: org.CivilServant, From: clock.MustDate("2021-01-01")}}
}
