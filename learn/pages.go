package learn

import (
	"net/http"
	"strconv"
	"time"

	"lotrinh/access"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// pages are the handlers: each reads the request, makes one call, shows what came
// of it.
type pages struct{ l *Learn }

const formMax = 1 << 20 // bytes of a form without files

func (p pages) routes(m *web.Mux) {
	script.Route(m)
	m.Handle("GET /learn", p.mine)
	m.Public("GET /learn/catalogue", p.catalogue)
	often := web.NewLimiter(60, 30) // so that nobody tries serials by the thousand
	m.Public("GET /c", web.Limited(often, p.checkForm))
	m.Public("GET /c/{serial}", web.Limited(often, p.check))
	m.Handle("GET /learn/courses/{id}", p.study)
	m.Handle("POST /learn/courses/{id}/signup", p.signUp)
	m.Handle("GET /learn/courses/{id}/lessons/{slot}", p.lesson)
	m.Handle("POST /learn/courses/{id}/lessons/{slot}/done", p.done)
	m.Handle("POST /learn/courses/{id}/lessons/{slot}/watched", p.watched)
	m.Handle("GET /learn/courses/{id}/lessons/{slot}/file", p.lessonFile)
	m.Handle("GET /learn/courses/{id}/lessons/{slot}/captions", p.captions)
	m.Handle("GET /learn/courses/{id}/pictures/{name...}", p.picture)
	m.Public("POST /learn/courses/{id}/lessons/{slot}/task", p.upload(filesMax*EvidenceMax+formMax, p.handIn))
	m.Handle("GET /learn/evidence/{id}", p.evidence)
	m.Handle("GET /learn/certificates/{serial}", p.certificate)
	p.manage(m)
}

// upload lets in a form with files of at most limit bytes, from whoever has signed
// in: a longer one is refused before it is read.
func (p pages) upload(limit int64, h web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !access.SignedIn(r.Context()) {
			return errs.New(errs.Stranger, "error.sign-in")
		}
		if r.ContentLength > limit {
			return errs.New(errs.TooLarge, "error.too-large", limit>>20)
		}
		if err := web.Form(w, r, limit); err != nil {
			return err
		}
		if r.MultipartForm != nil {
			defer r.MultipartForm.RemoveAll()
		}
		return h(w, r)
	}
}

func coursePath(c CourseID) string { return "/learn/courses/" + string(c) }

func lessonPath(c CourseID, slot int) string {
	return coursePath(c) + "/lessons/" + strconv.Itoa(slot)
}

func courseID(r *http.Request) CourseID { return CourseID(r.PathValue("id")) }

func slot(r *http.Request) int {
	n, err := strconv.Atoi(r.PathValue("slot"))
	if err != nil {
		return -1
	}
	return n
}

func (p pages) mine(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	h, err := p.l.MyHome(ctx)
	if err != nil {
		return err
	}
	programmes, err := p.l.MyProgrammes(ctx)
	if err != nil {
		return err
	}
	done, err := p.l.MyCompleted(ctx)
	if err != nil {
		return err
	}
	certs, err := p.l.MyCertificates(ctx)
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn.mine"), Body: minePage(h, programmes, done, certs),
		Actions: []ui.Act{{Text: i18n.T("learn.catalogue"), Href: "/learn/catalogue", Icon: "search"}, {Text: i18n.T("learn.topics"), Href: "/learn/topics"}}})
}

func (p pages) catalogue(w http.ResponseWriter, r *http.Request) error {
	f := CourseFilter{Text: r.FormValue("q"), Offset: offset(r, 50)}
	all, n, err := p.l.Catalogue(r.Context(), f)
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn.catalogue"), Lead: i18n.T("learn.catalogue.lead"),
		Body: cataloguePage(all, pager(r, n, 50), f)})
}

// offset is where the page that a request asks for begins.
func offset(r *http.Request, size int) int {
	n, err := strconv.Atoi(r.FormValue("page"))
	if err != nil || n < 1 || n > 1e6 {
		return 0
	}
	return (n - 1) * size
}

func (p pages) study(w http.ResponseWriter, r *http.Request) error {
	v, err := p.l.Study(r.Context(), courseID(r))
	if err != nil {
		return err
	}
	page := ui.Page{Title: ui.Plain(v.Course.Title), Body: studyPage(v)}
	if v.Manager {
		page.Actions = []ui.Act{{Text: i18n.T("learn.course.manage"), Href: coursePath(v.Course.ID) + "/edit", Icon: "settings"}}
	}
	return ui.Show(w, r, http.StatusOK, page)
}

func (p pages) signUp(w http.ResponseWriter, r *http.Request) error {
	if err := p.l.SignUp(r.Context(), courseID(r)); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.signup.done"))
	return web.SeeOther(w, r, coursePath(courseID(r)))
}

func (p pages) lesson(w http.ResponseWriter, r *http.Request) error {
	v, err := p.l.StudyLesson(r.Context(), courseID(r), slot(r))
	if err != nil {
		return err
	}
	return p.showLesson(w, r, http.StatusOK, v, nil, "")
}

