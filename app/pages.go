package app

import (
	"cmp"
	"context"
	"embed"
	"net/http"
	"slices"

	"lotrinh/access"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

//go:embed messages
var messages embed.FS

var _ = i18n.Add(messages)

// routes are the pages that belong to no module.
func (h *House) routes(m *web.Mux) {
	m.Handle("GET /{$}", h.home)
	m.Handle("GET /inbox", h.inbox)
	m.Handle("POST /inbox/read", h.inboxRead)
	m.Handle("GET /api", h.apiPage)
	m.Public("GET /site-map", h.siteMap)
}

// home shows the cards of all modules that fit the roles of the reader.
func (h *House) home(w http.ResponseWriter, r *http.Request) error {
	cards, err := h.cards(r.Context())
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("app.home"), Body: homePage(cards), Wide: true})
}

func (h *House) cards(ctx context.Context) (bodies []web.Component, err error) {
	who, ok := access.Who(ctx)
	if !ok {
		return nil, nil
	}
	var cards []module.Card
	for _, m := range h.Modules {
		for _, c := range m.Home {
			if len(c.Roles) == 0 || slices.ContainsFunc(who.Grants, func(g access.Grant) bool { return slices.Contains(c.Roles, g.Role) }) {
				cards = append(cards, c)
			}
		}
	}
	slices.SortStableFunc(cards, func(a, b module.Card) int { return cmp.Compare(a.Order, b.Order) })
	for _, c := range cards {
		body, err := c.Body(ctx)
		if err != nil {
			return nil, err
		}
		if body != nil {
			bodies = append(bodies, body)
		}
	}
	return bodies, nil
}

const inboxShown = 100

func (h *House) inbox(w http.ResponseWriter, r *http.Request) error {
	who, _ := access.Who(r.Context())
	items, err := h.Mail.Inbox(r.Context(), who.Inbox(), inboxShown)
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("app.inbox"), Body: inboxPage(items)})
}

func (h *House) inboxRead(w http.ResponseWriter, r *http.Request) error {
	who, _ := access.Who(r.Context())
	if err := h.Mail.Read(r.Context(), who.Inbox()); err != nil {
		return err
	}
	h.unread.forget(who.Inbox())
	return web.SeeOther(w, r, "/inbox")
}

// siteMap lists the entries of the menu that the reader may open (Circular
// 32/2017/TT-BTTTT, article 17).
func (h *House) siteMap(w http.ResponseWriter, r *http.Request) error {
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("app.site-map"), Body: siteMapPage(ui.Of(r.Context()))})
}
