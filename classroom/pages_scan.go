package classroom

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/id"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

type codeView struct {
	Session  Session
	Class    Class
	URL      string
	Until    time.Time
	Tally    map[Presence]int
	Expected int64
}

func (c *Classroom) showCode(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := c.codeView(r)
	if err != nil {
		return err
	}
	p := ui.Page{Title: i18n.T("classroom.scan.title"), Lead: ui.Plain(v.Class.Name), Body: codePage(v), Fragment: true, Wide: true,
		Crumbs: append(c.classCrumbs(v.Class, false), plainCrumb(sessionTitle(v.Session, "").In(ctx), sessionPath(v.Session.ID)))}
	w.Header().Set("Cache-Control", "no-store")
	return ui.Show(w, r, http.StatusOK, p)
}

func (c *Classroom) codeView(r *http.Request) (v codeView, err error) {
	ctx := r.Context()
	path, until, err := c.ScanCode(ctx, SessionID(r.PathValue("session")))
	if err != nil {
		return v, err
	}
	if v.Session, v.Class, err = c.sessionOf(ctx, SessionID(r.PathValue("session"))); err != nil {
		return v, err
	}
	v.Session.Secret = ""
	scheme := "http"
	if c.opt.Secure || r.TLS != nil {
		scheme = "https"
	}
	v.URL, v.Until = scheme+"://"+r.Host+path, until
	if v.Expected, err = c.taken(ctx, v.Class.ID); err != nil {
		return v, err
	}
	v.Tally, err = c.tally(ctx, v.Session.ID)
	return v, err
}

// attended counts those who are there.
func (v codeView) attended() (n int64) {
	for p, k := range v.Tally {
		if p.Attended() {
			n += int64(k)
		}
	}
	return n
}

// qrCode draws words as a QR code, one path of SVG.
func qrCode(words string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		code, err := qr.Encode(words, qr.M)
		if err != nil {
			return err
		}
		const quiet = 4
		var b strings.Builder
		for y := range code.Size {
			for x := 0; x < code.Size; x++ {
				n := 0
				for code.Black(x+n, y) {
					n++
				}
				if n > 0 {
					fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, n, n)
					x += n
				}
			}
		}
		size := code.Size + 2*quiet
		_, err = fmt.Fprintf(w, `<svg class="qr" viewBox="0 0 %d %d" shape-rendering="crispEdges" aria-hidden="true"><rect width="%d" height="%d" fill="#fff"/><path d="%s" fill="#000"/></svg>`,
			size, size, size, size, b.String())
		return err
	})
}

type scanView struct {
	Ticket
	Refused *errs.Error
	Done    bool
}

const deviceCookie = "roll-device"

func (c *Classroom) showScan(w http.ResponseWriter, r *http.Request) error {
	t, err := c.Scan(r.Context(), SessionID(r.PathValue("session")), r.PathValue("step"), r.PathValue("mac"))
	v := scanView{Ticket: t, Done: t.Already}
	if err != nil {
		if v.Refused, err = refused(err); err != nil {
			return err
		}
	}
	if _, err := r.Cookie(deviceCookie); err != nil {
		http.SetCookie(w, &http.Cookie{Name: deviceCookie, Value: id.New(r.Context()), Path: "/classroom/scan", MaxAge: 365 * 24 * 3600,
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.opt.Secure})
	}
	return c.scanPage(w, r, http.StatusOK, v)
}

func (c *Classroom) scanPage(w http.ResponseWriter, r *http.Request, status int, v scanView) error {
	if v.Refused != nil {
		status = v.Refused.Kind.Status()
	}
	return ui.Show(w, r, status, ui.Page{Title: i18n.T("classroom.scan"), Narrow: true, Body: scanBody(v)})
}

func (c *Classroom) doScan(w http.ResponseWriter, r *http.Request) error {
	f, err := fields(w, r)
	if err != nil {
		return err
	}
	ctx, sid := r.Context(), SessionID(r.PathValue("session"))
	device := "unknown"
	if k, err := r.Cookie(deviceCookie); err == nil && len(k.Value) <= 64 {
		device = k.Value
	}
	err = c.CheckIn(ctx, sid, f.get("ticket"), f.get("room_code"), device)
	if errors.Is(err, errs.Invalid) || errors.Is(err, errs.Busy) {
		s, k, e := c.scannable(ctx, sid)
		if e != nil {
			return e
		}
		v := scanView{Ticket: Ticket{Session: s, Class: k, Text: f.get("ticket"), NeedCode: s.RoomCode != ""}, Refused: errs.Of(err)}
		return c.scanPage(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/classroom/scan/"+string(sid)+"/done")
}

func (c *Classroom) showScanned(w http.ResponseWriter, r *http.Request) error {
	s, k, err := c.Session(r.Context(), SessionID(r.PathValue("session")))
	if err != nil {
		return err
	}
	return c.scanPage(w, r, http.StatusOK, scanView{Ticket: Ticket{Session: s, Class: k}, Done: true})
}
