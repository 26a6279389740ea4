package access

import (
	"net/http"
	"strconv"

	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

func (a *Access) showCorrections(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := a.Corrections(ctx, false, r.FormValue("all") != "1")
	if err != nil {
		return err
	}
	names := map[AccountID]string{}
	for _, c := range list {
		names[c.Account] = ""
	}
	if err := a.titles(ctx, names); err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("access.correction.list"), Lead: i18n.T("access.correction.lead"),
		Crumbs: []ui.Crumb{{Text: i18n.T("access.menu.users"), Href: "/access/users"}}, Body: correctionsBody(list, names)})
}

func (a *Access) answerCorrection(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formLimit); err != nil {
		return err
	}
	edition, _ := strconv.ParseInt(r.PostFormValue("edition"), 10, 64) // 0 when missing: nothing has that edition
	err := a.AnswerCorrection(r.Context(), r.PathValue("id"), r.PostFormValue("act") == "done", r.PostFormValue("answer"), edition)
	if err != nil {
		return err
	}
	return done(w, r, "access.correction.told", "/access/corrections")
}
