package quiz

import (
	"net/http"

	"lotrinh/platform/i18n"
	"lotrinh/platform/web"
)

// Show puts the body of a page into the layout of the house.
type Show func(w http.ResponseWriter, r *http.Request, status int, title i18n.Text, body web.Component) error

func plain(w http.ResponseWriter, r *http.Request, status int, _ i18n.Text, body web.Component) error {
	return web.Page(w, r, status, body)
}
