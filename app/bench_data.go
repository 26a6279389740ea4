package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"lotrinh/learn"
	"lotrinh/measure"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/sheet"
)

// BenchImport measures a roll of n people of the province's communes, brought in from
// XLSX, and the same roll once more, of which nothing changes.
func (h *House) BenchImport(ctx context.Context, n int, out io.Writer) error {
	b, ctx, err := h.measuring(ctx, out)
	if err != nil {
		return err
	}
	file, err := b.roll(ctx, n)
	if err != nil {
		return err
	}
	opt := org.RollOptions{Unit: b.province, On: clock.MustDate("2024-01-01"), Category: org.CivilServant, Partial: false}
	for _, what := range []string{"first", "again"} {
		var r org.Roll
		wall, cpu, err := took(func() (err error) {
			r, err = b.Orgs.ImportPeopleFile(ctx, bytes.NewReader(file), int64(len(file)), "roll.xlsx", opt)
			return err
		})
		if err != nil {
			for _, l := range r.Lines[:min(3, len(r.Lines))] {
				b.tell("row", "%d: %s", l.Row, l.Text.In(ctx))
			}
			return err
		}
		b.tell(what, "%.2f s, %.2f s CPU; %d rows of XLSX (%.1f MB): %d new, %d the same", wall.Seconds(), cpu.Seconds(), r.Rows, float64(len(file))/1e6, r.New, r.Same)
	}
	b.foot(ctx)
	return nil
}

// roll is a workbook of n people who are in no house yet.
func (b *bench) roll(ctx context.Context, n int) ([]byte, error) {
	t, units := b.Orgs.Now(ctx), b.communes(ctx)
	mark := time.Now().Unix() % 100_000
	rows := func(yield func([]any, error) bool) {
		for i := range n {
			u, _ := t.Unit(units[i%len(units)])
			row := []any{"Trần Thị " + letters(i) + letters(int(mark)), clock.MustDate("1965-01-01") + clock.Date(i), fmt.Sprintf("0490%05d%03d", i, mark%1000),
				u.Code, "Công chức Văn phòng – thống kê", "Công chức", fmt.Sprintf("cb%d.%05d@example.vn", mark, i)}
			if !yield(row, nil) {
				return
			}
		}
	}
	var out bytes.Buffer
	err := sheet.WriteXLSX(&out, sheet.Sheet{Name: "Danh sách", Rows: rows, Fields: []sheet.Field{{Title: "Họ và tên"}, {Title: "Ngày sinh", Format: sheet.Date},
		{Title: "Số định danh cá nhân"}, {Title: "Mã đơn vị"}, {Title: "Chức vụ"}, {Title: "Đối tượng"}, {Title: "Thư điện tử"}}})
	return out.Bytes(), err
}

// BenchCertificates measures n certificates: entered in the register book, and
// printed with QR codes into one ZIP by the background job.
func (h *House) BenchCertificates(ctx context.Context, n int, out io.Writer) error {
	b, ctx, err := h.measuring(ctx, out)
	if err != nil {
		return err
	}
	people, err := b.crowd(ctx, n)
	if err != nil {
		return err
	}
	c, err := b.finished(ctx, "Đo giấy chứng nhận", "", people, people)
	if err != nil {
		return err
	}
	var serials []string
	issue, cpu, err := took(func() (err error) { serials, err = b.learning.Issue(ctx, c, nil); return err })
	if err != nil {
		return err
	}
	b.tell("issued", "%.2f s, %.2f s CPU; %d certificates in the register book", issue.Seconds(), cpu.Seconds(), len(serials))
	id, err := b.learning.OrderBundle(ctx, c)
	if err != nil {
		return err
	}
	printed, cpu, err := took(func() error { return b.Jobs.Drain(ctx) })
	if err != nil {
		return err
	}
	bundle, err := b.learning.BundleOf(ctx, id)
	if err != nil {
		return err
	}
	b.tell("printed", "%.2f s, %.2f s CPU; %d of %d PDF in a ZIP", printed.Seconds(), cpu.Seconds(), bundle.Done, bundle.Total)
	b.tell("whole", "%.2f s for %d certificates", (issue + printed).Seconds(), len(serials))
	b.foot(ctx)
	return nil
}

// finished is a course of one lesson with people in it, of whom some have completed it.
func (b *bench) finished(ctx context.Context, title string, topic learn.TopicID, people, done []org.PersonID) (learn.CourseID, error) {
	c, err := b.course(ctx, title, topic, 1)
	if err != nil {
		return "", err
	}
	if _, err := b.learning.EnrolMany(ctx, c, people, "import"); err != nil {
		return "", err
	}
	_, err = b.learning.FinishMany(ctx, c, done, 0)
	return c, err
}

const reportTopics = 6

// BenchReport measures the results of a province of n learners in six topics, of whom
// half have completed: the first time, when the records are read from the engine,
// and from then on.
func (h *House) BenchReport(ctx context.Context, n int, out io.Writer) error {
	b, ctx, err := h.measuring(ctx, out)
	if err != nil {
		return err
	}
	fill, _, err := took(func() error { return b.fillReport(ctx, n) })
	if err != nil {
		return err
	}
	b.tell("filled", "%.1f s for %d learners × %d topics", fill.Seconds(), n, reportTopics)
	for _, turn := range []string{"from engine", "from memory"} {
		for _, was := range []bool{false, true} {
			if err := b.report(ctx, turn, was); err != nil {
				return err
			}
		}
	}
	b.foot(ctx)
	return nil
}

func (b *bench) fillReport(ctx context.Context, n int) error {
	people, err := b.crowd(ctx, n)
	if err != nil {
		return err
	}
	topics, err := b.learning.Topics(ctx)
	if err != nil {
		return err
	}
	for i := range reportTopics {
		var topic learn.TopicID
		if i < len(topics) {
			topic = topics[i].ID
		}
		if _, err := b.finished(ctx, fmt.Sprintf("Đo kết quả %d", i+1), topic, people, people[:len(people)/2]); err != nil {
			return err
		}
	}
	return b.Jobs.Drain(ctx)
}

// report asks for each table of the province's report.
func (b *bench) report(ctx context.Context, turn string, was bool) error {
	view, total := "as now", time.Duration(0)
	if was {
		view = "as it was"
	}
	for _, rows := range measure.AllRows {
		var r measure.Result
		wall, cpu, err := took(func() (err error) {
			r, err = b.results.Results(ctx, measure.Query{Unit: b.province, Rows: rows, AsItWas: was})
			return err
		})
		if err != nil {
			return err
		}
		total += wall
		counted := int64(0)
		for _, c := range r.Total.Cells {
			counted += c.N
		}
		b.tell(turn, "%8.1f ms, %7.1f ms CPU; %s, by %s: %d rows, %d counted", ms(wall), ms(cpu), view, rows, len(r.Rows), counted)
	}
	b.tell(turn, "%8.1f ms for the whole report of %d tables, %s", ms(total), len(measure.AllRows), view)
	return nil
}
