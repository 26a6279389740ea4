package measure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/errs"
	"lotrinh/platform/event"
	"lotrinh/platform/i18n"
	"lotrinh/platform/job"
	"lotrinh/platform/module"
	"lotrinh/platform/web"
)

var day = clock.MustDate

// province is a small one: a district with two wards, of which one merges into
// the other on 1/7/2025, and a department.
type province struct {
	orgs                                *org.Org
	m                                   *Measure
	top, district, a, b, welfare, empty org.UnitID
}

func each(t *testing.T, test func(*testing.T, context.Context, *province)) {
	dbtest.Each(t, []db.Schema{job.Schema, org.Schema, access.Schema}, func(t *testing.T, ctx context.Context, d *db.DB) {
		p := &province{orgs: org.New(d, event.New(job.New(d)))}
		access.Register(p.orgs.Module().Actions...)
		access.Register(New(p.orgs).Module().Actions...)
		sys := access.System(ctx)
		add := func(under org.UnitID, name string, k org.Kind) org.UnitID {
			id, err := p.orgs.Add(sys, org.Unit{Parent: under, Name: name, Kind: k, Tier: org.TierOf(k)}, org.Basis{On: day("2020-01-01")})
			must(t, err)
			return id
		}
		p.top = add("", "Tỉnh Quảng Nam", org.KindProvince)
		p.district = add(p.top, "Thành phố Tam Kỳ", org.KindCity)
		p.a = add(p.district, "Phường Phước Hòa", org.KindWard)
		p.b = add(p.district, "Phường An Xuân", org.KindWard)
		p.welfare = add(p.top, "Sở Nội vụ", org.KindDepartment)
		p.empty = add(p.top, "Sở Y tế", org.KindDepartment)
		must(t, p.orgs.Succeed(sys, []org.Pair{{From: p.a, To: p.b, Kind: org.Merge, Num: 1, Den: 1}}, org.Basis{On: day("2025-01-01")}))
		p.m = New(p.orgs, p.source())
		test(t, ctx, p)
	})
}

// source counts: An attended twice in the ward that ended, Bình once in the other
// and once completed, Châu once in the department.
func (p *province) source() module.Source {
	fact := func(measure, record string, unit org.UnitID, person, on string) module.Fact {
		return module.Fact{Measure: measure, Record: record, Unit: string(unit), Person: person, Category: "cadre", Topic: "t1", On: day(on), N: 1}
	}
	facts := []module.Fact{
		fact("attended", "1", p.a, "an", "2022-05-10"), fact("attended", "2", p.a, "an", "2022-06-10"),
		fact("attended", "3", p.b, "binh", "2022-05-10"), fact("completed", "4", p.b, "binh", "2022-05-31"),
		fact("attended", "5", p.welfare, "chau", "2022-05-10"),
	}
	return module.Source{Key: "t", Measures: []module.Measure{{Key: "attended", Text: i18n.T("t.attended"), Step: module.Enrolled}, {Key: "completed", Text: i18n.T("t.completed"), Step: module.Completed}},
		Facts: func(_ context.Context, since time.Time, yield func(module.Fact) error) error {
			for _, f := range facts {
				if err := yield(f); err != nil {
					return err
				}
			}
			return nil
		},
		Topics: func(context.Context, []string) (map[string]string, error) {
			return map[string]string{"t1": "Căn bản chuyển đổi số"}, nil
		},
		Records: func(_ context.Context, ids []string) (all []module.Record, err error) {
			for _, id := range ids {
				all = append(all, module.Record{ID: id, Title: "Hồ sơ " + id})
			}
			return all, nil
		}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func text(r Result) string {
	s := ""
	for _, row := range append(r.Rows, r.Total) {
		s += fmt.Sprintf("%s %v; ", row.Name, row.Cells)
	}
	return s
}

func TestResults(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, p *province) {
		ctx = access.System(ctx)
		for _, c := range []struct {
			name string
			q    Query
			want string
		}{
			{"by unit", Query{Unit: p.top, Rows: ByUnit}, "Thành phố Tam Kỳ [{3 2} {1 1}]; Sở Nội vụ [{1 1} {0 0}];  [{4 3} {1 1}]; "},
			{"as now", Query{Unit: p.district, Rows: ByUnit}, "Phường An Xuân [{3 2} {1 1}];  [{3 2} {1 1}]; "},
			{"as it was", Query{Unit: p.district, Rows: ByUnit, AsItWas: true, To: day("2022-12-31")},
				"Phường An Xuân [{1 1} {1 1}]; Phường Phước Hòa [{2 1} {0 0}];  [{3 2} {1 1}]; "},
			{"as it was, over the merger", Query{Unit: p.district, Rows: ByUnit, AsItWas: true},
				"Phường An Xuân [{1 1} {1 1}]; Phường Phước Hòa [{2 1} {0 0}];  [{3 2} {1 1}]; "},
			{"of the ward that ended", Query{Unit: p.a, Rows: ByUnit, AsItWas: true}, "Phường Phước Hòa (cơ quan) [{2 1} {0 0}];  [{2 1} {0 0}]; "},
			{"by month", Query{Unit: p.top, Rows: ByMonth}, "05/2022 [{3 3} {1 1}]; 06/2022 [{1 1} {0 0}];  [{4 3} {1 1}]; "},
			{"by topic, until a day", Query{Unit: p.top, Rows: ByTopic, To: day("2022-05-30")}, "Căn bản chuyển đổi số [{3 3} {0 0}];  [{3 3} {0 0}]; "},
			{"by tier", Query{Unit: p.top, Rows: ByTier}, "Cấp tỉnh [{1 1} {0 0}]; Cấp xã [{3 2} {1 1}];  [{4 3} {1 1}]; "},
			{"communes by topic", Query{Unit: p.top, Rows: ByTopic, Tier: org.Commune}, "Căn bản chuyển đổi số [{3 2} {1 1}];  [{3 2} {1 1}]; "},
			{"tier, category, topic and days at once", Query{Unit: p.top, Rows: ByUnit, Tier: org.Province, Category: org.Cadre, Topic: "t1", From: day("2022-05-01"), To: day("2022-05-31")},
				"Sở Nội vụ [{1 1} {0 0}];  [{1 1} {0 0}]; "},
			{"of nobody", Query{Unit: p.top, Rows: ByCategory, Category: "firm"}, " [{0 0} {0 0}]; "},
		} {
			r, err := p.m.Results(ctx, c.q)
			must(t, err)
			if got := text(r); got != c.want {
				t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
			}
		}
	})
}

