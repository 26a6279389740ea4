package certificate

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/file"
	"lotrinh/platform/job"
	"lotrinh/platform/module"
	"lotrinh/platform/web"
)

type house struct {
	d          *db.DB
	orgs       *org.Org
	certs      *Certificates
	jobs       *job.Queue
	ward, next org.UnitID
	people     []org.PersonID
}

func each(t *testing.T, test func(*testing.T, context.Context, *house)) {
	dbtest.Each(t, []db.Schema{job.Schema, web.Schema, org.Schema, access.Schema, Schema}, func(t *testing.T, ctx context.Context, d *db.DB) {
		test(t, ctx, open(t, d))
	})
}

func open(t testing.TB, d *db.DB) *house {
	h := &house{d: d, jobs: job.New(d)}
	h.orgs = org.New(d, event.New(h.jobs))
	files, err := file.OpenStore(context.Background(), t.TempDir())
	must(t, err)
	h.certs = New(d, h.orgs, files, h.jobs, "https://lotrinh.example.vn")
	access.Register(h.orgs.Module().Actions...)
	access.Register(h.certs.Module().Actions...)
	sys := access.System(context.Background())
	add := func(under org.UnitID, name string, k org.Kind) org.UnitID {
		u, err := h.orgs.Add(sys, org.Unit{Parent: under, Name: name, Kind: k, Tier: org.TierOf(k)}, org.Basis{On: clock.MustDate("2020-01-01")})
		must(t, err)
		return u
	}
	top := add("", "Tỉnh Quảng Nam", org.KindProvince)
	h.ward, h.next = add(top, "Phường An Mỹ", org.KindWard), add(top, "Phường An Xuân", org.KindWard)
	for _, name := range []string{"Trần Thị Bình", "Lê Văn Ánh"} {
		ids, err := h.orgs.AddPeople(sys, org.NewPerson{Name: name, Post: org.Post{Unit: h.ward, Category: org.Cadre, From: clock.MustDate("2020-01-01")}})
		must(t, err)
		h.people = append(h.people, ids...)
	}
	return h
}

func (h *house) award(i int) Award {
	return Award{Unit: h.ward, Person: h.people[i], Holder: []string{"Trần Thị Bình", "Lê Văn Ánh"}[i], HolderUnit: h.ward, UnitName: "Phường An Mỹ",
		Category: org.Cadre, Course: "c1", Title: "Căn bản chuyển đổi số", Hours: "24 tiết"}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestIssueCheckRevokeReplace(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		ctx = access.System(ctx)
		must(t, h.certs.SetTemplate(ctx, Template{Unit: h.ward, Issuer: "UBND phường An Mỹ", Accent: "#123456"}))
		if err := h.certs.SetTemplate(ctx, Template{Unit: h.ward, Issuer: "khác"}); !errors.Is(err, errs.Conflict) {
			t.Errorf("two people saved one template: %v", err)
		}
		must(t, h.certs.Issue(ctx, h.award(0), h.award(1), h.award(0)))
		must(t, h.certs.Issue(ctx, h.award(0), h.award(1)))
		list, n, err := h.certs.Register(ctx, Filter{})
		if err != nil || n != 2 || list[0].Number != 2 || list[1].Number != 1 {
			t.Fatalf("%d certificates, %+v, %v", n, list, err)
		}
		if found, _, _ := h.certs.Register(ctx, Filter{Text: "binh"}); len(found) != 1 {
			t.Errorf("«binh» finds %d", len(found))
		}
		k := list[1]
		p, err := h.certs.Check(context.Background(), " "+strings.ToLower(strings.ReplaceAll(k.Serial, "-", " ")))
		if err != nil || p.State != Valid || p.Holder != "T. T. Bình" || p.Issuer != "UBND phường An Mỹ" {
			t.Errorf("%+v %v", p, err)
		}
		if err := h.certs.Replace(ctx, k.ID, k.Edition, " "); !errors.Is(err, errs.Invalid) {
			t.Errorf("replaced without a reason: %v", err)
		}
		must(t, h.certs.Replace(ctx, k.ID, k.Edition, "đổi họ tên"))
		if err := h.certs.Revoke(ctx, k.ID, k.Edition, "nhầm"); !errors.Is(err, errs.Conflict) {
			t.Errorf("a replaced one was revoked: %v", err)
		}
		p, err = h.certs.Check(ctx, k.Serial)
		if err != nil || p.State != Replaced || p.Replaced == "" {
			t.Fatalf("%+v %v", p, err)
		}
		found, _, err := h.certs.Register(ctx, Filter{Text: p.Replaced})
		must(t, err)
		must(t, h.certs.Revoke(ctx, found[0].ID, found[0].Edition, "cấp nhầm người"))
		if p, _ := h.certs.Check(ctx, p.Replaced); p.State != Revoked {
			t.Errorf("%+v", p)
		}
		must(t, h.certs.Issue(ctx, h.award(0))) // after a revocation there may be another
		if err := h.certs.Print(ctx, k.ID, &bytes.Buffer{}); !errors.Is(err, errs.Conflict) {
			t.Errorf("a void certificate was printed: %v", err)
		}
	})
}

