// Package app puts the house together: read modules first, it is the table of
// contents.
package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"lotrinh/access"
	"lotrinh/classroom"
	"lotrinh/classroom/site"
	"lotrinh/learn"
	"lotrinh/learn/staff"
	"lotrinh/learn/survey"
	"lotrinh/measure"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/event"
	"lotrinh/platform/file"
	"lotrinh/platform/job"
	"lotrinh/platform/mail"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// House is the running whole.
type House struct {
	Config  Config
	DB      *db.DB
	Jobs    *job.Queue
	Bus     *event.Bus
	Files   file.Store
	Mail    *mail.Post
	Modules []module.Module
	Mux     *web.Mux

	Access  *access.Access
	Orgs    *org.Org
	openAPI *huma.OpenAPI

	learning *learn.Learn
	classes  *classroom.Classroom
	sites    *site.Sites
	results  *measure.Measure
	unread   unread
}

// modules is what there is, and who knows whom.
func (h *House) modules(key []byte) []module.Module {
	h.Orgs = org.New(h.DB, h.Bus)
	h.Orgs.SetNumberKey(derive(key, "numbers"))
	h.Access = access.New(h.DB, h.Orgs, h.Bus, h.Jobs)
	h.Access.Set(access.Options{Base: h.Config.base(), Secure: strings.HasPrefix(h.Config.base(), "https://"),
		Demo: h.Config.Demo, Mail: h.Mail, Sign: h.Config.Sign, Second: h.Config.second(), Key: derive(key, "accounts")})
	h.Orgs.KeepFiles(h.Files)
	h.Orgs.ActBy(h.Access.Again)
	h.learning = learn.New(h.DB, h.Bus, h.Jobs, h.Files, h.Orgs, h.Mail)
	h.learning.SetBase(h.Config.base())
	h.classes = classroom.New(h.DB, h.Orgs, h.Bus, h.Mail)
	h.sites = site.New(h.DB, h.Orgs, h.classes, h.Mail, site.Options{Calendar: h.Orgs.Calendar})
	h.classes.Set(classroom.Options{Beside: h.sites, Learning: topics{h.learning}, Secure: strings.HasPrefix(h.Config.base(), "https://"), Lecturers: lecturers{h.Orgs}, Calendar: h.Orgs.Calendar, Holders: h.Access.Holders, Base: h.Config.base()})
	h.learning.SetAttendance(attendance{h.learning, h.classes})
	surveys := survey.New(h.DB, h.Orgs, h.Mail, derive(key, "surveys"))
	h.learning.SetSurveys(surveys, teaching{h.classes})
	all := []module.Module{h.Orgs.Module(), h.Access.Module(), h.learning.QuizModule(), surveys.Module(), h.learning.Module(),
		staff.New(h.DB, h.Orgs, h.learning, h.Mail).Module(), h.classes.Module(), h.sites.Module()}
	var sources []module.Source
	for _, m := range all {
		sources = append(sources, m.Measure...)
	}
	h.results = measure.New(h.Orgs, sources...)
	h.results.Set(measure.Options{Base: h.Config.base(), Ask: askPath})
	return append(all, h.results.Module(), h.own())
}

// Open opens the database and the stores and puts the modules together. The
// tables must be up to date: call Migrate before using what it returns.
func Open(ctx context.Context, c Config) (*House, error) {
	if err := c.prepare(); err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, c.database())
	if err != nil {
		return nil, fmt.Errorf("the database cannot be opened: %w", err)
	}
	h := &House{Config: c, DB: d, Jobs: job.New(d)}
	h.Bus = event.New(h.Jobs)
	if h.Files, err = file.OpenStore(ctx, c.files()); err != nil {
		return nil, errors.Join(fmt.Errorf("the file store cannot be opened: %w", err), d.Close())
	}
	if h.Mail, err = mail.New(d, h.Jobs, c.SMTP, c.base()); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	key, err := c.key()
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	h.Modules = h.modules(key)
	for _, m := range h.Modules {
		access.Register(m.Actions...)
		if m.Jobs != nil {
			m.Jobs(h.Jobs)
		}
	}
	h.bridge()
	h.exportsOwn()
	return h, nil
}

// Close lets go of the database.
func (h *House) Close() error { return h.DB.Close() }

// Schemas lists all tables of the house, in the order in which they are made.
func (h *House) Schemas() []db.Schema {
	all := []db.Schema{job.Schema, web.Schema, mail.Schema}
	for _, m := range h.Modules {
		if m.Schema != nil {
			all = append(all, db.Schema{Module: m.Name, FS: m.Schema})
		}
	}
	return all
}

// Migrate brings all tables up to date.
func (h *House) Migrate(ctx context.Context) error { return h.DB.MigrateAll(ctx, h.Schemas()...) }

// Handler is the whole site. From the outside in: requests of other origins are
// refused, headers that keep a page to itself are set, the visitor's language and
// then the visitor are known, and what surrounds a page is at hand.
func (h *House) Handler() http.Handler {
	h.Mux = &web.Mux{SignedIn: access.SignedIn, ErrorPage: h.errorPage, Once: web.NewOnce(h.DB)}
	ui.Routes(h.Mux, h.Config.Demo)
	h.routes(h.Mux)
	for _, m := range h.Modules {
		if m.Routes != nil {
			m.Routes(h.Mux)
		}
	}
	all := http.NewServeMux()
	all.Handle("/api/", h.api())
	all.Handle("/api", h.surround(h.Mux)) // the page; the mux would lead it into /api/
	all.Handle("/", h.surround(h.Mux))
	return http.NewCrossOriginProtection().Handler(web.Secure(ui.Read(h.Access.Middleware(all))))
}