func (p pages) showLesson(w http.ResponseWriter, r *http.Request, status int, v LessonView, refused *errs.Error, typed string) error {
	return ui.Show(w, r, status, ui.Page{Title: ui.Plain(v.Lesson.Title), Narrow: true, Body: lessonPage(v, refused, typed),
		Crumbs: []ui.Crumb{{Text: i18n.T("learn.mine"), Href: "/learn"}, {Text: ui.Plain(v.Course.Title), Href: coursePath(v.Course.ID)}}})
}

// done goes on to the next lesson, or back to the course after the last.
func (p pages) done(w http.ResponseWriter, r *http.Request) error {
	cid, at := courseID(r), slot(r)
	if err := p.l.FinishLesson(r.Context(), cid, at); err != nil {
		return err
	}
	v, err := p.l.Study(r.Context(), cid)
	if err != nil {
		return err
	}
	if i, ok := v.Outline.bySlot[at]; ok && i+1 < len(v.Outline.Lessons) {
		return web.SeeOther(w, r, lessonPath(cid, v.Outline.Lessons[i+1].Slot))
	}
	return web.SeeOther(w, r, coursePath(cid))
}

func (p pages) watched(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, 4<<10); err != nil {
		return err
	}
	second, err := strconv.Atoi(r.PostForm.Get("second"))
	if err != nil {
		return errs.New(errs.Invalid, "error.invalid").Because(err)
	}
	if err := p.l.Watched(r.Context(), courseID(r), slot(r), second); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (p pages) lessonFile(w http.ResponseWriter, r *http.Request) error {
	lesson, body, err := p.l.OpenLessonFile(r.Context(), courseID(r), slot(r))
	if err != nil {
		return err
	}
	serveFile(w, r, lesson.FileName, lesson.FileType, false, body, lesson.MadeAt)
	return nil
}

func (p pages) captions(w http.ResponseWriter, r *http.Request) error {
	v, err := p.l.StudyLesson(r.Context(), courseID(r), slot(r))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/vtt; charset=utf-8")
	_, err = w.Write([]byte(v.Lesson.Captions))
	return err
}

func (p pages) picture(w http.ResponseWriter, r *http.Request) error {
	pic, body, err := p.l.OpenPicture(r.Context(), courseID(r), r.PathValue("name"))
	if err != nil {
		return err
	}
	serveFile(w, r, pic.Name, pic.Kind, false, body, time.Time{})
	return nil
}

func (p pages) handIn(w http.ResponseWriter, r *http.Request) error {
	var files []Upload
	if r.MultipartForm != nil {
		for _, h := range r.MultipartForm.File["files"] {
			f, err := h.Open()
			if err != nil {
				return err
			}
			defer f.Close()
			files = append(files, Upload{h.Filename, f})
		}
	}
	ctx, account := r.Context(), r.PostFormValue("account")
	_, err := p.l.HandIn(ctx, courseID(r), slot(r), account, files)
	if e := errs.Of(err); err != nil && e.Kind == errs.Invalid {
		v, err := p.l.StudyLesson(ctx, courseID(r), slot(r))
		if err != nil {
			return err
		}
		return p.showLesson(w, r, e.Kind.Status(), v, e, account)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.task.handed-in"))
	return web.SeeOther(w, r, lessonPath(courseID(r), slot(r)))
}

func (p pages) evidence(w http.ResponseWriter, r *http.Request) error {
	e, body, err := p.l.OpenEvidence(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	serveFile(w, r, e.Name, e.Kind, true, body, time.Time{})
	return nil
}

func (p pages) certificate(w http.ResponseWriter, r *http.Request) error {
	serial := r.PathValue("serial")
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Cache-Control", "private, no-store")
	if err := p.l.PrintCertificate(r.Context(), serial, w); err != nil {
		w.Header().Del("Content-Type")
		return err
	}
	return nil
}

func (p pages) checkForm(w http.ResponseWriter, r *http.Request) error {
	if s := cleanSerial(r.FormValue("serial")); s != "" {
		return web.SeeOther(w, r, "/c/"+s)
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn.check"), Lead: i18n.T("learn.check.lead"), Narrow: true, Body: checkPage(nil, r.FormValue("serial"), nil)})
}

func (p pages) check(w http.ResponseWriter, r *http.Request) error {
	c, err := p.l.CheckCertificate(r.Context(), r.PathValue("serial"))
	page := ui.Page{Title: i18n.T("learn.check"), Narrow: true}
	if e := errs.Of(err); err != nil && e.Kind == errs.NotFound {
		page.Body = checkPage(nil, r.PathValue("serial"), e)
		return ui.Show(w, r, http.StatusNotFound, page)
	}
	if err != nil {
		return err
	}
	page.Body = checkPage(&c, c.Serial, nil)
	return ui.Show(w, r, http.StatusOK, page)
}
