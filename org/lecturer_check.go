package org

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/file"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// CheckLecturer notes that the papers of a lecturer bear out his record, still of
// edition, or with ok false that they do not any more. Until then he cannot be
// assigned.
func (o *Org) CheckLecturer(ctx context.Context, p PersonID, edition int64, ok bool) error {
	q, err := o.qualification(ctx, p)
	if err != nil {
		return strangerFirst(ctx, p, err)
	}
	if err := access.Check(ctx, LecturerEdit, q.Unit); err != nil {
		return err
	}
	at, by := time.Time{}, ""
	if ok {
		at = clock.Now(ctx)
		_, by = access.Who(ctx)
	}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		n, err := o.db.Exec(ctx, `update org_lecturer set checked_at = $1, checked_by = $2, edition = edition + 1
			where person_id = $3 and edition = $4`, at, by, string(p), edition)
		if err := o.touched(ctx, n, err, `select count(*) from org_lecturer where person_id = $1`, string(p)); err != nil {
			return err
		}
		return o.auditLecturer(ctx, q, map[string]bool{"checked": ok})
	})
}

func (o *Org) auditLecturer(ctx context.Context, q Qualification, detail any) error {
	return o.audit(ctx, Entry{Action: LecturerEdit, Unit: q.Unit, Person: q.Person, Subject: "lecturer:" + string(q.Person), Detail: detail})
}

// Paper is a document that bears out what is said of a lecturer.
type Paper struct {
	ID     string    `db:"id"`
	Person PersonID  `db:"person_id"`
	Name   string    `db:"name"`
	File   string    `db:"file"` // file.Ref
	Size   int64     `db:"size"` // bytes
	Actor  string    `db:"actor"`
	MadeAt time.Time `db:"made_at"`
}

const paperMax = 20 << 20 // bytes of a paper

var paperTypes = []string{"application/pdf", "image/jpeg", "image/png"}

// AddPaper keeps a paper of a lecturer: PDF, JPEG or PNG. The same file sent twice is
// kept once.
func (o *Org) AddPaper(ctx context.Context, p PersonID, name string, body io.Reader) error {
	q, err := o.qualification(ctx, p)
	if err != nil {
		return strangerFirst(ctx, p, err)
	}
	if err := access.Check(ctx, LecturerEdit, q.Unit); err != nil {
		return err
	}
	info, err := o.keepPaper(ctx, body)
	if err != nil {
		return err
	}
	_, actor := access.Who(ctx)
	paper := Paper{id.New(ctx), p, clip(text.Clean(name)), string(info.Ref), info.Size, actor, clock.Now(ctx)}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.InsertOr(ctx, o.db, "org_lecturer_paper", "on conflict (person_id, file) do nothing", paper); err != nil {
			return err
		}
		return o.auditLecturer(ctx, q, map[string]string{"paper": paper.Name})
	})
}

// keepPaper puts a paper into the store; nobody's leave is asked.
func (o *Org) keepPaper(ctx context.Context, body io.Reader) (file.Info, error) {
	head := make([]byte, 512)
	n, err := io.ReadFull(body, head)
	if n == 0 {
		return file.Info{}, errs.New(errs.Invalid, "error.invalid").Field("file", "org.roll.empty-file").Because(err)
	}
	if !slices.Contains(paperTypes, http.DetectContentType(head[:n])) {
		return file.Info{}, errs.New(errs.Invalid, "error.invalid").Field("file", "org.lecturer.paper-type")
	}
	return o.files.Put(ctx, io.MultiReader(bytes.NewReader(head[:n]), body), paperMax)
}

// Papers lists the papers of a lecturer, the latest first. Asks through Lecturer.
func (o *Org) Papers(ctx context.Context, p PersonID) ([]Paper, error) {
	if _, err := o.Lecturer(ctx, p); err != nil {
		return nil, err
	}
	return db.All[Paper](ctx, o.db, `select `+db.Columns[Paper]("")+` from org_lecturer_paper where person_id = $1 order by made_at desc, id desc`, string(p))
}

// Paper is one paper, which is noted as read. Asks through Lecturer.
func (o *Org) Paper(ctx context.Context, id string) (Paper, error) {
	x, err := db.One[Paper](ctx, o.db, `select `+db.Columns[Paper]("")+` from org_lecturer_paper where id = $1`, id)
	if err != nil {
		return x, strangerFirst(ctx, "", err)
	}
	q, err := o.Lecturer(ctx, x.Person)
	if err != nil {
		return x, err
	}
	return x, o.audit(ctx, Entry{Action: LecturerRead, Unit: q.Unit, Person: x.Person, Subject: "paper:" + x.ID, Read: true})
}

// DropPaper takes a paper away. Asks for the right to edit the lecturer.
func (o *Org) DropPaper(ctx context.Context, id string) error {
	x, err := db.One[Paper](ctx, o.db, `select `+db.Columns[Paper]("")+` from org_lecturer_paper where id = $1`, id)
	if err != nil {
		return strangerFirst(ctx, "", err)
	}
	q, err := o.qualification(ctx, x.Person)
	if err != nil {
		return err
	}
	if err := access.Check(ctx, LecturerEdit, q.Unit); err != nil {
		return err
	}
	return o.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := o.db.Exec(ctx, `delete from org_lecturer_paper where id = $1`, id); err != nil {
			return err
		}
		return o.auditLecturer(ctx, q, map[string]string{"dropped": x.Name})
	})
}

func (o *Org) servePaper(w http.ResponseWriter, r *http.Request) error {
	x, err := o.Paper(r.Context(), r.PathValue("paper"))
	if err != nil {
		return err
	}
	return file.Serve(w, r, o.files, file.Ref(x.File), x.Name, "")
}