func TestEmptyResultsSayWhy(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, p *province) {
		ctx = access.System(ctx)
		_, err := p.m.Results(ctx, Query{Unit: p.top, Rows: ByUnit})
		must(t, err)
		for _, c := range []struct {
			q    Query
			want string
		}{
			{Query{Unit: p.top, Tier: org.Village}, "Đang chỉ xem Thôn, tổ dân phố.: 5; "},
			{Query{Unit: p.top, Tier: org.Village, Category: org.Firm}, "Từng điều kiện riêng đều có số liệu, nhưng không hồ sơ nào khớp tất cả cùng lúc.: 5; "},
			{Query{Unit: p.top, Tier: org.Province, From: day("2022-06-01")}, "Đang chỉ xem Cấp tỉnh.: 1; Đang chỉ xem một khoảng ngày.: 1; "},
			{Query{Unit: p.empty}, ""},
		} {
			hints, err := p.m.Why(ctx, c.q)
			must(t, err)
			got := ""
			for _, h := range hints {
				got += fmt.Sprintf("%s: %d; ", h.Text.In(ctx), h.N)
			}
			if got != c.want {
				t.Errorf("%+v: %q, want %q", c.q, got, c.want)
			}
		}
	})
}

// Every figure opens exactly the records it counts.
func TestFiguresOpenTheirRecords(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, p *province) {
		ctx = access.System(ctx)
		for _, rows := range AllRows {
			for _, was := range []bool{true, false} {
				q := Query{Unit: p.top, Rows: rows, AsItWas: was, From: day("2022-05-01"), To: day("2022-06-30")}
				r, err := p.m.Results(ctx, q)
				must(t, err)
				for _, row := range append(r.Rows, r.Total) {
					for i, c := range row.Cells {
						records, n, err := p.m.Behind(ctx, q, r.Measures[i].Key, row.Key, 0, 100)
						if err != nil || int64(n) != c.N || len(records) != n {
							t.Errorf("%s %q %s: %d records for %d (%v)", rows, row.Name, r.Measures[i].Key, n, c.N, err)
						}
					}
				}
			}
		}
	})
}

func TestResultsKeepToTheReadersUnits(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, p *province) {
		head := access.As(ctx, access.Actor{Grants: []access.Grant{{Role: module.Head, Unit: p.b}}}, p.orgs.Covers)
		for _, c := range []struct {
			ctx  context.Context
			unit org.UnitID
			want error
		}{{ctx, p.top, errs.Stranger}, {head, p.top, errs.Denied}, {head, p.welfare, errs.Denied}, {head, p.b, nil}, {head, p.a, nil}} {
			q := Query{Unit: c.unit, Rows: ByUnit, AsItWas: true}
			_, err := p.m.Results(c.ctx, q)
			_, _, err2 := p.m.Behind(c.ctx, q, "attended", "", 0, 10)
			if !errors.Is(err, c.want) || !errors.Is(err2, c.want) {
				t.Errorf("%v: %v, %v, want %v", c.unit, err, err2, c.want)
			}
		}
	})
}

