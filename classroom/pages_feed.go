package classroom

import (
	"io"
	"net/http"
	"strings"

	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// showFeed answers a calendar that asks for its feed.
func (c *Classroom) showFeed(w http.ResponseWriter, r *http.Request) error {
	body, err := c.Feed(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `inline; filename="lich-hoc.ics"`)
	w.Header().Set("Cache-Control", "private, max-age=300")
	w.Header().Set("X-Robots-Tag", "noindex")
	_, err = io.WriteString(w, body)
	return err
}

// newFeed shows the address once: only its hash is kept.
func (c *Classroom) newFeed(w http.ResponseWriter, r *http.Request) error {
	path, err := c.NewFeed(r.Context())
	if err != nil {
		return err
	}
	base := c.opt.Base
	if base == "" {
		base = "http://" + r.Host
	}
	_, rest, _ := strings.Cut(base, "://")
	v := feedView{Address: base + path, Open: "webcal://" + rest + path}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("classroom.feed"), Narrow: true,
		Crumbs: []ui.Crumb{crumb("classroom.mine", "/classroom/mine")}, Body: feedPage(v)})
}

type feedView struct{ Address, Open string }

func (c *Classroom) endFeed(w http.ResponseWriter, r *http.Request) error {
	if err := c.EndFeed(r.Context()); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("classroom.feed.ended"))
	return web.SeeOther(w, r, "/classroom/mine")
}
