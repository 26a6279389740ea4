package org_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/event"
	"lotrinh/platform/job"
	"lotrinh/platform/sheet"
)

// bigRoll is a workbook of n people in units that are named by path.
func bigRoll(t testing.TB, n, units int) []byte {
	rows := func(yield func([]any, error) bool) {
		given := []string{"An", "Bình", "Châu", "Dũng", "Giang", "Hạnh", "Khánh", "Lan", "Minh", "Ngọc", "Phúc", "Quỳnh", "Sơn", "Thảo", "Vinh"}
		for i := range n {
			row := []any{fmt.Sprintf("Nguyễn %s %s", given[i%len(given)], given[(i/len(given))%len(given)]), day("1965-01-01") + clock.Date(i), nil,
				fmt.Sprintf("Xã Số %d, huyện Thăng Bình, tỉnh Quảng Nam", i%units), "Công chức Văn phòng – thống kê", "Công chức",
				fmt.Sprintf("cb%05d@quangnam.gov.vn", i), fmt.Sprintf("0905%06d", i)}
			if i%2 == 0 {
				row[2] = fmt.Sprintf("04908%07d", i)
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	fields := []sheet.Field{{Title: "Họ và tên"}, {Title: "Ngày sinh", Format: sheet.Date}, {Title: "Số định danh cá nhân"}, {Title: "Đơn vị"},
		{Title: "Chức vụ"}, {Title: "Đối tượng"}, {Title: "Thư điện tử"}, {Title: "Điện thoại"}}
	var b bytes.Buffer
	must(t, sheet.WriteXLSX(&b, sheet.Sheet{Name: "Danh sách", Fields: fields, Rows: rows}))
	return b.Bytes()
}

// BenchmarkImportPeople imports 10,000 people of 200 communes from .xlsx into an empty
// house, and then the same file again, of which nothing changes.
func BenchmarkImportPeople(b *testing.B) {
	const people, units = 10_000, 200
	file := bigRoll(b, people, units)
	engines := map[string]func(testing.TB, []db.Schema) *db.DB{"sqlite": dbtest.SQLite}
	if os.Getenv("TEST_POSTGRES") != "" {
		engines["postgres"] = dbtest.Postgres
	}
	for name, open := range engines {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				d := open(b, schemas())
				o := org.New(d, event.New(job.New(d)))
				ctx := access.System(db.Guard(context.Background()))
				p := add(b, ctx, o, "", "49", "Tỉnh Quảng Nam", org.KindProvince, "2020-01-01")
				tb := add(b, ctx, o, p, "513", "Huyện Thăng Bình", org.KindRuralDistrict, "2020-01-01")
				list := make([]org.Unit, units)
				for i := range list {
					list[i] = org.Unit{Parent: tb, Code: fmt.Sprint(20000 + i), Name: fmt.Sprintf("Xã Số %d", i), Kind: org.KindCommune, Tier: org.Commune}
				}
				_, err := o.AddAll(ctx, list, org.Basis{On: day("2020-01-01")})
				must(b, err)
				opt := org.RollOptions{Unit: p, On: day("2024-01-01")}
				peak, stop := peakHeap()
				b.StartTimer()
				start := time.Now()
				r, err := o.ImportPeopleFile(ctx, bytes.NewReader(file), int64(len(file)), "f.xlsx", opt)
				if err != nil || r.New != people {
					b.Fatalf("%s %v\n%.2000s", counted(r), err, told(r))
				}
				b.ReportMetric(time.Since(start).Seconds(), "s/first")
				start = time.Now()
				r, err = o.ImportPeopleFile(ctx, bytes.NewReader(file), int64(len(file)), "f.xlsx", opt)
				if err != nil || r.Same != people {
					b.Fatalf("%s %v\n%.2000s", counted(r), err, told(r))
				}
				b.ReportMetric(time.Since(start).Seconds(), "s/again")
				stop()
				b.ReportMetric(float64(peak.Load())/1e6, "MB-heap")
				b.StopTimer()
				d.Close()
				b.StartTimer()
			}
		})
	}
}

func peakHeap() (*atomic.Uint64, func()) {
	var peak atomic.Uint64
	done := make(chan struct{})
	runtime.GC()
	go func() {
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse))
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return &peak, func() { close(done) }
}
