package web

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"net/http"
	"strings"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

//go:embed schema
var schema embed.FS

// Schema is the table of forms that were carried out.
var Schema = db.Schema{Module: "web", FS: schema}

// OnceField is the form field that holds the key of a submission.
const OnceField = "_once"

// The most bytes that a form may send, without files and with them, which go to
// disk; how large each file may be is the handler's to say.
const (
	fieldsMax = 4 << 20
	filesMax  = 1<<30 + 4<<20
)

const onceKept = 7 * 24 * time.Hour // how long a repeated submission is known again

// Once carries out each submitted form once. What the handler does and the note
// that it was done are one transaction; a repetition is sent where the first
// was sent.
type Once struct{ db *db.DB }

// NewOnce returns a Once over d.
func NewOnce(d *db.DB) *Once { return &Once{d} }

var errNotDone = errors.New("web: the form was not carried out")

func (o *Once) serve(w http.ResponseWriter, r *http.Request, h Handler) error {
	limit := int64(fieldsMax)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		limit = filesMax
	}
	if r.ContentLength > limit { // refused before it is read
		return errs.New(errs.TooLarge, "error.too-large", limit>>20)
	}
	if err := Form(w, r, limit); err != nil {
		return err
	}
	key := r.PostFormValue(OnceField)
	if key == "" {
		return h(w, r)
	}
	if len(key) > 64 {
		return errs.New(errs.Invalid, "error.unreadable")
	}
	rec := &recorder{header: http.Header{}, code: http.StatusOK}
	location := ""
	err := o.db.Tx(r.Context(), func(ctx context.Context) error {
		n, err := o.db.Exec(ctx, `insert into web_once (key, at, location) values ($1, $2, '')
			on conflict (key) do nothing`, key, clock.Now(ctx))
		if err != nil {
			return err
		}
		if n == 0 {
			location, err = db.One[string](ctx, o.db, `select location from web_once where key = $1`, key)
			if err == nil && location == "" {
				err = errs.New(errs.Conflict, "error.once")
			}
			return err
		}
		return o.first(ctx, rec, r, key, h)
	})
	if err == nil && location != "" {
		return SeeOther(w, r, location)
	}
	if err != nil && !errors.Is(err, errNotDone) {
		return err
	}
	for k, v := range rec.header {
		w.Header()[k] = v
	}
	w.WriteHeader(rec.code)
	_, err = w.Write(rec.body.Bytes())
	return err
}

func (o *Once) first(ctx context.Context, rec *recorder, r *http.Request, key string, h Handler) error {
	if err := h(rec, r.WithContext(ctx)); err != nil {
		return err
	}
	if rec.code >= 400 {
		return errNotDone
	}
	location := rec.header.Get("Location")
	if location == "" {
		location = rec.header.Get("HX-Redirect")
	}
	_, err := o.db.Exec(ctx, `update web_once set location = $1 where key = $2`, location, key)
	return err
}

// recorder holds an answer back until what it tells of is committed.
type recorder struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(code int)        { r.code = code }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

// Sweep forgets submissions older than a week.
func (o *Once) Sweep(ctx context.Context) error {
	_, err := o.db.Exec(ctx, `delete from web_once where at < $1`, clock.Now(ctx).Add(-onceKept))
	return err
}