func TestWhoMay(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		must(t, h.certs.Issue(access.System(ctx), h.award(0)))
		list, _, err := h.certs.Register(access.System(ctx), Filter{})
		must(t, err)
		k := list[0]
		as := func(unit org.UnitID) context.Context {
			return access.As(ctx, access.Actor{Person: h.people[1], Grants: []access.Grant{{Role: module.TrainingOfficer, Unit: unit}}}, h.orgs.Covers)
		}
		for name, c := range map[string]struct {
			ctx  context.Context
			want error
		}{"stranger": {ctx, errs.Stranger}, "neighbour": {as(h.next), errs.Denied}} {
			_, err1 := h.certs.Certificate(c.ctx, k.ID)
			_, err2 := h.certs.TemplateOf(c.ctx, h.ward)
			_, err3 := h.certs.PackUp(c.ctx, h.ward, "")
			for i, err := range []error{err1, err2, err3, h.certs.Issue(c.ctx, h.award(1)), h.certs.Revoke(c.ctx, k.ID, 0, "x"), h.certs.Replace(c.ctx, k.ID, 0, "x"),
				h.certs.SetTemplate(c.ctx, Template{Unit: h.ward, Issuer: "x"}), h.certs.Print(c.ctx, k.ID, &bytes.Buffer{})} {
				if !errors.Is(err, c.want) {
					t.Errorf("%s, case %d: %v", name, i, err)
				}
			}
			if list, n, _ := h.certs.Register(c.ctx, Filter{}); n != 0 || len(list) != 0 {
				t.Errorf("%s sees %d certificates", name, n)
			}
		}
		self := access.As(ctx, access.Actor{Person: h.people[0]}, h.orgs.Covers)
		if mine, err := h.certs.Mine(self); err != nil || len(mine) != 1 {
			t.Errorf("the holder sees %d (%v)", len(mine), err)
		}
		var b bytes.Buffer
		if err := h.certs.Print(self, k.ID, &b); err != nil || !bytes.HasPrefix(b.Bytes(), []byte("%PDF")) {
			t.Errorf("the holder cannot print: %v", err)
		}
	})
}

func TestPack(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		ctx = access.System(ctx)
		if _, err := h.certs.PackUp(ctx, h.ward, ""); !errors.Is(err, errs.Invalid) {
			t.Fatalf("an empty pack: %v", err)
		}
		must(t, h.certs.Issue(ctx, h.award(0), h.award(1)))
		pack, err := h.certs.PackUp(ctx, h.ward, "c1")
		must(t, err)
		must(t, h.jobs.Drain(ctx))
		p, err := h.certs.PackOf(ctx, pack)
		if err != nil || p.Done != 2 || p.File == "" {
			t.Fatalf("%+v %v", p, err)
		}
		f, info, err := h.certs.files.Open(ctx, file.Ref(p.File))
		must(t, err)
		defer f.Close()
		b := make([]byte, info.Size)
		_, err = f.Read(b)
		must(t, err)
		z, err := zip.NewReader(bytes.NewReader(b), info.Size)
		if err != nil || len(z.File) != 2 {
			t.Fatalf("%d files, %v", len(z.File), err)
		}
	})
}

func TestPages(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		sys := access.System(ctx)
		must(t, h.certs.Issue(sys, h.award(0)))
		list, _, err := h.certs.Register(sys, Filter{})
		must(t, err)
		k := list[0]
		mux := &web.Mux{SignedIn: access.SignedIn}
		h.certs.Module().Routes(mux)
		for _, c := range []struct {
			method, path, form string
			status             int
			want               string
		}{
			{"GET", "/c/" + k.Serial, "", 200, "có hiệu lực"},
			{"GET", "/c/2222-2222-2222", "", 404, "không do hệ thống cấp"},
			{"GET", "/c?serial=%27%3Bdrop", "", 404, "không do hệ thống cấp"},
			{"GET", "/certificates", "", 200, "Trần Thị Bình"},
			{"GET", "/certificates/file", "", 200, "PK"},
			{"GET", "/certificates/mine", "", 200, "Bạn chưa có giấy chứng nhận"},
			{"GET", "/certificates/" + string(k.ID), "", 200, "Thu hồi"},
			{"GET", "/certificates/" + string(k.ID) + "/file", "", 200, "%PDF"},
			{"GET", "/certificate-templates/" + string(h.ward), "", 200, "Phường An Mỹ"},
			{"POST", "/certificate-templates/" + string(h.ward), "issuer=UBND&accent=red", 422, "#9e1b1e"},
			{"POST", "/certificates/" + string(k.ID) + "/revoke", "edition=0&why=", 422, "Chưa có lý do"},
			{"POST", "/certificates/" + string(k.ID) + "/revoke", "edition=0&why=nhầm", 303, ""},
		} {
			r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.form)).WithContext(access.System(context.Background()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("%s %s: %d, want %d %q in\n%.2000s", c.method, c.path, w.Code, c.status, c.want, w.Body)
			}
		}
	})
}

// BenchmarkPack makes the ZIP of 10,000 certificates, QR codes and all.
func BenchmarkPack(b *testing.B) {
	d := dbtest.SQLite(b, []db.Schema{job.Schema, web.Schema, org.Schema, access.Schema, Schema})
	defer d.Close()
	h := open(b, d)
	ctx := access.System(context.Background())
	awards := make([]Award, 10_000)
	for i := range awards {
		awards[i] = h.award(i % 2)
		awards[i].Course = fmt.Sprint("c", i/2)
	}
	must(b, h.certs.Issue(ctx, awards...))
	for b.Loop() {
		_, err := h.certs.PackUp(ctx, h.ward, "")
		must(b, err)
		must(b, h.jobs.Drain(ctx))
	}
	b.ReportMetric(float64(len(awards)), "certificates")
}
