package pdf

import (
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"
)

// counter counts the bytes written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// certificatesFor is a register of n certificates, all different.
func certificatesFor(n int) []Certificate {
	family := []string{"Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ"}
	middle := []string{"Thị", "Văn", "Ngọc", "Đức", "Hoàng", "Thanh", "Minh"}
	given := []string{"Phượng", "Được", "Quỳnh", "Nghĩa", "Thuỷ", "Hằng", "Tuấn", "Mỹ", "Lộc", "Yến", "Ẩn"}
	list := make([]Certificate, n)
	for i := range list {
		k := sampleCertificate()
		k.Holder = family[i%len(family)] + " " + middle[i%len(middle)] + " " + given[i%len(given)]
		k.Unit = fmt.Sprintf("Ủy ban nhân dân xã số %d, huyện Nam Trà My", i%241+1)
		k.Serial = fmt.Sprintf("QNM-2022-%06d", i+1)
		k.Register = fmt.Sprintf("%d/2022/GCN", i+1)
		k.CheckURL = fmt.Sprintf("https://daotao.quangnam.gov.vn/kiem-tra/%04X-%04X-%04X", i, i*7919%65536, i*104729%65536)
		list[i] = k
	}
	return list
}

// BenchmarkCertificate makes single certificates, each a file of its own.
func BenchmarkCertificate(b *testing.B) {
	list := certificatesFor(1000)
	var size counter
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := list[i%len(list)].Write(&size); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(size)/float64(b.N), "bytes/certificate")
}

// BenchmarkCertificateZip10000 makes 10,000 single certificates into a ZIP.
func BenchmarkCertificateZip10000(b *testing.B) {
	benchmarkBulk(b, func(w io.Writer, list []Certificate) error { return CertificateZip(w, list, nil) })
}

// BenchmarkCertificates10000 makes one file of 10,000 pages.
func BenchmarkCertificates10000(b *testing.B) {
	benchmarkBulk(b, Certificates)
}

// BenchmarkCodeSlips1000 makes the slips of a thousand people, each with a QR
// code of his own.
func BenchmarkCodeSlips1000(b *testing.B) {
	slips := sampleSlips(1000)
	for i := range slips.Slips {
		slips.Slips[i].URL += fmt.Sprint("?tk=", i)
	}
	benchmarkDocument(b, slips)
}

// BenchmarkRollSheet40 makes the sheet of a class of 40.
func BenchmarkRollSheet40(b *testing.B) { benchmarkDocument(b, sampleRoll(40)) }

// BenchmarkAdminDocument makes a plan of 14 pages with long tables.
func BenchmarkAdminDocument(b *testing.B) { benchmarkDocument(b, samplePlan()) }

// BenchmarkTable10000 makes a report of 10,000 rows of 18 columns.
func BenchmarkTable10000(b *testing.B) {
	table := wideTable()
	for len(table.Rows) < 10000 {
		table.Rows = append(table.Rows, table.Rows[1:]...)
	}
	table.Rows = table.Rows[:10000]
	benchmarkDocument(b, sampleReport(table))
}

func benchmarkDocument(b *testing.B, d document) {
	var size counter
	b.ReportAllocs()
	for b.Loop() {
		if err := d.Write(&size); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(size)/float64(b.N), "bytes/file")
}

func benchmarkBulk(b *testing.B, write func(io.Writer, []Certificate) error) {
	const n = 10000
	list := certificatesFor(n)
	for b.Loop() {
		var size counter
		began := time.Now()
		if err := write(&size, list); err != nil {
			b.Fatal(err)
		}
		took := time.Since(began)
		var mem runtime.MemStats
		runtime.ReadMemStats(&mem)
		b.Logf("%d certificates in %.1f s on %d processors (%.0f a second), %.1f kB each, %.0f MB of memory taken from the system",
			n, took.Seconds(), runtime.GOMAXPROCS(0), n/took.Seconds(), float64(size)/n/1000, float64(mem.Sys)/1e6)
	}
}
