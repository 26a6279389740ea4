package learn

import (
	"context"
	"iter"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/sheet"
	"lotrinh/platform/text"
)

// RegisterFilter narrows a register book.
type RegisterFilter struct {
	Unit          org.UnitID // "" = all that the actor may read
	Under         org.UnitID // and all below it; "" = all
	Year          int
	Course        CourseID
	Text          string // of the holder's name or the serial
	Offset, Limit int    // Limit 0 = 100
}

func (f RegisterFilter) where(ctx context.Context) *db.Where {
	w := access.In(ctx, ReadRegister).Narrow(db.NewWhere(), "k.unit_id")
	w.If(f.Unit != "", "k.unit_id = ?", string(f.Unit)).If(f.Year != 0, "k.year = ?", f.Year).If(f.Course != "", "k.course_id = ?", string(f.Course))
	w.If(f.Under != "", `k.unit_id in (select low.unit_id from org_reach low join org_reach top
		on low.path >= top.path and low.path < top.path_end where top.unit_id = ?)`, string(f.Under))
	if f.Text != "" {
		w.And(`(k.serial = ? or k.person_id in (select id from org_person where folded like ? escape '\'))`,
			cleanSerial(f.Text), db.Like(text.Fold(text.Clean(f.Text))))
	}
	return w
}

// Register is the register book (sổ đăng ký): the certificates issued by the units
// whose book the actor may read, the latest first, and how many there are.
func (l *Learn) Register(ctx context.Context, f RegisterFilter) ([]Certificate, int, error) {
	w := f.where(ctx) // asks access.In
	n, err := db.One[int](ctx, l.db, `select count(*) from learn_certificate k where `+w.SQL(), w.Args()...)
	if err != nil {
		return nil, 0, err
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	all, err := db.All[Certificate](ctx, l.db, `select `+db.Columns[Certificate]("k")+` from learn_certificate k where `+w.SQL()+
		` order by k.year desc, k.number desc, k.id limit `+w.Arg(limit)+` offset `+w.Arg(f.Offset), w.Args()...)
	return all, n, err
}

// RegisterSheet is the register book as a table to export, in the order of its
// numbers. What is exported is noted in the audit log.
func (l *Learn) RegisterSheet(ctx context.Context, f RegisterFilter) (sheet.Sheet, error) {
	w := f.where(ctx) // asks access.In
	if err := l.auditRead(ctx, ReadRegister, f.Unit, "", "register", nil); err != nil {
		return sheet.Sheet{}, err
	}
	s := sheet.Sheet{Name: i18n.S(ctx, "learn.register"), Titles: []string{i18n.S(ctx, "learn.register")}, Fields: fields(ctx, []column{
		{"learn.register.number", sheet.Text}, {"learn.certificate.serial", sheet.Text}, {"learn.person", sheet.Text}, {"learn.birth", sheet.Date},
		{"learn.unit", sheet.Text}, {"learn.course", sheet.Text}, {"learn.grade", sheet.Text}, {"learn.completed-on", sheet.Date},
		{"learn.certificate.issued-on", sheet.Date}, {"learn.certificate.standing", sheet.Text}, {"learn.reason", sheet.Text}, {"learn.certificate.replaces", sheet.Text}})}
	today := now(ctx)
	s.Rows = rowsOf(func(yield func(Certificate) error) error {
		return db.Each(ctx, l.db, `select `+db.Columns[Certificate]("k")+` from learn_certificate k where `+w.SQL()+` order by k.unit_id, k.year, k.number`, w.Args(), yield)
	}, func(k Certificate) []any {
		return []any{k.Register(), k.Serial, k.Name, k.Birth, k.UnitName, k.Title, k.Grade, k.CompletedOn, k.IssuedOn,
			i18n.S(ctx, "learn.certificate."+k.Standing(today)), k.Reason, k.Replaces}
	})
	return s, nil
}

// column is the head of a column to export.
type column struct {
	key    string
	format sheet.Format
}

func fields(ctx context.Context, cols []column) []sheet.Field {
	out := make([]sheet.Field, len(cols))
	for i, c := range cols {
		out[i] = sheet.Field{Title: i18n.S(ctx, c.key), Format: c.format}
	}
	return out
}

var errEnough = errEnd{}

type errEnd struct{}

func (errEnd) Error() string { return "learn: the writer wants no more rows" }

// rowsOf makes the rows of a sheet out of rows that a query yields, without
// holding them all.
func rowsOf[T any](each func(func(T) error) error, row func(T) []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		err := each(func(t T) error {
			if !yield(row(t), nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && err != error(errEnough) {
			yield(nil, err)
		}
	}
}

// stamp is a time as tables show it; nil when zero.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
