package ui

import (
	"context"

	"lotrinh/platform/i18n"
)

// Work is long work under way: an import, a bundle of certificates.
type Work struct {
	Text        i18n.Text // what is being done
	Done, Total int64     // Total 0: not known yet
	Page        string    // answers with the Progress of now
	ID          string    // "work" when empty
	Over        bool      // finished, well or not
}

func (w Work) id() string {
	if w.ID == "" {
		return "work"
	}
	return w.ID
}

func (w Work) running() bool { return !w.Over && w.Page != "" }

// Said is "1.200/10.000", or that it has yet to be counted.
func (w Work) Said(ctx context.Context) string {
	if w.Total <= 0 {
		return i18n.S(ctx, "ui.work.counting")
	}
	return i18n.Number(ctx, w.Done) + "/" + i18n.Number(ctx, w.Total)
}
