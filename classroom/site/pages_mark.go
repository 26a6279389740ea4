package site

import (
	"net/http"
	"strconv"
	"strings"

	"lotrinh/classroom"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/id"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// saveMark takes one tap: an item of the checklist, an incident, or that it is
// over.
func (s *Sites) saveMark(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	k := formMark(r, f.get("subject"), f.get("value"), f.get("bases"))
	k.Note = f.get("note")
	if k.Subject == "incident" {
		k.Subject = "incident:" + string(k.ID)
	}
	return s.taken(w, r, []Mark{k}, i18n.T("site.saved"))
}

func formMark(r *http.Request, subject, value, bases string) Mark {
	ctx := r.Context()
	k := Mark{ID: classroom.MarkID(id.New(ctx)), Subject: subject, Value: value, At: clock.Now(ctx), Device: "web", Source: FromPage}
	for _, b := range strings.Fields(bases) {
		k.Bases = append(k.Bases, classroom.MarkID(b))
	}
	return k
}

// saveCounts takes the headcount: a mark for each number that differs from what
// the page showed, and the signature when it was pressed.
func (s *Sites) saveCounts(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	var marks []Mark
	counts := map[org.Category]int64{}
	for _, c := range f.all("category") {
		n := f.number("n:" + c)
		counts[org.Category(c)] = n
		if f.get("n:"+c) == "" && f.get("was:"+c) == "" || f.get("was:"+c) == strconv.FormatInt(n, 10) && !f.on("disputed:"+c) {
			continue
		}
		marks = append(marks, formMark(r, "count:"+c, strconv.FormatInt(n, 10), f.get("h:"+c)))
	}
	if err := f.bad.Err(); err != nil {
		return s.sayRefused(w, r, errs.Of(err))
	}
	done := i18n.T("site.counts.saved")
	if f.on("sign") {
		marks = append(marks, formMark(r, SignSubject, CountedOf(counts), f.get("h:sign")))
		done = i18n.T("site.counts.signed")
	}
	return s.taken(w, r, marks, done)
}

// taken takes marks and leads back to the page of the site.
func (s *Sites) taken(w http.ResponseWriter, r *http.Request, marks []Mark, done i18n.Text) error {
	refused, err := s.Take(r.Context(), ID(r.PathValue("site")), marks)
	if err != nil {
		return err
	}
	if len(refused) > 0 {
		return s.sayRefused(w, r, errs.New(errs.Invalid, refused[0].Why))
	}
	ui.Flash(w, r, ui.Good, done)
	return web.SeeOther(w, r, sitePath(ID(r.PathValue("site"))))
}

// sayRefused leads back to the page of the site, which says why.
func (s *Sites) sayRefused(w http.ResponseWriter, r *http.Request, e *errs.Error) error {
	t := e.Text
	for _, field := range e.Fields {
		t = field
	}
	ui.Flash(w, r, ui.Bad, t)
	return web.SeeOther(w, r, sitePath(ID(r.PathValue("site"))))
}

func (s *Sites) saveContact(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	at := ID(r.PathValue("site"))
	err = s.SaveContact(r.Context(), at, f.get("room"), f.get("technician"), f.get("phone"), f.number("edition"))
	if err == nil {
		ui.Flash(w, r, ui.Good, i18n.T("site.saved"))
		return web.SeeOther(w, r, sitePath(at))
	}
	e, err := refused(err)
	if err != nil {
		return err
	}
	return s.sayRefused(w, r, e)
}
