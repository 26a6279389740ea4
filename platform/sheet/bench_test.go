package sheet

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"runtime"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"lotrinh/platform/clock"
)

// peopleRows yields n rows of 12 columns as an import of people has them.
func peopleRows(n int) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		row := make([]any, 12)
		for i := range n {
			copy(row, []any{
				i + 1, fmt.Sprintf("Nguyễn Thị Minh Khai %d", i), clock.MustDate("1985-03-05") + clock.Date(i%9000), fmt.Sprintf("046%09d", i),
				"Chuyên viên", fmt.Sprintf("Xã Hòa Vang %d", i%241), "Công chức", fmt.Sprintf("0905%06d", i%1000000), fmt.Sprintf("nguyen.khai%d@quangnam.gov.vn", i),
				"Đại học", float64(i%100) / 10, "Chuyển đổi số; an toàn thông tin",
			})
			if !yield(row, nil) {
				return
			}
		}
	}
}

var peopleFields = []Field{
	{Title: "STT", Format: Integer}, {Title: "Họ và tên"}, {Title: "Ngày sinh", Format: Date}, {Title: "Số định danh"}, {Title: "Chức vụ"}, {Title: "Đơn vị"},
	{Title: "Đối tượng"}, {Title: "Điện thoại"}, {Title: "Thư điện tử"}, {Title: "Trình độ"}, {Title: "Điểm", Format: Decimal1}, {Title: "Ghi chú"},
}

func peopleSheet(n int) Sheet { return Sheet{Fields: peopleFields, Rows: peopleRows(n)} }

// peopleFile makes a file of n rows: "inline" as WriteXLSX writes it, "shared" as
// Excel does, with shared strings, "csv".
func peopleFile(b testing.TB, kind string, n int) []byte {
	var out bytes.Buffer
	var err error
	switch kind {
	case "csv":
		err = WriteCSV(&out, peopleSheet(n))
	case "inline":
		err = WriteXLSX(&out, peopleSheet(n))
	case "shared":
		f := excelize.NewFile()
		defer func() { _ = f.Close() }()
		header := make([]any, len(peopleFields))
		for i, c := range peopleFields {
			header[i] = c.Title
		}
		err = f.SetSheetRow("Sheet1", "A1", &header)
		at := 1
		for row := range peopleRows(n) {
			at++
			cells := append([]any(nil), row...)
			cells[2] = cells[2].(clock.Date).Viet()
			if err == nil {
				err = f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", at), &cells)
			}
		}
		if err == nil {
			err = f.Write(&out)
		}
	}
	if err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// readPeople reads a file as an import does.
func readPeople(b testing.TB, in []byte) int {
	tab := mustOpen(b, in)
	if _, err := tab.Header(people...); err != nil {
		b.Fatal(err)
	}
	n := 0
	for row, err := range tab.Rows() {
		if err != nil || row.Text("name") == "" || row.Date("born_on") == 0 || row.Text("unit") == "" || row.Decimal("score", 1) < 0 || row.Err() != nil {
			b.Fatal(row, err, row.Err())
		}
		n++
	}
	return n
}

// BenchmarkRead reads 12 columns, and prints rows a second and the most that the heap
// held above its start.
func BenchmarkRead(b *testing.B) {
	for _, c := range []struct {
		kind string
		n    int
	}{{"inline", 10_000}, {"shared", 10_000}, {"csv", 10_000}, {"inline", 100_000}} {
		b.Run(fmt.Sprintf("%s-%d", c.kind, c.n), func(b *testing.B) {
			in := peopleFile(b, c.kind, c.n)
			peak := watchHeap()
			b.ReportAllocs()
			for b.Loop() {
				if n := readPeople(b, in); n != c.n {
					b.Fatalf("%d rows", n)
				}
			}
			b.ReportMetric(float64(peak())/(1<<20), "peak-MB")
			b.ReportMetric(float64(c.n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkReadExcelize reads the same file with excelize's streaming reader, which
// gives strings only, for comparison.
func BenchmarkReadExcelize(b *testing.B) {
	const n = 10_000
	for _, kind := range []string{"inline", "shared"} {
		b.Run(fmt.Sprintf("%s-%d", kind, n), func(b *testing.B) {
			in := peopleFile(b, kind, n)
			peak := watchHeap()
			b.ReportAllocs()
			for b.Loop() {
				f, err := excelize.OpenReader(bytes.NewReader(in))
				if err != nil {
					b.Fatal(err)
				}
				rows, err := f.Rows(f.GetSheetName(0))
				for err == nil && rows.Next() {
					_, err = rows.Columns(excelize.Options{RawCellValue: true})
				}
				if err != nil {
					b.Fatal(err)
				}
				_ = f.Close()
			}
			b.ReportMetric(float64(peak())/(1<<20), "peak-MB")
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	const n = 100_000
	for name, write := range map[string]func(io.Writer) error{
		"xlsx-100000": func(w io.Writer) error { return WriteXLSX(w, peopleSheet(n)) },
		"csv-100000":  func(w io.Writer) error { return WriteCSV(w, peopleSheet(n)) },
	} {
		b.Run(name, func(b *testing.B) {
			peak := watchHeap()
			b.ReportAllocs()
			for b.Loop() {
				if err := write(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(peak())/(1<<20), "peak-MB")
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkMillionEmptyRows opens and reads two rows with a million formatted ones
// below.
func BenchmarkMillionEmptyRows(b *testing.B) {
	in := book{sheets: []string{data(cellsOf(1, "Họ tên", "Đơn vị") + cellsOf(2, "An", "Xã Tư") + emptyRows(3, 1_000_000))}}.zip(b)
	b.ReportAllocs()
	for b.Loop() {
		tab := mustOpen(b, in)
		for range tab.Rows() {
		}
	}
}

// watchHeap samples the heap until the returned function is called, which gives the
// most that it grew by.
func watchHeap() func() int64 {
	start, stop, result := heap(), make(chan struct{}), make(chan int64)
	go func() {
		most := int64(0)
		for {
			select {
			case <-stop:
				result <- most
				return
			case <-time.After(2 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, int64(m.HeapAlloc)-start)
			}
		}
	}()
	return func() int64 { close(stop); return <-result }
}

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
