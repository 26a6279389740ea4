package app

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"lotrinh/access"
	"lotrinh/platform/i18n"
	"lotrinh/platform/job"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// EditJobs lets one see the jobs that were given up, start them again and drop
// them. Jobs belong to no unit, so it takes the right on every highest unit.
const EditJobs module.ActionName = "app.job.edit"

// own is what belongs to no room: the page of jobs that were given up.
func (h *House) own() module.Module {
	return module.Module{
		Name:    "app",
		Actions: []module.Action{{Name: EditJobs, Roles: []module.Role{module.Admin}}},
		Home:    []module.Card{{Roles: []module.Role{module.Admin}, Order: -30, Body: h.adminCard}},
		Menu:    []module.Link{{Text: i18n.T("app.jobs"), Path: "/jobs", Icon: "clock", Needs: EditJobs, Order: 850}},
		Routes: func(m *web.Mux) {
			m.Handle("GET /jobs", h.showJobs)
			m.Handle("GET /doctor", h.showDoctor)
			m.Handle("POST /jobs/{id}/retry", h.retryJob)
			m.Handle("POST /jobs/{id}/drop", h.dropJob)
			m.Handle("POST /jobs/retry", h.retryJobs)
		},
	}
}

// checkJobsRight refuses who may not look after every unit's jobs.
func (h *House) checkJobsRight(ctx context.Context) error {
	roots := h.Orgs.Now(ctx).Roots()
	if access.In(ctx, EditJobs).All() {
		return nil
	}
	if len(roots) == 0 {
		return access.Check(ctx, EditJobs, "")
	}
	for _, root := range roots {
		if err := access.Check(ctx, EditJobs, root); err != nil {
			return err
		}
	}
	return nil
}

// DeadJobs lists the jobs that were given up, and counts those that wait. What a
// job was told is not shown: it may speak of people.
func (h *House) DeadJobs(ctx context.Context) (dead []job.Dead, waiting int, err error) {
	if err := h.checkJobsRight(ctx); err != nil {
		return nil, 0, err
	}
	if waiting, _, err = h.Jobs.Depth(ctx); err != nil {
		return nil, 0, err
	}
	dead, err = h.Jobs.DeadList(ctx)
	return dead, waiting, err
}

// RetryJobs starts jobs that were given up again: those named, else all.
func (h *House) RetryJobs(ctx context.Context, ids ...string) (n int, err error) {
	if err := h.checkJobsRight(ctx); err != nil {
		return 0, err
	}
	if len(ids) == 0 {
		dead, err := h.Jobs.DeadList(ctx)
		if err != nil {
			return 0, err
		}
		for _, d := range dead {
			ids = append(ids, d.ID)
		}
	}
	return len(ids), h.DB.Tx(ctx, func(ctx context.Context) error {
		for _, id := range ids {
			if err := h.Jobs.Revive(ctx, id); err != nil {
				return err
			}
			if err := h.noteJob(ctx, id, "retried"); err != nil {
				return err
			}
		}
		return nil
	})
}

// DropJob forgets a job that was given up: what it was to do is not done.
func (h *House) DropJob(ctx context.Context, id string) error {
	if err := h.checkJobsRight(ctx); err != nil {
		return err
	}
	return h.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := h.Jobs.Drop(ctx, id)
		if err != nil {
			return err
		}
		return access.Audit(ctx, h.DB, access.Entry{Action: EditJobs, Subject: "job:" + id,
			Detail: map[string]any{"act": "dropped", "kind": d.Kind, "error": d.Error}})
	})
}

func (h *House) noteJob(ctx context.Context, id, act string) error {
	return access.Audit(ctx, h.DB, access.Entry{Action: EditJobs, Subject: "job:" + id, Detail: map[string]any{"act": act}})
}

func (h *House) showJobs(w http.ResponseWriter, r *http.Request) error {
	dead, waiting, err := h.DeadJobs(r.Context())
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("app.jobs"), Lead: i18n.T("app.jobs.lead"), Body: jobsPage(dead, waiting), Wide: true})
}

func (h *House) retryJob(w http.ResponseWriter, r *http.Request) error {
	if _, err := h.RetryJobs(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("app.jobs.retried", 1))
	return web.SeeOther(w, r, "/jobs")
}

func (h *House) retryJobs(w http.ResponseWriter, r *http.Request) error {
	n, err := h.RetryJobs(r.Context())
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("app.jobs.retried", n))
	return web.SeeOther(w, r, "/jobs")
}

func (h *House) dropJob(w http.ResponseWriter, r *http.Request) error {
	if err := h.DropJob(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("app.jobs.dropped"))
	return web.SeeOther(w, r, "/jobs")
}

// jobSaid names a kind of job as people read it; its own name where none was given.
func jobSaid(ctx context.Context, kind string) string {
	if parts := strings.SplitN(kind, ":", 3); len(parts) == 3 && parts[0] == "event" {
		return i18n.S(ctx, "app.job.event", parts[1], parts[2])
	}
	if key := "app.job.kind." + kind; i18n.Has(i18n.Of(ctx), key) {
		return i18n.S(ctx, key)
	}
	return kind
}

// checkJobs finds jobs that were given up.
func (h *House) checkJobs(ctx context.Context) (string, error) {
	waiting, dead, err := h.Jobs.Depth(ctx)
	if err != nil || dead == 0 {
		return fmt.Sprintf("%d jobs wait, none was given up", waiting), err
	}
	list, err := h.Jobs.DeadList(ctx)
	if err != nil {
		return "", err
	}
	return "", fmt.Errorf("%d jobs were given up (%s; the latest: %s): mend the cause, then retry or drop them as administrator at /jobs",
		dead, kindsOf(list), list[0].Error)
}

// kindsOf is "2 × mail.send, 1 × learn.bundle".
func kindsOf(list []job.Dead) string {
	count := map[string]int{}
	for _, d := range list {
		count[d.Kind]++
	}
	var parts []string
	for kind, n := range count {
		parts = append(parts, fmt.Sprintf("%d × %s", n, kind))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