func TestPages(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, p *province) {
		mux := &web.Mux{SignedIn: access.SignedIn}
		p.m.Module().Routes(mux)
		for _, c := range []struct {
			path   string
			status int
			want   string
		}{
			{"/results", 200, "Sở Nội vụ"},
			{"/results?rows=topic&from=2022-13-01", 200, "Nhập theo dạng ngày/tháng/năm"},
			{"/results?tier=village", 200, "Bỏ điều kiện này để xem 5 hồ sơ"},
			{"/results?tier=commune&rows=month", 200, "Kết quả qua các tháng"},
			{"/results?tier=nonsense", 200, "Sở Nội vụ"},
			{"/results/records?measure=attended&row=" + string(p.district), 200, "Hồ sơ 2"},
			{"/results/file?as=csv", 200, "Thành phố Tam Kỳ,3,2,1,1"},
			{"/results/file?as=xlsx", 200, "PK"},
			{"/results/file?as=pdf", 200, "%PDF"},
		} {
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest("GET", c.path, nil).WithContext(access.System(context.Background())))
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("%s: %d %s", c.path, w.Code, w.Body)
			}
		}
	})
}

func TestMonthsBetween(t *testing.T) {
	for _, c := range []struct{ after, before, want string }{
		{"2022-05", "2022-06", ""}, {"2022-11", "2023-02", "12/2022 01/2023"}, {"2022-05", "2022-05", ""}, {"nonsense", "2022-05", ""},
	} {
		if got := strings.Join(monthsBetween(c.after, c.before), " "); got != c.want {
			t.Errorf("between %s and %s: %q, want %q", c.after, c.before, got, c.want)
		}
	}
}

// A report bears the names, numbers and signature that Decree 30/2020/NĐ-CP asks for.
func TestReportsHaveTheFormOfTheDecree(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, p *province) {
		ctx = access.System(ctx)
		ids, err := p.orgs.AddPeople(ctx, org.NewPerson{Name: "Nguyễn Thanh Ngân", Birth: day("1975-01-01"), Sex: "female",
			Post: org.Post{Unit: p.b, Title: "Chủ tịch Ủy ban nhân dân", Category: org.Cadre, From: day("2021-01-01"), Head: true}})
		must(t, err)
		if len(ids) != 1 {
			t.Fatal(ids)
		}
		for _, c := range []struct {
			unit org.UnitID
			want string
		}{
			{p.b, "|Ủy ban nhân dân phường An Xuân|BC-UBND|An Xuân|TM. Ủy ban nhân dân, Chủ tịch|Nguyễn Thanh Ngân|Ủy ban nhân dân thành phố Tam Kỳ (để báo cáo), Lưu: VT"},
			{p.welfare, "Ủy ban nhân dân tỉnh Quảng Nam|Sở Nội vụ|BC-SNV|Quảng Nam|Người đứng đầu đơn vị||Ủy ban nhân dân tỉnh Quảng Nam (để báo cáo), Lưu: VT"},
			{p.top, "|Ủy ban nhân dân tỉnh Quảng Nam|BC-UBND|Quảng Nam|TM. Ủy ban nhân dân, Chủ tịch||Lưu: VT"},
		} {
			r, err := p.m.Results(ctx, Query{Unit: c.unit, Rows: ByTopic})
			must(t, err)
			d, err := p.m.report(ctx, r)
			must(t, err)
			got := strings.Join([]string{d.ParentBody, d.Body, d.Symbol, d.Place, strings.Join(d.Sign, ", "), d.Signer, strings.Join(d.Recipients, ", ")}, "|")
			if got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
			must(t, d.Write(io.Discard))
		}
	})
}

// Heads see how their units stand among their neighbours, offices who lags behind.
func TestHomes(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, p *province) {
		ctx = clock.At(ctx, day("2022-07-05").Time())
		as := func(role module.Role, unit org.UnitID) context.Context {
			return access.As(ctx, access.Actor{Grants: []access.Grant{{Role: role, Unit: unit}}}, p.orgs.Covers)
		}
		for _, c := range []struct {
			name string
			card func(context.Context) (web.Component, error)
			ctx  context.Context
			want []string // in the card, or none where there is no card
		}{
			{"head of the living ward", p.m.headCard, as(module.Head, p.b), []string{"Phường An Xuân", "(1/3)", "Tháng gần nhất có hoàn thành: 05/2022, 1 lượt"}},
			{"head of a department without records", p.m.headCard, as(module.Head, p.empty), nil},
			{"office", p.m.officeCard, as(module.Office, p.top), []string{"Căn bản chuyển đổi số", "Sở Nội vụ", "(0/1)", "(1/3)", "Số liệu tính đến"}},
			{"office of nothing", p.m.officeCard, as(module.Lecturer, p.top), nil},
		} {
			body, err := c.card(c.ctx)
			must(t, err)
			if body == nil || len(c.want) == 0 {
				if (body == nil) != (len(c.want) == 0) {
					t.Errorf("%s: card is %v", c.name, body)
				}
				continue
			}
			var b strings.Builder
			must(t, body.Render(c.ctx, &b))
			for _, want := range c.want {
				if !strings.Contains(b.String(), want) {
					t.Errorf("%s: no %q in %s", c.name, want, b.String())
				}
			}
		}
	})
}
