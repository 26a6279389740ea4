package app

import (
	"archive/zip"
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/i18n"
)

// personColumns are the columns that name a person.
var personColumns = []string{"person_id", "host_id", "substitute_id", "reader"}

// toldByAccess are the tables that package access tells of.
var toldByAccess = []string{"org_person", "org_post", "access_account", "access_audit"}

// notTold are the tables with a person in them that nobody takes along, and why.
var notTold = map[string]string{
	"classroom_feed": "the hash of the secret in the address of one's own calendar: nothing about the person",
}

// Whatever is kept about a person, in whichever room, he can take along.
func TestEveryTableAboutPeopleIsTold(t *testing.T) { eachHouse(t, everyTableIsTold) }

func everyTableIsTold(t *testing.T, h *House, ctx context.Context, root org.UnitID) {
	told := slices.Clone(toldByAccess)
	for _, o := range ownTables {
		told = append(told, o.tables...)
	}
	snap, err := h.DB.Snapshot(ctx)
	must(t, err)
	defer snap.Close()
	tables, err := snap.Tables(ctx)
	must(t, err)
	seen := 0
	for _, table := range tables {
		for _, c := range table.Columns {
			if !slices.Contains(personColumns, c.Name) {
				continue
			}
			seen++
			if !slices.Contains(told, table.Name) && notTold[table.Name] == "" {
				t.Errorf("%s.%s: what it keeps about a person cannot be taken along: tell it in ownTables, or say why not", table.Name, c.Name)
			}
		}
	}
	if seen < 20 {
		t.Errorf("%d columns name a person: is this test still reading the house?", seen)
	}

	people, err := h.Orgs.AddPeople(access.System(ctx), entered("Trần Thị Bích", root))
	must(t, err)
	for _, o := range ownTables {
		s, err := h.own1(ctx, o, people[0])
		must(t, err)
		for _, l := range i18n.Langs {
			if !i18n.Has(l, "app.data."+o.name) {
				t.Errorf("%s has no name in %s", o.name, l)
			}
		}
		for _, c := range s.Columns {
			if strings.HasPrefix(c, "app.data.") {
				t.Errorf("%s: %s has no sentence", o.name, c)
			}
		}
	}
}

func TestLearningIsTakenAlong(t *testing.T) {
	h, ctx, root := house(t)
	sys := access.System(ctx)
	people, err := h.Orgs.AddPeople(sys, entered("Trần Thị Bích", root))
	must(t, err)
	b := &bench{h, nil, root}
	c, err := b.finished(sys, "Căn bản chuyển đổi số", "", people, people)
	must(t, err)
	_, err = h.learning.Issue(sys, c, nil)
	must(t, err)
	var file bytes.Buffer
	as := access.As(ctx, access.Actor{Account: "a", Person: people[0], Name: "Bích", Grants: []access.Grant{}}, h.Orgs.Covers)
	must(t, h.Access.TakeAlong(as, people[0], &file))
	z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	must(t, err)
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	for _, want := range []string{"learn/courses.csv", "learn/lessons.csv", "learn/certificates.csv", "learn.json", "access/person.csv"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not among %v", want, names)
		}
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != len(z.File) {
		t.Errorf("a name stands twice: %v", names)
	}
}
