package ui

import "net/http"

func showGuide(w http.ResponseWriter, r *http.Request) error {
	return Show(w, r, http.StatusOK, Page{Title: Plain("Bộ giao diện"), Body: guideBody(), Wide: true})
}
