package app

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/learn"
	"lotrinh/measure"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/id"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

const (
	benchLearners = 45_200
	benchTopics   = 6
)

// benchProvince fills a house with a province of 18 districts and 241 communes, six
// courses, and 45,200 learners in each; two in three have completed it.
func benchProvince(b *testing.B, h *House) (ctx context.Context, top org.UnitID) {
	b.Helper()
	ctx = access.System(clock.At(db.Guard(context.Background()), clock.MustDate("2022-04-01").Time()))
	add := func(under org.UnitID, name string, k org.Kind) org.UnitID {
		u, err := h.Orgs.Add(ctx, org.Unit{Parent: under, Name: name, Kind: k, Tier: org.TierOf(k)}, org.Basis{On: clock.MustDate("2020-01-01")})
		need(b, err)
		return u
	}
	top = add("", "Tỉnh Quảng Nam", org.KindProvince)
	var communes []org.UnitID
	for i := range 18 {
		d := add(top, fmt.Sprintf("Huyện %d", i), org.KindRuralDistrict)
		for range (241 - len(communes)) / (18 - i) {
			communes = append(communes, add(d, fmt.Sprintf("Xã %d", len(communes)), org.KindCommune))
		}
	}
	var courses []learn.CourseID
	for i := range benchTopics {
		topic, err := h.learning.AddTopic(ctx, learn.NewTopic{Unit: top, Title: fmt.Sprintf("Chuyên đề %d", i)})
		need(b, err)
		c, err := h.learning.CreateCourse(ctx, learn.NewCourse{Unit: top, Topic: topic, Title: fmt.Sprintf("Khóa %d", i)})
		need(b, err)
		courses = append(courses, c)
	}
	need(b, h.DB.Tx(ctx, func(ctx context.Context) error { return enrolAll(ctx, h.DB, communes, courses) }))
	return ctx, top
}

func enrolAll(ctx context.Context, d *db.DB, communes []org.UnitID, courses []learn.CourseID) error {
	start := clock.Now(ctx)
	rows := make([]learn.Enrolment, 0, 4*len(courses))
	for p := range benchLearners {
		for i, c := range courses {
			e := learn.Enrolment{ID: learn.EnrolmentID(id.New(ctx)), Course: c, Person: org.PersonID(fmt.Sprintf("person-%d", p)), Unit: communes[p%len(communes)],
				Category: org.Categories[p%len(org.Categories)], Means: "unit", State: learn.Active, EnrolledAt: start.AddDate(0, i, p%28), Score: -1, ChangedAt: start}
			if p%3 > 0 {
				e.State, e.Passed, e.CompletedOn = learn.Completed, true, clock.DateOf(e.EnrolledAt)+clock.Date(p%40)
			}
			rows = append(rows, e)
		}
		if len(rows) == cap(rows) || p == benchLearners-1 {
			if err := db.Insert(ctx, d, "learn_enrolment", rows...); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	return nil
}

// BenchmarkProvinceReport reads the report of a province through the use case, from
// either engine: the first reading of all facts is told as first-ms, the page with
// its form, table and chart as page.
func BenchmarkProvinceReport(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchReport(b, emptyHouse(b, "")) })
	if os.Getenv("TEST_POSTGRES") != "" {
		b.Run("postgres", func(b *testing.B) { benchReport(b, emptyHouse(b, emptyPostgres(b))) })
	}
}

func benchReport(b *testing.B, h *House) {
	ctx, top := benchProvince(b, h)
	ctx = clock.At(ctx, clock.MustDate("2023-01-15").Time())
	began := time.Now()
	res, err := h.results.Results(ctx, measure.Query{Unit: top, Rows: measure.ByTopic})
	need(b, err)
	first := time.Since(began)
	enrolled := slices.IndexFunc(res.Measures, func(m module.Measure) bool { return m.Step == module.Enrolled })
	if len(res.Rows) != benchTopics || res.Total.Cells[enrolled] != (measure.Figure{N: benchLearners * benchTopics, Persons: benchLearners}) {
		b.Fatalf("%d topics, %+v", len(res.Rows), res.Total)
	}
	for _, rows := range measure.AllRows {
		b.Run("rows="+string(rows), func(b *testing.B) {
			for b.Loop() {
				_, err := h.results.Results(ctx, measure.Query{Unit: top, Rows: rows})
				need(b, err)
			}
			b.ReportMetric(float64(first.Milliseconds()), "first-ms")
		})
	}
	mux := &web.Mux{SignedIn: access.SignedIn, ErrorPage: ui.ErrorPage}
	h.results.Module().Routes(mux)
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest("GET", "/results?unit="+string(top), nil).WithContext(ctx))
			if w.Code != http.StatusOK {
				b.Fatal(w.Code)
			}
		}
	})
}
